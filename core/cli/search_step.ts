/**
 * What a command adds to the one search that leading commands become.
 *
 * @module
 */

import type { Aggregate, Limit, SortKey } from "../query/ast.ts";
import type { EdgeType } from "@skymap/lib/plugin";

/** What kind of answer a search has, and how it is asked for. */
export type SearchStep =
  /** Begins a search, or narrows the one before it. */
  | {
    readonly type: "search";
    /** The search as it was written. */
    readonly text: string;
    /** Where it begins within the line. */
    readonly offset: number;
    /** Whether edges are part of the answer. */
    readonly withEdges?: boolean;
    /** The state that is searched, as it was written. */
    readonly at?: string;
  }
  | {
    readonly type: "history";
    readonly text: string;
    readonly offset: number;
    readonly before?: string;
    readonly after?: string;
    readonly changes?: readonly string[];
    readonly of?: "nodes" | "edges" | "all";
  }
  | { readonly type: "sort"; readonly keys: readonly SortKey[] }
  | { readonly type: "limit"; readonly limit: Limit }
  | { readonly type: "head"; readonly length: number }
  | { readonly type: "tail"; readonly length: number }
  | { readonly type: "aggregate"; readonly aggregate: Aggregate }
  /** Counts what there is, or each value of a property. */
  | { readonly type: "count"; readonly property?: string }
  | {
    readonly type: "navigate";
    readonly direction: "in" | "out";
    readonly from: number;
    /** Default: no bound. */
    readonly to?: number;
    readonly edgeType?: EdgeType;
  };
