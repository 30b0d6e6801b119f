/**
 * The process of core, and what it holds on disk.
 *
 * @module
 */

import { Gauge, type Registry } from "prom-client";
import { VERSION } from "@skymap/lib/version";

/** Tells of the process itself. */
export class ProcessMetrics {
  readonly #ready;

  /** Adds them to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    new Gauge({
      name: "skymap_core_build_info",
      help: "Version of core",
      labelNames: ["version"],
      registers,
    }).set({ version: VERSION }, 1);
    new Gauge({
      name: "skymap_core_start_timestamp_seconds",
      help: "When core was started",
      registers,
    }).set((Date.now() - performance.now()) / 1_000);
    new Gauge({
      name: "skymap_core_resident_memory_bytes",
      help: "Resident memory of core",
      registers,
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
    this.#ready = new Gauge({
      name: "skymap_core_ready",
      help: "Whether core answers requests",
      registers,
    });
  }

  /** Core answers from now on, or does not any more. */
  setReady(isReady: boolean): void {
    this.#ready.set(isReady ? 1 : 0);
  }
}
