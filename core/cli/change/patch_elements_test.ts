import assert from "node:assert/strict";
import type { CliNote, NodeJson } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { openTestDatabase, type TestDatabase } from "../../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  toyId,
  toyMessages,
} from "../../graph/_toy_graph.ts";
import type { Graph } from "../../graph/mod.ts";
import { contextOf, elements, flowOf, runStage } from "../_test_stage.ts";
import type { Command } from "../command.ts";
import { CLEAN } from "../commands/clean.ts";
import { PROTECT } from "../commands/protect.ts";
import { SET_DESIRED } from "../commands/set_desired.ts";
import { SET_METADATA } from "../commands/set_metadata.ts";
import type { GraphService } from "../core_services.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const [B1, B2, B3] = ["b1", "b2", "b3"].map((id) => toyId("toy_box", id));

interface World extends AsyncDisposable {
  readonly graph: Graph;
  /** Runs a command over nodes; `take` reads so many and no more. */
  run(
    command: Command,
    text: string,
    ids: readonly Json[],
    take?: number,
  ): Promise<{ nodes: NodeJson[]; notes: string[] }>;
}

async function openWorld(count = 3): Promise<World> {
  const toy = await openToyGraph(database);
  const { graph } = toy;
  const nodes = Object.fromEntries(
    Array.from({ length: count }, (_, at) => [`b${at + 1}`, { size: at }]),
  );
  await mergeAll(toy, toyMessages([{ nodes }]));
  return {
    graph,
    async run(command, text, ids, take) {
      const notes: CliNote[] = [];
      const service: Partial<GraphService> = {
        updateNodes: (patches, options) => graph.updateNodes(patches, options),
        nodes: (wanted) => graph.nodes(wanted),
      };
      const context = contextOf({
        notes,
        services: { graph: () => service as GraphService },
      });
      const flow = await runStage(command, text, flowOf(ids, "nodes"), context);
      const found: Json[] = [];
      if (take === undefined) found.push(...await elements(flow));
      else if (flow.type === "elements") {
        for await (const { values } of flow.batches) {
          found.push(...values);
          if (found.length >= take) break;
        }
      }
      return {
        nodes: found as unknown as NodeJson[],
        notes: notes.map((note) => note.type === "message" ? note.text : ""),
      };
    },
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  };
}

Deno.test("set_desired and set_metadata change their section of nodes and ids", async () => {
  await using world = await openWorld();
  const { graph, run } = world;
  const one = await graph.node(B1 ?? "");
  const first = await run(
    SET_METADATA,
    'team=ops n=5 "t=\\"5\\"" cost.center=12 cost.`a.b`=true list=[1,2]',
    [one as unknown as Json, ` ${B2}\n`],
  );
  assert.deepEqual(first.nodes.map(({ id }) => id), [B1, B2]);
  for (const { metadata, reported } of first.nodes) {
    assert.deepEqual(metadata, {
      team: "ops",
      n: 5,
      t: "5",
      cost: { center: 12, "a.b": true },
      list: [1, 2],
    });
    assert.equal(reported.kind, "toy_box");
  }
  assert.deepEqual(first.notes, ["2 nodes were changed"]);
  assert.deepEqual(await graph.node(B1 ?? ""), first.nodes[0]);
  const second = await run(
    SET_METADATA,
    "team=null n=null t=null list=null cost.center=null",
    [B1 ?? ""],
  );
  assert.deepEqual(second.nodes[0]?.metadata, { cost: { "a.b": true } });
  const wanted = await run(SET_DESIRED, "review=true", [B1 ?? "", B2 ?? ""]);
  assert.deepEqual(wanted.nodes.map(({ desired }) => desired), [
    { review: true },
    { review: true },
  ]);
  const again = await run(SET_DESIRED, "review=true", [B1 ?? "", B3 ?? ""]);
  assert.deepEqual(again.notes, ["1 node was changed, 1 had it so already"]);
});

Deno.test("set_metadata keeps numbers that would not stay what they are as texts", async () => {
  await using world = await openWorld();
  const { nodes } = await world.run(
    SET_METADATA,
    "id=12345678901234567890 huge=1e400 n=-12.50 `a b`.c=1",
    [B1 ?? ""],
  );
  assert.deepEqual(nodes[0]?.metadata, {
    id: "12345678901234567890",
    huge: "1e400",
    n: -12.5,
    "a b": { c: 1 },
  });
});

Deno.test("clean marks with a reason, leaves protected nodes alone, and is undone", async () => {
  await using world = await openWorld();
  const { graph, run } = world;
  await run(PROTECT, "", [B1 ?? ""]);
  const gone = toyId("toy_box", "gone");
  const marked = await run(CLEAN, "nobody uses it", [
    B1 ?? "",
    B2 ?? "",
    gone,
    { type: "edge", from: B1 ?? "", to: B2 ?? "" },
  ]);
  assert.deepEqual(
    marked.nodes.map(({ id, desired, metadata }) => ({
      id,
      desired,
      metadata,
    })),
    [
      { id: B1, desired: undefined, metadata: { protected: true } },
      {
        id: B2,
        desired: { clean: true },
        metadata: { clean_reason: "nobody uses it" },
      },
    ],
  );
  assert.deepEqual(marked.notes, [
    "1 node was changed",
    `1 left alone, for they are protected: ${B1}`,
    `1 not found, or gone meanwhile: ${gone}`,
  ]);
  await run(PROTECT, "--undo", [B1 ?? ""]);
  const all = await run(CLEAN, "", [B1 ?? "", B2 ?? ""]);
  assert.deepEqual(all.nodes.map(({ desired }) => desired?.clean), [
    true,
    true,
  ]);
  await run(CLEAN, "--undo", [B1 ?? "", B2 ?? ""]);
  for (const id of [B1, B2]) {
    const node = await graph.node(id ?? "");
    assert.equal(node?.desired, undefined);
    assert.equal(node?.metadata, undefined);
  }
});

Deno.test("changes are made of all nodes, also when nobody reads on", async () => {
  await using world = await openWorld(2_500);
  const { graph, run } = world;
  const ids = Array.from(
    { length: 2_500 },
    (_, at) => toyId("toy_box", `b${at + 1}`),
  );
  const { nodes, notes } = await run(PROTECT, "", ids, 1);
  assert.equal(nodes.length, 1_000);
  assert.deepEqual(notes, ["2500 nodes were changed"]);
  const last = await graph.node(ids.at(-1) ?? "");
  assert.deepEqual(last?.metadata, { protected: true });
});

Deno.test("changes refuse elements that are no nodes, and values that are none", async () => {
  await using world = await openWorld();
  const { run } = world;
  await assert.rejects(run(PROTECT, "", [{ count: 3 }]), {
    code: "usage",
    message:
      'Cannot run "protect": an element is {"count":3}, wanted nodes or their ids',
  });
  await assert.rejects(run(SET_DESIRED, "", []), { code: "usage" });
  for (const wrong of ["=1", "a..b=1", ".a=1", "`a=1"]) {
    await assert.rejects(run(SET_DESIRED, `'${wrong}'`, []), {
      code: "usage",
    }, wrong);
  }
  await assert.rejects(run(CLEAN, "--undo because", []), {
    code: "usage",
    message: /a reason is given for what is undone/,
  });
});
