import assert from "node:assert/strict";
import type { NodePatch } from "@skymap/lib/client";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { openGraph } from "./open_graph.ts";
import {
  mergeAll,
  openToyGraph,
  toBody,
  toyId,
  toyMessages,
} from "./_toy_graph.ts";
import type { Graph } from "./graph.ts";
import { MAX_SECTION_CHARS } from "./check_patch.ts";

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

function update(graph: Graph, ...patches: readonly NodePatch[]) {
  return graph.updateNodes(patches, { signal });
}

/** What the last change of a node says, as the history tells it. */
async function lastChange(
  { session }: { session: Awaited<ReturnType<TestDatabase["db"]["graph"]>> },
): Promise<Record<string, unknown>> {
  const [blocks] = await session.query<[{ text: string }[]]>(
    "SELECT id, text FROM history ORDER BY id DESC LIMIT 1",
  );
  return JSON.parse(blocks[0]?.text.split("\n").at(-1) ?? "{}");
}

Deno.test("updateNodes() merges sections, tells what changed, and repeats nothing", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 }, b2: {} } }]));
  const first = await update(
    graph,
    { id: B1, desired: { clean: true }, metadata: { team: { name: "a" } } },
    { id: B1, metadata: { team: { size: 3 } } },
    { id: B2, metadata: { note: "\u0000" } },
  );
  assert.deepEqual(first.updated.toSorted(), [B1, B2].toSorted());
  const node = await graph.node(B1);
  assert.deepEqual(node?.desired, { clean: true });
  assert.deepEqual(node?.metadata, { team: { name: "a", size: 3 } });
  assert.equal(node?.reported.size, 1);
  assert.deepEqual((await graph.node(B2))?.metadata, { note: "\ufffd" });
  const { sequence } = graph;
  const again = await update(graph, { id: B1, desired: { clean: true } });
  assert.deepEqual(again.unchanged, [B1]);
  assert.equal(graph.sequence, sequence);
  await update(graph, {
    id: B1,
    desired: null,
    metadata: { team: { name: null }, owner: "me" },
  });
  const last = await graph.node(B1);
  assert.equal(last?.desired, undefined);
  assert.deepEqual(last?.metadata, { team: { size: 3 }, owner: "me" });
  const { changed, type } = await lastChange(toy);
  assert.equal(type, "node_updated");
  assert.deepEqual(changed, [
    "desired.clean",
    "metadata.team.name",
    "metadata.owner",
  ]);
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("updateNodes() is kept by collects and goes with the node", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const metadata = { protected: true };
  await update(graph, { id: B1, desired: { clean: true }, metadata });
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 2 } } }]));
  const node = await graph.node(B1);
  assert.equal(node?.reported.size, 2);
  assert.deepEqual(node?.desired, { clean: true });
  assert.deepEqual(node?.metadata, metadata);
  assert.deepEqual((await graph.verify()).differences, []);
  await mergeAll(toy, toyMessages([{ nodes: {} }]));
  const gone = await update(graph, { id: B1, desired: { clean: null } });
  assert.deepEqual(gone.missing, [B1]);
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 2 } } }]));
  const anew = await graph.node(B1);
  assert.equal(anew?.desired, undefined);
  assert.equal(anew?.metadata, undefined);
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("updateNodes() leaves protected nodes alone when asked to", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {}, b2: {} } }]));
  await update(graph, { id: B1, metadata: { protected: true } });
  const clean = [B1, B2].map((id) => ({ id, desired: { clean: true } }));
  const result = await graph.updateNodes(clean, {
    signal,
    skipProtected: true,
  });
  assert.deepEqual(result.skipped, [B1]);
  assert.deepEqual(result.updated, [B2]);
  assert.equal((await graph.node(B1))?.desired, undefined);
});

