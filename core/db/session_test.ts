import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import assert from "node:assert/strict";
import { openTestDatabase } from "./test_database.ts";

const at = await openTestDatabase();

async function livesOf(session: DbSession, table: string): Promise<number> {
  const [{ lives }] = await session.query<[{ lives: object }]>(
    `INFO FOR TABLE ${table}`,
  );
  return Object.keys(lives).length;
}

Deno.test("query() answers each statement, and runs lost races again", async () => {
  const session = await at.db.graph("races");
  assert.deepEqual(
    await session.query("BEGIN; RETURN $a; COMMIT; RETURN 2", { a: 1 }),
    [undefined, 1, undefined, 2],
  );
  await session.query("CREATE meta:n SET n = 0");
  await Promise.all(Array.from({ length: 40 }, (_, n) =>
    session.query(
      n % 2 === 0
        ? "UPDATE meta:n SET n += 1"
        : "BEGIN; LET $n = (SELECT VALUE n FROM ONLY meta:n); UPDATE meta:n SET n = $n + 1; COMMIT",
    )));
  const [rows] = await session.query<[{ n: number }[]]>("SELECT n FROM meta:n");
  assert.equal(rows[0]?.n, 40);
});

Deno.test("query() does not run a list of statements twice", async () => {
  const session = await at.db.graph("lists");
  await session.query("CREATE meta:n SET n = 0");
  let counted = 0;
  await Promise.all(Array.from({ length: 40 }, async () => {
    try {
      await session.query(
        "CREATE history; UPDATE meta:n SET n += 1; RETURN 1",
      );
      counted++;
    } catch (error) {
      assert.ok(isSkymapError(error, "conflict"));
    }
  }));
  const [rows, notes] = await session.query<[{ n: number }[], unknown[]]>(
    "SELECT n FROM meta:n; SELECT * FROM history",
  );
  assert.equal(rows[0]?.n, counted);
  assert.equal(notes.length, 40);
});

Deno.test("query() throws the reason, not its echo", async () => {
  const session = await at.db.graph("races");
  await assert.rejects(
    session.query("BEGIN; CREATE meta:m; CREATE meta:n; THROW 'late'; COMMIT"),
    (error) =>
      isSkymapError(error, "database_failed") &&
      /meta:n` already exists/.test(error.message),
  );
  await assert.rejects(
    session.query("SELEC 1"),
    (error) =>
      isSkymapError(error, "database_failed") &&
      error.message.startsWith('Cannot run statement "SELEC 1": '),
  );
});

Deno.test("live() tells every change in order, and ends with its handle", async () => {
  const session = await at.db.graph("live");
  const seen: number[] = [];
  const live = await session.live<{ n: number }>(
    "LIVE SELECT * FROM change WHERE n >= $from",
    { from: 1 },
    (_, { n }) => seen.push(n),
  );
  assert.equal(await livesOf(session, "change"), 1);
  await session.query("INSERT INTO change $rows RETURN NONE", {
    rows: Array.from({ length: 2000 }, (_, n) => ({
      id: new RecordId("change", n),
      n,
    })),
  });
  await until(() => seen.length === 1999);
  assert.deepEqual(seen, Array.from({ length: 1999 }, (_, n) => n + 1));
  await live[Symbol.asyncDispose]();
  assert.equal(await livesOf(session, "change"), 0);
  await session.query("CREATE change:last SET n = 5000");
  assert.equal(seen.length, 1999);
});
