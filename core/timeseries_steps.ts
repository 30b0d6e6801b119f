/**
 * What time series have of a collect: a snapshot of each metric.
 *
 * @module
 */

import { METRICS_SECTION, type MetricsSection } from "@skymap/lib/config";
import { messageOf } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { metricsInForce, readMetricsSection } from "@skymap/lib/metrics";
import type { AppendLog } from "./own_steps.ts";
import type { TimeSeries } from "./timeseries/time_series.ts";
import type { LogEntry } from "./workflow/run.ts";
import type { StepHandler } from "./workflow/step_handlers.ts";

/** What the steps work with. */
export interface TimeSeriesStepsOptions {
  /** Whether snapshots are taken by themselves. */
  readonly isEnabled: () => boolean;
  /** The document `skymap.metrics` as it is by now. */
  readonly metrics: () => JsonObject;
  /** The time series of a graph; undefined when there is no such graph. */
  readonly graph: (
    name: string,
  ) => Pick<TimeSeries, "snapshotOnce"> | undefined;
  /** Adds to the log of a run. */
  readonly log: AppendLog;
}

const STEP = "generate_metrics";

/** What of the time for all metrics one of them may take. */
const SHARE = 0.1;

function counted(count: number, what: string): string {
  return `${count} ${count === 1 ? what : `${what}s`}`;
}

/** The metrics and their graph, and why it is not what is configured. */
function readSection(
  document: JsonObject,
): { readonly section: MetricsSection; readonly problem?: string } {
  try {
    return { section: readMetricsSection(document) };
  } catch (error) {
    const problem = `The default metrics are taken: ${messageOf(error)}`;
    return { section: METRICS_SECTION.parse({}), problem };
  }
}

/**
 * The handlers by step: where metrics are generated, each that is in force gets a
 * snapshot, one for each run. One that fails is a warning, and hides no other.
 */
export function timeSeriesSteps(
  { isEnabled, metrics, graph, log }: TimeSeriesStepsOptions,
): Readonly<Record<string, StepHandler>> {
  return {
    async [STEP](run, signal) {
      if (!isEnabled()) return;
      const entries: LogEntry[] = [];
      const tell = (level: LogEntry["level"], message: string) =>
        void entries.push({ step: STEP, level, message, source: "core" });
      const { section, problem } = readSection(metrics());
      if (problem !== undefined) tell("warning", problem);
      const timeSeries = graph(section.graph);
      if (timeSeries === undefined) {
        tell(
          "warning",
          `Cannot take snapshots of metrics: there is no graph "${section.graph}"`,
        );
        await log(run, entries);
        return;
      }
      const mostMs = section.timeout * 1_000 * SHARE;
      let taken = 0;
      let values = 0;
      let incomplete = 0;
      for (const metric of metricsInForce(section)) {
        if (!metric.history) continue;
        if (signal.aborted) break;
        const { name, search, seriesLimit: limit } = metric;
        try {
          const report = await timeSeries.snapshotOnce(name, search, {
            run,
            signal: AbortSignal.any([signal, AbortSignal.timeout(mostMs)]),
            limit,
          });
          if (report === undefined) continue;
          taken++;
          values += report.values;
          const { stale, gaps } = report.coverage;
          if (stale > 0 || gaps.length > 0) incomplete++;
        } catch (error) {
          if (signal.aborted) break;
          tell(
            "warning",
            `Cannot take a snapshot of metric "${name}": ${messageOf(error)}`,
          );
        }
      }
      if (taken > 0) {
        tell(
          "info",
          `Took snapshots of ${counted(taken, "metric")} with ` +
            counted(values, "value") +
            (incomplete === 0
              ? ""
              : `; ${incomplete} rest on an answer that is not complete`),
        );
      }
      await log(run, entries);
      signal.throwIfAborted();
    },
  };
}
