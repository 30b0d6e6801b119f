/**
 * What a search may take at most.
 *
 * @module
 */

import type { IndexReader } from "../core/index/reader.ts";
import type { Searcher } from "../core/search/searcher.ts";
import { median, percentile } from "./report.ts";
import { firstRow, inTurns, ours } from "./search_measure.ts";

/** A figure that has an aim. */
export interface AimedFigure {
  /** What was measured. */
  readonly what: string;
  /** Milliseconds. */
  readonly value: number;
  /** Milliseconds that it may take. */
  readonly limit: number;
}

/** Starts of walks. */
const STARTS = 40;

async function medianOf(ask: () => Promise<unknown>, rounds: number) {
  const [times = []] = await inTurns([async () => {
    await ask();
    return 0;
  }], rounds);
  return median(times);
}

/** Measures everything that has an aim in milliseconds. */
export async function measureAims(
  searcher: Searcher,
  reader: IndexReader,
  rounds: number,
): Promise<readonly AimedFigure[]> {
  const count = (search: string) =>
    medianOf(() => searcher.count(search), rounds);
  const aggregate = (search: string) =>
    medianOf(() => ours(searcher, { search, form: "aggregate" }), rounds);
  const list = (search: string) =>
    medianOf(() => ours(searcher, { search, form: "list" }), rounds);
  const first = async (search: string) => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      times.push(await firstRow(searcher, search));
    }
    return median(times);
  };
  const starts = await reader.rows({
    sql: "select id from node where kind = 'demo_subnet' and " +
      `valid_to is null order by hash(id) limit ${STARTS}`,
    parameters: [],
  });
  const walks: number[] = [];
  for (const [id] of [...starts, ...starts]) {
    walks.push(
      await medianOf(() =>
        ours(searcher, {
          search: `id(${String(id)}) -[1:4]->`,
          form: "list",
        }), 1),
    );
  }
  return [
    { what: "count of a kind", value: await count("is(volume)"), limit: 30 },
    {
      what: "aggregate over a kind",
      value: await aggregate(
        "aggregate(volume_type as type: sum(volume_size) as size): is(volume)",
      ),
      limit: 30,
    },
    {
      what: "4 steps, from 40 subnets, p95",
      value: percentile(walks, 0.95),
      limit: 20,
    },
    {
      what: "text anywhere",
      value: await list('"api-07-disk"'),
      limit: 100,
    },
    {
      what: "first row of all volumes",
      value: await first("is(volume)"),
      limit: 15,
    },
    { what: "first row of everything", value: await first("all"), limit: 15 },
  ];
}

/** Searches of the past, against the same of the present. */
export const PAST_SEARCHES: readonly (readonly [string, "count" | "list"])[] = [
  ["is(volume)", "count"],
  ["is(volume) and volume_size > 200 and volume_encrypted = false", "list"],
  ["tags.owner = ada and tags.expires != null", "list"],
  ["is(instance) with(any, --> is(volume) and volume_size > 200)", "count"],
];
