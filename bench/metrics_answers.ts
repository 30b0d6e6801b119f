/**
 * The default metrics over the index: searches in the same process against SQL
 * by hand.
 *
 * @module
 */

import type { MetricDefinition } from "@skymap/lib/metrics";
import { DuckDBInstance } from "@duckdb/node-api";
import { IndexReader } from "../core/index/reader.ts";
import { SearchIndex } from "../core/index/search_index.ts";
import { KindRegistry } from "../core/model/kind_registry.ts";
import { Searcher } from "../core/search/searcher.ts";
import { toSamples } from "../metrics/sample.ts";
import { type HandWritten, metricByHand } from "./metrics_sql.ts";
import { METRICS_MODEL } from "./metrics_world.ts";
import { cpuOf } from "./process_usage.ts";
import { median, report } from "./report.ts";
import { inTurns } from "./search_measure.ts";
import { indexPlace } from "./search_place.ts";

const bench = "metrics";

/** A metric in both languages. */
interface Pair {
  readonly metric: MetricDefinition;
  readonly hand: HandWritten;
}

/** What a metric took. */
interface PairTimes {
  readonly name: string;
  readonly ours: number;
  readonly coverage: number;
  readonly hand: number;
}

async function openIndex(dataDir: string): Promise<SearchIndex> {
  const place = indexPlace(dataDir);
  const found = await Array.fromAsync(Deno.readDir(place.directory));
  const file = found.find(({ name }) => name.endsWith(".duckdb"))?.name;
  const instance = await DuckDBInstance.create(`${place.directory}/${file}`, {
    access_mode: "READ_ONLY",
  });
  const connection = await instance.connect();
  const rows = await connection.runAndReadAll("select record from meta");
  const record = String(rows.getRowsJS()[0]?.[0]);
  connection.closeSync();
  instance.closeSync();
  const opened = await SearchIndex.open({ ...place, record });
  if ("reason" in opened) throw new Error(opened.reason);
  return opened.index;
}

async function rowsOf(searcher: Searcher, { search }: MetricDefinition) {
  return await Array.fromAsync(searcher.aggregate(search));
}

/** Values by their labels; sums of fractions differ behind the tenth digit. */
function comparable(values: ReadonlyMap<string, number>): string {
  return [...values].map(([labels, value]) =>
    `${labels} ${value.toPrecision(10)}`
  ).sort().join("\n");
}

async function checkEqual(
  { metric, hand }: Pair,
  searcher: Searcher,
  reader: IndexReader,
): Promise<void> {
  const { samples } = toSamples(metric, await rowsOf(searcher, metric));
  const mine = new Map(
    samples.map(({ labels, value }) => [JSON.stringify(labels), value]),
  );
  const byHand = new Map(
    (await reader.rows({ sql: hand.sql, parameters: [] })).map((row) => [
      JSON.stringify(
        Object.fromEntries(
          hand.labels.map((label, at) => [label, row[at] ?? ""]),
        ),
      ),
      Number(row.at(-1)),
    ]),
  );
  if (comparable(mine) === comparable(byHand)) return;
  throw new Error(
    `${metric.name}: ${comparable(mine)}\nby hand: ${comparable(byHand)}`,
  );
}

/** Times both ways in turns; refuses answers that differ. */
export async function measureAnswers(
  metrics: readonly MetricDefinition[],
  dataDir: string,
  rounds: number,
  note: (text: string) => void,
): Promise<number> {
  using index = await openIndex(dataDir);
  await using reader = new IndexReader(index);
  const registry = new KindRegistry();
  registry.update(METRICS_MODEL.plugin);
  const searcher = new Searcher({ reader, registry });
  const pairs = metrics.flatMap((metric): Pair[] => {
    const hand = metricByHand(metric.name);
    if (hand === undefined) note(`not written by hand: ${metric.name}`);
    return hand === undefined ? [] : [{ metric, hand }];
  });
  const found: PairTimes[] = [];
  for (const pair of pairs) {
    const { metric, hand } = pair;
    await checkEqual(pair, searcher, reader);
    const times = await inTurns([
      async () => (await rowsOf(searcher, metric)).length,
      async () => (await searcher.coverage(metric.search)).scopes,
      async () => (await reader.rows({ sql: hand.sql, parameters: [] })).length,
    ], rounds);
    const [ours = NaN, coverage = NaN, byHand = NaN] = times.map(median);
    found.push({ name: metric.name, ours, coverage, hand: byHand });
  }
  const sum = (of: (times: PairTimes) => number) =>
    found.reduce((total, times) => total + of(times), 0);
  const hand = sum(({ hand }) => hand);
  const cpuMs = async (way: (pair: Pair) => Promise<unknown>) => {
    const [seconds] = await cpuOf(Deno.pid, async () => {
      for (let round = 0; round < rounds; round++) {
        for (const pair of pairs) await way(pair);
      }
    });
    return seconds * 1_000 / rounds;
  };
  const handCpu = await cpuMs(({ hand }) =>
    reader.rows({ sql: hand.sql, parameters: [] })
  );
  const oursCpu = await cpuMs(({ metric }) => rowsOf(searcher, metric));
  const coverageCpu = await cpuMs(({ metric }) =>
    searcher.coverage(metric.search)
  );
  const against = "SQL by hand";
  const what = `${pairs.length} metrics`;
  report({
    bench,
    what: `${what}, searches in the process, sum of p50`,
    value: sum(({ ours }) => ours),
    unit: "ms",
    against,
    other: hand,
    ratio: sum(({ ours }) => ours) / hand,
    aim: "<= 1.5",
  }, {
    bench,
    what: "the same, processor time",
    value: oursCpu,
    unit: "ms",
    against,
    other: handCpu,
    ratio: oursCpu / handCpu,
  }, {
    bench,
    what: "the same, with what each answer rests on",
    value: sum(({ ours, coverage }) => ours + coverage),
    unit: "ms",
    against,
    other: hand,
    ratio: sum(({ ours, coverage }) => ours + coverage) / hand,
  }, {
    bench,
    what: "the same, processor time",
    value: oursCpu + coverageCpu,
    unit: "ms",
    against,
    other: handCpu,
    ratio: (oursCpu + coverageCpu) / handCpu,
  }, {
    bench,
    what: "median ratio of a metric, in the process",
    value: median(found.map(({ ours, hand }) => ours / hand)),
    unit: "",
    aim: "<= 1.5",
  });
  const slowest = found.toSorted((a, b) => b.ours - a.ours).slice(0, 8);
  for (const { name, ours, hand } of slowest) {
    report({
      bench,
      what: `of them ${name}`,
      value: ours,
      unit: "ms",
      against,
      other: hand,
      ratio: ours / hand,
    });
  }
  for (const { name, ours, coverage, hand } of found) {
    note(
      `${name}: ${ours.toFixed(1)} ms, coverage ${
        coverage.toFixed(1)
      }, by hand ${hand.toFixed(1)}, ratio ${(ours / hand).toFixed(2)}`,
    );
  }
  return hand;
}
