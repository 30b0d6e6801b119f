/**
 * Graphs: merge, ledger, history, and the index that follows.
 *
 * @module
 */

export type { ChangeRow } from "./pending_change.ts";
export { Graph, type GraphOptions, openGraph } from "./graph.ts";
export type { MergeOptions } from "./merge.ts";
