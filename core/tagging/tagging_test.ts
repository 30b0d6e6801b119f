import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { SkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { toyId } from "../graph/_toy_graph.ts";
import { TagWorld } from "./_tag_world.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();
const [B1, B2] = ["b1", "b2"].map((id) => toyId("toy_box", id)) as [
  string,
  string,
];
const B1_OF_A2 = toyId("toy_box", "b1", "a2");
const TWO = {
  a1: { b1: { tags: { a: "1" } }, b2: {} },
  a2: { b1: { tags: {} } },
};

Deno.test("change() has tags changed by account, and they are in the graph at once", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const answers = await tagging.change(graph, [
    { id: B1, update: { b: "2" } },
    { id: B1_OF_A2, update: { owner: "me" } },
    { id: B2, update: { a: "x" }, remove: ["b"] },
    // Of what is said of one node in several places the later counts.
    { id: B1, update: { c: "3" }, remove: ["a", "b"] },
  ], signal);
  deepStrictEqual(answers, [
    { id: B1, tags: { c: "3" } },
    { id: B1_OF_A2, tags: { owner: "me" } },
    { id: B2, tags: { a: "x" } },
  ]);
  deepStrictEqual(world.tasks.map(({ attrs }) => attrs), [
    { cloud: "toy", account: "a1" },
    { cloud: "toy", account: "a2" },
  ]);
  const [first] = world.tasks;
  deepStrictEqual(first?.changes[0], {
    resource: {
      node: B1,
      kind: "toy_box",
      id: "b1",
      region: "",
      reported: { id: "b1", kind: "toy_box", tags: { a: "1" } },
    },
    update: { c: "3" },
    remove: ["a", "b"],
  });
  deepStrictEqual((await graph.node(B1))?.reported.tags, { c: "3" });
  deepStrictEqual((await graph.node(B1_OF_A2))?.reported.tags, { owner: "me" });
  const { sequence } = graph;
  await world.collect({
    a1: { b1: { tags: { c: "3" } }, b2: { tags: { a: "x" } } },
    a2: { b1: { tags: { owner: "me" } } },
  });
  strictEqual(graph.sequence, sequence);
});

Deno.test("change() says of each node why it cannot be tagged, and the rest goes on", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const denied = {
    code: "UnauthorizedOperation",
    message: "you may not",
    permission: "ec2:CreateTags",
  };
  world.denied.set("b2", denied);
  const disk = toyId("toy_disk", "d1");
  const answers = await tagging.change(graph, [
    { id: "nonsense", update: { a: "1" } },
    { id: disk, update: { a: "1" } },
    { id: B2, update: { a: "1" } },
    { id: B1_OF_A2 },
    { id: B1, update: { a: "2" } },
    { id: "root", update: { a: "2" } },
  ], signal);
  deepStrictEqual(
    answers.map((each) => "error" in each ? each.error.message : each.tags),
    [
      'Cannot tag "nonsense": there is no such node, or it is gone',
      'Cannot tag toy_disk "disk": no plugin can change tags of its kind',
      "you may not",
      'Cannot tag toy_box "b1": no tag is named, wanted one',
      { a: "2" },
      'Cannot tag graph_root "root": no plugin can change tags of its kind',
    ],
  );
  deepStrictEqual(answers[2], { id: B2, error: denied });
  strictEqual((await graph.node(B2))?.reported.tags, undefined);
  deepStrictEqual((await graph.node(B1))?.reported.tags, { a: "2" });
});

Deno.test("change() takes over what was done of a change that failed, and what workers do not say is an error", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const error = { code: "x", message: "only a half" };
  world.instead = () =>
    Promise.resolve({ results: [{ node: B1, error, tags: { half: "1" } }, 7] });
  const answers = await tagging.change(graph, [
    { id: B1, update: { half: "1" }, remove: ["a"] },
    { id: B2, update: { a: "1" } },
  ], signal);
  deepStrictEqual(answers, [
    { id: B1, error },
    {
      id: B2,
      error: {
        code: "task_failed",
        message:
          'Cannot tag toy_box "b2": the worker did not say what became of it',
      },
    },
  ]);
  deepStrictEqual((await graph.node(B1))?.reported.tags, { half: "1" });
});

