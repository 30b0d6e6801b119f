import assert from "node:assert/strict";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import {
  mergeAll,
  openToyGraph,
  type ToyGraph,
  toyMessages,
  type ToyScope,
} from "../graph/_toy_graph.ts";
import { type GraphOptions, openGraph } from "../graph/mod.ts";
import { readHistory } from "../graph/record.ts";
import { IndexReader } from "../index/reader.ts";
import { HistorySearch } from "./history_search.ts";
import { PointsInTime } from "./point_in_time.ts";
import { Searcher } from "./searcher.ts";

const START = Date.parse("2026-01-01T00:00:00Z");
const DAY = 24 * 3_600_000;

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

interface World {
  readonly toy: ToyGraph;
  readonly searcher: Searcher;
  readonly history: HistorySearch;
  readonly points: PointsInTime;
  /** Merges on a day. */
  collect(day: number, ...scopes: ToyScope[]): Promise<void>;
  /** Deletes what is older than a day. */
  pruneTo(day: number): ReturnType<ToyGraph["graph"]["prune"]>;
}

function time(day: number): string {
  return new Date(START + day * DAY).toISOString();
}

async function withWorld(
  test: (world: World) => Promise<void>,
  options: Partial<GraphOptions> = {},
): Promise<void> {
  let nowMs = START;
  const toy = await openToyGraph(database, {
    now: () => new Date(nowMs),
    ...options,
  });
  await using graph = toy.graph;
  await using reader = new IndexReader(graph.index);
  const { model: registry, snapshots } = graph;
  const parts = { reader, registry, snapshots, nowMs: () => nowMs };
  await test({
    toy,
    searcher: new Searcher(parts),
    history: new HistorySearch(parts),
    points: new PointsInTime(parts),
    async collect(day, ...scopes) {
      nowMs = START + day * DAY;
      await mergeAll(toy, toyMessages(scopes));
    },
    pruneTo: (day) => graph.prune(nowMs - START - day * DAY),
  });
  assert.deepEqual((await graph.verify()).differences, []);
}

async function lines(toy: ToyGraph): Promise<string[]> {
  const all: string[] = [];
  for await (
    const { text } of readHistory(toy.session, 0, toy.graph.sequence)
  ) all.push(...text.split("\n").filter((line) => line.startsWith(`{"seq"`)));
  return all;
}

async function rows(
  { graph }: Pick<ToyGraph, "graph">,
  sql: string,
): Promise<unknown[]> {
  const connection = await graph.index.connect();
  try {
    return (await connection.runAndReadAll(sql)).getRowsJS();
  } finally {
    connection.closeSync();
  }
}

const box = (size: number): ToyScope => ({ nodes: { b: { size } } });

Deno.test("prune() keeps of each node what its oldest state needs", async () => {
  await withWorld(async ({ toy, collect, pruneTo, points, history }) => {
    for (let day = 0; day < 6; day++) await collect(day, box(day));
    assert.equal(await pruneTo(-1), undefined, "nothing is that old");
    const report = await pruneTo(3);
    assert.equal(report?.at, time(3));
    assert.deepEqual([report?.changes, report?.versions], [3, 3]);
    const boxes = (await lines(toy)).filter((line) =>
      line.includes(`"kind":"toy_box"`)
    );
    assert.deepEqual(
      boxes.map((line) => JSON.parse(line).reported.size),
      [3, 4, 5],
    );
    assert.deepEqual(await points.oldest(), {
      sequence: report?.sequence,
      at: time(3),
      isPruned: true,
    });
    // An update stays an update, though what it followed is gone.
    const changes: unknown[] = [];
    for await (const some of history.changes("is(toy_box)")) {
      changes.push(...some.map((line) => {
        const { change, reported, before } = JSON.parse(line);
        return [change, reported.size, before.size];
      }));
    }
    assert.deepEqual(changes, [
      ["node_updated", 4, 3],
      ["node_updated", 5, 4],
    ]);
    assert.equal(await pruneTo(3), undefined, "it is done");
    assert.equal(await pruneTo(1), undefined, "what is gone stays gone");
  });
});

Deno.test("prune() folds writes that make no history", async () => {
  await withWorld(async ({ toy, collect, pruneTo }) => {
    const disk = (seen: number): ToyScope => ({
      kind: "toy_disk",
      nodes: { d: { size: 1, seen } },
    });
    for (let day = 0; day < 6; day++) await collect(day, disk(day));
    await pruneTo(5);
    const seen = (await lines(toy)).map((line) => JSON.parse(line))
      .filter(({ reported }) => reported?.kind === "toy_disk")
      .map(({ quiet, reported }) => [quiet, reported.seen]);
    assert.deepEqual(seen, [[undefined, 0], [true, 5]]);
    const { graph, session, directory } = toy;
    await Deno.remove(directory, { recursive: true });
    await using again = await openGraph({
      name: graph.name,
      session,
      indexDirectory: directory,
    });
    assert.deepEqual((await again.verify()).differences, []);
  });
});

