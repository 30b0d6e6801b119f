/**
 * The time series of a graph: values of searches over time.
 *
 * @module
 */

import type {
  CoverageJson,
  TimeSeriesDownsampleJson,
  TimeSeriesInfoJson,
  TimeSeriesPointJson,
  TimeSeriesQueryJson,
  TimeSeriesSnapshotJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { LockedTurns } from "../graph/oldest.ts";
import { slices } from "../graph/slices.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { Aggregate } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { SourceText } from "../query/source_text.ts";
import { invalidQuery } from "../search/invalid_query.ts";
import { type PointOptions, timeOf } from "../search/point_in_time.ts";
import type { SearchAt } from "../search/search_context.ts";
import type { Searcher } from "../search/searcher.ts";
import { BucketValues } from "./bucket_values.ts";
import {
  type DownsamplingBucket,
  type DueBucket,
  dueBuckets,
} from "./downsampling.ts";
import { type FindMatches, LabelMatcher } from "./label_filter.ts";
import { PointMerger } from "./merge_points.ts";
import { type AnswerBucket, isWorse, planAnswer } from "./plan_answer.ts";
import { readSeriesQuery, type SeriesQuery } from "./read_query.ts";
import { groupsOf, packBlocks, unpackBlock } from "./series_block.ts";
import {
  readAllSeries,
  readBlocks,
  readDownsampledAt,
  readPoints,
  readSeries,
  type Series,
  type SeriesPoint,
  type SnapshotCoverage,
  writeChange,
  writeDownsampledAt,
} from "./series_record.ts";
import { type TakenRows, takeRows } from "./take_rows.ts";

/** What {@linkcode TimeSeries} works with. */
export interface TimeSeriesOptions {
  /** The record of the graph. */
  readonly session: DbSession;
  /** Answers the searches of snapshots. */
  readonly searcher: Pick<Searcher, "expand" | "coverage" | "lines">;
  /** Finds regular expressions in labels. */
  readonly findMatches: FindMatches;
  /** Names of states, for times. */
  readonly snapshots: PointOptions["snapshots"];
  /** Gives the time. */
  readonly now: () => Date;
  /** Runs something while the graph is not exported. */
  readonly whileKept: <T>(work: () => Promise<T>) => Promise<T>;
}

/** How a snapshot is taken. */
export interface SnapshotOptions {
  readonly signal: AbortSignal;
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Most groups. Default: 10,000. */
  readonly limit?: number;
}

/** A search that gives one value. */
interface AskedSearch {
  readonly read: SearchAt;
  readonly aggregate: Aggregate;
}

/** How series are downsampled. */
export interface DownsampleOptions {
  /** The series. Default: all. */
  readonly name?: string;
  /** From which age on values are kept how closely. */
  readonly buckets: readonly DownsamplingBucket[];
  /** Age from which on values are deleted. Default: never. */
  readonly keepMs?: number;
  readonly signal?: AbortSignal;
}

/** An answer, in pieces. */
export interface SeriesAnswer {
  /** How complete what the snapshots hold was. */
  readonly coverage: CoverageJson;
  /** Its values, a bucket at a time. */
  readonly points: AsyncIterable<readonly TimeSeriesPointJson[]>;
}

/** Groups of a snapshot at most, when nothing else is said. */
export const DEFAULT_GROUP_LIMIT = 10_000;

/** Bytes of blocks that are read together, about. */
const PAGE_BYTES = 2_000_000;

/** Points that are deleted together. */
const MAX_GONE = 200;

/** Values that leave together. */
const MAX_VALUES = 1_000;

/** Runs that are remembered: so many may go on side by side. */
const RUNS = 16;

/** Gaps of a coverage that are kept in words. */
const NAMED_GAPS = 5;

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/;

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new SkymapError(
    "query_invalid",
    `Cannot name time series ${JSON.stringify(name)}: wanted a letter and up ` +
      'to 127 letters, digits, "_", "-" or "."',
  );
}

