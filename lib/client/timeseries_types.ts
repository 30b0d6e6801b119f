/**
 * Time series, as the API tells them.
 *
 * @module
 */

import type { CoverageJson } from "./api_types.ts";

/** How the values of a bucket of time become one. */
export type TimeSeriesAggregation = "avg" | "sum" | "min" | "max";

/** What a time series is asked for. */
export interface TimeSeriesQueryJson {
  /** ISO time or duration before now. Default: 7d before the end. */
  readonly start?: string | undefined;
  /** ISO time or duration before now. Default: now. */
  readonly end?: string | undefined;
  /** Labels that stay; values of the others are summed up. Default: all stay. */
  readonly group?: readonly string[] | undefined;
  /** Predicates over labels, such as `region == "eu-west-1"`; all must hold. */
  readonly filter?: readonly string[] | undefined;
  /**
   * Length of a bucket as a duration of at least 1h, or about how many points are
   * wanted. Default: 20 points.
   */
  readonly granularity?: string | number | undefined;
  /** Default: `avg`. */
  readonly aggregation?: TimeSeriesAggregation | undefined;
}

/** One value of a time series. */
export interface TimeSeriesPointJson {
  /** Name of the time series. */
  readonly ts: string;
  /** ISO time of the begin of its bucket. */
  readonly at: string;
  /** The value. */
  readonly v: number;
  /** Labels and their values. */
  readonly group: Readonly<Record<string, string>>;
}

/** What is known of one time series. */
export interface TimeSeriesInfoJson {
  /** Its name. */
  readonly name: string;
  /** Names of its labels. */
  readonly labels: readonly string[];
  /** ISO time of the oldest snapshot. */
  readonly oldest: string;
  /** ISO time of the newest snapshot. */
  readonly newest: string;
  /** How many snapshots there are, downsampled ones counted once. */
  readonly snapshots: number;
  /** How many values these hold. */
  readonly values: number;
  /** The search of the last snapshot. */
  readonly search: string;
}

/** What a snapshot took. */
export interface TimeSeriesSnapshotJson {
  /** Name of the time series. */
  readonly name: string;
  /** ISO time of the snapshot. */
  readonly at: string;
  /** How many values it holds. */
  readonly values: number;
  /** Groups that were left out, for what is summed up there is no number. */
  readonly without_value: number;
  /** How complete the answer was that it holds. */
  readonly coverage: CoverageJson;
}

/** What downsampling did to one time series. */
export interface TimeSeriesDownsampleJson {
  /** Its name. */
  readonly name: string;
  /** Snapshots before, downsampled ones counted once. */
  readonly snapshots: number;
  /** Snapshots after. */
  readonly left: number;
  /** Those that were too old and went. */
  readonly deleted: number;
}
