/**
 * The one search that the leading commands of a line become.
 *
 * @module
 */

import type { Path, SortKey } from "../query/ast.ts";
import type { SearchAt } from "../search/search_context.ts";
import type { AskedFor, SearchChanges, SearchNodes } from "./search_step.ts";

/** What kind of answer it has. */
export type FusedForm =
  /** Nodes. */
  | "list"
  /** Nodes and edges. */
  | "graph"
  /** Rows of an aggregation. */
  | "aggregate"
  /** Rows of a count, one for each value. */
  | "count"
  /** How the search is answered. */
  | "explain";

/** The one search that the leading commands of a line become. */
export interface FusedSearch extends AskedFor {
  /** What kind of answer it has. */
  readonly form: FusedForm;
  /** Its canonical text. */
  readonly text: string;
  /** The same as data. */
  readonly read: SearchAt;
  /**
   * The search without the order that nobody asked for, where that costs much and
   * its nodes are cheap to count. Default: none.
   */
  readonly unsorted?: Pick<FusedSearch, "text" | "read">;
  /** The state that is searched. Default: the present. */
  readonly at?: string;
  /** Which changes are searched. Default: none, it is about nodes. */
  readonly history?: Pick<
    SearchChanges,
    "after" | "before" | "changes" | "of"
  >;
  /** Order of the rows of an aggregation; empty for its functions. */
  readonly rowOrder: readonly SortKey[];
  /** Whether the elements are counted before they come. */
  readonly counts: boolean;
  /** Properties that it is about. */
  readonly properties: readonly Path[];
}

/** What a search of nodes and one of changes have in common. */
export type SearchStart = SearchNodes | SearchChanges;
