import assert from "node:assert/strict";
import type {
  CoverageJson,
  TimeSeriesPointJson,
  TimeSeriesQueryJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { openTestDatabase, type TestDatabase } from "../db/test_database.ts";
import {
  BUCKETS,
  DAY_MS,
  HOUR_MS,
  openToySeries,
  TOY_COVERAGE,
  TOY_SEARCH,
  type ToySeries,
} from "./_toy_series.ts";
import type { TimeSeries } from "./time_series.ts";

let database: TestDatabase;
Deno.test.beforeAll(async () => {
  database = await openTestDatabase();
});
Deno.test.afterAll(async () => {
  await database[Symbol.asyncDispose]();
});

const { signal } = new AbortController();

interface Got {
  readonly points: readonly TimeSeriesPointJson[];
  readonly coverage: CoverageJson;
}

async function get(
  series: TimeSeries,
  name: string,
  query: TimeSeriesQueryJson = {},
): Promise<Got> {
  const { points, coverage } = await series.get(name, query, signal);
  return { points: (await Array.fromAsync(points)).flat(), coverage };
}

/** Values as `at region/type: v`. */
async function values(
  series: TimeSeries,
  query: TimeSeriesQueryJson = {},
): Promise<string[]> {
  const { points } = await get(series, "boxes", query);
  return points.map(({ at, v, group }) =>
    `${at.slice(0, 16)} ${Object.values(group).join("/")}: ${v}`
  );
}

/** A day of boxes: `a` grows, `b` is there at times, `c` is elsewhere. */
async function grow(toy: ToySeries, hours: number): Promise<void> {
  for (let hour = 0; hour < hours; hour++) {
    await toy.take("boxes", [
      ["eu", "a", hour],
      ...hour % 3 === 0 ? [["eu", "b", 10 * hour] as const] : [],
      ["us", "c", hour % 5],
    ]);
    toy.clock.advance(HOUR_MS);
  }
}

Deno.test("get() gives what was snapshotted, by buckets, groups and filters", async () => {
  const toy = await openToySeries(database);
  const { series } = toy;
  await grow(toy, 4);
  const hourly = { granularity: "1h", start: "1d" };
  assert.deepEqual(await values(series, hourly), [
    "2026-01-01T00:00 eu/a: 0",
    "2026-01-01T00:00 eu/b: 0",
    "2026-01-01T00:00 us/c: 0",
    "2026-01-01T01:00 eu/a: 1",
    "2026-01-01T01:00 us/c: 1",
    "2026-01-01T02:00 eu/a: 2",
    "2026-01-01T02:00 us/c: 2",
    "2026-01-01T03:00 eu/a: 3",
    "2026-01-01T03:00 eu/b: 30",
    "2026-01-01T03:00 us/c: 3",
  ]);
  assert.deepEqual(
    await values(series, { ...hourly, group: ["region"] }),
    [
      "2026-01-01T00:00 eu: 0",
      "2026-01-01T00:00 us: 0",
      "2026-01-01T01:00 eu: 1",
      "2026-01-01T01:00 us: 1",
      "2026-01-01T02:00 eu: 2",
      "2026-01-01T02:00 us: 2",
      "2026-01-01T03:00 eu: 33",
      "2026-01-01T03:00 us: 3",
    ],
  );
  const daily = { granularity: "1d", start: "1d", group: ["region"] };
  const of = (aggregation: "avg" | "sum" | "min" | "max") =>
    values(series, { ...daily, aggregation });
  assert.deepEqual(await of("avg"), [
    "2026-01-01T00:00 eu: 9",
    "2026-01-01T00:00 us: 1.5",
  ]);
  assert.deepEqual(await of("sum"), [
    "2026-01-01T00:00 eu: 36",
    "2026-01-01T00:00 us: 6",
  ]);
  assert.deepEqual(await of("max"), [
    "2026-01-01T00:00 eu: 33",
    "2026-01-01T00:00 us: 3",
  ]);
  assert.deepEqual(await of("min"), [
    "2026-01-01T00:00 eu: 0",
    "2026-01-01T00:00 us: 0",
  ]);
  // A group counts where it was there: b twice.
  assert.deepEqual(
    await values(series, { ...daily, group: [], filter: ["type == b"] }),
    ["2026-01-01T00:00 : 15"],
  );
  const found = async (...filter: string[]) =>
    (await values(series, { ...hourly, filter }))
      .map((value) => value.replace(/.*\/(.):.*/, "$1"))
      .filter((type, at, all) => all.indexOf(type) === at).sort().join("");
  assert.equal(await found('region == "eu"'), "ab");
  assert.equal(await found("region != eu"), "c");
  assert.equal(await found("region in [us, asia]"), "c");
  assert.equal(await found("region not in [us]", "not type == a"), "b");
  assert.equal(await found('region =~ "^e"'), "ab");
  assert.equal(await found('region =~ "^E" or type == c'), "abc");
  assert.equal(await found('type !~ "[ab]"'), "c");
  assert.equal(await found("type >= b"), "bc");
  assert.equal(await found("region == null"), "");
});

Deno.test("get() says what is wrong with a question, and where", async () => {
  const toy = await openToySeries(database);
  const { series } = toy;
  await grow(toy, 1);
  const cases: readonly (readonly [TimeSeriesQueryJson, string, RegExp])[] = [
    [
      { filter: ["region == eu", "regin == eu"] },
      "query_invalid",
      /at column 1: there is no label "regin".*did you mean "region"\?/s,
    ],
    [{ filter: ["region = = eu"] }, "query_syntax", /column/],
    [
      { filter: ["is(volume)"] },
      "query_invalid",
      /column 1: it is about nodes/,
    ],
    [{ filter: ["all limit 3"] }, "query_invalid", /more than a condition/],
    [{ filter: ['region =~ "("'] }, "query_invalid", /has no end/],
    [{ filter: ["region == {a: 1}"] }, "query_invalid", /a label is a text/],
    [
      { group: ["typ"] },
      "query_invalid",
      /no label "typ", did you mean "type"/,
    ],
    [
      { start: "non" },
      "query_invalid",
      /Cannot read the time "non": .* no snapshot; did you mean "noon"/,
    ],
    [
      { start: "1d", end: "2d" },
      "query_invalid",
      /begins at 2025-12-31T01.* ends at 2025-12-30T01/,
    ],
    [{ granularity: "5min" }, "query_invalid", /granularity is "5min", wanted/],
    [{ granularity: 0 }, "query_invalid", /granularity is 0, wanted/],
  ];
  for (const [query, code, message] of cases) {
    await assert.rejects(
      series.get("boxes", query, signal),
      { code, message },
      JSON.stringify(query),
    );
  }
  assert.deepEqual(await values(series, { end: "noon", granularity: "1d" }), [
    "2026-01-01T00:00 eu/a: 0",
    "2026-01-01T00:00 eu/b: 0",
    "2026-01-01T00:00 us/c: 0",
  ]);
  assert.deepEqual(
    await values(series, {
      start: "noon",
      end: "2026-01-02",
      granularity: "1h",
    }),
    [],
  );
  await assert.rejects(series.get("boxs", {}, signal), {
    code: "not_found",
    message: 'Cannot find time series "boxs": did you mean "boxes"?',
  });
});

Deno.test("snapshot() takes what an aggregation gives, and refuses the rest", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  toy.rows = [
    { group: { region: null, type: 1 }, v: 2 },
    { group: { region: "", type: "1" }, v: 3 },
    { group: { region: "eu", type: "a" }, v: null },
  ];
  toy.coverage = { ...TOY_COVERAGE, complete: 9, stale: 1, failed: 1 };
  assert.deepEqual(await series.snapshot("boxes", TOY_SEARCH, { signal }), {
    name: "boxes",
    at: "2026-01-01T00:00:00.000Z",
    values: 1,
    without_value: 1,
    coverage: toy.coverage,
  });
  assert.deepEqual(await values(series), ["2026-01-01T00:00 /1: 5"]);
  await assert.rejects(series.snapshot("boxes", TOY_SEARCH, { signal }), {
    code: "conflict",
    message: /there is one of 2026-01-01T00:00:00.000Z, wanted another time/,
  });
  clock.advance(1);
  const refused = async (
    search: string,
    message: RegExp,
    limit?: number,
  ): Promise<void> => {
    await assert.rejects(
      series.snapshot("boxes", search, {
        signal,
        ...(limit !== undefined && { limit }),
      }),
      { code: "query_invalid", message },
    );
  };
  await refused("is(volume)", /gives nodes, .* wanted aggregate\(GROUPS/);
  await refused(
    "aggregate(kind as kind: sum(1) as a, max(x) as b): all",
    /it gives 2 values/,
  );
  await refused(
    "aggregate(region as region, type as type: avg(x) as v): all",
    /it has two values for/,
  );
  await refused(
    "aggregate(/a.name, /b.name: sum(1) as v): all",
    /column 20: two groups are called "name", wanted names that differ/,
  );
  await refused(
    "aggregate(type as type: sum(1) as group): all",
    /: its value is called "group" as its groups are/,
  );
  toy.rows = [{ group: { region: "eu", type: "a" }, v: -1e300 }];
  await refused(
    TOY_SEARCH,
    /its value for \["eu","a"\] is -1e\+300, wanted at most 1e\+280/,
  );
  toy.rows = Array.from({ length: 6 }, (_, at) => ({
    group: { region: "eu", type: `t${at}` },
    v: 1,
  }));
  await refused(
    TOY_SEARCH,
    /gives 6 groups, at most 5 .*"type" has most values, 6/,
    5,
  );
  await assert.rejects(series.snapshot("a b", TOY_SEARCH, { signal }), {
    message: /Cannot name time series "a b"/,
  });
  assert.equal((await series.list())[0]?.snapshots, 1);
});

Deno.test("snapshotOnce() of a run is taken once, and of nothing that was listed not at all", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  const take = (run: string) =>
    series.snapshotOnce("boxes", TOY_SEARCH, { signal, run });
  assert.equal((await take("one"))?.values, 0);
  clock.advance(HOUR_MS);
  assert.equal(await take("one"), undefined);
  assert.equal((await take("two"))?.values, 0);
  clock.advance(HOUR_MS);
  assert.equal(await take("one"), undefined);
  assert.equal((await series.list())[0]?.snapshots, 2);
  toy.coverage = { ...TOY_COVERAGE, scopes: 0, complete: 0 };
  assert.equal(await take("three"), undefined);
  assert.equal((await series.list())[0]?.snapshots, 2);
});

