/**
 * The small pages of a process: `/health`, and `/metrics` for Prometheus.
 *
 * @module
 */

export { answerMetrics, pageText } from "./answer_metrics.ts";
export { boundedLabel } from "./bounded_label.ts";
export type { FamilySample, FamilyType, MetricFamily } from "./family.ts";
export { MetricBlock } from "./metric_block.ts";
export { type MetricsRegistry, registryBlocks } from "./registry_blocks.ts";
export { answerPage, type Pages, servePages } from "./serve_pages.ts";
export type { PageFormat } from "./write_family.ts";
