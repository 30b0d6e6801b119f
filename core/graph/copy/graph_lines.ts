/**
 * A graph as lines of JSON: what is exported and imported.
 *
 * First comes a head, last an end; in between everything that cannot be made out
 * of something else: kinds, ledger, deferred edges, snapshots, time series and the
 * history, out of which nodes, edges and the index are made.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";

/** Grows with every change that an older Skymap cannot read. */
export const GRAPH_LINES_VERSION = 2;

/** The oldest version that is read: it has no time series. */
export const OLDEST_GRAPH_LINES_VERSION = 1;

/** The first line. */
export interface HeadLine {
  readonly type: "skymap_graph";
  readonly version: number;
  /** Version of Skymap that wrote it. */
  readonly skymap: string;
  /** Name that the graph had. */
  readonly graph: string;
  /** ISO time of the state. */
  readonly created_at: string;
  /** Where the record stood. */
  readonly sequence: number;
  readonly commit: number;
  /** How many there were at that time. */
  readonly nodes: number;
  readonly edges: number;
}

/** The kinds of a plugin. */
export interface KindsLine {
  readonly type: "kinds";
  readonly plugin: string;
  readonly version: string;
  readonly model: JsonObject;
}

/** A row of the ledger. */
export interface ScopeLine {
  readonly type: "scope";
  readonly scope: readonly [string, string, string, string];
  readonly state: JsonObject;
}

/** Deferred edges of a scope. */
export interface DeferredLine {
  readonly type: "deferred_edges";
  readonly id: string;
  readonly row: JsonObject;
}

/** A name of a state. */
export interface SnapshotLine {
  readonly type: "snapshot";
  readonly label: string;
  readonly sequence: number;
  readonly at: string;
  readonly created_at: string;
}

/** Up to where the history was pruned. */
export interface PrunedLine {
  readonly type: "pruned";
  readonly sequence: number;
  readonly at: string;
  readonly held: readonly number[];
  readonly done: boolean;
  readonly pruned_at: string;
}

/** What is known of a time series. */
export interface SeriesLine {
  readonly type: "timeseries";
  readonly name: string;
  readonly row: JsonObject;
}

/** Values of a time series at one time, and the blocks that hold them. */
export interface SeriesPointLine {
  readonly type: "timeseries_point";
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly row: JsonObject;
  /** Bytes in base64. */
  readonly blocks: readonly string[];
}

/** A block of history. */
export interface HistoryLine {
  readonly type: "history";
  readonly first: number;
  readonly last: number;
  readonly valid: number;
  readonly commit: number;
  readonly at: string;
  readonly text: string;
}

/** The last line. */
export interface EndLine {
  readonly type: "end";
  /** Lines before it. */
  readonly lines: number;
  /** SHA-256 of these lines with their ends, as hexadecimal digits. */
  readonly sha256: string;
}

/** Any line. */
export type GraphLine =
  | HeadLine
  | KindsLine
  | ScopeLine
  | DeferredLine
  | SnapshotLine
  | PrunedLine
  | SeriesLine
  | SeriesPointLine
  | HistoryLine
  | EndLine;
