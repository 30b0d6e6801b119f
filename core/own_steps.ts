/**
 * What core itself does in the steps of a workflow.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import type { Graph } from "./graph/mod.ts";
import type { Searcher } from "./search/searcher.ts";
import type { LogEntry } from "./workflow/run.ts";
import type { StepHandler } from "./workflow/step_handlers.ts";

/** What is gone is kept for this long before it is retired: 30 days. */
const RETIRE_AFTER_MS: number = 30 * 24 * 3_600_000;

/** A graph and what answers its searches. */
export interface SearchedGraph {
  /** The graph. */
  readonly graph: Graph;
  /** What answers its searches. */
  readonly searcher: Searcher;
}

/** Adds to the log of a run. */
export type AppendLog = (
  run: string,
  entries: readonly LogEntry[],
) => Promise<void>;

/** Ids of at most two nodes that match: one is right, two are too many. */
async function findIds(
  searcher: Searcher,
  search: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of searcher.list(search, { signal })) {
    ids.push(id);
    if (ids.length === 2) break;
  }
  return ids;
}

/**
 * Does something for each graph. One that fails keeps no other from its turn, and
 * one that is removed meanwhile has not failed.
 */
async function forEach(
  graphs: () => readonly SearchedGraph[],
  work: (each: SearchedGraph) => Promise<void>,
): Promise<void> {
  const failures: string[] = [];
  for (const each of graphs()) {
    try {
      await work(each);
    } catch (error) {
      if (!graphs().some(({ graph }) => graph === each.graph)) continue;
      failures.push(`Graph "${each.graph.name}": ${messageOf(error)}`);
    }
  }
  if (failures.length > 0) throw new Error(failures.join("; "));
}

/**
 * The handlers by step: deferred edges are resolved when every plugin is done;
 * and after a collect an index that has grown is compacted, and what has been gone
 * for too long is retired.
 */
export function ownSteps(
  graphs: () => readonly SearchedGraph[],
  log: AppendLog,
): Readonly<Record<string, StepHandler>> {
  const entry = (step: string, level: LogEntry["level"], message: string) => ({
    step,
    level,
    message,
    source: "core",
  });
  return {
    async merge_outer_edges(run, signal) {
      await forEach(graphs, async ({ graph, searcher }) => {
        const { unresolved } = await graph.resolveDeferredEdges(
          (search) => findIds(searcher, search, signal),
          run,
        );
        await log(
          run,
          unresolved.map((why) => entry("merge_outer_edges", "warning", why)),
        );
      });
    },
    async post_collect(run) {
      await forEach(graphs, async ({ graph }) => {
        if (await graph.compactIfGrown()) {
          const message = `Compacted the index of graph "${graph.name}"`;
          await log(run, [entry("post_collect", "info", message)]);
        }
        const nodes = await graph.retireExpired(RETIRE_AFTER_MS, run);
        if (nodes === 0) return;
        await log(run, [
          entry(
            "post_collect",
            "info",
            `Retired ${nodes} nodes of graph "${graph.name}": they have been gone for 30 days`,
          ),
        ]);
      });
    },
  };
}
