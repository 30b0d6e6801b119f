import { z } from "zod";
import { GRAPH_NAME } from "./graph_name.ts";

/** What section `metrics` of the document `skymap.metrics` says. */
export interface MetricsSection {
  /** Graph to measure. */
  readonly graph: string;
  /** Seconds that one update may take. */
  readonly timeout: number;
  /** Metrics beside those that are built in, by their name. */
  readonly metrics: Readonly<
    Record<string, { readonly help: string; readonly search: string }>
  >;
}

/** Reads section `metrics` of the document `skymap.metrics`. */
export const METRICS_SECTION: z.ZodType<MetricsSection> = z.strictObject({
  graph: GRAPH_NAME.describe("Graph to measure"),
  timeout: z.int().min(1).default(300).describe(
    "Seconds that one update of all metrics may take",
  ),
  metrics: z.record(
    z.string().regex(
      /^(?!metric_)[a-z][a-z0-9_]*(?<!_total)$/,
      "wanted small letters, digits and _, as in public_buckets, neither metric_… nor …_total",
    ),
    z.strictObject({
      help: z.string().min(1).describe("What it counts, in which unit"),
      search: z.string().min(1).describe(
        "A search with aggregate(…) that gives one value; its groups become labels",
      ),
    }),
  ).default({}).describe(
    "Metrics beside those that are built in, or in their place, by their name without skymap_",
  ),
});
