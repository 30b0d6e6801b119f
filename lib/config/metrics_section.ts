import { z } from "zod";
import { DEFAULT_METRICS } from "../metrics/default_metrics.ts";
import { type MetricType, SERIES_LIMIT } from "../metrics/definition.ts";
import { GRAPH_NAME } from "./graph_name.ts";

/** What section `metrics` says of one metric: a new one, or a default one. */
export interface MetricEntry {
  /** False drops a default metric, and keeps one of your own for later. */
  readonly enabled: boolean;
  /** What it counts; a default metric keeps its own where nothing is said. */
  readonly help?: string | undefined;
  /** The search; a default metric keeps its own where nothing is said. */
  readonly search?: string | undefined;
  /** What it is to Prometheus. */
  readonly type: MetricType;
  /** Most series that it may have. */
  readonly series_limit?: number | undefined;
  /** Whether core keeps it as a time series. */
  readonly history: boolean;
}

/** What section `metrics` of the document `skymap.metrics` says. */
export interface MetricsSection {
  /** Graph to measure. */
  readonly graph: string;
  /** Seconds that one update may take. */
  readonly timeout: number;
  /** Whether metrics follow what changes in the graph, and not runs alone. */
  readonly live: boolean;
  /** Most series of a metric that says nothing of its own. */
  readonly series_limit: number;
  /** Metrics beside the default ones, and what is changed of those, by name. */
  readonly metrics: Readonly<Record<string, MetricEntry>>;
}

const SERIES = z.int().min(1).max(1_000_000);

const ENTRY = z.strictObject({
  enabled: z.boolean().default(true).describe(
    "Whether it is measured; false drops a default metric",
  ),
  help: z.string().min(1).optional().describe("What it counts, in which unit"),
  search: z.string().min(1).optional().describe(
    "A search with aggregate(…) that gives one value; its groups become labels",
  ),
  type: z.enum(["gauge", "counter"]).default("gauge").describe(
    "What it is to Prometheus; a counter only goes up, and its name ends in _total",
  ),
  series_limit: SERIES.optional().describe(
    "Most series that it may have. Default: metrics.series_limit",
  ),
  history: z.boolean().default(true).describe(
    "Whether core keeps it as a time series",
  ),
});

/** Names of the default metrics. */
const DEFAULTS: ReadonlySet<string> = new Set(
  DEFAULT_METRICS.map(({ name }) => name),
);

/** Tells what fits neither a default metric nor a whole one. */
function checkEntries(
  entries: Readonly<Record<string, MetricEntry>>,
  context: z.RefinementCtx,
): void {
  for (const [name, { type, ...entry }] of Object.entries(entries)) {
    const tell = (message: string, ...at: string[]) =>
      context.addIssue({ code: "custom", path: [name, ...at], message });
    const isTotal = name.endsWith("_total");
    if (type === "counter" && !isTotal) {
      tell(`wanted gauge, or the name "${name}_total" of a counter`, "type");
    }
    if (type === "gauge" && isTotal) {
      tell(
        `is a gauge named like a counter, wanted the name "${
          name.replace(/_total$/, "")
        }" or type: counter`,
      );
    }
    const family = name.replace(/_total$/, "");
    if (isTotal && (DEFAULTS.has(family) || Object.hasOwn(entries, family))) {
      tell(`is to Prometheus the same as "${family}", wanted another name`);
    }
    if (DEFAULTS.has(name)) continue;
    const missing = (["help", "search"] as const).filter((each) =>
      entry[each] === undefined
    );
    if (missing.length > 0) {
      tell(
        `is no default metric and has no ${missing.join(" and no ")}, ` +
          "wanted both, or the name of a default metric",
      );
    }
  }
}

/** Reads section `metrics` of the document `skymap.metrics`. */
export const METRICS_SECTION: z.ZodType<MetricsSection> = z.strictObject({
  graph: GRAPH_NAME.describe("Graph to measure"),
  timeout: z.int().min(1).default(300).describe(
    "Seconds that one update of all metrics may take",
  ),
  live: z.boolean().default(true).describe(
    "Whether a metric is computed anew as soon as its graph changes, and not at the step generate_metrics alone",
  ),
  series_limit: SERIES.default(SERIES_LIMIT).describe(
    "Most series that a metric may have that says nothing of its own; one that has more is refused",
  ),
  metrics: z.record(
    z.string().regex(
      /^(?!metrics?_|core_|worker_)[a-z][a-z0-9_]*(?<!_bucket|_count|_sum|_created|_info)$/,
      "wanted small letters, digits and _, as in public_buckets; metric_…, metrics_…, core_… and worker_… are Skymap's own, and …_bucket, …_count, …_sum, …_created and …_info mean something else to Prometheus",
    ),
    ENTRY,
  ).superRefine(checkEntries).default({}).describe(
    "Metrics of your own, and what is changed of the default ones, by their name without skymap_",
  ),
});
