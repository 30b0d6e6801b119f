/**
 * The page that Prometheus reads: samples of one run, swapped in at once.
 *
 * @module
 */

import { Counter, Gauge, Registry } from "prom-client";
import type { MetricDefinition } from "@skymap/lib/metrics";
import type { SampleSet } from "./sample.ts";

/** What became of one metric in an update. */
export type MetricResult =
  | {
    readonly ok: true;
    readonly set: SampleSet;
    readonly durationMs: number;
  }
  | {
    readonly ok: false;
    readonly metric: MetricDefinition;
    readonly message: string;
  };

/** A metric's samples that were good the last time. */
interface Kept {
  readonly set: SampleSet;
  readonly at: number;
  readonly durationMs: number;
}

/**
 * Holds the samples of the last run. A metric whose search fails keeps the
 * samples it had, and says so by its age and its count of failures.
 */
export class Exporter {
  /** Media type of the page. */
  readonly contentType: string = Registry.PROMETHEUS_CONTENT_TYPE;
  #live: Registry;
  #kept = new Map<string, Kept>();
  #failures = new Map<string, number>();
  readonly #now: () => number;

  /** Makes an exporter without samples; `now` gives the time in ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
    this.#live = this.#build();
  }

  /** Takes the results of a run; readers see all of them or none. */
  update(results: readonly MetricResult[]): void {
    for (const result of results) {
      if (result.ok) {
        const { set, durationMs } = result;
        this.#kept.set(set.metric.name, { set, at: this.#now(), durationMs });
      } else {
        const { name } = result.metric;
        this.#failures.set(name, (this.#failures.get(name) ?? 0) + 1);
      }
    }
    this.#live = this.#build();
  }

  /** Forgets every metric but those of these names. */
  keep(names: readonly string[]): void {
    for (const kept of [this.#kept, this.#failures]) {
      for (const name of kept.keys()) {
        if (!names.includes(name)) kept.delete(name);
      }
    }
  }

  /** The page in Prometheus' text format. */
  page(): Promise<string> {
    return this.#live.metrics();
  }

  #build(): Registry {
    const registry = new Registry();
    for (const { set } of this.#kept.values()) addSamples(registry, set);
    const about = {
      updated: this.#gauge(
        registry,
        "skymap_metric_updated_timestamp_seconds",
        "When the metric's search last worked",
      ),
      duration: this.#gauge(
        registry,
        "skymap_metric_duration_seconds",
        "How long the metric's search took",
      ),
      rows: this.#gauge(
        registry,
        "skymap_metric_rows",
        "Rows that the metric's search gave",
      ),
    };
    for (const [metric, { set, at, durationMs }] of this.#kept) {
      about.updated.set({ metric }, at / 1000);
      about.duration.set({ metric }, durationMs / 1000);
      about.rows.set({ metric }, set.samples.length);
    }
    const failures = new Counter({
      name: "skymap_metric_failures_total",
      help: "How often the metric's search failed",
      labelNames: ["metric"],
      registers: [registry],
    });
    for (const [metric, count] of this.#failures) {
      failures.inc({ metric }, count);
    }
    return registry;
  }

  #gauge(registry: Registry, name: string, help: string): Gauge<"metric"> {
    return new Gauge({
      name,
      help,
      labelNames: ["metric"],
      registers: [registry],
    });
  }
}

function addSamples(registry: Registry, set: SampleSet): void {
  const gauge = new Gauge({
    name: `skymap_${set.metric.name}`,
    help: set.metric.help,
    labelNames: [...set.labelNames],
    registers: [registry],
  });
  for (const { labels, value } of set.samples) gauge.set({ ...labels }, value);
}
