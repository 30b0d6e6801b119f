import { isSkymapError } from "@skymap/lib/errors";
import assert from "node:assert/strict";
import { migrate } from "./migrate.ts";
import { openTestDatabase } from "./test_database.ts";

const at = await openTestDatabase();

Deno.test("migrate() applies each migration once, by many at a time", async () => {
  const session = await at.db.graph("migrated");
  const migrations = [1, 2, 3].map((id) => ({
    id,
    name: `m${id}`,
    sql: `DEFINE TABLE t${id} SCHEMALESS; CREATE t${id} SET n = ${id};`,
  }));
  await session.query("DELETE migration");
  await Promise.all([1, 2, 3, 4].map(() => migrate(session, migrations)));
  await migrate(session, migrations);
  const counts = await session.query<unknown[][]>(
    "SELECT * FROM t1; SELECT * FROM t2; SELECT * FROM t3",
  );
  assert.deepEqual(counts.map((rows) => rows.length), [1, 1, 1]);
});

Deno.test("migrate() leaves nothing of a migration that fails", async () => {
  const session = await at.db.graph("failing");
  await session.query("DELETE migration WHERE id != migration:1");
  const migrations = [
    { id: 1, name: "graph", sql: "" },
    { id: 2, name: "bad", sql: "DEFINE TABLE half; CREATE half; THROW 'x';" },
  ];
  await assert.rejects(
    migrate(session, migrations),
    (error) =>
      isSkymapError(error, "database_failed") && /: .*x$/.test(error.message),
  );
  const [info] = await session.query<[{ tables: object }]>("INFO FOR DB");
  assert.ok(!("half" in info.tables));
  await migrate(session, [
    ...migrations.slice(0, 1),
    { id: 2, name: "good", sql: "DEFINE TABLE whole;" },
  ]);
});

Deno.test("migrate() refuses a database of a later version", async () => {
  const session = await at.db.graph("later");
  await session.query("CREATE migration:99");
  await assert.rejects(
    migrate(session, [{ id: 1, name: "graph", sql: "" }]),
    (error) => isSkymapError(error, "data_dir_foreign"),
  );
});
