import { z } from "zod";
import { GRAPH_NAME } from "./graph_name.ts";

/** A name of a plugin, as the registry knows it. */
const pluginName: z.ZodType<string, string> = z.string().regex(
  /^[a-z][a-z0-9_]*$/,
  'wanted the name of a plugin; add one from elsewhere with "skymap plugin add"',
);

/** What section `worker` of the document `skymap.worker` says. */
export interface WorkerSection {
  /** Names of the plugins that it runs; none for all. */
  readonly collector?: readonly string[] | undefined;
  /** Graph to collect into. */
  readonly graph: string;
  /** Seconds that a whole collect may take. */
  readonly timeout: number;
  /** Seconds that one account may take at most. */
  readonly account_timeout?: number | undefined;
  /** Accounts that are collected side by side. */
  readonly pool_size: number;
  /** The most heap that a plugin gets. */
  readonly plugin_heap_mb?: number | undefined;
  /** The most memory that a plugin's process gets. */
  readonly plugin_memory_mb?: number | undefined;
}

/** Reads section `worker` of the document `skymap.worker`. */
export const WORKER_SECTION: z.ZodType<WorkerSection> = z.strictObject({
  collector: z.union([
    pluginName.transform((one) => [one]),
    z.array(pluginName),
  ]).optional().describe(
    "Names of the plugins that a worker runs, one or a list. When it is not set: those that are configured and those that were added",
  ),
  graph: GRAPH_NAME.describe("Graph to collect into"),
  timeout: z.number().positive().default(10_800).describe(
    "Seconds that a whole collect may take",
  ),
  account_timeout: z.number().positive().optional().describe(
    "Seconds that one account may take at most, whatever was approved for the plugin",
  ),
  pool_size: z.int().min(1).max(1_000).default(5).describe(
    "Accounts that are collected side by side",
  ),
  plugin_heap_mb: z.int().min(32).optional().describe(
    "Megabytes of JavaScript heap that a plugin gets at most, whatever was approved for it",
  ),
  plugin_memory_mb: z.int().min(64).optional().describe(
    "Megabytes of memory that a plugin's process gets at most, whatever was approved for it",
  ),
});
