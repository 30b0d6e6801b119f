import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { mergeAll, openToyGraph, toyMessages } from "./_toy_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

Deno.test("verify() finds what was changed in the past", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 }, b2: {} } }]));
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 2 } } }]));
  const failed = { code: "Throttled", message: "Slow down" };
  await mergeAll(toy, toyMessages([{ nodes: {}, failed }]));
  assert.deepEqual((await graph.verify()).differences, []);
  const cases: readonly (readonly [string, string])[] = [
    ["delete from node where ended = 'deleted'", "node versions"],
    [
      "update node set valid_to = valid_to + 1 where valid_to is not null",
      "ends of node versions",
    ],
    [
      "update node set valid_from = valid_from - 1 where ended = 'updated'",
      "beginnings of node versions",
    ],
    ["delete from edge_out where valid_to is not null", "edge versions"],
    ["delete from scope_past where valid_to is not null", "scope versions"],
    [
      "update scope_past set reason = 'other' where valid_to is null",
      JSON.stringify(["toy", "a1", "", "toy_box"]),
    ],
    ["update meta set pruned = 1", "pruned up to"],
  ];
  for (const [sql, id] of cases) {
    const connection = await graph.index.connect();
    try {
      for (const table of ["node", "edge_out", "scope_past", "meta"]) {
        await connection.run(
          `create or replace temp table old_${table} as from ${table}`,
        );
      }
      await connection.run(sql);
      const { ok, differences } = await graph.verify();
      assert.equal(ok, false, sql);
      const ids = differences.map((difference) => difference.id);
      assert.ok(ids.includes(id), `${sql}: ${ids.join(", ")}`);
      for (const table of ["node", "edge_out", "scope_past", "meta"]) {
        await connection.run(`delete from ${table}`);
        await connection.run(`insert into ${table} from temp.old_${table}`);
      }
    } finally {
      connection.closeSync();
    }
  }
  assert.deepEqual((await graph.verify()).differences, []);
});