Deno.test("get() says what the snapshots rest on", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await toy.take("boxes", [["eu", "a", 1]]);
  assert.deepEqual((await get(series, "boxes")).coverage, TOY_COVERAGE);
  clock.advance(HOUR_MS);
  toy.coverage = {
    ...TOY_COVERAGE,
    complete: 8,
    stale: 2,
    failed: 1,
    sequence: 9,
    gaps: ["volume"],
  };
  await toy.take("boxes", [["eu", "a", 2]]);
  toy.coverage = TOY_COVERAGE;
  clock.advance(HOUR_MS);
  await toy.take("boxes", [["eu", "a", 3]]);
  const check = async () => {
    const { coverage } = await get(series, "boxes", { start: "400d" });
    assert.deepEqual(
      { ...coverage, warnings: coverage.warnings.slice(0, 1) },
      {
        ...toy.coverage,
        complete: 8,
        stale: 2,
        failed: 1,
        sequence: 9,
        gaps: ["volume"],
        warnings: [
          "1 of 3 snapshots rest on an answer that was not complete; the one " +
          "of 2026-01-01T01:00:00.000Z rests on the least: 8 of 10 scopes " +
          "were up to date, 1 kinds were never listed",
        ],
      },
    );
  };
  await check();
  clock.advance(200 * DAY_MS);
  await series.downsample({ buckets: BUCKETS });
  assert.equal((await series.list())[0]?.snapshots, 1);
  await check();
});

