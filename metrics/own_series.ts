import { Counter, Gauge, Registry } from "prom-client";
import { type MetricBlock, registryBlocks } from "@skymap/lib/pages";

/** What the exporter tells of itself. */
export class OwnSeries {
  readonly #registry = new Registry();
  readonly #liveUpdates = new Counter({
    name: "skymap_metrics_live_updates_total",
    help: "How often metrics were computed because the graph had changed",
    registers: [this.#registry],
  });
  readonly #missedWords = new Counter({
    name: "skymap_metrics_missed_words_total",
    help: "How often words of changes were missed, so that all was computed",
    registers: [this.#registry],
  });

  /** Begins to count; `connected` says whether core is there. */
  constructor(connected: () => boolean) {
    new Gauge({
      name: "skymap_metrics_connected",
      help: "Whether the exporter is connected to core",
      registers: [this.#registry],
      collect() {
        this.set(Number(connected()));
      },
    });
    new Gauge({
      name: "skymap_metrics_resident_memory_bytes",
      help: "Resident memory of the exporter",
      registers: [this.#registry],
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
  }

  /** Metrics were computed because the graph had changed. */
  liveUpdate(): void {
    this.#liveUpdates.inc();
  }

  /** Words were missed. */
  missed(): void {
    this.#missedWords.inc();
  }

  /** All of it, as it is now. */
  blocks(): Promise<readonly MetricBlock[]> {
    return registryBlocks(this.#registry);
  }
}
