import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import { toyId } from "../graph/_toy_graph.ts";
import type { DeleteOutcome } from "@skymap/lib/plugin";
import { until } from "@skymap/lib/testing";
import { CleanupWorld, NOW_MS } from "./_test_cleanup.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

/** A net with two boxes in it and a rock that nobody can delete. */
async function netWorld(
  config: Parameters<typeof CleanupWorld.open>[1] = {},
): Promise<CleanupWorld> {
  const world = await CleanupWorld.open(database, config);
  await world.put(
    { kind: "toy_account", nodes: { a1: { name: "One" } } },
    { kind: "toy_type", nodes: { small: { ondemand_cost: 0.25 } } },
    { kind: "toy_net", nodes: { net: { name: "web" } } },
    {
      kind: "toy_box",
      nodes: {
        b1: { ctime: "2026-01-01T00:00:00Z" },
        b2: { tags: { Protected: "no", owner: "me" } },
        b3: {},
      },
      edges: [{
        from: toyId("toy_type", "small"),
        to: toyId("toy_box", "b1"),
        edge_type: "default",
      }],
      hanging: ["toy_net net < toy_box b1", "toy_net net < toy_box b3"],
    },
    {
      kind: "toy_ring",
      nodes: { r1: {}, r2: {} },
      hanging: ["toy_ring r1 < toy_ring r2", "toy_ring r2 < toy_ring r1"],
    },
    { kind: "toy_rock", nodes: { rock: {} } },
  );
  return world;
}

Deno.test("a plan is made of marks and delete edges, and is kept", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3", "toy_ring r1");
  await world.mark("toy_ring r2", "toy_rock rock", "toy_box b2");
  const plan = await world.plan();
  deepStrictEqual(
    await world.steps(plan.id),
    [
      "1 delete toy_box b1: pending",
      "1 delete toy_box b3: pending",
      "1 detach toy_ring r1: pending",
      "1 detach toy_ring r2: pending",
      "2 delete toy_net net: pending",
      "2 delete toy_ring r1: pending",
      "2 delete toy_ring r2: pending",
    ].sort(),
  );
  deepStrictEqual(await world.blocked(plan.id), [
    "toy_box b2: belt: its tag Protected=no protects it (protected_tags)",
    "toy_rock rock: kind: no plugin says that it can delete a toy_rock",
  ]);
  deepStrictEqual(
    [plan.deletions, plan.detachments, plan.blocked, plan.wave_steps],
    [5, 2, 2, [4, 3]],
  );
  const boxes = plan.groups.find(({ kind }) => kind === "toy_box");
  deepStrictEqual(boxes, {
    kind: "toy_box",
    cloud: "toy",
    account: "a1",
    account_name: "a1",
    deleted: 2,
    blocked: 1,
    oldest: "2026-01-01T00:00:00.000Z",
    cost: 0.25,
  });
  deepStrictEqual(await world.cleanup.get(plan.id.slice(0, 8)), plan);
  strictEqual((await world.plan()).hash, plan.hash);
});

Deno.test("only a mark is a mark", async () => {
  await using world = await netWorld();
  await world.patch(["toy_box b1"], { desired: { clean: "true" } });
  await world.patch(["toy_box b3"], { desired: { x: { clean: true } } });
  const plan = await world.plan();
  deepStrictEqual([plan.deletions, plan.blocked], [0, 0]);
});

Deno.test("what is not marked blocks, by its name, and so does what is left out", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1");
  const plan = await world.plan();
  deepStrictEqual(await world.blocked(plan.id), [
    "toy_net net: dependant: toy_box b3 hangs on it and is not marked",
  ]);
  await world.mark("toy_box b3");
  const narrow = await world.plan("not(id(" + toyId("toy_box", "b3") + "))");
  deepStrictEqual(await world.blocked(narrow.id), [
    "toy_net net: dependant: toy_box b3 hangs on it and is marked, but not " +
    "part of this plan",
  ]);
});

