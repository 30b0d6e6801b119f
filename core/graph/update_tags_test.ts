import assert from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { openGraph } from "./open_graph.ts";
import { mergeAll, openToyGraph, toyId, toyMessages } from "./_toy_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();
const B1 = toyId("toy_box", "b1");
const B2 = toyId("toy_box", "b2");

async function world(nodes: Readonly<Record<string, JsonObject>>) {
  const toy = await openToyGraph(database);
  await mergeAll(toy, toyMessages([{ nodes }]));
  return toy;
}

Deno.test("updateTags() is what the next collect would find: that one writes nothing", async () => {
  const cases: readonly (readonly [string, JsonObject])[] = [
    ["without the id", { name: "b1", size: 1, tags: { a: "1" } }],
    ["with the id", { id: "b1", name: "b1", size: 1, tags: { a: "1" } }],
    ["without tags", { name: "b1" }],
  ];
  for (const [name, sent] of cases) {
    const toy = await world({ b1: sent, b2: { tags: { a: "1" } } });
    await using graph = toy.graph;
    await graph.updateNodes([{ id: B1, desired: { clean: true } }], { signal });
    const tags = { a: "2", "owner.of it": "mé" };
    const done = await graph.updateTags([{ id: B1, tags }], signal);
    assert.deepEqual(done.updated, [B1], name);
    const node = await graph.node(B1);
    assert.deepEqual(node?.reported.tags, tags, name);
    assert.deepEqual(node?.desired, { clean: true }, name);
    assert.deepEqual((await graph.verify()).differences, [], name);
    const { sequence } = graph;
    const report = await mergeAll(
      toy,
      toyMessages([{
        nodes: { b1: { ...sent, tags }, b2: { tags: { a: "1" } } },
      }]),
    );
    assert.equal(report.nodes_unchanged, 2, name);
    assert.equal(graph.sequence, sequence, name);
    const again = await graph.updateTags([{ id: B1, tags }], signal);
    assert.deepEqual(again.unchanged, [B1], name);
    // What the cloud had before counts again when the cloud has it again.
    await mergeAll(
      toy,
      toyMessages([{ nodes: { b1: sent, b2: { tags: { a: "1" } } } }]),
    );
    const back = await graph.node(B1);
    assert.deepEqual(back?.reported.tags, sent.tags, name);
  }
});

Deno.test("updateTags() takes over what follows from tags, and what took another form in the graph", async () => {
  const sent = { name: "old", size: "7", tags: { Name: "old" } };
  const toy = await world({ b1: sent });
  await using graph = toy.graph;
  const tags = { Name: "new" };
  await graph.updateTags(
    [{ id: B1, tags, reported: { name: "new" } }],
    signal,
  );
  const node = await graph.node(B1);
  assert.equal(node?.reported.name, "new");
  assert.equal(node?.reported.size, 7);
  await mergeAll(
    toy,
    toyMessages([{ nodes: { b1: { ...sent, name: "new", tags } } }]),
  );
  const [blocks] = await toy.session.query<[{ text: string }[]]>(
    "SELECT id, text FROM history ORDER BY id DESC LIMIT 1",
  );
  const last = JSON.parse(blocks[0]?.text.split("\n").at(-1) ?? "{}");
  assert.deepEqual([last.quiet, last.changed], [true, []]);
  await mergeAll(toy, toyMessages([{ nodes: { b1: sent } }]));
  assert.equal((await graph.node(B1))?.reported.name, "old");
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("updateTags() tells what is missing, and refuses what would not fit the kind", async () => {
  const toy = await world({ b1: { size: 1 }, b2: {} });
  await using graph = toy.graph;
  const gone = toyId("toy_box", "gone");
  const { missing, refused, updated } = await graph.updateTags([
    { id: gone, tags: {} },
    { id: B1, tags: {}, reported: { size: "big" } },
    { id: B2, tags: { a: "1" } },
  ], signal);
  assert.deepEqual(missing, [gone]);
  assert.deepEqual([...refused], [
    [B1, 'reported.size is "big", expected int64'],
  ]);
  assert.deepEqual(updated, [B2]);
  assert.equal((await graph.node(B1))?.reported.tags, undefined);
});

Deno.test("updateTags() waits for a collect of the scope, which then does not undo it", async () => {
  const toy = await world({ b1: { tags: { a: "1" } } });
  await using graph = toy.graph;
  const listed = Promise.withResolvers<void>();
  const [open, ...rest] = toyMessages([{ nodes: { b1: { tags: { a: "1" } } } }])
    .map((message) => new TextEncoder().encode(`${JSON.stringify(message)}\n`));
  const taken = Promise.withResolvers<void>();
  async function* body() {
    if (open !== undefined) yield open;
    taken.resolve();
    await listed.promise;
    yield* rest;
  }
  const merge = graph.merge(body(), { signal });
  await taken.promise;
  const tags = { a: "2" };
  const tagged = graph.updateTags([{ id: B1, tags }], signal);
  listed.resolve();
  await Promise.all([merge, tagged]);
  assert.deepEqual((await graph.node(B1))?.reported.tags, tags);
});

Deno.test("updateTags() is whole after a crash and a lost index", async () => {
  let crash = false;
  const options = {
    faults: {
      beforeIndex: () => {
        if (crash) throw new Error("crash");
      },
    },
  };
  const toy = await openToyGraph(database, options);
  const { session, directory } = toy;
  let { graph } = toy;
  const { name } = graph;
  const reopen = async () => {
    await graph[Symbol.asyncDispose]();
    crash = false;
    graph = await openGraph({
      name,
      session,
      indexDirectory: directory,
      ...options,
    });
  };
  const sent = { name: "b1", tags: { a: "1" } };
  await mergeAll(toy, toyMessages([{ nodes: { b1: sent } }]));
  await graph.updateNodes([{ id: B1, metadata: { note: "x" } }], { signal });
  crash = true;
  const tags = { a: "2" };
  await assert.rejects(graph.updateTags([{ id: B1, tags }], signal), {
    code: "index_failed",
  });
  await reopen();
  assert.deepEqual((await graph.verify()).differences, []);
  const node = await graph.node(B1);
  assert.deepEqual(node?.reported.tags, tags);
  assert.deepEqual(node?.metadata, { note: "x" });
  await graph[Symbol.asyncDispose]();
  await Deno.remove(directory, { recursive: true });
  await reopen();
  assert.deepEqual((await graph.verify()).differences, []);
  const { sequence } = graph;
  await mergeAll(
    { graph },
    toyMessages([{ nodes: { b1: { ...sent, tags } } }]),
  );
  assert.equal(graph.sequence, sequence);
  await graph[Symbol.asyncDispose]();
});
