/**
 * A snapshot: what a search gives now, as the newest values of a series.
 *
 * @module
 */

import type { CoverageJson, TimeSeriesSnapshotJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import type { Searcher } from "../search/searcher.ts";
import type { AskedSearch } from "./read_asked.ts";
import { packBlocks } from "./series_block.ts";
import {
  readPoints,
  readSeries,
  type Series,
  type SnapshotCoverage,
  writeChange,
} from "./series_record.ts";
import { type TakenRows, takeRows } from "./take_rows.ts";

/** What a snapshot is taken of and with. */
export interface TakeSnapshotOptions {
  readonly session: DbSession;
  readonly searcher: Pick<Searcher, "coverage" | "lines">;
  readonly now: () => Date;
  readonly asked: AskedSearch;
  /** The search as it was written. */
  readonly written: string;
  readonly signal: AbortSignal;
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Most groups. */
  readonly limit: number;
  /** The run of a workflow that takes it: once, and not of what was never listed. */
  readonly run?: string;
}

/** Runs that are remembered: so many may go on side by side. */
const RUNS = 16;

/** Gaps of a coverage that are kept in words. */
const NAMED_GAPS = 5;

/** A coverage as it is kept with a snapshot. */
function keptCoverage(
  { scopes, complete, stale, failed, gaps, sequence }: CoverageJson,
  at: number,
): SnapshotCoverage {
  return {
    at,
    scopes,
    complete,
    stale,
    failed,
    gaps: gaps.length,
    named_gaps: gaps.slice(0, NAMED_GAPS),
    sequence,
  };
}

function union(
  one: readonly string[],
  other: readonly string[],
): readonly string[] {
  return [...new Set([...one, ...other])];
}

/** Since when a series is of its search, as far as it was of another. */
function sinceOf(
  series: Series | undefined,
  written: string,
  at: number,
): Pick<Series, "search" | "search_since"> {
  const isOther = series?.search !== undefined && series.search !== written;
  const since = isOther ? at : series?.search_since;
  return {
    search: written,
    ...(since !== undefined && { search_since: since }),
  };
}

async function writeSnapshot(
  name: string,
  series: Series | undefined,
  { groups }: TakenRows,
  coverage: CoverageJson,
  { session, now, asked, written, run }: TakeSnapshotOptions,
): Promise<number> {
  const at = now().getTime();
  const [same] = await readPoints(session, name, {
    from: at,
    to: at + 1,
  });
  if (same !== undefined) {
    throw new SkymapError(
      "conflict",
      `Cannot take a snapshot of time series "${name}": there is one of ` +
        `${new Date(at).toISOString()}, wanted another time`,
    );
  }
  const { labels, aggregate } = asked;
  const blocks = packBlocks(labels, groups);
  const isComplete = coverage.stale === 0 && coverage.gaps.length === 0;
  const runs = series?.runs ?? [];
  const [function_] = aggregate.functions;
  await writeChange(session, {
    name,
    gone: [],
    series: {
      name,
      labels: union(series?.labels ?? [], labels),
      oldest: Math.min(series?.oldest ?? at, at),
      newest: Math.max(series?.newest ?? at, at),
      points: (series?.points ?? 0) + 1,
      values: (series?.values ?? 0) + groups.length,
      runs: run === undefined ? runs : [...runs, run].slice(-RUNS),
      ...sinceOf(series, written, at),
    },
    added: {
      blocks,
      point: {
        at,
        span: 0,
        snapshots: 1,
        ...(function_ !== undefined && { function: function_.name }),
        labels,
        groups: groups.length,
        blocks: blocks.length,
        bytes: blocks.reduce((sum, { length }) => sum + length, 0),
        coverage: keptCoverage(coverage, at),
        incomplete: isComplete ? 0 : 1,
      },
    },
  });
  return at;
}

/**
 * Takes a snapshot, while nothing else changes what is known of the series;
 * undefined when its run took one before, or when nothing was ever listed that
 * the search of a run is about.
 *
 * @throws {SkymapError} `query_invalid`, `conflict` or what answering the search
 * threw.
 */
export async function takeSnapshot(
  name: string,
  options: TakeSnapshotOptions,
): Promise<TimeSeriesSnapshotJson | undefined> {
  const { session, searcher, asked, signal, section, limit, run } = options;
  const how = { signal, ...(section !== undefined && { section }) };
  const series = await readSeries(session, name);
  if (run !== undefined && series?.runs.includes(run) === true) return;
  // Asked first, so that it never claims more than the values hold.
  const coverage = await searcher.coverage(asked.read, how);
  if (run !== undefined && coverage.scopes === 0) return;
  const taken = await takeRows(
    searcher.lines(asked.read, "aggregate", how),
    { name, asked, limit },
  );
  const at = await writeSnapshot(name, series, taken, coverage, options);
  return {
    name,
    at: new Date(at).toISOString(),
    values: taken.groups.length,
    without_value: taken.withoutValue,
    coverage,
  };
}