/** A group that takes two boxes along, one of which takes a ring along. */
async function groupWorld(): Promise<CleanupWorld> {
  const world = await CleanupWorld.open(database);
  await world.put(
    {
      kind: "toy_box",
      nodes: { i1: { name: "web" }, i2: {} },
    },
    {
      kind: "toy_net",
      nodes: { group: {} },
      edges: ["i1", "i2"].map((id) => ({
        from: toyId("toy_net", "group"),
        to: toyId("toy_box", id),
        reported: { goes_along: "to" },
      })),
      hanging: ["toy_box i1 < toy_net group", "toy_box i2 < toy_net group"],
    },
    {
      kind: "toy_ring",
      nodes: { disk: {} },
      edges: [{
        from: toyId("toy_ring", "disk"),
        to: toyId("toy_box", "i2"),
        reported: { goes_along: "from" },
      }],
      hanging: ["toy_ring disk < toy_box i2"],
    },
  );
  return world;
}

Deno.test("what would go along unasked keeps its owner, by its name", async () => {
  await using world = await groupWorld();
  await world.mark("toy_net group", "toy_box i2", "toy_ring disk");
  deepStrictEqual(await world.blocked((await world.plan()).id), [
    "toy_box i2: blocked_dependant: toy_net group hangs on it and cannot be " +
    "deleted",
    "toy_net group: member: toy_box i1 (web) goes along with it and is not " +
    "marked",
    "toy_ring disk: blocked_dependant: toy_box i2 hangs on it and cannot be " +
    "deleted",
  ]);
  await world.mark("toy_box i1");
  await world.patch(["toy_ring disk"], { metadata: { protected: true } });
  const kept = await world.blocked((await world.plan()).id);
  deepStrictEqual(kept.slice(1), [
    "toy_box i2: member: toy_ring disk goes along with it and is protected",
    "toy_net group: member: toy_box i2 goes along with it and cannot be " +
    "deleted",
    "toy_ring disk: protected: it is protected",
  ]);
});

Deno.test("an owner goes with all that goes along, when all of it is marked", async () => {
  await using world = await groupWorld();
  await world.mark("toy_net group", "toy_box i1", "toy_box i2");
  await world.mark("toy_ring disk");
  world.outcome = (id) => id === "group" ? {} : { outcome: "gone" };
  const plan = await world.plan();
  deepStrictEqual([plan.deletions, plan.blocked], [4, 0]);
  strictEqual((await world.apply(plan.id)).state, "applied");
  deepStrictEqual(await world.steps(plan.id), [
    "1 delete toy_net group: done",
    "2 delete toy_box i1: gone",
    "2 delete toy_box i2: gone",
    "3 delete toy_ring disk: gone",
  ]);
});

Deno.test("what is protected or found since the plan does not go along", async () => {
  await using world = await groupWorld();
  await world.mark("toy_net group", "toy_box i1", "toy_box i2");
  await world.mark("toy_ring disk");
  const { id } = await world.plan();
  await world.put({
    kind: "toy_box",
    nodes: { i1: { name: "web" }, i2: {}, i3: {} },
    edges: [{
      from: toyId("toy_box", "i3"),
      to: toyId("toy_net", "group"),
      reported: { goes_along: "from" },
    }],
  });
  await world.apply(id);
  deepStrictEqual(world.asked, []);
  strictEqual(
    (await world.steps(id))[0],
    "1 delete toy_net group: refused, by now toy_box i3 goes along with it " +
      "and is not marked",
  );
});

Deno.test("what could not be listed blocks what it may hang on", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  await world.put({
    kind: "toy_box",
    failed: { code: "AccessDenied", message: "no" },
  });
  const plan = await world.plan();
  const why = "toy_box was not listed completely (failed, AccessDenied: no)";
  deepStrictEqual(await world.blocked(plan.id), [
    `toy_box b1: scope: ${why}: it may not be as it is shown`,
    `toy_box b3: scope: ${why}: it may not be as it is shown`,
    `toy_net net: scope: ${why}: what hangs on it may not be known`,
  ]);
  await using other = await CleanupWorld.open(database);
  await other.put({ kind: "toy_net", nodes: { net: {} } });
  await other.mark("toy_net net");
  deepStrictEqual(await other.blocked((await other.plan()).id), [
    "toy_net net: scope: toy_box was never listed in account a1: what hangs on " +
    "it may not be known; wanted them to be collected, or named in " +
    "unseen_kinds if there are none",
  ]);
  other.config = { ...other.config, unseen_kinds: ["instance"] };
  const { id, deletions, unseen } = await other.plan();
  deepStrictEqual([deletions, unseen], [1, ["toy_box"]]);
  // What the configuration says by now counts.
  other.config = { ...other.config, unseen_kinds: [] };
  await other.apply(id);
  match((await other.steps(id)).join(), /refused, by now toy_box was never/);
});

