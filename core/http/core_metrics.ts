/**
 * Core's own Prometheus metrics.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Gauge, Histogram, Registry } from "prom-client";
import { type MetricBlock, registryBlocks } from "@skymap/lib/pages";
import { CleanupMetrics } from "./metrics/cleanup_metrics.ts";
import { PluginMetrics } from "./metrics/plugin_metrics.ts";
import { ProcessMetrics } from "./metrics/process_metrics.ts";
import { RunMetrics } from "./metrics/run_metrics.ts";
import { StateMetrics } from "./metrics/state_metrics.ts";
import { WorkMetrics } from "./metrics/work_metrics.ts";
import type { ApiEnv } from "./middleware/api_env.ts";

/** Counts what core does, and tells how it stands. */
export class CoreMetrics {
  readonly #registry = new Registry();
  /** The process. */
  readonly process: ProcessMetrics = new ProcessMetrics(this.#registry);
  /** Merges, searches and lines. */
  readonly work: WorkMetrics = new WorkMetrics(this.#registry);
  /** Queues and graphs. */
  readonly state: StateMetrics = new StateMetrics(this.#registry);
  /** Runs. */
  readonly runs: RunMetrics = new RunMetrics(this.#registry);
  /** Cleanups. */
  readonly cleanup: CleanupMetrics = new CleanupMetrics(this.#registry);
  /** Plugins. */
  readonly plugins: PluginMetrics = new PluginMetrics(this.#registry);
  readonly #requests = new Histogram({
    name: "skymap_core_request_duration_seconds",
    help: "Time until the head of an answer was sent",
    labelNames: ["method", "path", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.#registry],
  });
  readonly #running = new Gauge({
    name: "skymap_core_requests_running",
    help: "Requests whose answer has not begun",
    registers: [this.#registry],
  });

  /** Times every request by the path's pattern, so labels stay few. */
  readonly time: MiddlewareHandler<ApiEnv> = async (context, next) => {
    const end = this.#requests.startTimer();
    this.#running.inc();
    try {
      await next();
    } finally {
      this.#running.dec();
    }
    end({
      method: context.req.method,
      path: routePath(context, -1),
      status: String(context.res.status),
    });
  };

  /** All of them, as they are now. */
  blocks(): Promise<readonly MetricBlock[]> {
    return registryBlocks(this.#registry);
  }
}