/** The aggregation of a search that gives one value. */
function aggregateOf({ query, source }: SearchAt): Aggregate {
  const { aggregate } = query;
  const count = aggregate?.functions.length ?? 0;
  if (aggregate !== undefined && count === 1) return aggregate;
  throw invalidQuery(
    source,
    undefined,
    `it gives ${
      count === 0 ? "nodes" : `${count} values`
    }, and a time series ` +
      "has one value a group, wanted aggregate(GROUPS: FUNCTION): SEARCH with " +
      "one function",
  );
}

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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function union(
  one: readonly string[],
  other: readonly string[],
): readonly string[] {
  return [...new Set([...one, ...other])];
}

/** The time series of one graph. */
export class TimeSeries {
  readonly #options: TimeSeriesOptions;
  /** What is known of a series is read and written in one turn. */
  readonly #turns = new LockedTurns();

  /** Takes the graph they belong to. */
  constructor(options: TimeSeriesOptions) {
    this.#options = options;
  }

  /**
   * Keeps what a search gives now as the newest values of a series.
   *
   * @throws {SkymapError} `query_syntax`, `query_invalid`, `conflict` or what
   * answering the search threw.
   */
  async snapshot(
    name: string,
    search: string | SearchAt,
    options: SnapshotOptions,
  ): Promise<TimeSeriesSnapshotJson> {
    const read = this.#read(name, search);
    return await this.#turns.take(async () => {
      const series = await readSeries(this.#options.session, name);
      const coverage = await this.#coverage(read, options);
      return await this.#take(name, series, { ...options, read, coverage });
    });
  }

  /**
   * The same for a run of a workflow; undefined when it took one before, or when
   * nothing was ever listed that the search is about.
   */
  async snapshotOnce(
    name: string,
    search: string,
    options: SnapshotOptions & { readonly run: string },
  ): Promise<TimeSeriesSnapshotJson | undefined> {
    const read = this.#read(name, search);
    return await this.#turns.take(async () => {
      const series = await readSeries(this.#options.session, name);
      if (series?.runs.includes(options.run) === true) return;
      const coverage = await this.#coverage(read, options);
      if (coverage.scopes === 0) return;
      return await this.#take(name, series, { ...options, read, coverage });
    });
  }

  /** Asked first, so that it never claims more than the values hold. */
  #coverage(
    { read }: AskedSearch,
    { signal, section }: SnapshotOptions,
  ): Promise<CoverageJson> {
    return this.#options.searcher.coverage(read, {
      signal,
      ...(section !== undefined && { section }),
    });
  }

  #read(name: string, search: string | SearchAt): AskedSearch {
    checkName(name);
    if (typeof search !== "string") {
      return { read: search, aggregate: aggregateOf(search) };
    }
    const { searcher, now } = this.#options;
    const nowMs = now().getTime();
    const source = searcher.expand(SourceText.of(search), { nowMs });
    const read = { query: parseQuery(source), source, nowMs };
    return { read, aggregate: aggregateOf(read) };
  }

  async #take(
    name: string,
    series: Series | undefined,
    { read: { read, aggregate }, coverage, ...options }:
      & SnapshotOptions
      & {
        readonly read: AskedSearch;
        readonly coverage: CoverageJson;
        readonly run?: string;
      },
  ): Promise<TimeSeriesSnapshotJson> {
    const { signal, section, run, limit = DEFAULT_GROUP_LIMIT } = options;
    const taken = await takeRows(
      this.#options.searcher.lines(read, "aggregate", {
        signal,
        ...(section !== undefined && { section }),
      }),
      { name, aggregate, limit },
    );
    const at = await this.#add(name, series, taken, { coverage, run });
    return {
      name,
      at: iso(at),
      values: taken.groups.length,
      without_value: taken.withoutValue,
      coverage,
    };
  }

  async #add(
    name: string,
    series: Series | undefined,
    { labels, groups }: TakenRows,
    { coverage, run }: {
      readonly coverage: CoverageJson;
      readonly run: string | undefined;
    },
  ): Promise<number> {
    const { session, now } = this.#options;
    const at = now().getTime();
    const [same] = await readPoints(session, name, at, at + 1);
    if (same !== undefined) {
      throw new SkymapError(
        "conflict",
        `Cannot take a snapshot of time series "${name}": there is one of ` +
          `${iso(at)}, wanted another time`,
      );
    }
    const blocks = packBlocks(labels, groups);
    const isComplete = coverage.stale === 0 && coverage.gaps.length === 0;
    const runs = series?.runs ?? [];
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
      },
      added: {
        blocks,
        point: {
          at,
          span: 0,
          snapshots: 1,
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

  /** Every series, by name. */
  async list(): Promise<readonly TimeSeriesInfoJson[]> {
    return (await readAllSeries(this.#options.session)).map((series) => ({
      name: series.name,
      labels: series.labels,
      oldest: iso(series.oldest),
      newest: iso(series.newest),
      snapshots: series.points,
      values: series.values,
    }));
  }

  /**
   * The values of a series, downsampled to what is asked for. Memory follows the
   * groups of one bucket.
   *
   * @throws {SkymapError} `not_found`, `query_syntax` or `query_invalid`.
   */
  async get(
    name: string,
    query: TimeSeriesQueryJson,
    signal: AbortSignal,
  ): Promise<SeriesAnswer> {
    const { session, now, findMatches, snapshots } = this.#options;
    const series = await this.#series(name);
    const nowMs = now().getTime();
    const asked = await readSeriesQuery(series, query, {
      nowMs,
      timeOf: (text) => timeOf(text, { snapshots, nowMs }),
    });
    const points = await readPoints(session, name);
    const { buckets, coverage } = planAnswer(name, points, asked);
    const matcher = new LabelMatcher(asked.filters, findMatches);
    return {
      coverage,
      points: this.#answer(name, asked, buckets, matcher, signal),
    };
  }

  async *#answer(
    name: string,
    query: SeriesQuery,
    buckets: readonly AnswerBucket[],
    matcher: LabelMatcher,
    signal: AbortSignal,
  ): AsyncGenerator<readonly TimeSeriesPointJson[]> {
    const { session } = this.#options;
    const { labels, aggregation } = query;
    for (const { at, points } of buckets) {
      const folded = new BucketValues(labels);
      for (const some of slices(points, ({ bytes }) => bytes, PAGE_BYTES)) {
        signal.throwIfAborted();
        const found = await readBlocks(session, name, some);
        for (const [place, point] of some.entries()) {
          const blocks = [];
          for (const bytes of found[place] ?? []) {
            const block = unpackBlock(bytes);
            blocks.push({ block, passes: await matcher.matcherOf(block) });
          }
          folded.add(blocks, point.snapshots);
        }
      }
      const values = folded.values(aggregation);
      for (let from = 0; from < values.length; from += MAX_VALUES) {
        signal.throwIfAborted();
        yield values.slice(from, from + MAX_VALUES).map(({ key, value }) => ({
          ts: name,
          at: iso(at),
          v: value,
          group: Object.fromEntries(
            labels.map((label, place) => [label, key[place] ?? ""]),
          ),
        }));
      }
    }
  }

  /**
   * One series.
   *
   * @throws {SkymapError} `not_found`, with the nearest name.
   */
  async #series(name: string): Promise<Series> {
    const { session } = this.#options;
    const found = await readSeries(session, name);
    if (found !== undefined) return found;
    const names = (await readAllSeries(session)).map((each) => each.name);
    const suggestions = nearestNames(name, names).slice(0, 1);
    const [guess] = suggestions;
    throw new SkymapError(
      "not_found",
      `Cannot find time series ${JSON.stringify(name)}: ` +
        (guess !== undefined
          ? `did you mean "${guess}"?`
          : names.length === 0
          ? "there is none"
          : `there is ${names.slice(0, 10).join(", ")}`),
      { details: { suggestions } },
    );
  }

  /**
   * Makes one of points that are older, and deletes what is too old. What was cut
   * in its midst has changed nothing, or all of a bucket.
   */
  async downsample(
    { name, buckets, keepMs, signal }: DownsampleOptions,
  ): Promise<readonly TimeSeriesDownsampleJson[]> {
    const { session, whileKept, now } = this.#options;
    const names = name === undefined
      ? (await readAllSeries(session)).map((each) => each.name)
      : [(await this.#series(name)).name];
    const nowMs = now().getTime();
    const reports: TimeSeriesDownsampleJson[] = [];
    for (const each of names) {
      signal?.throwIfAborted();
      const report = await whileKept(async () => {
        const points = await readPoints(session, each);
        const old = points.filter(({ at, span }) =>
          keepMs !== undefined && at + span <= nowMs - keepMs
        );
        const kept = points.slice(old.length);
        for (let from = 0; from < old.length; from += MAX_GONE) {
          signal?.throwIfAborted();
          await this.#delete(each, old.slice(from, from + MAX_GONE));
        }
        const due = dueBuckets(kept, buckets, nowMs);
        for (const bucket of due) {
          signal?.throwIfAborted();
          await this.#merge(each, bucket);
        }
        const merged = due.reduce((sum, { points }) => sum + points.length, 0);
        return {
          name: each,
          snapshots: points.length,
          left: kept.length - merged + due.length,
          deleted: old.length,
        };
      });
      reports.push(report);
    }
    if (name === undefined) await writeDownsampledAt(session, iso(nowMs));
    return reports;
  }

  /** ISO time when all series were downsampled last; undefined when never. */
  async downsampledAt(): Promise<string | undefined> {
    return await readDownsampledAt(this.#options.session);
  }

  async #delete(name: string, gone: readonly SeriesPoint[]): Promise<void> {
    const { session } = this.#options;
    await this.#turns.take(async () => {
      const series = await this.#series(name);
      const last = gone.at(-1)?.at ?? 0;
      const left = series.points - gone.length;
      const [next] = left === 0
        ? []
        : await readPoints(session, name, last + 1);
      await writeChange(session, {
        name,
        gone,
        series: left === 0 || next === undefined ? undefined : {
          ...series,
          oldest: next.at,
          points: left,
          values: series.values - valuesOf(gone),
        },
      });
    });
  }

  async #merge(
    name: string,
    { at, span, points }: DueBucket<SeriesPoint>,
  ): Promise<void> {
    const { session } = this.#options;
    const merger = new PointMerger();
    for (const some of slices(points, ({ bytes }) => bytes, PAGE_BYTES)) {
      const found = await readBlocks(session, name, some);
      for (const [place, { snapshots, labels }] of some.entries()) {
        const blocks = (found[place] ?? []).map(unpackBlock);
        const groups = blocks.flatMap((block) => [
          ...groupsOf(block, snapshots),
        ]);
        merger.add({ snapshots, labels, groups });
      }
    }
    const { snapshots, labels, groups } = merger.merged();
    const blocks = packBlocks(labels, groups);
    const coverage = points.map((each) => each.coverage)
      .reduce((worst, each) => isWorse(each, worst) ? each : worst);
    await this.#turns.take(async () => {
      const series = await this.#series(name);
      await writeChange(session, {
        name,
        gone: points,
        series: {
          ...series,
          oldest: Math.min(series.oldest, at),
          points: series.points - points.length + 1,
          values: series.values - valuesOf(points) + groups.length,
        },
        added: {
          blocks,
          point: {
            at,
            span,
            snapshots,
            labels,
            groups: groups.length,
            blocks: blocks.length,
            bytes: blocks.reduce((sum, { length }) => sum + length, 0),
            coverage,
            incomplete: points.reduce((sum, each) => sum + each.incomplete, 0),
          },
        },
      });
    });
  }

  /**
   * Deletes a series.
   *
   * @throws {SkymapError} `not_found`, with the nearest name.
   */
  async remove(name: string): Promise<void> {
    const { session, whileKept } = this.#options;
    await whileKept(async () => {
      await this.#series(name);
      for (;;) {
        const points = await readPoints(session, name);
        if (points.length === 0) break;
        await this.#delete(name, points.slice(0, MAX_GONE));
      }
    });
  }
}

function valuesOf(points: readonly SeriesPoint[]): number {
  return points.reduce((sum, { groups }) => sum + groups, 0);
}
