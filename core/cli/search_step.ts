/**
 * What a command adds to the one search that leading commands become.
 *
 * @module
 */

import type { EdgeType } from "@skymap/lib/plugin";
import type { Limit } from "../query/ast.ts";
import type { SourceText } from "../query/source_text.ts";

/** How an answer is asked for, over what the environment says. */
export interface AskedFor {
  /** Stops the search after this time. */
  readonly timeoutMs?: number;
  /** Whether the answer has to be complete. */
  readonly requireComplete?: boolean;
}

/** Begins a search, or narrows the one before it. */
export interface SearchNodes extends AskedFor {
  /** Tells the step. */
  readonly type: "search";
  /** The search as it was written. */
  readonly source: SourceText;
  /** Whether edges are part of the answer. */
  readonly withEdges?: boolean;
  /** The state that is searched, as it was written. */
  readonly at?: string;
  /** Whether the elements are counted before they come. */
  readonly counts?: boolean;
  /** Whether it is told how the search is answered, in place of the answer. */
  readonly explain?: boolean;
}

/** Begins a search of the history. */
export interface SearchChanges extends AskedFor {
  /** Tells the step. */
  readonly type: "history";
  /** The search as it was written; empty for all changes. */
  readonly source: SourceText;
  /** Changes before this time, as it was written. */
  readonly before?: string;
  /** Changes from this time on. */
  readonly after?: string;
  /** Kinds of changes. */
  readonly changes?: readonly string[];
  /** What has changed. */
  readonly of?: "nodes" | "edges" | "all";
}

/** What a command adds to the search. */
export type SearchStep =
  | SearchNodes
  | SearchChanges
  /** Keys of an order: `name desc, age`. */
  | { readonly type: "sort"; readonly source: SourceText }
  | { readonly type: "limit"; readonly limit: Limit }
  | { readonly type: "head"; readonly length: number }
  | { readonly type: "tail"; readonly length: number }
  /** What stands in the brackets of `aggregate(…)`. */
  | { readonly type: "aggregate"; readonly source: SourceText }
  /** Counts what there is, or each value of a property. */
  | { readonly type: "count"; readonly source?: SourceText }
  | {
    readonly type: "navigate";
    readonly direction: "in" | "out";
    readonly from: number;
    /** Default: no bound. */
    readonly to?: number;
    /** Default: `edge_type` of the environment. */
    readonly edgeType?: EdgeType;
  };
