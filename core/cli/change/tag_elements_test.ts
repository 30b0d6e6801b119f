import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { CliNote, NodeJson } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { openTestDatabase, type TestDatabase } from "../../db/test_database.ts";
import { toyId } from "../../graph/_toy_graph.ts";
import { TagWorld } from "../../tagging/_tag_world.ts";
import { contextOf, flowOf } from "../_test_stage.ts";
import { TAG } from "../commands/tag.ts";
import type { GraphService } from "../core_services.ts";
import { readArguments } from "../read_arguments.ts";
import { SourceText } from "../../query/source_text.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const [B1, B2, B3] = ["b1", "b2", "b3"].map((id) => toyId("toy_box", id)) as [
  string,
  string,
  string,
];
const BOXES = {
  a1: {
    b1: { name: "one", size: 1, tags: { a: "1" } },
    b2: { name: "t\u001bo" },
    b3: { name: "three", size: 3 },
  },
};

/** What a line of the command gives, tells and fails with. */
async function run(
  world: TagWorld,
  verb: string,
  text: string,
  ids: readonly Json[],
  take = Infinity,
) {
  const { graph } = world.toy;
  const notes: CliNote[] = [];
  const service: Partial<GraphService> = {
    nodes: (wanted) => graph.nodes(wanted),
    tag: (changes, { signal, isWaited = true }) =>
      isWaited
        ? world.tagging.change(graph, changes, signal)
        : world.tagging.start(graph, changes),
  };
  const context = contextOf({
    notes,
    services: { graph: () => service as GraphService },
  });
  const form = TAG.forms.find((each) => each.verb === verb);
  if (form === undefined) throw new TypeError("No form");
  const stage = await form.prepare(
    readArguments(form, { name: "tag", source: SourceText.of(text) }),
  );
  const flow = await stage.run(flowOf(ids, "nodes"), context);
  const nodes: NodeJson[] = [];
  let error: Error | undefined;
  try {
    if (take === Infinity || flow.type !== "elements") {
      if (flow.type !== "elements") throw new TypeError("No elements");
      for await (const { values } of flow.batches) {
        nodes.push(...values as unknown as NodeJson[]);
      }
    } else {
      for await (const { values } of flow.batches) {
        nodes.push(...values as unknown as NodeJson[]);
        if (nodes.length >= take) break;
      }
    }
  } catch (thrown) {
    error = thrown as Error;
  }
  return {
    nodes,
    error,
    tags: nodes.map(({ reported }) => reported.tags),
    notes: notes.map((note) =>
      note.type === "message" ? `${note.level}: ${note.text}` : ""
    ),
  };
}

Deno.test("tag update fills its template for each resource, from what the graph has now", async () => {
  await using world = await TagWorld.open(database, BOXES);
  const old = { type: "node", id: B1, reported: { name: "old" } };
  const { error, nodes, notes, tags } = await run(
    world,
    "update",
    "owner '{name} of {/ancestors.account.reported.id}'",
    [old as Json, B2],
  );
  strictEqual(error, undefined);
  deepStrictEqual(nodes.map(({ id }) => id), [B1, B2]);
  deepStrictEqual(notes, ["info: Tags of 2 resources were changed"]);
  deepStrictEqual(tags, [
    { a: "1", owner: "one of a1" },
    { owner: "t\u001bo of a1" },
  ]);
});

Deno.test("tag delete takes a tag away, and one that is not there is no error", async () => {
  await using world = await TagWorld.open(database, BOXES);
  const { error, tags } = await run(world, "delete", "a", [B1, B3]);
  strictEqual(error, undefined);
  deepStrictEqual(tags, [{}, {}]);
});

Deno.test("tag tells of each resource that failed, passes all on, and fails at the end", async () => {
  await using world = await TagWorld.open(database, BOXES);
  world.denied.set("b3", {
    code: "UnauthorizedOperation",
    message: `Cannot call AWS for ${B3}: denied`,
    permission: "ec2:CreateTags",
  });
  const gone = toyId("toy_box", "gone");
  const { error, nodes, notes } = await run(
    world,
    "update",
    "size '{size}'",
    [B1, B2, gone, B3],
  );
  deepStrictEqual(nodes.map(({ id, reported }) => [id, reported.tags]), [
    [B1, { a: "1", size: "1" }],
    [B2, undefined],
    [B3, undefined],
  ]);
  deepStrictEqual(notes, [
    `error: ${B2}: Cannot tag toy_box "t\\u001bo": it has no "size" for the value`,
    `error: Cannot tag "${gone}": there is no such node, or it is gone`,
    `error: Cannot call AWS for ${B3}: denied (missing permission: ec2:CreateTags)`,
    "info: Tags of 1 resource were changed",
  ]);
  match(
    String(error),
    /SkymapError: Cannot tag 3 of 4 resources: the reasons are told above/,
  );
});

Deno.test("tag tags all resources, also when nobody reads on, and fails all the same", async () => {
  const boxes = Object.fromEntries(
    Array.from({ length: 900 }, (_, at) => [`b${at}`, { name: `n${at}` }]),
  );
  await using world = await TagWorld.open(database, { a1: boxes });
  const ids = Object.keys(boxes).map((id) => toyId("toy_box", id));
  for (let at = 700; at < 850; at++) {
    world.denied.set(`b${at}`, { code: "x", message: `no ${at}` });
  }
  const { error, notes } = await run(world, "update", "n '{name}'", ids, 1);
  match(String(error), /Cannot tag 150 of 900 resources: .*the first 100/);
  strictEqual(notes.length, 101);
  strictEqual(notes.at(-1), "info: Tags of 750 resources were changed");
  const last = await world.toy.graph.node(ids[899] ?? "");
  deepStrictEqual(last?.reported.tags, { n: "n899" });
});

Deno.test("tag --nowait hands the work on and passes resources as they are", async () => {
  await using world = await TagWorld.open(database, BOXES);
  const go = Promise.withResolvers<void>();
  world.hold = go.promise;
  const { error, notes, tags } = await run(
    world,
    "update",
    "--nowait a 2",
    [B1],
  );
  strictEqual(error, undefined);
  deepStrictEqual(tags, [{ a: "1" }]);
  deepStrictEqual(notes, ["info: Tags of 1 resource are being changed"]);
  go.resolve();
});

Deno.test("tag refuses templates that cannot be read, and elements that are no nodes", async () => {
  await using world = await TagWorld.open(database, BOXES);
  await rejects(run(world, "update", "a {name", []), {
    code: "usage",
    message: /a brace is not closed/,
  });
  await rejects(run(world, "update", "a", []), { code: "usage" });
  await rejects(run(world, "delete", "''", []), { code: "usage" });
  const { error } = await run(world, "delete", "a", [{ size: 1 }]);
  match(String(error), /Cannot run "tag": an element is/);
});
