import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  type ToyGraph,
  toyId,
  toyMessages,
} from "../graph/_toy_graph.ts";
import { IndexReader } from "../index/reader.ts";
import { type HistoryOptions, HistorySearch } from "./history_search.ts";
import { PointsInTime } from "./point_in_time.ts";
import { Searcher } from "./searcher.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const HOUR = 3_600_000;

interface World {
  readonly toy: ToyGraph;
  readonly history: HistorySearch;
  readonly points: PointsInTime;
  readonly searcher: Searcher;
  /** Rows of a list, oldest first. */
  rows(text: string, options?: HistoryOptions): Promise<Row[]>;
}

// deno-lint-ignore no-explicit-any -- rows of many shapes, looked at by tests
type Row = Record<string, any>;

let database: TestDatabase;
let world: World;
let nowMs = START;
const reader: { close?: () => Promise<void> } = {};

async function all(
  answer: AsyncIterable<readonly string[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const lines of answer) {
    rows.push(...lines.map((line) => JSON.parse(line)));
  }
  return rows;
}

/**
 * A box that grows at hour 1 and goes at hour 3, one that stays, a disk that
 * hangs on both.
 */
async function fill(toy: ToyGraph): Promise<void> {
  const box = (id: string) => toyId("toy_box", id);
  const disk = toyId("toy_disk", "d");
  const collect = (
    boxes: Record<string, { size: number }>,
    run: string,
    edges: readonly { from: string; to: string; weight: number }[],
  ) =>
    mergeAll(
      toy,
      toyMessages([{ nodes: boxes }, {
        kind: "toy_disk",
        nodes: { d: { size: 5, name: "d" } },
        edges: edges.map(({ from, to, weight }) => ({
          from,
          to,
          edge_type: "delete",
          reported: { weight },
        })),
      }]),
      { run },
    );
  const edge = (id: string, weight: number) => ({
    from: box(id),
    to: disk,
    weight,
  });
  await collect({ a: { size: 1 }, b: { size: 7 } }, "run1", [edge("a", 1)]);
  nowMs += HOUR;
  await collect({ a: { size: 2 }, b: { size: 7 } }, "run2", [edge("a", 1)]);
  nowMs += HOUR;
  await collect({ a: { size: 2 }, b: { size: 7 } }, "run3", [edge("a", 2)]);
  nowMs += HOUR;
  await collect({ b: { size: 7 } }, "run4", []);
  nowMs += HOUR;
}

Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
  const toy = await openToyGraph(database, { now: () => new Date(nowMs) });
  await fill(toy);
  const indexReader = new IndexReader(toy.graph.index);
  reader.close = () => indexReader[Symbol.asyncDispose]();
  const { model: registry, snapshots } = toy.graph;
  const parts = {
    reader: indexReader,
    registry,
    snapshots,
    nowMs: () => nowMs,
  };
  const history = new HistorySearch(parts);
  world = {
    toy,
    history,
    points: new PointsInTime(parts),
    searcher: new Searcher(parts),
    rows: (text, options) => all(history.changes(text, options)),
  };
});
Deno.test.afterAll(async () => {
  await reader.close?.();
  await world.toy.graph[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

function hour(at: number): string {
  return new Date(START + at * HOUR).toISOString();
}

Deno.test("HistorySearch.changes() gives nodes as they were, oldest first", async () => {
  const rows = await world.rows("is(toy_box)");
  assert.deepEqual(
    rows.map(({ change, changed_at, run, reported }) => [
      change,
      changed_at,
      run,
      reported.id,
      reported.size,
    ]).sort(),
    [
      ["node_created", hour(0), "run1", "a", 1],
      ["node_created", hour(0), "run1", "b", 7],
      ["node_deleted", hour(3), "run4", "a", 2],
      ["node_updated", hour(1), "run2", "a", 2],
    ],
  );
  const times = rows.map(({ changed_at }) => changed_at);
  assert.deepEqual(times, times.toSorted());
  const updated = rows.find(({ change }) => change === "node_updated");
  assert.equal(updated?.type, "node");
  assert.equal(updated?.ancestors.account.reported.id, "a1");
  assert.deepEqual(updated?.before, { id: "a", kind: "toy_box", size: 1 });
  assert.deepEqual(updated?.changed, ["reported.size"]);
  const created = rows.find(({ change }) => change === "node_created");
  assert.ok(created !== undefined && !("before" in created));
});

Deno.test("HistorySearch filters by the node as it was at the change", async () => {
  const changes = async (text: string) =>
    (await world.rows(text)).map(({ change }) => change);
  assert.deepEqual(await changes("is(toy_box) and size = 1"), ["node_created"]);
  assert.deepEqual(await changes("is(toy_box) and size = 2"), [
    "node_updated",
    "node_deleted",
  ]);
  assert.deepEqual(await changes("size > 1 and /before.size < 2"), [
    "node_updated",
  ]);
  assert.deepEqual(await changes("is(toy_box) and /change == node_deleted"), [
    "node_deleted",
  ]);
  assert.deepEqual(await changes(`/changed any == "reported.size"`), [
    "node_updated",
  ]);
  assert.deepEqual(await changes("is(toy_box) and /changed_at > -90min"), [
    "node_deleted",
  ]);
  assert.deepEqual(await changes("is(toy_box) and /run == run2"), [
    "node_updated",
  ]);
});

Deno.test("HistorySearch takes a time, a duration ago or a snapshot", async () => {
  const count = async (options: HistoryOptions) =>
    (await world.rows("is(toy_box)", options)).length;
  assert.equal(await count({ after: hour(1) }), 2, "from that time on");
  assert.equal(await count({ before: hour(1) }), 2, "before that time");
  assert.equal(await count({ after: "3h", before: "1h" }), 1);
  assert.equal(await count({ after: "-3h" }), 2);
  assert.equal(await count({ after: "2026-01-01" }), 4);
  await assert.rejects(count({ after: "1h", before: "2h" }), {
    code: "query_invalid",
    message: `Cannot search history: "before" (${hour(2)}) is earlier than ` +
      `"after" (${hour(3)})`,
  });
});

Deno.test("HistorySearch gives edges, by either end as it was", async () => {
  const edges = async (text: string) =>
    (await world.rows(text, { of: "edges" }))
      .filter(({ edge_type }) => edge_type === "delete")
      .map(({ change, changed_at, reported }) => [
        change,
        changed_at,
        reported?.weight,
      ]);
  const whole = [
    ["edge_created", hour(0), 1],
    ["edge_updated", hour(2), 2],
    ["edge_deleted", hour(3), 2],
  ];
  assert.deepEqual(await edges("all"), whole);
  // The disk at its other end never changes.
  assert.deepEqual(await edges("is(toy_disk)"), whole);
  assert.deepEqual(await edges("is(toy_box) and size = 1"), [whole[0]]);
  assert.deepEqual(await edges("is(toy_box) and size = 2"), whole.slice(1));
  assert.deepEqual(await edges("is(toy_box) and size = 7"), []);
  assert.deepEqual(
    await edges("is(toy_box) and (size = 1 or /change == edge_deleted)"),
    [whole[0], whole[2]],
  );
  assert.deepEqual(
    await edges("is(toy_disk) and /change == edge_updated"),
    [whole[1]],
  );
  const [row] = await world.rows("is(toy_disk) limit 1", {
    changes: ["edge_updated"],
  });
  assert.deepEqual(row, {
    type: "edge",
    from: toyId("toy_box", "a"),
    to: toyId("toy_disk", "d"),
    edge_type: "delete",
    reported: { weight: 2 },
    change: "edge_updated",
    changed_at: hour(2),
    run: "run3",
  });
});

Deno.test("HistorySearch sorts, limits and turns round", async () => {
  const ids = async (text: string) =>
    (await world.rows(text)).map(({ change, reported }) =>
      `${change} ${reported.id}`
    );
  assert.deepEqual(
    await ids("is(toy_box) sort /changed_at desc, size limit 2"),
    ["node_deleted a", "node_updated a"],
  );
  assert.deepEqual(
    await ids("is(toy_box) sort size desc, /changed_at limit 1, 2"),
    ["node_updated a", "node_deleted a"],
  );
  assert.deepEqual(
    await ids("is(toy_box) sort /changed_at limit 3 reversed"),
    (await ids("is(toy_box) limit 3")).reverse(),
  );
  // Nodes and edges together, by a property that edges do not have.
  const mixed = await world.rows("is(toy_box) sort size", { of: "all" });
  const sizes = mixed.map(({ type, reported }) =>
    type === "edge" ? null : reported.size
  );
  assert.deepEqual(sizes.filter((size) => size !== null), [1, 2, 2, 7]);
  assert.equal(sizes.indexOf(1), sizes.lastIndexOf(null) + 1);
});

Deno.test("HistorySearch.aggregate() groups changes", async () => {
  const rows = await all(world.history.aggregate(
    "aggregate(/change as change, kind: sum(1) as n, max(size) as size): is(toy_box)",
  ));
  assert.deepEqual(
    rows.sort((one, two) => one.group.change < two.group.change ? -1 : 1),
    [
      { group: { change: "node_created", kind: "toy_box" }, n: 2, size: 7 },
      { group: { change: "node_deleted", kind: "toy_box" }, n: 1, size: 2 },
      { group: { change: "node_updated", kind: "toy_box" }, n: 1, size: 2 },
    ],
  );
  const [limited] = await all(world.history.aggregate(
    "aggregate(sum(1) as n): is(toy_box) limit 3",
  ));
  assert.deepEqual(limited, { n: 3 });
  const before = await all(world.history.aggregate(
    "aggregate(/before.size as was: sum(1) as n): /change == node_updated",
  ));
  assert.deepEqual(before, [{ group: { was: 1 }, n: 1 }]);
});

Deno.test("HistorySearch.timeline() counts per stretch of time", async () => {
  const timeline = (granularity: string, options: HistoryOptions = {}) =>
    all(world.history.timeline("is(toy_box)", { granularity, ...options }));
  assert.deepEqual(await timeline("2h"), [
    { at: hour(0), change: "node_created", count: 2 },
    { at: hour(0), change: "node_updated", count: 1 },
    { at: hour(2), change: "node_deleted", count: 1 },
  ]);
  assert.deepEqual(await timeline("1h", { changes: ["node_updated"] }), [
    { at: hour(1), change: "node_updated", count: 1 },
  ]);
  // Weeks begin on Monday.
  const [week] = await timeline("1w", { changes: ["node_updated"] });
  assert.equal(week?.at, "2025-12-29T00:00:00.000Z");
  for (const wrong of ["", "often", "0s", "10ms", "-1d"]) {
    assert.throws(
      () => world.history.timeline("all", { granularity: wrong }),
      {
        code: "query_invalid",
        message: `Cannot count changes per "${wrong}": wanted a duration of ` +
          "at least a second, such as 1h or 1d",
      },
    );
  }
});

Deno.test("HistorySearch refuses what a history cannot answer", async () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ["is(toy_box) -->", /column 13: .*takes no navigation/],
    ["is(toy_box) --> is(toy_disk)", /column 13: .*takes no navigation/],
    ["is(toy_box) {x: --> all}", /column 14: .*takes no sub search/],
    ["is(toy_box) with(any, -->)", /column 13: .*takes no with/],
    ["is(toy_box) #red", /takes no tag "#red"/],
    ["aggregate(sum(1)): all", /column 1: .*takes no aggregate/],
    ["is(toy_bix)", /did you mean "toy_box"/],
    ["/change == node_create", /did you mean "node_created"/],
    ["/ancestors.vpc.reported.name == x", /looked for along the edges/],
    ["/change.x == 1", /has no parts/],
  ];
  for (const [text, problem] of cases) {
    await assert.rejects(world.rows(text), {
      code: "query_invalid",
      message: problem,
    });
  }
  await assert.rejects(all(world.history.aggregate("all")), {
    code: "query_invalid",
  });
  const nasty = JSON.stringify(`x' or true; drop table node; --`);
  assert.deepEqual(await world.rows(`name == ${nasty}`, { of: "all" }), []);
  await assert.rejects(world.rows("all", { changes: ["node_updatd"] }), {
    code: "query_invalid",
    message: `Cannot search history: no change is called "node_updatd"; ` +
      `did you mean "node_updated"?`,
  });
  await assert.rejects(
    world.rows("all", { changes: ["edge_created"], of: "nodes" }),
    {
      message:
        "Cannot search history: no change of nodes is called edge_created",
    },
  );
});

Deno.test("HistorySearch stops when it is cancelled", async () => {
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(world.rows("all", { signal: stop.signal }), {
    code: "query_interrupted",
  });
});

Deno.test("resolvePointInTime() reads times, durations and labels", async () => {
  const { points, toy, searcher } = world;
  const size = async (text: string) => {
    const { sequence } = await points.resolve(text);
    const sizes: unknown[] = [];
    const search = searcher.list("is(toy_box) and id == a", { sequence });
    for await (const { reported } of search) sizes.push(reported.size);
    return sizes;
  };
  assert.deepEqual(await size(hour(0)), [1]);
  assert.deepEqual(await size("3h59min"), [1]);
  assert.deepEqual(await size("-2h59min"), [2]);
  assert.deepEqual(await size("2026-01-01T01:00:00+00:00"), [2]);
  assert.deepEqual(await size("2026-01-01T00:59:59.999Z"), [1]);
  assert.deepEqual(await size(hour(3)), []);
  const { sequence, at } = await points.resolve(hour(1));
  await toy.graph.snapshots.create("grown", { sequence, at });
  assert.deepEqual(await size("grown"), [2]);
  assert.deepEqual(
    await points.resolve("2026-01-01"),
    await points.resolve(hour(0)),
  );
  const cases: readonly (readonly [string, RegExp])[] = [
    [hour(5), /as of 2026-01-01T05:00:00.000Z: it lies in the future/],
    ["2025-12-31", /its history begins at 2026-01-01T00:00:00.000Z/],
    ["9d", /its history begins at/],
    [
      "grwn",
      /no time, no duration such as 3d and no snapshot; did you mean "grown"/,
    ],
    ["2026-02-31", /no time, no duration/],
  ];
  for (const [text, problem] of cases) {
    await assert.rejects(points.resolve(text), {
      code: "query_invalid",
      message: problem,
    });
  }
  await toy.graph.snapshots.remove("grown");
});
