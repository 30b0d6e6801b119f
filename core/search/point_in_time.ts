/**
 * Points of time as people write them, and the states of a graph they mean.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import type { Point, Snapshot } from "../graph/snapshots.ts";
import type { IndexReader, ReadOptions } from "../index/reader.ts";
import { normalizeDatetime } from "../model/coerce_value.ts";
import { nearestNames } from "../model/nearest_names.ts";

/** What points of time are looked up in. */
export interface PointOptions extends ReadOptions {
  /** Reads the index. */
  readonly reader: IndexReader;
  /** The snapshots of the graph. */
  readonly snapshots: {
    /** All of them. */
    list(): Promise<readonly Snapshot[]>;
  };
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** The oldest state that a graph can answer for. */
export interface OldestPoint extends Point {
  /** Whether there was more, that is pruned. */
  readonly isPruned: boolean;
}

/** Two numbers that only fit together: the years that texts of times hold. */
const MAX_TIME_MS = 253_402_300_799_000;

/**
 * Milliseconds of an ISO time, a date (its start, UTC) or a duration ago, with a
 * sign or without; undefined when the text is none of these.
 */
export function parsePoint(text: string, nowMs: number): number | undefined {
  const value = text.trim();
  const time = normalizeDatetime(value) ??
    normalizeDatetime(`${value}T00:00:00Z`);
  if (time !== undefined) {
    const fraction = /:\d\d(\.\d+)/.exec(value)?.[1] ?? ".0";
    return Date.parse(time) + Math.floor(Number(fraction) * 1_000);
  }
  if (!isDuration(value)) return undefined;
  const at = nowMs - Math.abs(parseDuration(value));
  return Math.abs(at) < MAX_TIME_MS ? at : undefined;
}

/** The time of a point: as {@linkcode parsePoint} reads it, or of a snapshot. */
export async function timeOf(
  text: string,
  { snapshots, nowMs }: Pick<PointOptions, "snapshots" | "nowMs">,
): Promise<number> {
  const time = parsePoint(text, nowMs);
  if (time !== undefined) return time;
  return Date.parse((await snapshotOf(text, snapshots)).at);
}

async function snapshotOf(
  label: string,
  snapshots: PointOptions["snapshots"],
): Promise<Snapshot> {
  const all = await snapshots.list();
  const found = all.find((each) => each.label === label.trim());
  if (found !== undefined) return found;
  const suggestions = nearestNames(label, all.map((each) => each.label));
  const [guess] = suggestions;
  throw new SkymapError(
    "query_invalid",
    `Cannot read the time ${JSON.stringify(label)}: it is no time, no ` +
      "duration such as 3d and no snapshot" +
      (guess === undefined ? "" : `; did you mean "${guess}"?`),
    { details: { suggestions } },
  );
}

/** The oldest state that the graph can answer for; undefined while it is empty. */
export async function oldestPoint(
  { reader, ...options }: { readonly reader: IndexReader } & ReadOptions,
): Promise<OldestPoint | undefined> {
  const [row = []] = await reader.rows({
    sql: `select t.seq::double, strftime(t."at" at time zone 'UTC', ` +
      `'%Y-%m-%dT%H:%M:%S.%gZ'), m.pruned > 0 ` +
      `from tick t, meta m where t.seq >= m.pruned order by t.seq limit 1`,
    parameters: [],
  }, options);
  const [sequence, at, isPruned] = row;
  if (typeof sequence !== "number") return undefined;
  return { sequence, at: String(at), isPruned: isPruned === true };
}

/**
 * The state that a text means: an ISO time, a date, a duration ago, or the label
 * of a snapshot.
 *
 * @throws SkymapError `query_invalid` for what is none of these, lies in the
 * future or before the history begins.
 */
export async function resolvePointInTime(
  text: string,
  options: PointOptions,
): Promise<Point> {
  const { reader, snapshots, nowMs, ...read } = options;
  const time = parsePoint(text, nowMs);
  if (time === undefined) {
    const { sequence, at } = await snapshotOf(text, snapshots);
    return { sequence, at };
  }
  const at = new Date(time).toISOString();
  const refuse = (why: string) =>
    new SkymapError(
      "query_invalid",
      `Cannot search the graph as of ${at}: ${why}`,
    );
  if (time > nowMs) throw refuse("it lies in the future");
  const oldest = await oldestPoint({ reader, ...read });
  if (oldest === undefined) {
    throw refuse("its history is empty, for nothing was collected yet");
  }
  const rows = await reader.rows({
    sql: `select max(t.seq)::double from tick t, meta m ` +
      `where t."at" <= $1::timestamptz and t.seq >= m.pruned`,
    parameters: [at],
  }, read);
  const sequence = rows[0]?.[0];
  if (typeof sequence === "number") return { sequence, at };
  throw refuse(
    oldest.isPruned
      ? `what was before ${oldest.at} is pruned, wanted a later time or a snapshot`
      : `its history begins at ${oldest.at}, wanted a later time`,
  );
}

/** Finds states of one graph. */
export class PointsInTime {
  readonly #options: Pick<PointOptions, "reader" | "snapshots">;
  readonly #nowMs: () => number;

  /** Takes what states are looked up in. */
  constructor(
    { nowMs = Date.now, ...options }:
      & Pick<PointOptions, "reader" | "snapshots">
      & { readonly nowMs?: () => number },
  ) {
    this.#options = options;
    this.#nowMs = nowMs;
  }

  /** As {@linkcode resolvePointInTime} does. */
  resolve(
    text: string,
    { nowMs = this.#nowMs(), ...options }: ReadOptions & {
      readonly nowMs?: number;
    } = {},
  ): Promise<Point> {
    return resolvePointInTime(text, { ...this.#options, ...options, nowMs });
  }

  /** As {@linkcode oldestPoint} does. */
  oldest(options: ReadOptions = {}): Promise<OldestPoint | undefined> {
    return oldestPoint({ reader: this.#options.reader, ...options });
  }
}
