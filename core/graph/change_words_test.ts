import type { GraphChangeJson } from "@skymap/lib/client";
import { FakeClock, until } from "@skymap/lib/testing";
import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import type { GraphOptions } from "./graph.ts";
import {
  mergeAll,
  openToyGraph,
  TOY_MODEL,
  type ToyGraph,
  toyId,
  toyMessages,
} from "./_toy_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();
const B1 = toyId("toy_box", "b1");

/** A graph whose words are gathered; `words()` gives those since the last call. */
async function listenedGraph(options: Partial<GraphOptions> = {}) {
  const told: GraphChangeJson[] = [];
  const toy = await openToyGraph(database, {
    onChange: (change) => {
      told.push(change);
      return Promise.resolve();
    },
    ...options,
  });
  return { toy, told };
}

/** Kinds of the words since the last call; each has to follow the one before. */
class Words {
  readonly #toy: ToyGraph;
  readonly #told: GraphChangeJson[];
  #last = 0;

  constructor(toy: ToyGraph, told: GraphChangeJson[]) {
    this.#toy = toy;
    this.#told = told;
  }

  async kinds(): Promise<readonly string[] | null> {
    // Whatever waits is told before the lines of an export.
    for await (const _ of this.#toy.graph.export(signal)) break;
    const words = this.#told.splice(0);
    const found = new Set<string>();
    let isAny = false;
    for (const { graph, after, last, kinds } of words) {
      assert.equal(graph, this.#toy.graph.name);
      assert.equal(after, this.#last);
      this.#last = last;
      isAny ||= kinds === null;
      for (const kind of kinds ?? []) found.add(kind);
    }
    assert.equal(this.#last, this.#toy.graph.sequence);
    return isAny ? null : [...found].sort();
  }
}

Deno.test("a graph tells every way in which it changes, with the kinds", async () => {
  const clock = new FakeClock();
  const { toy, told } = await listenedGraph({
    now: () => new Date(clock.now()),
  });
  await using graph = toy.graph;
  const words = new Words(toy, told);
  assert.equal(await words.kinds(), null);

  const boxes = { nodes: { b1: { size: 1, tags: { a: "1" } }, b2: {} } };
  const disks = { kind: "toy_disk", nodes: { d1: { size: 1 } } };
  const root = ["cloud", "graph_root"];
  await mergeAll(toy, toyMessages([boxes, disks]));
  assert.deepEqual(await words.kinds(), [...root, "toy_box", "toy_disk"]);

  await mergeAll(toy, toyMessages([boxes, disks]));
  assert.deepEqual(await words.kinds(), [], "nothing changed");

  await mergeAll(
    toy,
    toyMessages([boxes, { ...disks, nodes: { d1: { size: 2 } } }]),
  );
  assert.deepEqual(await words.kinds(), ["toy_disk"], "one node");

  const edge = { from: B1, to: toyId("toy_box", "b2") };
  await mergeAll(toy, toyMessages([{ ...boxes, edges: [edge] }]));
  assert.deepEqual(await words.kinds(), ["toy_box"], "an edge");

  await graph.updateNodes([{ id: B1, desired: { clean: true } }], { signal });
  assert.deepEqual(await words.kinds(), ["toy_box"], "a mark");

  await graph.updateTags([{ id: B1, tags: { a: "2" } }], signal);
  assert.deepEqual(await words.kinds(), ["toy_box"], "a tag");

  const failed = { code: "denied", message: "no" };
  await mergeAll(toy, toyMessages([{ kind: "toy_disk", failed }]));
  assert.deepEqual(await words.kinds(), ["toy_disk"], "a scope turned stale");

  await clock.advance(1_000);
  assert.notEqual(await graph.prune(1), undefined);
  assert.deepEqual(await words.kinds(), [], "the past alone");

  const kinds = [...TOY_MODEL.plugin.kinds, { name: "toy_x", bases: [] }];
  await graph.updateModel({ plugin: { ...TOY_MODEL.plugin, kinds } });
  assert.equal(await words.kinds(), null, "kinds");
  await graph.updateModel({ plugin: { ...TOY_MODEL.plugin, kinds } });
  assert.deepEqual(await words.kinds(), [], "the same kinds");

  await mergeAll(toy, [
    { type: "accounts", cloud: "toy", accounts: [] },
    { type: "end" },
  ]);
  assert.deepEqual(await words.kinds(), ["toy_box", "toy_disk"], "gone");
  assert.ok(await graph.retire({ cloud: "toy" }) > 0);
  assert.deepEqual(
    (await words.kinds())?.filter((kind) => !root.includes(kind)),
    ["toy_box", "toy_disk"],
    "retired",
  );
});

Deno.test("a graph that changes bit by bit tells of it in few words, none too late", async () => {
  const { toy, told } = await listenedGraph();
  await using graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
  await until(() => told.at(-1)?.last === graph.sequence);
  const before = told.length;
  const began = Date.now();
  for (let n = 0; n < 40; n++) {
    await graph.updateTags([{ id: B1, tags: { n: `${n}` } }], signal);
  }
  await until(() => told.at(-1)?.last === graph.sequence);
  const words = told.slice(before);
  const allowed = 2 + (Date.now() - began) / 250;
  assert.ok(words.length <= allowed, `${words.length} words`);
  let { last } = told[before - 1] ?? assert.fail("no word");
  for (const word of words) {
    assert.equal(word.after, last);
    assert.deepEqual(word.kinds, ["toy_box"]);
    last = word.last;
  }
});

Deno.test("a graph tells again what nobody got, although nothing more changes", async () => {
  const told: GraphChangeJson[] = [];
  let tries = 0;
  const { toy } = await listenedGraph({
    onChange: (change) => {
      if (++tries <= 3) return Promise.reject(new Error("down"));
      told.push(change);
      return Promise.resolve();
    },
  });
  await using _graph = toy.graph;
  await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
  await until(() => told.length > 0);
  assert.equal(told[0]?.after, 0);
  assert.equal(told[0]?.last, toy.graph.sequence);
  assert.equal(told[0]?.kinds, null, "the kinds were declared meanwhile");
});

Deno.test("a graph tells what its index got when it was mended", async () => {
  let writes = 0;
  const { toy, told } = await listenedGraph({
    faults: {
      beforeIndex: () => {
        if (++writes === 1) throw new Error("killed");
      },
    },
  });
  await using _graph = toy.graph;
  const words = new Words(toy, told);
  assert.equal(await words.kinds(), null);
  await assert.rejects(mergeAll(toy, toyMessages([{ nodes: { b1: {} } }])));
  await mergeAll(toy, toyMessages([{ nodes: { b1: {} } }]));
  assert.equal(await words.kinds(), null);
});