Deno.test("belts keep nodes out of a plan", async () => {
  await using world = await netWorld({ protected_tags: ["owner=m*"] });
  await world.mark("toy_box b2", "toy_box b3", "toy_account a1");
  await world.patch(["toy_box b3"], { metadata: { protected: true } });
  deepStrictEqual(await world.blocked((await world.plan()).id), [
    "toy_account a1: belt: kind toy_account is protected, for it is a account " +
    "(protected_kinds)",
    "toy_box b2: belt: its tag owner=me protects it (protected_tags)",
    "toy_box b3: protected: it is protected",
  ]);
});

Deno.test("apply() deletes in waves and marks what is gone", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  await world.mark("toy_ring r1", "toy_ring r2");
  const plan = await world.plan();
  const ended = await world.apply(plan.id);
  deepStrictEqual([ended.state, ended.progress.done, ended.error], [
    "applied",
    7,
    undefined,
  ]);
  deepStrictEqual(
    [
      // Two of one wave are asked side by side.
      ...world.asked.slice(0, 2).map(({ name, ids }) => `${name} ${ids}`)
        .sort(),
      ...world.asked.slice(2).map(({ name, ids }) => `${name} ${ids}`),
    ],
    ["delete b1,b3", "detach r1,r2", "delete net,r1,r2"],
  );
  deepStrictEqual(world.asked[0]?.attrs, { cloud: "toy", account: "a1" });
  deepStrictEqual(await world.metadata("toy_net net"), {
    cleaned: true,
    cleaned_at: new Date(NOW_MS).toISOString(),
    cleaned_plan: plan.id,
  });
  const again = await world.plan();
  deepStrictEqual([again.deletions, again.deleted_before], [0, 5]);
  await rejects(world.apply(plan.id), {
    code: "cleanup_refused",
    message: /all of it is done/,
  });
});

Deno.test("what is not deleted stops what it hangs on and nothing else", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3", "toy_ring r1");
  await world.mark("toy_ring r2");
  world.outcome = (id) =>
    id === "b1"
      ? {
        outcome: "failed",
        error: { code: "InUse", message: "busy", permission: "toy:Delete" },
      }
      : id === "b3"
      ? { outcome: "gone" }
      : {};
  const { id } = await world.plan();
  const told: string[] = [];
  const ended = await world.apply(id, {
    tell: (_level, message) => told.push(message),
  });
  strictEqual(ended.state, "failed");
  strictEqual(ended.error, "2 of 7 steps were not done");
  deepStrictEqual(
    (await world.steps(id)).filter((each) => !/done/.test(each)),
    [
      "1 delete toy_box b1: failed, InUse: busy (needs toy:Delete)",
      "1 delete toy_box b3: gone",
      "2 delete toy_net net: skipped, toy_box b1 hangs on it and is still there",
    ],
  );
  deepStrictEqual(told, [
    "Not deleted: toy_box b1 in account a1: failed, InUse: busy (needs " +
    "toy:Delete)",
    "Not deleted: toy_net net (web) in account a1: skipped, toy_box b1 hangs " +
    "on it and is still there",
  ]);
  world.outcome = () => ({});
  world.asked.length = 0;
  const then = await world.apply(id);
  strictEqual(then.state, "applied");
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b1"], ["net"]]);
});

Deno.test("a circle whose member cannot be detached stays whole", async () => {
  await using world = await netWorld();
  await world.mark("toy_ring r1", "toy_ring r2");
  world.outcome = (id, { name }) =>
    id === "r1" && name === "detach"
      ? { outcome: "refused", reason: "it is the default one" }
      : {};
  const { id } = await world.plan();
  await world.apply(id);
  deepStrictEqual(
    await world.steps(id),
    [
      "1 detach toy_ring r1: refused, it is the default one",
      "1 detach toy_ring r2: done",
      "2 delete toy_ring r1: skipped, toy_ring r1 of its circle is not detached",
      "2 delete toy_ring r2: skipped, toy_ring r1 hangs on it and is still there",
    ].map((each) =>
      each.startsWith("2 delete toy_ring r2")
        ? "2 delete toy_ring r2: skipped, toy_ring r1 of its circle is not detached"
        : each
    ),
  );
});

