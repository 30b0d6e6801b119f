/**
 * What is measured of a graph, as data: core keeps it as time series, the
 * exporter shows it to Prometheus.
 *
 * @module
 */

export type { MetricDefinition, MetricType } from "./definition.ts";
export { DEFAULT_METRICS } from "./default_metrics.ts";