Deno.test("updateNodes() patches what core makes itself, and large nodes", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  const free = "x".repeat(1_200_000);
  await mergeAll(toy, toyMessages([{ nodes: { b1: { free }, b2: {} } }]));
  const patches = ["root", B1, B2].map((id) => ({ id, metadata: { k: 1 } }));
  assert.equal((await update(graph, ...patches)).updated.length, 3);
  assert.deepEqual((await graph.node("root"))?.metadata, { k: 1 });
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("updateNodes() refuses what cannot be kept, and writes nothing of it", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
  const { sequence } = graph;
  const deep = JSON.parse('{"a":'.repeat(101) + "1" + "}".repeat(101));
  const cases: readonly (readonly [unknown, RegExp])[] = [
    [7, /the patch is 7, wanted an object/],
    [{ desired: {} }, /its "id" is not a text/],
    [{ id: B1, reported: {} }, /"reported" cannot be changed/],
    [{ id: B1, desired: [] }, /its "desired" is no object/],
    [{ id: B1, desired: deep }, /has 101 levels/],
    [
      { id: B1, metadata: JSON.parse('{"__proto__":1}') },
      /a key "__proto__"/,
    ],
    [
      { id: B1, metadata: JSON.parse('{"a":[{"b":1e400}]}') },
      /a number that is too large to be kept/,
    ],
    [
      { id: B1, metadata: { text: "x".repeat(MAX_SECTION_CHARS) } },
      /wanted at most 262144/,
    ],
  ];
  for (const [patch, message] of cases) {
    await assert.rejects(
      update(
        graph,
        { id: B1, desired: { clean: true } },
        patch as NodePatch,
      ),
      { code: "body_invalid", message },
    );
  }
  assert.equal(graph.sequence, sequence);
});

Deno.test("updateNodes() waits for the merge that holds the scope", async () => {
  const toy = await openToyGraph(database);
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  const { promise: go, resolve } = Promise.withResolvers<void>();
  const { promise: opened, resolve: isOpen } = Promise.withResolvers<void>();
  async function* slowly(): AsyncGenerator<Uint8Array> {
    const [first, ...rest] = toyMessages([{ nodes: { b1: { size: 2 } } }]);
    if (first !== undefined) yield* toBody([first]);
    isOpen();
    await go;
    yield* toBody(rest);
  }
  const merging = graph.merge(slowly(), { signal });
  await opened;
  const stop = new AbortController();
  const given = graph.updateNodes([{ id: B1, desired: { clean: true } }], {
    signal: stop.signal,
  });
  stop.abort(new Error("enough"));
  await assert.rejects(given, /enough/);
  const updating = update(graph, { id: B1, desired: { clean: true } });
  resolve();
  await merging;
  assert.deepEqual((await updating).updated, [B1]);
  const node = await graph.node(B1);
  assert.equal(node?.reported.size, 2);
  assert.deepEqual(node?.desired, { clean: true });
  assert.deepEqual((await graph.verify()).differences, []);
});

Deno.test("updateNodes() is whole after a crash, a lost index and a prune", async () => {
  let now = Date.parse("2026-01-01T00:00:00Z");
  let crash = false;
  const options = {
    now: () => new Date(now),
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
  await mergeAll(toy, toyMessages([{ nodes: { b1: { size: 1 } } }]));
  crash = true;
  await assert.rejects(update(graph, { id: B1, desired: { clean: true } }), {
    code: "index_failed",
  });
  await reopen();
  assert.deepEqual((await graph.node(B1))?.desired, { clean: true });
  assert.deepEqual((await graph.verify()).differences, []);
  now += 60_000;
  await mergeAll({ graph }, toyMessages([{ nodes: { b1: { size: 2 } } }]));
  now += 60_000;
  // The line of the desired state goes; the version that is left tells it too.
  await graph.prune(30_000);
  await graph[Symbol.asyncDispose]();
  await Deno.remove(directory, { recursive: true });
  await reopen();
  assert.deepEqual((await graph.verify()).differences, []);
  await graph[Symbol.asyncDispose]();
});