Deno.test("what changed since the plan is not deleted", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3", "toy_ring r1");
  await world.mark("toy_ring r2");
  const { id } = await world.plan();
  // One is renamed, of one only the time of its last use differs.
  await world.put({
    kind: "toy_box",
    nodes: {
      b1: { ctime: "2026-01-01T00:00:00Z", atime: "2026-01-02T00:00:00Z" },
      b3: { name: "renamed" },
    },
    hanging: ["toy_net net < toy_box b1", "toy_net net < toy_box b3"],
  });
  await world.patch(["toy_ring r1"], { desired: { clean: null } });
  await world.apply(id);
  deepStrictEqual(
    await world.steps(id),
    [
      "1 delete toy_box b1: done",
      "1 delete toy_box b3: changed, since it was planned it changed in " +
      "reported.name",
      "1 detach toy_ring r1: skipped, toy_ring r2 of its circle cannot be deleted",
      "1 detach toy_ring r2: refused, by now toy_ring r1 hangs on it and is not " +
      "marked",
      "2 delete toy_net net: skipped, toy_box b3 (renamed) hangs on it and is " +
      "still there",
      "2 delete toy_ring r1: skipped, toy_ring r1 of its circle is not detached",
      "2 delete toy_ring r2: refused, by now toy_ring r1 hangs on it and is not " +
      "marked",
    ].map((each) => each.replace("toy_box b3 (renamed)", "toy_box b3")),
  );
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b1"]]);
});

Deno.test("what came to hang on a node since the plan keeps it", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  await world.put({
    kind: "toy_box",
    nodes: { b1: { ctime: "2026-01-01T00:00:00Z" }, b3: {}, b4: {} },
    hanging: ["b1", "b3", "b4"].map((box) => `toy_net net < toy_box ${box}`),
  });
  await world.apply(id);
  strictEqual(
    (await world.steps(id)).at(-1),
    "2 delete toy_net net: refused, by now toy_box b4 hangs on it and is not " +
      "marked",
  );
});

Deno.test("limits stop a plan that crosses them, until they are raised", async () => {
  await using world = await netWorld({
    max_count: 1,
    max_share: 0.1,
    share_from: 1,
  });
  await world.mark("toy_box b1", "toy_box b3");
  const { id, crossed } = await world.plan();
  const messages = [
    "it deletes 2 resources, max_count is 1",
    "it deletes 25 % of the 8 resources, max_share is 10 %",
  ];
  deepStrictEqual(crossed.map(({ message }) => message), messages);
  await rejects(world.apply(id), {
    code: "cleanup_refused",
    message: `Cannot apply plan "${id}": ${messages.join("; ")}`,
  });
  await rejects(world.apply(id, { raise: { max_count: "10" } }), {
    message: `Cannot apply plan "${id}": ${messages[1]}`,
  });
  strictEqual(world.asked.length, 0);
  const raise = { max_count: "10", max_share: 0.5 };
  const { state, raised } = await world.apply(id, { raise });
  strictEqual(state, "applied");
  const at = new Date(NOW_MS).toISOString();
  deepStrictEqual(raised, [
    { limit: "max_count", value: 10, by: "ada", at },
    { limit: "max_share", value: 0.5, by: "ada", at },
  ]);
});

Deno.test("a plan is refused when cleanups are off, when it is old or touched", async () => {
  await using world = await netWorld({ enabled: false });
  await world.mark("toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  await rejects(world.apply(id), {
    code: "cleanup_refused",
    message: /cleanups are off, wanted core.cleanup.enabled: true$/,
  });
  world.config = { ...world.config, enabled: true };
  world.clock.advance(25 * 3_600_000);
  strictEqual((await world.cleanup.get(id)).state, "expired");
  await rejects(world.apply(id), {
    message: /it is 1d1h old, max_age is 24h$/,
  });
  world.config = { ...world.config, protected_ids: ["b1"] };
  await rejects(world.apply(id, { raise: { max_age: "2d" } }), {
    message: /toy_box b1 must not be deleted by now: id b1 is protected/,
  });
  world.config = { ...world.config, protected_ids: [] };
  await rejects(world.apply(id, { raise: { max_ag: "2d" } }), {
    code: "body_invalid",
    message: /Cannot raise "max_ag"/,
  });
  await rejects(world.apply(id, { raise: { max_count: "many" } }), {
    code: "body_invalid",
    message: /Cannot raise "max_count" to "many"/,
  });
  await database.db.system.query(
    "UPDATE cleanup_item SET data.id = 'other' WHERE data.id = 'b1'",
  );
  await rejects(world.apply(id, { raise: { max_age: "2d" } }), {
    code: "cleanup_refused",
    message: /its steps are not those that were planned/,
  });
  strictEqual(world.asked.length, 0);
  await rejects(world.apply("nothing"), { code: "plan_unknown" });
});