Deno.test("downsample() keeps every answer, says what it did and does it once", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await grow(toy, 24);
  const ask = async () => {
    const answers: string[][] = [];
    for (const aggregation of ["avg", "sum", "min", "max"] as const) {
      const query = { start: "2026-01-01", end: "2026-01-02", aggregation };
      answers.push(await values(series, { ...query, granularity: "4h" }));
      answers.push(await values(series, { ...query, granularity: "12h" }));
      if (aggregation === "min" || aggregation === "max") continue;
      const grouped = { ...query, granularity: "8h", group: ["region"] };
      answers.push(await values(series, grouped));
      answers.push(
        await values(series, { ...grouped, group: [], filter: ["type != c"] }),
      );
    }
    return answers;
  };
  const before = await ask();
  clock.advance(2 * DAY_MS);
  assert.deepEqual(await series.downsample({ buckets: BUCKETS }), [
    { name: "boxes", snapshots: 24, left: 6, deleted: 0 },
  ]);
  assert.deepEqual(await ask(), before);
  assert.deepEqual(await series.list(), [{
    name: "boxes",
    labels: ["region", "type"],
    oldest: "2026-01-01T00:00:00.000Z",
    newest: "2026-01-01T23:00:00.000Z",
    snapshots: 6,
    values: 18,
    search: TOY_SEARCH,
  }]);
  const [report] = await series.downsample({ buckets: BUCKETS, name: "boxes" });
  assert.deepEqual(report, {
    name: "boxes",
    snapshots: 6,
    left: 6,
    deleted: 0,
  });
  // A bucket that is not over is left alone.
  clock.advance(28 * DAY_MS - 1);
  const [none] = await series.downsample({ buckets: BUCKETS });
  assert.equal(none?.left, 6);
  clock.advance(DAY_MS);
  const [daily] = await series.downsample({ buckets: BUCKETS });
  assert.equal(daily?.left, 1);
  const query = { start: "2026-01-01", end: "2026-01-02" };
  const finer = await get(series, "boxes", { ...query, granularity: "4h" });
  assert.deepEqual(finer.points.map(({ at }) => at.slice(0, 10)), [
    "2026-01-01",
    "2026-01-01",
    "2026-01-01",
  ]);
  assert.deepEqual(finer.coverage.warnings, [
    "Values are of 1d each, and not of 4h: snapshots of this time were downsampled",
  ]);
  // b was there 8 times of 24, and c with it or without it.
  const grouped = { ...query, granularity: "1d", group: ["region"] };
  assert.deepEqual(await values(series, { ...grouped, aggregation: "avg" }), [
    "2026-01-01T00:00 eu: 46.5",
    "2026-01-01T00:00 us: 1.9166666666666667",
  ]);
  await assert.rejects(
    series.get("boxes", { ...grouped, aggregation: "max" }, signal),
    {
      code: "query_invalid",
      message:
        /snapshots before 2026-01-02T00:00:00.000Z were downsampled, the max of each group was kept .*all labels \(region, type\)/,
    },
  );
});

