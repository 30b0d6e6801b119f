/**
 * What core does for its callers: merges, searches, lines.
 *
 * @module
 */

import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { MergeReport } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import type { Texts } from "../../cli/core_services.ts";
import type { LineEvent } from "../../cli/execute_lines.ts";

/** How a search is asked for. */
export type CountedForm =
  | "list"
  | "graph"
  | "aggregate"
  | "count"
  | "history"
  | "timeline";

/** How a piece of work ended; one is stopped by whoever asked for it. */
export type WorkResult = "done" | "failed" | "stopped";

const ELEMENTS = ["nodes", "edges"] as const;
const CHANGES = ["created", "updated", "deleted"] as const;

type LabelValues = Readonly<Record<string, string | number>>;

/** Counts and times what callers ask for. */
export class WorkMetrics {
  readonly #merges;
  readonly #mergesRunning;
  readonly #changes;
  readonly #scopes;
  readonly #rejected;
  readonly #searches;
  readonly #searchesRunning;
  readonly #lines;
  readonly #linesRunning;

  /** Adds them to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    this.#merges = new Histogram({
      name: "skymap_core_merge_duration_seconds",
      help: "Time that merges took",
      labelNames: ["graph", "result"],
      buckets: [0.02, 0.1, 0.5, 2, 10, 60, 300, 1_800],
      registers,
    });
    this.#mergesRunning = new Gauge({
      name: "skymap_core_merges_running",
      help: "Merges that run",
      labelNames: ["graph"],
      registers,
    });
    this.#changes = new Counter({
      name: "skymap_core_merged_changes_total",
      help: "Changes that merges wrote",
      labelNames: ["graph", "element", "change"],
      registers,
    });
    this.#scopes = new Counter({
      name: "skymap_core_merged_scopes_total",
      help: "Scopes that merges closed",
      labelNames: ["graph", "status"],
      registers,
    });
    this.#rejected = new Counter({
      name: "skymap_core_merge_rejected_lines_total",
      help: "Nodes and edges that merges refused",
      labelNames: ["graph"],
      registers,
    });
    this.#searches = new Histogram({
      name: "skymap_core_search_duration_seconds",
      help: "Time until the last record of an answer was read",
      labelNames: ["graph", "form", "result"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    });
    this.#searchesRunning = new Gauge({
      name: "skymap_core_searches_running",
      help: "Searches whose answer is being read",
      labelNames: ["graph"],
      registers,
    });
    this.#lines = new Histogram({
      name: "skymap_core_command_line_duration_seconds",
      help: "Time that lines of the command line took",
      labelNames: ["result"],
      buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 600],
      registers,
    });
    this.#linesRunning = new Gauge({
      name: "skymap_core_command_lines_running",
      help: "Requests of the command line that run",
      registers,
    });
  }

  /**
   * Drops what was counted of a graph that was removed: whoever makes graphs and
   * removes them again would have more series every day.
   */
  async forget(graph: string): Promise<void> {
    const metrics = [
      this.#merges,
      this.#mergesRunning,
      this.#changes,
      this.#scopes,
      this.#rejected,
      this.#searches,
      this.#searchesRunning,
    ];
    for (const metric of metrics) {
      const { values } = await metric.get();
      for (const { labels } of values) {
        // The bound of a bucket is none of a histogram's own labels.
        const { le: _le, ...own }: LabelValues = labels;
        if (own["graph"] === graph) metric.remove(own);
      }
    }
  }

  /** Times a merge, and counts what it did. */
  async merge(
    graph: string,
    work: () => Promise<MergeReport>,
  ): Promise<MergeReport> {
    this.#mergesRunning.inc({ graph });
    const end = this.#merges.startTimer({ graph });
    let result: WorkResult = "failed";
    try {
      const report = await work();
      this.#merged(graph, report);
      result = "done";
      return report;
    } finally {
      end({ result });
      this.#mergesRunning.dec({ graph });
    }
  }

  #merged(graph: string, report: MergeReport): void {
    for (const element of ELEMENTS) {
      for (const change of CHANGES) {
        const count = report[`${element}_${change}`];
        this.#changes.inc({ graph, element, change }, count);
      }
    }
    this.#scopes.inc({ graph, status: "complete" }, report.scopes_complete);
    this.#scopes.inc({ graph, status: "failed" }, report.scopes_failed);
    this.#rejected.inc({ graph }, report.rejected);
  }

  /** Times a search until its last record, or until nobody reads on. */
  async *search(graph: string, form: CountedForm, texts: Texts): Texts {
    this.#searchesRunning.inc({ graph });
    const end = this.#searches.startTimer({ graph, form });
    let result: WorkResult = "stopped";
    try {
      yield* texts;
      result = "done";
    } catch (error) {
      result = isAbort(error) ? "stopped" : "failed";
      throw error;
    } finally {
      end({ result });
      this.#searchesRunning.dec({ graph });
    }
  }

  /** Times a search that gives one value. */
  async count<T>(graph: string, work: () => Promise<T>): Promise<T> {
    this.#searchesRunning.inc({ graph });
    const end = this.#searches.startTimer({ graph, form: "count" });
    let result: WorkResult = "failed";
    try {
      const value = await work();
      result = "done";
      return value;
    } catch (error) {
      if (isAbort(error)) result = "stopped";
      throw error;
    } finally {
      end({ result });
      this.#searchesRunning.dec({ graph });
    }
  }

  /** Times lines until their last event. */
  async *lines(events: AsyncGenerator<LineEvent>): AsyncGenerator<LineEvent> {
    this.#linesRunning.inc();
    const end = this.#lines.startTimer();
    let result: WorkResult = "stopped";
    try {
      let hasFailed = false;
      for await (const event of events) {
        hasFailed ||= event.type === "failed";
        yield event;
      }
      result = hasFailed ? "failed" : "done";
    } catch (error) {
      result = isAbort(error) ? "stopped" : "failed";
      throw error;
    } finally {
      end({ result });
      this.#linesRunning.dec();
    }
  }
}

/** Whether the caller went away, which is no fault of the work. */
function isAbort(error: unknown): boolean {
  // A search names what cancelled it; one that took too long has no cause.
  const reason = isSkymapError(error, "query_interrupted")
    ? error.cause
    : error;
  return reason instanceof DOMException && reason.name === "AbortError";
}