Deno.test("a dry run looks at everything and changes nothing", async () => {
  await using world = await netWorld({ dry_run: true });
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  world.outcome = (id) =>
    id === "b3" ? { outcome: "changed", paths: ["name"] } : {};
  const started = await world.cleanup.apply(id, { by: "ada" });
  match(started.notes[0] ?? "", /^DRY RUN: .*NOTHING is deleted/);
  const ended = await started.ended;
  deepStrictEqual([ended.state, ended.dry_run?.would_be_done], ["planned", 1]);
  deepStrictEqual([...world.asked.map(({ dryRun }) => dryRun)], [true]);
  const items = await Array.fromAsync(world.cleanup.items(id));
  deepStrictEqual(items.map(({ state, checked }) => [state, checked]), [
    ["pending", "would_be_done"],
    ["pending", "changed: in its cloud it differs in name"],
    ["pending", "skipped: toy_box b3 hangs on it and is still there"],
  ]);
  deepStrictEqual(await world.metadata("toy_box b1"), {});
  world.config = { ...world.config, enabled: false, max_count: 0 };
  const { notes, ended: end } = await world.cleanup.apply(id, { by: "ada" });
  match(notes.join("\n"), /An apply would be refused: cleanups are off/);
  await end;
});

Deno.test("a core that ends in the midst goes on when the plan is applied again", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  const reached = Promise.withResolvers<void>();
  const never = Promise.withResolvers<Record<string, never>>();
  world.outcome = (box) => {
    if (box !== "net") return {};
    reached.resolve();
    return never.promise;
  };
  const started = await world.cleanup.apply(id, { by: "ada" });
  await reached.promise;
  const failed = rejects(started.ended, { code: "unavailable" });
  await world.restart();
  await failed;
  const plan = await world.cleanup.get(id);
  match(`${plan.state}: ${plan.error}`, /^failed: core ended while/);
  world.outcome = () => ({ outcome: "gone" });
  world.asked.length = 0;
  const ended = await world.apply(id);
  deepStrictEqual([ended.state, ended.progress.done, ended.progress.gone], [
    "applied",
    2,
    1,
  ]);
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["net"]]);
});

Deno.test("what was marked as gone before core was killed is not asked again", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  await world.patch(["toy_box b1"], {
    metadata: { cleaned: true, cleaned_plan: id },
  });
  const ended = await world.apply(id);
  strictEqual(ended.state, "applied");
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b3"]]);
});

Deno.test("one plan of a graph is applied at a time, and can be cancelled", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  const other = await world.plan();
  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<Record<string, never>>();
  world.outcome = () => {
    reached.resolve();
    return held.promise;
  };
  const started = await world.cleanup.apply(id, { by: "ada" });
  await reached.promise;
  await rejects(world.apply(id), { code: "conflict" });
  await rejects(world.apply(other.id), { code: "conflict" });
  strictEqual((await world.cleanup.get(id)).state, "applying");
  await world.cleanup.cancel(id, "bo");
  held.resolve({});
  const ended = await started.ended;
  deepStrictEqual([ended.state, ended.error, ended.progress.done], [
    "failed",
    "1 of 3 steps were not done: bo cancelled it",
    2,
  ]);
  await world.cleanup.cancel(other.id, "bo");
  await rejects(world.apply(other.id), {
    code: "cleanup_refused",
    message: /bo cancelled it$/,
  });
});

Deno.test("an apply stops when cleanups are turned off", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  world.outcome = () => {
    world.config = { ...world.config, enabled: false };
    return {};
  };
  const ended = await world.apply(id);
  strictEqual(
    ended.error,
    "1 of 3 steps were not done: cleanups were turned off meanwhile",
  );
});

Deno.test("steps fail when no worker can do them", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1");
  world.able = ["detach"];
  const { id } = await world.plan();
  const { ended } = await world.cleanup.apply(id, { by: "ada" });
  const until = setInterval(() => world.clock.advance(10_000), 200);
  strictEqual((await ended).state, "failed");
  clearInterval(until);
  deepStrictEqual(await world.steps(id), [
    "1 delete toy_box b1: failed, no worker can delete in account a1 of toy",
  ]);
});

