/**
 * Graphs: merge, ledger, history, and the index that follows.
 *
 * @module
 */

export type { ChangeRow } from "./pending_change.ts";
export { Graph, type GraphOptions, type GraphSize } from "./graph.ts";
export { linesOf } from "./copy/lines_of.ts";
export { importGraph, type ImportOptions } from "./copy/import_graph.ts";
export { openGraph } from "./open_graph.ts";
export type { Difference, VerifyReport } from "./verify.ts";
export type { MergeOptions } from "./merge.ts";
export {
  type NodeUpdates,
  UpdateCounter,
  type UpdateOptions,
} from "./update_nodes.ts";
export type { TagUpdate, TagUpdates } from "./update_tags.ts";
export { CHANGE_TYPES, type ChangeType } from "./history.ts";
export { type Point, type Snapshot, Snapshots } from "./snapshots.ts";
