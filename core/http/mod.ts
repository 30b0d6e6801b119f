/**
 * The HTTP API of core.
 *
 * @module
 */

export { createApi } from "./app.ts";
export { CoreMetrics } from "./core_metrics.ts";
export { DiskWatch } from "./metrics/disk_use.ts";
export type { CoreState } from "./metrics/state_metrics.ts";
export type { CountedForm } from "./metrics/work_metrics.ts";
export type {
  Caller,
  GraphService,
  SearchRequest,
} from "../cli/core_services.ts";
export type { Services } from "./services.ts";