Deno.test("plans that are old are deleted, later if something was deleted", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1");
  const applied = await world.plan();
  await world.apply(applied.id);
  await world.mark("toy_box b3");
  const planned = await world.plan();
  const DAY_MS = 24 * 3_600_000;
  world.clock.advance(31 * DAY_MS);
  await world.restart();
  await rejects(world.cleanup.get(planned.id), { code: "plan_unknown" });
  strictEqual((await world.cleanup.get(applied.id)).id, applied.id);
  world.clock.advance(150 * DAY_MS);
  await world.restart();
  await rejects(world.cleanup.get(applied.id), { code: "plan_unknown" });
});

Deno.test("what a plan deleted is planned again only when it is marked anew", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  await world.apply((await world.plan()).id);
  // It is listed again: it is there still, or another one of its id.
  world.clock.advance(60_000);
  await world.put({
    kind: "toy_box",
    nodes: { b1: { ctime: "2026-01-01T00:00:00Z" }, b3: {} },
    hanging: ["toy_net net < toy_box b1", "toy_net net < toy_box b3"],
  });
  await world.mark("toy_net net");
  const plan = await world.plan();
  deepStrictEqual([plan.deletions, plan.deleted_before], [0, 2]);
  match(
    (await world.blocked(plan.id))[0] ?? "",
    /toy_box b\d hangs on it and was listed again after plan \w+ deleted it/,
  );
  await world.patch(["toy_box b1", "toy_box b3"], {
    metadata: { cleaned: null, cleaned_at: null, cleaned_plan: null },
  });
  strictEqual((await world.plan()).deletions, 3);
});

Deno.test("what the configuration keeps during an apply stays", async () => {
  for (
    const change of [
      { protected_ids: ["net"] },
      { accounts: [] },
      { protected_kinds: ["network"] },
    ]
  ) {
    await using world = await netWorld();
    await world.mark("toy_net net", "toy_box b1", "toy_box b3");
    const { id } = await world.plan();
    world.outcome = () => {
      world.config = { ...world.config, ...change };
      return {};
    };
    const ended = await world.apply(id);
    strictEqual(ended.error, "1 of 3 steps were not done");
    match((await world.steps(id)).at(-1) ?? "", /net: refused, by now /);
    deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b1", "b3"]]);
  }
});

Deno.test("what comes to hang on a node during an apply keeps it", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  world.outcome = async (box) => {
    if (box === "b1") {
      await world.put({
        kind: "toy_box",
        nodes: { b4: {} },
        hanging: ["toy_net net < toy_box b4"],
      });
    }
    return {};
  };
  await world.apply(id);
  strictEqual(
    (await world.steps(id)).at(-1),
    "2 delete toy_net net: refused, by now toy_box b4 hangs on it and is not " +
      "marked",
  );
});

Deno.test("what is protected or not marked any more during an apply stays", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  world.outcome = async (box) => {
    if (box === "b1") {
      await world.patch(["toy_net net"], { metadata: { protected: true } });
    }
    return {};
  };
  await world.apply(id);
  match((await world.steps(id)).at(-1) ?? "", /net: refused, .*is protected$/);
  await world.patch(["toy_net net"], {
    metadata: { protected: null },
    desired: { clean: null },
  });
  await world.apply(id);
  match((await world.steps(id)).at(-1) ?? "", /net: refused, .*not marked/);
});

Deno.test("nobody overrides core.cleanup.dry_run", async () => {
  await using world = await netWorld({ dry_run: true });
  await world.mark("toy_box b1");
  const { id } = await world.plan();
  await rejects(world.apply(id, { dry_run: false }), {
    code: "cleanup_refused",
    message: /every apply is a dry run, wanted core.cleanup.dry_run: false$/,
  });
  strictEqual((await world.cleanup.get(id)).state, "planned");
});

Deno.test("of two applies at once one begins", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  const results = await Promise.allSettled([
    world.apply(id),
    world.apply(id),
  ]);
  deepStrictEqual(results.map(({ status }) => status).sort(), [
    "fulfilled",
    "rejected",
  ]);
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b1", "b3"]]);
});

