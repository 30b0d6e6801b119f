/**
 * Computes metrics.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import type { MetricInForce } from "@skymap/lib/metrics";
import type { GraphSearches } from "./core_searches.ts";
import type { MetricResult } from "./exporter.ts";
import { inLanes } from "./in_lanes.ts";
import { toSamples } from "./sample.ts";

/** What ends an update. */
export interface UpdateSignals {
  /** Time is up: what was not computed by then has failed. */
  readonly deadline: AbortSignal;
  /** Nobody waits any more: what was not computed by then is left out. */
  readonly stop: AbortSignal;
}

/**
 * Runs the searches of metrics, a few side by side. A failure hides no other;
 * it is one of the results.
 */
export async function updateMetrics(
  metrics: readonly MetricInForce[],
  { aggregate }: Pick<GraphSearches, "aggregate">,
  { deadline, stop }: UpdateSignals,
): Promise<readonly MetricResult[]> {
  const signal = AbortSignal.any([deadline, stop]);
  const results = new Map<MetricInForce, MetricResult>();
  await inLanes(metrics, async (metric) => {
    const at = Date.now();
    const startedAt = performance.now();
    try {
      signal.throwIfAborted();
      const { rows, coverage } = await aggregate(metric, signal);
      const set = toSamples(metric, rows);
      const durationMs = performance.now() - startedAt;
      results.set(metric, { ok: true, metric, set, coverage, at, durationMs });
    } catch (error) {
      if (stop.aborted) return;
      const message = deadline.aborted
        ? "the time of the update was up"
        : messageOf(error);
      const durationMs = performance.now() - startedAt;
      results.set(metric, { ok: false, metric, message, durationMs });
    }
  });
  return metrics.flatMap((metric) => results.get(metric) ?? []);
}
