/**
 * What is measured of a graph, as data: core keeps it as time series, the
 * exporter shows it to Prometheus.
 *
 * @module
 */

export {
  type MetricDefinition,
  type MetricInForce,
  type MetricType,
  SERIES_LIMIT,
} from "./definition.ts";
export { DEFAULT_METRICS } from "./default_metrics.ts";
export { labelProblem } from "./label_problem.ts";
export { labelValue } from "./label_value.ts";
export { metricsInForce } from "./metrics_in_force.ts";
export { readMetricsSection } from "./read_metrics_section.ts";
export { SeriesCount } from "./series_count.ts";
