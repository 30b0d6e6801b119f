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
import { type PointOptions, timeOf } from "../search/point_in_time.ts";
import type { SearchAt } from "../search/search_context.ts";
import type { Searcher } from "../search/searcher.ts";
import type { DownsamplingBucket } from "./downsampling.ts";
import { findSeries } from "./find_series.ts";
import type { FindMatches } from "./label_filter.ts";
import { NamedTurns } from "./named_turns.ts";
import { planAnswer } from "./plan_answer.ts";
import { readAsked } from "./read_asked.ts";
import { readSeriesQuery } from "./read_query.ts";
import { seriesAnswer } from "./series_answer.ts";
import {
  readAllSeries,
  readDownsampledAt,
  readPoints,
  writeChange,
  writeDownsampledAt,
} from "./series_record.ts";
import { takeSnapshot } from "./take_snapshot.ts";
import { deletePoints, thinSeries } from "./thin_series.ts";

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
  /** The search as it was written, if it was read since. */
  readonly written?: string;
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

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function writtenOf(search: string | SearchAt): string {
  if (typeof search === "string") return search;
  const { source } = search;
  return typeof source === "string" ? source : source.text;
}

/** The time series of one graph. */
export class TimeSeries {
  readonly #options: TimeSeriesOptions;
  /** What is known of a series is read and written in one turn. */
  readonly #turns = new NamedTurns();

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
    const taken = await this.#take(name, search, options);
    if (taken === undefined) throw new TypeError("It is of no run");
    return taken;
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
    return await this.#take(name, search, options);
  }

  async #take(
    name: string,
    search: string | SearchAt,
    {
      limit = DEFAULT_GROUP_LIMIT,
      written = writtenOf(search),
      ...options
    }: SnapshotOptions & { readonly run?: string },
  ): Promise<TimeSeriesSnapshotJson | undefined> {
    const { session, searcher, now } = this.#options;
    const nowMs = now().getTime();
    const asked = readAsked(name, search, { searcher, nowMs });
    return await this.#turns.take(name, () =>
      takeSnapshot(name, {
        ...options,
        session,
        searcher,
        now,
        asked,
        written,
        limit,
      }));
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
      search: series.search ?? "",
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
    const series = await findSeries(session, name);
    const nowMs = now().getTime();
    const asked = await readSeriesQuery(series, query, {
      nowMs,
      timeOf: (text) => timeOf(text, { snapshots, nowMs }),
    });
    const all = await readPoints(session, name);
    const { buckets, coverage } = planAnswer(series, all, asked);
    return {
      coverage,
      points: seriesAnswer(name, {
        session,
        query: asked,
        buckets,
        findMatches,
        signal,
      }),
    };
  }

  /**
   * Makes one of points that are older, and deletes what is too old. What was cut
   * in its midst has changed nothing, or all of a bucket. A series that fails
   * hides no other.
   *
   * @throws What the first of them threw that failed, when all others are done.
   */
  async downsample(
    { name, buckets, keepMs, signal }: DownsampleOptions,
  ): Promise<readonly TimeSeriesDownsampleJson[]> {
    const { session, whileKept, now } = this.#options;
    const names = name === undefined
      ? (await readAllSeries(session)).map((each) => each.name)
      : [(await findSeries(session, name)).name];
    const nowMs = now().getTime();
    const how = { session, turns: this.#turns, buckets, keepMs, nowMs, signal };
    const reports: TimeSeriesDownsampleJson[] = [];
    const failures: unknown[] = [];
    for (const each of names) {
      signal?.throwIfAborted();
      try {
        reports.push(await whileKept(() => thinSeries(each, how)));
      } catch (error) {
        signal?.throwIfAborted();
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
    if (name === undefined) await writeDownsampledAt(session, iso(nowMs));
    return reports;
  }

  /** ISO time when all series were downsampled last; undefined when never. */
  async downsampledAt(): Promise<string | undefined> {
    return await readDownsampledAt(this.#options.session);
  }

  /**
   * Deletes a series.
   *
   * @throws {SkymapError} `not_found`, with the nearest name.
   */
  async remove(name: string): Promise<void> {
    const { session, whileKept } = this.#options;
    const turns = this.#turns;
    await whileKept(async () => {
      await findSeries(session, name);
      for (;;) {
        const points = await readPoints(session, name);
        await deletePoints(name, points, { session, turns });
        const isEmpty = await turns.take(name, async () => {
          const [left] = await readPoints(session, name, { limit: 1 });
          if (left !== undefined) return false;
          await writeChange(session, { name, gone: [], series: undefined });
          return true;
        });
        if (isEmpty) return;
      }
    });
  }
}
