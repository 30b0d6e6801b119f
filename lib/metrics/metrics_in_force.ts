import type { MetricsSection } from "../config/metrics_section.ts";
import { DEFAULT_METRICS } from "./default_metrics.ts";
import type { MetricInForce } from "./definition.ts";

/**
 * The metrics that are measured: the default ones as they were changed, without
 * those that were dropped, and those of the section itself behind them.
 */
export function metricsInForce(
  { metrics, series_limit }: Pick<MetricsSection, "metrics" | "series_limit">,
): readonly MetricInForce[] {
  const known = new Map(DEFAULT_METRICS.map((each) => [each.name, each]));
  const names = new Set([...known.keys(), ...Object.keys(metrics)]);
  return [...names].flatMap((name): MetricInForce[] => {
    const base = known.get(name);
    const entry = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
    if (entry?.enabled === false) return [];
    return [{
      name,
      help: entry?.help ?? base?.help ?? "",
      search: entry?.search ?? base?.search ?? "",
      type: entry?.type ?? "gauge",
      seriesLimit: entry?.series_limit ?? series_limit,
      history: entry?.history ?? true,
    }];
  });
}
