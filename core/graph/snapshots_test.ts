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

Deno.test("Snapshots name states, the oldest first", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  const toy = await openToyGraph(database, { now: () => new Date(now) });
  await using graph = toy.graph;
  const { snapshots } = graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
  const first = await snapshots.create("before-upgrade_1.2");
  assert.deepEqual(first, {
    label: "before-upgrade_1.2",
    sequence: graph.sequence,
    at: "2026-01-01T00:00:00.000Z",
    createdAt: "2026-01-01T00:00:00.000Z",
  });
  now += 60_000;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {}, b2: {} } }]));
  const second = await snapshots.create("after");
  const older = { sequence: 1, at: "2025-12-31T23:59:00.000Z" };
  const third = await snapshots.create("older", older);
  assert.deepEqual(await snapshots.list(), [third, first, second]);
  assert.deepEqual(await snapshots.get("after"), second);
  assert.deepEqual(await snapshots.remove("after"), second);
  assert.deepEqual(await snapshots.list(), [third, first]);
});

Deno.test("Snapshots refuse labels that are taken, no names or unknown", async () => {
  const { graph } = await openToyGraph(database);
  await using _graph = graph;
  const { snapshots } = graph;
  await snapshots.create("release");
  const wrong: readonly (readonly [string, RegExp])[] = [
    ["", /wanted a letter and up to 62 letters/],
    ["1st", /wanted a letter/],
    ["a b", /wanted a letter/],
    ["a".repeat(64), /wanted a letter/],
    ["P1D", /it reads as a duration/],
    ["Now", /it reads as a time/],
  ];
  for (const [label, message] of wrong) {
    await assert.rejects(snapshots.create(label), {
      code: "body_invalid",
      message,
    });
  }
  await assert.rejects(snapshots.create("release"), {
    code: "conflict",
    message: /"release": it names the state of .*, wanted another name/,
  });
  const unknown = {
    code: "not_found",
    message: `Cannot find snapshot "relaese": did you mean "release"?`,
  };
  await assert.rejects(snapshots.get("relaese"), unknown);
  await assert.rejects(snapshots.remove("relaese"), unknown);
  await assert.rejects(snapshots.get("x"), {
    message: `Cannot find snapshot "x": there is release`,
  });
  await snapshots.remove("release");
  await assert.rejects(snapshots.get("release"), {
    message: `Cannot find snapshot "release": there is none`,
  });
});

Deno.test("Snapshots are of one name once, however many ask", async () => {
  const { graph } = await openToyGraph(database);
  await using _graph = graph;
  const made = await Promise.allSettled(
    Array.from({ length: 5 }, () => graph.snapshots.create("one")),
  );
  assert.equal(made.filter(({ status }) => status === "fulfilled").length, 1);
});
