/**
 * Core's own Prometheus metrics.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { routePath } from "hono/route";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { MergeReport } from "@skymap/lib/client";
import { type MetricBlock, registryBlocks } from "@skymap/lib/pages";
import type { ApiEnv } from "./middleware/api_env.ts";

/** Counts what core does. */
export class CoreMetrics {
  readonly #registry = new Registry();
  readonly #requests = new Histogram({
    name: "skymap_core_request_duration_seconds",
    help: "Time until the head of an answer was sent",
    labelNames: ["method", "path", "status"],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
    registers: [this.#registry],
  });
  readonly #changes = new Counter({
    name: "skymap_core_merged_changes_total",
    help: "Changes that merges wrote",
    labelNames: ["graph", "element", "change"],
    registers: [this.#registry],
  });
  readonly #scopes = new Counter({
    name: "skymap_core_merged_scopes_total",
    help: "Scopes that merges closed",
    labelNames: ["graph", "status"],
    registers: [this.#registry],
  });

  /** Makes the metrics; the memory of the process is read with each page. */
  constructor() {
    new Gauge({
      name: "skymap_core_resident_memory_bytes",
      help: "Resident memory of core",
      registers: [this.#registry],
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
  }

  /** Times every request by the path's pattern, so labels stay few. */
  readonly time: MiddlewareHandler<ApiEnv> = async (context, next) => {
    const end = this.#requests.startTimer();
    await next();
    end({
      method: context.req.method,
      path: routePath(context, -1),
      status: String(context.res.status),
    });
  };

  /** Counts what a merge did. */
  merged(graph: string, report: MergeReport): void {
    for (const element of ["nodes", "edges"] as const) {
      for (const change of ["created", "updated", "deleted"] as const) {
        this.#changes.inc(
          { graph, element, change },
          report[`${element}_${change}`],
        );
      }
    }
    this.#scopes.inc({ graph, status: "complete" }, report.scopes_complete);
    this.#scopes.inc({ graph, status: "failed" }, report.scopes_failed);
  }

  /** All of them, as they are now. */
  blocks(): Promise<readonly MetricBlock[]> {
    return registryBlocks(this.#registry);
  }
}