Deno.test("a plan that is cancelled while it begins is not applied", async () => {
  await using world = await netWorld();
  await world.mark("toy_net net", "toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  const held = Promise.withResolvers<Record<string, never>>();
  world.outcome = () => held.promise;
  const started = world.cleanup.apply(id, { by: "ada" });
  await world.cleanup.cancel(id, "bo");
  held.resolve({});
  const ended = await (await started).ended;
  match(`${ended.state}: ${ended.error}`, /^failed: .* bo cancelled it$/);
  const other = await world.plan();
  const cancelled = world.cleanup.cancel(other.id, "bo");
  await rejects(world.apply(other.id), { code: "cleanup_refused" });
  strictEqual((await cancelled).state, "refused");
});

Deno.test("what a worker says of a real deletion is not taken for more than it is", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  world.outcome = (id) =>
    id === "b1"
      ? { outcome: "would_be_done" }
      : { outcome: "changed" } as Partial<DeleteOutcome>;
  const { id } = await world.plan();
  await world.apply(id);
  deepStrictEqual(await world.steps(id), [
    "1 delete toy_box b1: failed, the worker only looked at it",
    "1 delete toy_box b3: failed, the worker said nothing about it",
  ]);
  deepStrictEqual(await world.metadata("toy_box b1"), {});
  world.config = { ...world.config, dry_run: true };
  world.outcome = () => ({ outcome: "done" });
  await world.apply(id);
  const items = await Array.fromAsync(world.cleanup.items(id));
  strictEqual(
    items[0]?.checked,
    "failed: the worker says that it did it, though this is a dry run",
  );
});

Deno.test("a plan is found by four letters of its id, not by less", async () => {
  await using world = await netWorld();
  const { id } = await world.plan();
  strictEqual((await world.cleanup.get(id.slice(0, 4))).id, id);
  await rejects(world.cleanup.get(id.slice(0, 3)), {
    code: "plan_unknown",
    message: /too short, wanted at least 4 letters/,
  });
});

Deno.test("a plan that was made after now is refused", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1");
  const { id } = await world.plan();
  await database.db.system.query(
    "UPDATE cleanup_plan SET data.checked_at = '2026-01-11T00:00:00.000Z'",
  );
  await rejects(world.apply(id), {
    message: /it was made 1d after now, by the clock of this host/,
  });
});

Deno.test("what was listed long ago is not deleted, until it is listed again", async () => {
  await using world = await netWorld();
  await world.mark("toy_rock rock", "toy_ring r1", "toy_ring r2");
  world.clock.advance(25 * 3_600_000);
  const old = await world.plan();
  strictEqual(
    (await world.blocked(old.id))[0],
    "toy_ring r1: scope: toy_ring was not listed completely (1d ago the last " +
      "time, max_age is 24h): it may not be as it is shown",
  );
  // The same as before.
  await world.put({
    kind: "toy_ring",
    nodes: { r1: {}, r2: {} },
    hanging: ["toy_ring r1 < toy_ring r2", "toy_ring r2 < toy_ring r1"],
  });
  strictEqual((await world.plan()).deletions, 2);
});

Deno.test("what waits for a worker is taken back when an apply stops", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  world.isFree = false;
  const { ended } = await world.cleanup.apply(id, { by: "ada" });
  await until(() => world.waiting.size === 1);
  world.clock.advance(1_000);
  strictEqual(world.waiting.size, 1);
  await world.cleanup.cancel(id, "bo");
  world.clock.advance(1_000);
  strictEqual(world.waiting.size, 0);
  strictEqual((await ended).state, "failed");
  match((await world.steps(id)).join(), /b1: failed, .*bo cancelled it/);
  const again = await world.cleanup.apply(id, { by: "ada" });
  const broken = rejects(again.ended, { code: "unavailable" });
  await until(() => world.waiting.size === 1);
  await world.restart();
  await broken;
  strictEqual(world.waiting.size, 0);
});

Deno.test("what the configuration keeps while an apply begins stays", async () => {
  await using world = await netWorld();
  await world.mark("toy_box b1", "toy_box b3");
  const { id } = await world.plan();
  const started = await world.cleanup.apply(id, { by: "ada" });
  // It has looked at the graph, and has asked nobody yet.
  world.config = { ...world.config, protected_ids: ["b1"] };
  await started.ended;
  deepStrictEqual(world.asked.map(({ ids }) => [...ids]), [["b3"]]);
});
