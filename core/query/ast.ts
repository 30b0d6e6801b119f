/**
 * A search as data: what was written, before anything is looked up.
 *
 * Every node is frozen and says by `type` what it is. Nothing here depends on a
 * graph, a model or a clock.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";

/** One step of a path: a key of an object, or elements of an array. */
export type PathItem =
  | { readonly key: string }
  /** A number is one element; `*` is each of them. */
  | { readonly index: number | "*" };

/** A property, such as `a.b[*].c` or `/metadata.cleaned`. */
export interface Path {
  /** Tells the node. */
  readonly type: "path";
  /** Whether it starts at the node itself and not at the current section. */
  readonly absolute: boolean;
  /** Its steps; the first one is a key. */
  readonly items: readonly PathItem[];
}

/** How a property is compared. */
export type Operator =
  | "<="
  | ">="
  | "<"
  | ">"
  | "=="
  | "!="
  | "=~"
  | "!~"
  | "in"
  | "not in";

/** How many elements of an array have to pass. */
export type Quantifier = "any" | "all" | "none";

/** Every node. */
export interface All {
  /** Tells the node. */
  readonly type: "all";
}

/** Nodes of a kind, or of one that descends from it. */
export interface Is {
  /** Tells the node. */
  readonly type: "is";
  /** Any of these. */
  readonly kinds: readonly string[];
}

/** Nodes by their id. */
export interface Id {
  /** Tells the node. */
  readonly type: "id";
  /** Any of these. */
  readonly ids: readonly string[];
}

/** Nodes that hold a phrase in any property. */
export interface Text {
  /** Tells the node. */
  readonly type: "text";
  /** The phrase. */
  readonly text: string;
}

/** A property compared with a value. */
export interface Predicate {
  /** Tells the node. */
  readonly type: "predicate";
  /** The property. */
  readonly path: Path;
  /** For arrays: how many elements have to pass. */
  readonly quantifier?: Quantifier;
  /** The comparison. */
  readonly operator: Operator;
  /** What it is compared with. */
  readonly value: Json;
}

/** Names of the functions. */
export type FunctionName = "in_subnet" | "has_desired_change" | "has_key";

/** A function of a property. */
export interface Call {
  /** Tells the node. */
  readonly type: "call";
  /** Which function. */
  readonly name: FunctionName;
  /** The property. */
  readonly path: Path;
  /** Its other arguments. */
  readonly args: readonly Json[];
}

/** A filter that one and the same element of an array has to pass. */
export interface Block {
  /** Tells the node. */
  readonly type: "block";
  /** Prefix of all paths inside. */
  readonly path: Path;
  /** What has to hold. */
  readonly filter: Filter;
}

/** The opposite of a filter. */
export interface Not {
  /** Tells the node. */
  readonly type: "not";
  /** What must not hold. */
  readonly filter: Filter;
}

/** Two filters together. */
export interface Combine {
  /** Tells the node. */
  readonly type: "combine";
  /** Whether both or either of them have to hold. */
  readonly operator: "and" | "or";
  /** The first. */
  readonly left: Filter;
  /** The second. */
  readonly right: Filter;
}

/** A condition on a node. */
export type Filter =
  | All
  | Is
  | Id
  | Text
  | Predicate
  | Call
  | Block
  | Not
  | Combine;

/** Steps along edges. */
export interface Navigation {
  /** Tells the node. */
  readonly type: "navigation";
  /** With the edges, against them, or each of both. */
  readonly direction: "out" | "in" | "both";
  /** Edge types; for `both` those of the steps against the edges. */
  readonly types: readonly EdgeType[];
  /** For `both`: edge types of the steps along the edges. */
  readonly outTypes?: readonly EdgeType[];
  /** Fewest steps. */
  readonly from: number;
  /** Most steps. Default: no bound. */
  readonly to?: number;
  /** What every edge has to pass. */
  readonly filter?: Filter;
}

