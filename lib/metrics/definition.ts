/** What a metric is to Prometheus. A gauge goes up and down, a counter only up. */
export type MetricType = "gauge" | "counter";

/** One metric: an aggregating search whose only function is its value. */
export interface MetricDefinition {
  /**
   * Name without the prefix `skymap_`, with its unit behind it. A counter ends in
   * `_total`, a gauge never does.
   */
  readonly name: string;
  /** What it counts, in which unit. */
  readonly help: string;
  /** Default: gauge. */
  readonly type?: MetricType;
  /** An `aggregate(…)`; the names of its groups become labels. */
  readonly search: string;
  /** Most series that it may have. Default: {@linkcode SERIES_LIMIT}. */
  readonly seriesLimit?: number;
  /** Whether core keeps it as a time series. Default: yes. */
  readonly history?: boolean;
}

/** A metric of which everything is said. */
export type MetricInForce = Required<MetricDefinition>;

/** Most series of a metric when nothing else is said. */
export const SERIES_LIMIT = 10_000;
