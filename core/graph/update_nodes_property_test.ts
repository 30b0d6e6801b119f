import assert from "node:assert/strict";
import fc from "fast-check";
import type { JsonObject } from "@skymap/lib/json";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import type { Graph } from "./graph.ts";
import { mergePatch } from "./merge_patch.ts";
import { openGraph } from "./open_graph.ts";
import { mergeAll, TOY_MODEL, toyId, toyMessages } from "./_toy_graph.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();

const name = fc.integer({ min: 0, max: 4 }).map((at) => `n${at}`);
const section: fc.Arbitrary<JsonObject> = fc.dictionary(
  fc.constantFrom("clean", "note", "deep"),
  fc.oneof(
    fc.constantFrom(null, true, 1, "x"),
    fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom(null, 1, [2])),
  ),
  { maxKeys: 2 },
) as fc.Arbitrary<JsonObject>;
const patch = fc.record({
  name,
  desired: fc.option(section, { freq: 4 }),
  metadata: fc.option(section, { freq: 4 }),
});

const step = fc.oneof(
  fc.record({
    type: fc.constant("patch" as const),
    patches: fc.array(patch, { maxLength: 6 }),
    crash: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("merge" as const),
    nodes: fc.dictionary(
      name,
      fc.record({ size: fc.integer({ min: 0, max: 2 }) }),
    ),
    failed: fc.constantFrom(false, false, true),
  }),
  fc.record({ type: fc.constantFrom("reopen" as const, "lose" as const) }),
);

interface Expected {
  size: number;
  desired: JsonObject;
  metadata: JsonObject;
}

let runs = 0;

Deno.test("updateNodes() and merges do what a naive graph does, whatever happens", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 1, maxLength: 10 }),
      async (steps) => {
        const graphName = `u${++runs}`;
        const session = await database.db.graph(graphName);
        const directory = `${database.dataDir}/index/${graphName}`;
        let crash = false;
        const faults = {
          beforeIndex: () => {
            if (crash) throw new Error("crash");
          },
        };
        const open = () =>
          openGraph({
            name: graphName,
            session,
            indexDirectory: directory,
            faults,
          });
        let graph = await open();
        const reopen = async () => {
          await graph[Symbol.asyncDispose]();
          crash = false;
          graph = await open();
        };
        await graph.updateModel(TOY_MODEL);
        const model = new Map<string, Expected>();
        try {
          for (const step of steps) {
            if (step.type === "patch") {
              const patches = step.patches.map(({ name, ...sections }) => ({
                id: toyId("toy_box", name),
                ...sections,
              }));
              for (const { name, desired, metadata } of step.patches) {
                const node = model.get(name);
                if (node === undefined) continue;
                node.desired = desired === null
                  ? {}
                  : mergePatch(node.desired, desired);
                node.metadata = metadata === null
                  ? {}
                  : mergePatch(node.metadata, metadata);
              }
              crash = step.crash;
              await graph.updateNodes(patches, { signal }).catch((error) => {
                if (!crash) throw error;
              });
              if (crash) await reopen();
            } else if (step.type === "merge") {
              const { nodes, failed } = step;
              for (const name of [...model.keys()]) {
                if (!failed && nodes[name] === undefined) model.delete(name);
              }
              for (const [name, { size }] of Object.entries(nodes)) {
                const before = model.get(name) ?? { desired: {}, metadata: {} };
                model.set(name, { ...before, size });
              }
              const reason = { code: "Throttled", message: "Slow down" };
              const scope = { nodes, ...(failed && { failed: reason }) };
              await mergeAll({ graph }, toyMessages([scope]));
            } else {
              if (step.type === "lose") {
                await graph[Symbol.asyncDispose]();
                await Deno.remove(directory, { recursive: true });
                graph = await open();
              } else await reopen();
            }
            await assertSame(graph, model);
          }
        } finally {
          await graph[Symbol.asyncDispose]();
          await Deno.remove(directory, { recursive: true });
        }
      },
    ),
    {
      numRuns: Number(Deno.env.get("SKYMAP_TEST_RUNS") ?? 12),
      endOnFailure: true,
    },
  );
});

async function assertSame(
  graph: Graph,
  model: ReadonlyMap<string, Expected>,
): Promise<void> {
  for (const at of [0, 1, 2, 3, 4]) {
    const node = await graph.node(toyId("toy_box", `n${at}`));
    const expected = model.get(`n${at}`);
    assert.deepEqual(
      node && {
        size: node.reported.size,
        desired: node.desired ?? {},
        metadata: node.metadata ?? {},
      },
      expected,
    );
  }
  assert.deepEqual((await graph.verify()).differences, []);
}