/** A condition on how many neighbours a node has. */
export interface With {
  /** Tells the node. */
  readonly type: "with";
  /** How many neighbours have to be there. */
  readonly count: { readonly operator: Operator; readonly value: number };
  /** How it was written: `empty` is `== 0`, `any` is `> 0`. */
  readonly form: "empty" | "any" | "count";
  /** Where the neighbours are. */
  readonly navigation: Navigation;
  /** Which neighbours count. Default: all. */
  readonly filter?: Filter;
  /** What holds for the neighbours' neighbours. */
  readonly with?: With;
}

/** A sub search per node, whose answer is put into the node. */
export interface MergeQuery {
  /** Where the answer is put. */
  readonly name: readonly string[];
  /** Whether all hits are put there, and not only the first. */
  readonly list: boolean;
  /** The sub search; its first part is a navigation. */
  readonly query: Query;
}

/** Sub searches per node, and a filter on what they found. */
export interface Merge {
  /** Tells the node. */
  readonly type: "merge";
  /** The sub searches. */
  readonly queries: readonly MergeQuery[];
  /** Applied when they have been answered. */
  readonly after?: Filter;
}

/** One key of an order. */
export interface SortKey {
  /** The property. */
  readonly path: Path;
  /** Smallest or largest first. */
  readonly direction: "asc" | "desc";
}

/** A stretch of an ordered answer. */
export interface Limit {
  /** How many are left out first. */
  readonly offset: number;
  /** How many are taken at most. */
  readonly length: number;
}

/** A point of time: so long ago, or an ISO time. */
export type When = { readonly agoMs: number } | { readonly at: string };

/** Asks for metrics to be added to the nodes. */
export interface WithUsage {
  /** Tells the node. */
  readonly type: "with_usage";
  /** Start of the window. */
  readonly start: When;
  /** End of the window. Default: now. */
  readonly end?: When;
  /** Names of the metrics. */
  readonly metrics: readonly string[];
}

/** What is done between two navigations. */
export interface Part {
  /** Tells the node. */
  readonly type: "part";
  /** Metrics to add. */
  readonly withUsage?: WithUsage;
  /** Which nodes. */
  readonly filter: Filter;
  /** Sub searches. */
  readonly merge?: Merge;
  /** Condition on neighbours. */
  readonly with?: With;
  /** Name that the nodes of this part get. */
  readonly tag?: string;
  /** The order; empty when none was asked for. */
  readonly sort: readonly SortKey[];
  /** The stretch of the order that is kept. */
  readonly limit?: Limit;
  /** Whether the order is turned round after the limit. */
  readonly reversed: boolean;
  /** Where the search goes on. */
  readonly navigation?: Navigation;
}

/** Text around properties, as the name of a group. */
export interface Template {
  /** Tells the node. */
  readonly type: "template";
  /** Texts as they are, and properties. */
  readonly parts: readonly (string | Path)[];
}

/** What an aggregation groups by. */
export interface GroupVariable {
  /** The property or template. */
  readonly value: Path | Template;
  /** Its name in the answer. */
  readonly as?: string;
}

/** Names of the aggregate functions. */
export type AggregateName =
  | "sum"
  | "count"
  | "min"
  | "max"
  | "avg"
  | "stddev"
  | "variance";

/** A step of arithmetic, done from left to right. */
export interface Arithmetic {
  /** What is done. */
  readonly operator: "+" | "-" | "*" | "/" | "%";
  /** The second operand: a property, or the same number for each node. */
  readonly value: Path | number;
}

/** A number over a group. */
export interface AggregateFunction {
  /** Which function. */
  readonly name: AggregateName;
  /** A property, or the same number for each node. */
  readonly value: Path | number;
  /** Done with the value before the function. */
  readonly operations: readonly Arithmetic[];
  /** Its name in the answer. */
  readonly as?: string;
}

/** Numbers over groups of nodes. */
export interface Aggregate {
  /** Tells the node. */
  readonly type: "aggregate";
  /** What nodes are grouped by. */
  readonly groups: readonly GroupVariable[];
  /** What is computed of each group. */
  readonly functions: readonly AggregateFunction[];
}

/** A whole search. */
export interface Query {
  /** Tells the node. */
  readonly type: "query";
  /** What is computed of the nodes. */
  readonly aggregate?: Aggregate;
  /** Its parts; every one but the last ends in a navigation. */
  readonly parts: readonly Part[];
}