Deno.test("downsample() deletes what is too old, to the last of a series", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await grow(toy, 2);
  clock.advance(DAY_MS);
  await toy.take("boxes", [["eu", "z", 1]]);
  const keepMs = DAY_MS;
  clock.advance(-HOUR_MS + DAY_MS);
  const downsample = () => series.downsample({ buckets: [], keepMs });
  assert.deepEqual(await downsample(), [
    { name: "boxes", snapshots: 3, left: 1, deleted: 2 },
  ]);
  assert.deepEqual(await values(series), ["2026-01-02T00:00 eu/z: 1"]);
  const [left] = await series.list();
  assert.deepEqual([left?.oldest, left?.values], [
    "2026-01-02T02:00:00.000Z",
    1,
  ]);
  clock.advance(DAY_MS);
  await downsample();
  assert.deepEqual(await series.list(), []);
  assert.equal(
    await series.downsampledAt(),
    new Date(clock.now()).toISOString(),
  );
});

Deno.test("remove() leaves nothing of a series, and others alone", async () => {
  const toy = await openToySeries(database);
  const { series, session } = toy;
  await grow(toy, 3);
  await toy.take("boxes2", [["eu", "a", 1]]);
  await series.remove("boxes");
  assert.deepEqual((await series.list()).map(({ name }) => name), ["boxes2"]);
  const [points, blocks] = await session.query<[unknown[], unknown[]]>(
    "SELECT * FROM timeseries_point; SELECT * FROM timeseries_block",
  );
  assert.deepEqual([points.length, blocks.length], [1, 1]);
  await assert.rejects(series.remove("boxes"), { code: "not_found" });
});

