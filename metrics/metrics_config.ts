/**
 * What the exporter is configured with: the document `skymap.metrics` and what
 * it was started with in place of it.
 *
 * @module
 */

import type { Json, JsonObject } from "@skymap/lib/json";
import {
  type MetricInForce,
  metricsInForce,
  readMetricsSection,
} from "@skymap/lib/metrics";
import { applyOverrides, type Override } from "@skymap/lib/settings";

/** What the exporter is configured with. */
export interface MetricsConfig {
  /** Graph to measure. */
  readonly graph: string;
  /** Seconds that one update may take. */
  readonly timeoutSeconds: number;
  /** Whether metrics follow what changes in the graph, and not runs alone. */
  readonly live: boolean;
  /** The metrics: the default ones as they were changed, and your own. */
  readonly metrics: readonly MetricInForce[];
}

/** What counts in place of the document: flags more than overrides. */
export function metricsOverrides(
  overrides: readonly Override[],
  flags: Readonly<Record<string, Json | undefined>>,
): readonly Override[] {
  return [
    ...overrides.map((each) => ({
      ...each,
      path: each.path[0] === "skymap" ? each.path.slice(1) : each.path,
    })),
    ...Object.entries(flags).flatMap(([name, value]) =>
      value === undefined ? [] : [{ path: ["metrics", name], value }]
    ),
  ];
}

/**
 * Reads the document with its overrides.
 *
 * @throws {SkymapError} `config_invalid`, with every fault.
 */
export function readMetricsConfig(
  document: JsonObject,
  overrides: readonly Override[],
): MetricsConfig {
  const section = readMetricsSection(applyOverrides(document, overrides));
  return {
    graph: section.graph,
    timeoutSeconds: section.timeout,
    live: section.live,
    metrics: metricsInForce(section),
  };
}
