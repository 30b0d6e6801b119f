import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "./test_database.ts";
import { GraphPlaces } from "./graph_places.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

async function databases(): Promise<string[]> {
  const [info] = await database.db.system.query<
    [{ databases: Record<string, string> }]
  >("INFO FOR NS");
  return Object.keys(info.databases).filter((name) =>
    name.startsWith("graph_")
  );
}

Deno.test("GraphPlaces gives a name to what is whole, and forgets the rest", async () => {
  const { db } = database;
  const { places } = db;
  const old = await db.graph("fruit");
  await old.query("CREATE node:a SET v = 'old'");
  const draft = await places.draft("fruit");
  const session = await db.draft(draft);
  await session.query("CREATE node:a SET v = 'new'");
  assert.deepEqual(await db.graphs(), ["fruit"]);
  assert.equal(await db.graph("fruit"), old);
  assert.deepEqual(await places.leftOver(), [draft.place]);
  assert.equal(await places.keep(draft, false), "fruit");
  assert.deepEqual(await places.leftOver(), ["fruit"]);
  // What another core would find now.
  const others = await GraphPlaces.open(db.system);
  assert.equal(others.of("fruit"), draft.place);
  assert.deepEqual(await others.names(), ["fruit"]);
  assert.equal(await db.graph("fruit"), session);
  await db.removePlace("fruit");
  assert.deepEqual(await databases(), [`graph_${draft.place}`]);
  assert.deepEqual(await places.leftOver(), []);
  assert.equal(await places.forget("fruit"), draft.place);
  assert.deepEqual(await db.graphs(), []);
  await db.removePlace(draft.place);
  assert.deepEqual(await databases(), []);
  // The name is free again.
  await db.graph("fruit");
  assert.deepEqual(await databases(), ["graph_fruit"]);
});

Deno.test("GraphPlaces removes no graph, and refuses names that are none", async () => {
  const { db } = database;
  await db.graph("kept");
  await assert.rejects(db.places.remove("kept"), TypeError);
  for (const name of ["", "1a", "a b", "a~b", "a".repeat(64)]) {
    await assert.rejects(db.places.draft(name), {
      code: "body_invalid",
      message: /^Cannot name graph ".*": wanted a letter/,
    });
  }
});