Deno.test("prune() leaves states that snapshots name, until they do not", async () => {
  await withWorld(async ({ toy, collect, pruneTo, points, searcher }) => {
    for (let day = 0; day < 6; day++) {
      await collect(day, box(day));
      if (day === 1) await toy.graph.snapshots.create("first");
    }
    const lost = await points.resolve(time(2));
    await pruneTo(4);
    const sizes = async (sequence: number) => {
      const found: unknown[] = [];
      for await (
        const { reported } of searcher.list("is(toy_box)", { sequence })
      ) found.push(reported.size);
      return found;
    };
    const first = await points.resolve("first");
    assert.deepEqual(await sizes(first.sequence), [1]);
    // Whoever looked the state up before it was pruned must not get a part of it.
    await assert.rejects(sizes(lost.sequence), {
      code: "query_invalid",
      message: /the state that is asked for was pruned just now/,
    });
    await assert.rejects(points.resolve(time(1)), {
      code: "query_invalid",
      message: `Cannot search the graph as of ${time(1)}: what was before ` +
        `${time(4)} is pruned, wanted a later time or a snapshot`,
    });
    await assert.rejects(toy.graph.snapshots.create("late", lost), {
      code: "query_invalid",
      message: `Cannot name snapshot "late": the history before ${
        time(4)
      } was pruned, wanted a time after it`,
    });
    await toy.graph.snapshots.create("same", first);
    await toy.graph.snapshots.remove("same");
    await toy.graph.snapshots.remove("first");
    assert.equal((await pruneTo(4))?.versions, 1);
  });
});

Deno.test("prune() makes a search of pruned changes an error", async () => {
  await withWorld(async ({ collect, pruneTo, history }) => {
    for (let day = 0; day < 4; day++) await collect(day, box(day));
    await pruneTo(2);
    const count = async (range: { after?: string; before?: string }) => {
      let rows = 0;
      for await (const some of history.changes("is(toy_box)", range)) {
        rows += some.length;
      }
      return rows;
    };
    assert.equal(await count({}), 1);
    assert.equal(await count({ after: time(2) }), 1);
    for (const range of [{ after: time(1) }, { before: time(1) }]) {
      await assert.rejects(count(range), {
        code: "query_invalid",
        message: `Cannot search history as of ${time(1)}: what was before ${
          time(2)
        } is pruned, wanted a later time`,
      });
    }
  });
});

Deno.test("prune() forgets what subscribers were told, in the record too", async () => {
  await withWorld(async ({ toy, collect, pruneTo }) => {
    for (let day = 0; day < 4; day++) await collect(day, box(day));
    await pruneTo(2);
    const [told] = await toy.session.query<[number[]]>(
      "SELECT VALUE last FROM change",
    );
    const oldest = (await pruneTo(3))?.sequence ?? 0;
    assert.ok(told.length > 0 && told.every((last) => last <= oldest));
    const [left] = await toy.session.query<[number[]]>(
      "SELECT VALUE last FROM change",
    );
    assert.deepEqual(left, []);
  });
});

Deno.test("prune() that is cut before any of its writes is finished at the next start", async () => {
  let left = Infinity;
  const faults = {
    inPrune: () => {
      if (left-- <= 0) throw new Error("killed");
    },
  };
  let nowMs = START;
  const options = { now: () => new Date(nowMs), faults };
  const toy = await openToyGraph(database, options);
  const { session, directory: indexDirectory } = toy;
  const { name } = toy.graph;
  let { graph } = toy;
  const days = 20;
  for (let day = 0; day < days; day++) {
    nowMs = START + day * DAY;
    await mergeAll(
      toy,
      toyMessages([box(day), {
        kind: "toy_disk",
        nodes: { [`d${day % 3}`]: {} },
      }]),
    );
    if (day === 0) await graph.snapshots.create("first");
  }
  for (let writes = 0;; writes++) {
    const day = writes + 1;
    assert.ok(day < days, "it never ends");
    left = writes;
    const cut = await graph.prune((days - 1 - day) * DAY)
      .then(() => false, (error) => /killed/.test(String(error)));
    left = Infinity;
    await graph[Symbol.asyncDispose]();
    const lost = cut && writes % 2 === 1;
    if (lost) await Deno.remove(indexDirectory, { recursive: true });
    graph = await openGraph({ name, session, indexDirectory, ...options });
    assert.deepEqual(
      (await graph.verify()).differences,
      [],
      `cut at ${writes}`,
    );
    const kept = await rows(
      { graph },
      `select reported from node where kind = 'toy_box' order by valid_from`,
    );
    const sizes = kept.map((row) => JSON.parse(String(row)).size);
    // A prune that said nothing of itself yet did not begin.
    const oldest = writes === 0 ? 0 : day;
    const wanted = Array.from({ length: days }, (_, at) => at)
      .filter((at) => at === 0 || at >= oldest);
    assert.deepEqual(sizes, wanted, `cut at ${writes}`);
    if (!cut) break;
  }
  await graph[Symbol.asyncDispose]();
});