Deno.test("labels that come and go stay apart", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await toy.take("boxes", [["eu", "a", 1]]);
  clock.advance(HOUR_MS);
  toy.rows = [{ group: { region: "eu", zone: "z1" }, v: 5 }];
  const zones = "aggregate(region as region, zone as zone: sum(1) as v): all";
  await series.snapshot("boxes", zones, { signal });
  const query = { start: "2026-01-01", granularity: "4h" };
  const before = await values(series, query);
  assert.deepEqual(before, [
    "2026-01-01T00:00 eu//z1: 5",
    "2026-01-01T00:00 eu/a/: 1",
  ]);
  clock.advance(3 * DAY_MS);
  await series.downsample({ buckets: BUCKETS });
  assert.deepEqual(await values(series, query), before);
});

Deno.test("a series has its labels before it has values", async () => {
  const toy = await openToySeries(database);
  await toy.take("boxes", []);
  const [info] = await toy.series.list();
  assert.deepEqual([info?.labels, info?.values], [["region", "type"], 0]);
  assert.deepEqual(await values(toy.series, { group: ["region"] }), []);
});

Deno.test("get() gives no value of groups together that is not their sum", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  toy.rows = [
    { group: { region: "eu", type: "a" }, v: 10 },
    { group: { region: "us", type: "a" }, v: 30 },
  ];
  await series.snapshot("boxes", TOY_SEARCH.replace("sum(1)", "avg(x)"), {
    signal,
  });
  const query = { start: "2026-01-01", granularity: "4h" };
  const check = async () => {
    assert.deepEqual(await values(series, query), [
      "2026-01-01T00:00 eu/a: 10",
      "2026-01-01T00:00 us/a: 30",
    ]);
    for (const aggregation of ["avg", "max"] as const) {
      await assert.rejects(
        series.get("boxes", { ...query, aggregation, group: [] }, signal),
        {
          code: "query_invalid",
          message:
            'Cannot read time series "boxes": its values are the avg of each ' +
            "group, that of groups together cannot be told from them, wanted " +
            "all labels (region, type)",
        },
      );
    }
  };
  await check();
  clock.advance(3 * DAY_MS);
  await series.downsample({ buckets: BUCKETS });
  await check();
});

Deno.test("get() says when values are of another search", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await toy.take("boxes", [["eu", "a", 1]]);
  clock.advance(HOUR_MS);
  await toy.take("boxes", [["eu", "a", 1]]);
  const warnings = async (query: TimeSeriesQueryJson = {}) =>
    (await get(series, "boxes", query)).coverage.warnings;
  assert.deepEqual(await warnings(), []);
  clock.advance(HOUR_MS);
  const sizes = TOY_SEARCH.replace("sum(1)", "sum(size)");
  await series.snapshot("boxes", sizes, { signal });
  clock.advance(HOUR_MS);
  await series.snapshot("boxes", sizes, { signal });
  assert.deepEqual(await warnings(), [
    "Values before 2026-01-01T02:00:00.000Z are of another search",
  ]);
  assert.deepEqual(
    await warnings({ start: "2026-01-01T02:00:00Z", granularity: "1h" }),
    [],
  );
  assert.equal((await series.list())[0]?.search, sizes);
});

Deno.test("get() says what there is instead of nothing", async () => {
  const toy = await openToySeries(database);
  await grow(toy, 2);
  toy.clock.advance(30 * DAY_MS);
  const { points, coverage } = await get(toy.series, "boxes");
  assert.deepEqual([points, coverage.warnings], [[], [
    "There are no snapshots of this time: the oldest begins at " +
    "2026-01-01T00:00:00.000Z, the newest is of 2026-01-01T01:00:00.000Z",
  ]]);
});

Deno.test("get() names a start that it then answers from", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  await grow(toy, 100);
  await series.downsample({ buckets: BUCKETS });
  clock.advance(-HOUR_MS);
  for (const granularity of ["6h", "90min", "5h", 20, 3, "2d"]) {
    const query = { aggregation: "max", group: [], granularity } as const;
    const error = await series.get("boxes", query, signal).then(
      () => undefined,
      (error: Error) => error,
    );
    const start = /start (\S+)$/.exec(error?.message ?? "")?.[1];
    assert.ok(start !== undefined, String(error));
    const { coverage } = await series.get("boxes", { ...query, start }, signal);
    assert.equal(coverage.complete, 10, `${granularity}: ${start}`);
  }
});

