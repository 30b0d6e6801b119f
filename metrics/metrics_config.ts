/**
 * What the exporter is configured with: the document `skymap.metrics` and what
 * it was started with in place of it.
 *
 * @module
 */

import { METRICS_SECTION, resolveReferences } from "@skymap/lib/config";
import { SkymapError } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import { applyOverrides, type Override } from "@skymap/lib/settings";
import { DEFAULT_METRICS, type MetricDefinition } from "@skymap/lib/metrics";

/** What the exporter is configured with. */
export interface MetricsConfig {
  /** Graph to measure. */
  readonly graph: string;
  /** Seconds that one update may take. */
  readonly timeoutSeconds: number;
  /** The metrics: those that are built in, with those that are configured. */
  readonly metrics: readonly MetricDefinition[];
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

/** Whether this process may read a variable: its own settings. */
function mayRead(variable: string): boolean {
  return Deno.permissions.querySync({ name: "env", variable }).state ===
    "granted";
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
  const { metrics: written = {}, ...rest } = applyOverrides(
    document,
    overrides,
  );
  const section = resolveReferences(written, ["metrics"], {
    env: (name) => Deno.env.get(name),
    mayRead,
    readable: "SKYMAP_*",
  });
  const read = METRICS_SECTION.safeParse(section);
  const faults = [
    ...Object.keys(rest).map((name) => `${name}: is no such section`),
    ...(read.error?.issues ?? []).map(({ path, message }) =>
      `${["metrics", ...path].join(".")}: ${message}`
    ),
  ];
  if (!read.success || faults.length > 0) {
    throw new SkymapError(
      "config_invalid",
      `Cannot read the configuration: ${faults.join("; ")}`,
      { details: { faults } },
    );
  }
  const { graph, timeout, metrics } = read.data;
  const own = Object.entries(metrics).map(([name, each]) => ({
    name,
    ...each,
  }));
  return {
    graph,
    timeoutSeconds: timeout,
    metrics: [
      ...DEFAULT_METRICS.filter(({ name }) => !Object.hasOwn(metrics, name)),
      ...own,
    ],
  };
}