Deno.test("prune() runs beside merges", async () => {
  await withWorld(async ({ toy, collect, pruneTo }) => {
    const many = (size: number): ToyScope => ({
      nodes: Object.fromEntries(
        Array.from({ length: 1500 }, (_, at) => [`b${at}`, { size }]),
      ),
    });
    for (let day = 0; day < 3; day++) await collect(day, many(day));
    const [report] = await Promise.all([
      pruneTo(2),
      collect(3, many(3)),
      collect(3, { ...many(1), account: "a2" }),
    ]);
    // Also of the scope, which is not whole while it is written.
    assert.ok((report?.versions ?? 0) >= 3000);
    assert.equal(report?.compacted, true);
    const [row] = await rows(
      toy,
      "select count(*)::double from node where valid_to is not null",
    );
    assert.deepEqual(row, [1500]);
  });
});

Deno.test("an index that is too old for the pruned history is made anew", async () => {
  const notices: string[] = [];
  await withWorld(async ({ toy, collect, pruneTo }) => {
    await collect(0, box(0));
    const old = `${toy.directory}-old`;
    await toy.graph.index.checkpoint();
    await Deno.mkdir(old);
    await Deno.copyFile(toy.graph.index.path, `${old}/1.duckdb`);
    for (let day = 1; day < 5; day++) await collect(day, box(day));
    await pruneTo(3);
    await using again = await openGraph({
      name: toy.graph.name,
      session: toy.session,
      indexDirectory: old,
      onNotice: (notice) => notices.push(notice),
    });
    assert.match(
      notices.join(),
      /is made anew: Cannot catch up: the history after \d+ that the index lacks is pruned up to \d+/,
    );
    assert.deepEqual((await again.verify()).differences, []);
  });
});

Deno.test("coverage() of a past state tells how scopes stood then", async () => {
  await withWorld(async ({ toy, collect, points, searcher }) => {
    const failed = { code: "Throttled", message: "Slow down" };
    const other = { code: "AccessDenied", message: "No" };
    await collect(0, box(0), { kind: "toy_disk" });
    await collect(1, { ...box(0), failed }, { kind: "toy_disk" });
    await collect(2, { ...box(0), failed }, { kind: "toy_disk" });
    await collect(3, { ...box(0), failed: other }, { kind: "toy_disk" });
    await collect(4, box(0), { kind: "toy_disk" });
    const at = async (day: number) => {
      const point = await points.resolve(time(day));
      const coverage = await searcher.coverage("all", point);
      const { scopes, stale, oldest, problems } = coverage;
      return [scopes, stale, oldest, problems.map(({ reason }) => reason)];
    };
    const success = time(0).replace(".000", "");
    assert.deepEqual(await at(0), [2, 0, undefined, []]);
    const throttled = [2, 1, success, ["Throttled: Slow down"]];
    assert.deepEqual(await at(1), throttled);
    assert.deepEqual(await at(2), throttled);
    assert.deepEqual(await at(3), [2, 1, success, ["AccessDenied: No"]]);
    assert.deepEqual(await at(4), [2, 0, undefined, []]);
    const stale = async (day: number) => {
      const { sequence } = await points.resolve(time(day));
      for await (const node of searcher.list("is(toy_box)", { sequence })) {
        return node.stale;
      }
    };
    assert.equal(await stale(0), undefined);
    assert.deepEqual(await stale(3), {
      since: success,
      reason: "AccessDenied: No",
    });
    assert.equal(await stale(4), undefined);
    // Failing again for the same reason is no change.
    const states = (await lines(toy)).map((line) => JSON.parse(line))
      .filter(({ type }) => type === "scope_state")
      .map(({ status }) => status);
    assert.deepEqual(states.filter((status) => status === "failed").length, 2);
    assert.equal(states.at(-1), "complete");
  });
});

Deno.test("coverage() of the past knows accounts that are retired since", async () => {
  await withWorld(async ({ toy, collect, points, searcher }) => {
    await collect(0, box(0), { ...box(1), account: "a2" });
    await collect(1);
    await mergeAll(toy, [
      { type: "accounts", cloud: "toy", accounts: ["a2"] },
      { type: "end" },
    ]);
    await toy.graph.retire({ cloud: "toy" });
    const now = await searcher.coverage("all");
    assert.equal(now.scopes, 1);
    const then = await searcher.coverage("all", await points.resolve(time(0)));
    assert.equal(then.scopes, 2);
  });
});
