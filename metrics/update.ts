/**
 * Runs the searches of the metrics.
 *
 * @module
 */

import type { CoreClient } from "@skymap/lib/client";
import { messageOf } from "@skymap/lib/errors";
import type { MetricDefinition } from "@skymap/lib/metrics";
import type { MetricResult } from "./exporter.ts";
import { toSamples } from "./sample.ts";

/** Runs an aggregating search and gives its rows. */
export type Aggregate = (
  search: string,
  signal: AbortSignal,
) => Promise<readonly Readonly<Record<string, unknown>>[]>;

/** An {@linkcode Aggregate} over core's API. */
export function aggregateOver(client: CoreClient, graph: string): Aggregate {
  return async (search, signal) => {
    const rows: Record<string, unknown>[] = [];
    for await (
      const record of client.search(graph, "aggregate", search, { signal })
    ) {
      if (!("type" in record)) rows.push(record);
    }
    return rows;
  };
}

/** Runs every metric's search, one after the other; a failure hides no other. */
export async function updateMetrics(
  metrics: readonly MetricDefinition[],
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<readonly MetricResult[]> {
  const results: MetricResult[] = [];
  for (const metric of metrics) {
    const startedAt = performance.now();
    try {
      const rows = await aggregate(metric.search, signal);
      const durationMs = performance.now() - startedAt;
      results.push({ ok: true, set: toSamples(metric, rows), durationMs });
    } catch (error) {
      signal.throwIfAborted();
      results.push({ ok: false, metric, message: messageOf(error) });
    }
  }
  return results;
}