Deno.test("change() asks for 50 at a time, some tasks side by side, and a task that fails fails for its own", async () => {
  const boxes = Object.fromEntries(
    Array.from({ length: 620 }, (_, at) => [`b${at}`, {}]),
  );
  await using world = await TagWorld.open(database, { a1: boxes });
  const { tagging, toy: { graph } } = world;
  const go = Promise.withResolvers<void>();
  world.hold = go.promise;
  const answer = tagging.change(
    graph,
    Object.keys(boxes).map((id) => ({
      id: toyId("toy_box", id),
      update: { n: id },
    })),
    signal,
  );
  await until(() => world.tasks.length === 8);
  world.instead = (task) =>
    task === world.tasks[0]
      ? Promise.reject(new SkymapError("task_failed", "Cannot do task: lost"))
      : Promise.resolve({
        results: task.changes.map(({ resource: { node }, update }) => ({
          node,
          tags: update,
        })),
      });
  go.resolve();
  const answers = await answer;
  strictEqual(world.atOnce, 8);
  deepStrictEqual(
    world.tasks.map(({ changes }) => changes.length),
    [...Array.from({ length: 12 }, () => 50), 20],
  );
  const failed = answers.filter((each) => "error" in each);
  strictEqual(failed.length, 50);
  deepStrictEqual(failed[0]?.error, {
    code: "task_failed",
    message: "Cannot do task: lost",
  });
  strictEqual(answers.length, 620);
  deepStrictEqual(
    (await graph.node(toyId("toy_box", "b619")))?.reported.tags,
    { n: "b619" },
  );
});

Deno.test("change() gives up its tasks when nobody waits any more", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const go = Promise.withResolvers<void>();
  world.hold = go.promise;
  const stop = new AbortController();
  const answer = tagging.change(
    graph,
    [{ id: B1, update: { a: "2" } }],
    stop.signal,
  );
  await until(() => world.tasks.length === 1);
  stop.abort(new Error("enough"));
  await rejects(answer, { message: "enough" });
  deepStrictEqual(world.cancelled, ["task1"]);
  go.resolve();
});

Deno.test("start() does not wait, and the tags are taken over when they are there", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const go = Promise.withResolvers<void>();
  world.hold = go.promise;
  const refused = await tagging.start(graph, [
    { id: "nonsense", update: { a: "1" } },
    { id: B1, update: { a: "2" } },
  ]);
  deepStrictEqual(refused.map(({ id }) => id), ["nonsense"]);
  deepStrictEqual((await graph.node(B1))?.reported.tags, { a: "1" });
  go.resolve();
  await until(async () => {
    const tags = (await graph.node(B1))?.reported.tags;
    return JSON.stringify(tags) === '{"a":"2"}';
  });
  ok(world.cancelled.length === 0);
});

Deno.test("change() waits a little for a worker, and not again for one that did not come", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  world.instead = ({ attrs }) =>
    attrs["account"] === "a2"
      ? Promise.resolve({ results: [] })
      : Promise.reject(
        new SkymapError("task_failed", "no worker can do it", {
          details: { attempts: 0 },
        }),
      );
  const change = async () => {
    const ids = [B1, B1_OF_A2];
    world.reach.length = 0;
    await tagging.change(
      graph,
      ids.map((id) => ({ id, update: { a: "1" } })),
      signal,
    );
    return [...world.reach];
  };
  deepStrictEqual(await change(), [15_000, 15_000]);
  deepStrictEqual(await change(), [0, 15_000]);
  world.now = 60_000;
  deepStrictEqual(await change(), [15_000, 15_000]);
  deepStrictEqual(await change(), [0, 15_000]);
  world.instead = undefined;
  await change();
  deepStrictEqual(await change(), [15_000, 15_000]);
  world.reach.length = 0;
  await tagging.start(graph, [{ id: B1, update: { a: "2" } }]);
  deepStrictEqual(world.reach, [undefined]);
});

Deno.test("Tagging ends when what it takes over is in the graph, and takes nothing more", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const held = Promise.withResolvers<void>();
  const taking = Promise.withResolvers<void>();
  const slow = {
    model: graph.model,
    nodes: (ids: readonly string[]) => graph.nodes(ids),
    updateTags: async (...args: Parameters<typeof graph.updateTags>) => {
      taking.resolve();
      await held.promise;
      return await graph.updateTags(...args);
    },
  };
  const first = tagging.change(slow, [{ id: B1, update: { a: "2" } }], signal);
  await taking.promise;
  const ended = tagging[Symbol.asyncDispose]();
  held.resolve();
  await ended;
  deepStrictEqual((await graph.node(B1))?.reported.tags, { a: "2" });
  await first;
  const later = [{ id: B2, update: { a: "2" } }];
  const [answer] = await tagging.change(graph, later, signal);
  ok(answer !== undefined && "error" in answer);
  strictEqual(answer.error.code, "unavailable");
});

Deno.test("changes of one node at a time lose none of its tags in the graph", async () => {
  await using world = await TagWorld.open(database, TWO);
  const { tagging, toy: { graph } } = world;
  const held = Promise.withResolvers<void>();
  world.hold = held.promise;
  const all = [
    { id: B1, update: { b: "2" } },
    { id: B1, update: { c: "3" } },
    { id: B1, remove: ["a"] },
  ].map((change) => tagging.change(graph, [change], signal));
  await until(() => world.tasks.length === all.length);
  held.resolve();
  await Promise.all(all);
  deepStrictEqual((await graph.node(B1))?.reported.tags, { b: "2", c: "3" });
});
