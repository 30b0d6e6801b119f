/**
 * The workflows that every Skymap has.
 *
 * @module
 */

import { defineWorkflow, type WorkflowDefinition } from "./definition.ts";

// No step waits for the graph to be merged: a worker answers `collect` only
// after core has answered its merges.
const COLLECT = [
  "pre_collect",
  "collect",
  "merge_outer_edges",
  "post_collect",
] as const;

const CLEANUP = [
  "pre_cleanup_plan",
  "cleanup_plan",
  "post_cleanup_plan",
  "pre_cleanup",
  "cleanup",
  "post_cleanup",
] as const;

const METRICS = [
  "pre_generate_metrics",
  "generate_metrics",
  "post_generate_metrics",
] as const;

/** `collect`, `cleanup`, `metrics` and `collect_and_cleanup`, which is hourly. */
export const BUILTIN_WORKFLOWS: readonly WorkflowDefinition[] = Object.freeze([
  defineWorkflow("collect", {
    steps: [...COLLECT, ...METRICS],
    locks: ["collect"],
  }),
  defineWorkflow("cleanup", {
    steps: [...CLEANUP, ...METRICS],
    locks: ["cleanup"],
  }),
  defineWorkflow("metrics", { steps: METRICS }),
  defineWorkflow("collect_and_cleanup", {
    steps: [...COLLECT, ...CLEANUP, ...METRICS],
    locks: ["collect", "cleanup"],
    schedule: "0 * * * *",
  }),
]);