Deno.test("downsample() does every series when one cannot be read", async () => {
  const toy = await openToySeries(database);
  const { series, session, clock } = toy;
  for (let hour = 0; hour < 4; hour++) {
    for (const name of ["a", "b", "c"]) await toy.take(name, [["eu", "a", 1]]);
    clock.advance(HOUR_MS);
  }
  await session.query(
    "DELETE timeseries_block WHERE record::id(id)[0] == 'b'",
  );
  clock.advance(3 * DAY_MS);
  await assert.rejects(series.downsample({ buckets: BUCKETS }), {
    message: /Cannot read time series "b"/,
  });
  assert.deepEqual(
    (await series.list()).map(({ name, snapshots }) => [name, snapshots]),
    [["a", 1], ["b", 4], ["c", 1]],
  );
  assert.equal(await series.downsampledAt(), undefined);
});

Deno.test("downsample() takes what is too old out of the midst when a clock went back", async () => {
  const toy = await openToySeries(database);
  const { series, clock } = toy;
  const buckets = [{ afterMs: DAY_MS, lengthMs: 3 * DAY_MS }];
  await grow(toy, 2);
  clock.advance(5 * DAY_MS);
  await series.downsample({ buckets });
  const wentBack = 5 * DAY_MS - HOUR_MS;
  clock.advance(-wentBack);
  await toy.take("boxes", [["eu", "late", 7]]);
  clock.advance(wentBack);
  const keepMs = 4 * DAY_MS;
  const begin = new Date(clock.now() - keepMs).toISOString();
  assert.ok(begin < "2026-01-04", "the stretch is not too old");
  assert.deepEqual(await series.downsample({ buckets, keepMs }), [
    { name: "boxes", snapshots: 2, left: 1, deleted: 1 },
  ]);
  const [info] = await series.list();
  assert.deepEqual([info?.snapshots, info?.values], [1, 3]);
});

Deno.test("remove() takes a series of which only the name is left", async () => {
  const toy = await openToySeries(database);
  const { series, session } = toy;
  await toy.take("boxes", [["eu", "a", 1]]);
  await session.query("DELETE timeseries_point; DELETE timeseries_block");
  await series.remove("boxes");
  assert.deepEqual(await series.list(), []);
});

/** A session that ends at its nth statement, before it or after it. */
function mortal(
  session: DbSession,
  kill: { readonly at: number; readonly after: boolean },
): DbSession {
  let statements = 0;
  return {
    live: session.live.bind(session),
    [Symbol.asyncDispose]: () => Promise.resolve(),
    query: async <R extends unknown[]>(
      sql: string,
      bindings?: Record<string, unknown>,
    ) => {
      const number = /^\s*SELECT/.test(sql) ? -1 : statements++;
      if (number !== kill.at) return await session.query<R>(sql, bindings);
      if (kill.after) await session.query(sql, bindings);
      throw new Error("killed");
    },
  };
}

Deno.test("downsample() that is cut anywhere loses nothing and counts nothing twice", async () => {
  for (let at = 0;; at++) {
    let cuts = 0;
    for (const after of [false, true]) {
      const toy = await openToySeries(database);
      const { series, session, clock } = toy;
      await grow(toy, 10);
      const query = {
        start: "2026-01-01",
        end: "2026-01-02",
        granularity: "4h",
        aggregation: "sum" as const,
      };
      const ask = () => values(series, query);
      const before = await ask();
      clock.advance(3 * DAY_MS);
      await toy.over(mortal(session, { at, after }))
        .downsample({ buckets: BUCKETS }).catch(() => cuts++);
      assert.deepEqual(await ask(), before, `cut at ${at}, ${after}`);
      await series.downsample({ buckets: BUCKETS });
      assert.deepEqual(await ask(), before, `cut at ${at}, ${after}`);
      const [info] = await series.list();
      assert.deepEqual([info?.snapshots, info?.values], [3, 9]);
    }
    if (cuts === 0) break;
  }
});
