/**
 * What is done for each graph once a day: what is older than it is kept goes.
 *
 * @module
 */

import {
  downsamplingOf,
  type TimeSeriesConfig,
} from "./config/timeseries_section.ts";
import type { DailyWork } from "./daily.ts";
import type { Graph } from "./graph/mod.ts";
import type { TimeSeries } from "./timeseries/time_series.ts";

/** Prunes the history of a graph that is older than `keepMs`. */
export function pruneDaily(
  graph: Pick<Graph, "name" | "prune" | "prunedAt">,
  keepMs: number,
): DailyWork {
  return {
    name: `prune the history of graph "${graph.name}"`,
    lastAt: () => graph.prunedAt(),
    run: async (signal) => {
      const report = await graph.prune(keepMs, { signal });
      if (report === undefined) return;
      const { at, changes, versions } = report;
      return `Pruned the history of graph "${graph.name}" up to ${at}: ` +
        `${changes} changes, ${versions} versions`;
    },
  };
}

/** Downsamples the time series of a graph. */
export function downsampleDaily(
  graph: Pick<Graph, "name">,
  timeSeries: Pick<TimeSeries, "downsample" | "downsampledAt">,
  config: TimeSeriesConfig,
): DailyWork {
  return {
    name: `downsample the time series of graph "${graph.name}"`,
    lastAt: () => timeSeries.downsampledAt(),
    run: async (signal) => {
      const reports = await timeSeries.downsample({
        ...downsamplingOf(config),
        signal,
      });
      const before = reports.reduce((sum, each) => sum + each.snapshots, 0);
      const left = reports.reduce((sum, each) => sum + each.left, 0);
      if (left === before) return;
      return `Downsampled the time series of graph "${graph.name}": ` +
        `${left} snapshots of ${before} are left`;
    },
  };
}
