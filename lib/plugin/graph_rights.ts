import type { GraphRight, PermissionPhase } from "./contract.ts";

/** What each {@linkcode GraphRight} lets a plugin do, for who approves it. */
export const GRAPH_RIGHT_TEXTS: Readonly<Record<GraphRight, string>> = {
  search: "may search the graph",
  clean: "may mark resources to be cleaned up",
  protect: "may protect resources from being cleaned up",
  tag: "may change tags of resources",
};

/** The phases that may have rights to the graph: what collects must not use it. */
export const GRAPH_PHASES: readonly PermissionPhase[] = [
  "actions",
  "tasks",
  "commands",
  "reactions",
];
