/**
 * What cleanups did, and what kept them from it.
 *
 * @module
 */

import { Counter, type Registry } from "prom-client";
import type { CleanupItemState, CleanupPlanJson } from "@skymap/lib/client";
import type { CleanupWitness } from "../../cleanup/cleanup.ts";
import { CLEANUP_LIMITS } from "../../config/cleanup_section.ts";

const OUTCOMES: readonly CleanupItemState[] = [
  "done",
  "gone",
  "changed",
  "refused",
  "failed",
  "skipped",
];

/** How applies end. */
const RESULTS = ["applied", "failed", "refused"];

/** What keeps applies from it. */
const BELTS = [...CLEANUP_LIMITS, "enabled", "dry_run", "protection"];

type Progress = CleanupPlanJson["progress"];

const NOTHING: Progress = {
  pending: 0,
  done: 0,
  gone: 0,
  changed: 0,
  refused: 0,
  failed: 0,
  skipped: 0,
};

/** Counts plans, applies and what became of resources. */
export class CleanupMetrics implements CleanupWitness {
  readonly #plans;
  readonly #applies;
  readonly #resources;
  readonly #belts;
  /** Plans that are being applied, with the steps that are counted. */
  readonly #applying = new Map<string, Progress>();

  /** Adds them to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    this.#plans = new Counter({
      name: "skymap_core_cleanup_plans_total",
      help: "Cleanup plans that were made and kept",
      registers,
    });
    this.#applies = new Counter({
      name: "skymap_core_cleanup_applies_total",
      help: "Times that a cleanup plan was applied, but for dry runs",
      labelNames: ["result"],
      registers,
    });
    this.#resources = new Counter({
      name: "skymap_core_cleanup_resources_total",
      help: "Steps of cleanup plans by what became of them, but for dry runs",
      labelNames: ["outcome"],
      registers,
    });
    this.#belts = new Counter({
      name: "skymap_core_cleanup_belts_hit_total",
      help: "Applies that were refused, by the setting that says so",
      labelNames: ["belt"],
      registers,
    });
    // Prometheus misses the first one of a series that was not there before.
    for (const result of RESULTS) this.#applies.inc({ result }, 0);
    for (const outcome of OUTCOMES) this.#resources.inc({ outcome }, 0);
    for (const belt of BELTS) this.#belts.inc({ belt }, 0);
  }

  /** A plan was made. */
  planned(): void {
    this.#plans.inc();
  }

  /** An apply was refused. */
  refused(belts: readonly string[]): void {
    this.#applies.inc({ result: "refused" });
    for (const belt of belts) this.#belts.inc({ belt });
  }

  /** An apply begins; what was done before is not counted again. */
  begun({ id, progress }: Pick<CleanupPlanJson, "id" | "progress">): void {
    // What was not done is tried again.
    const { done, gone } = progress;
    this.#applying.set(id, { ...NOTHING, done, gone });
  }

  /** Hears of a plan that moved on. */
  hear({ id, state, progress }: CleanupPlanJson): void {
    const before = this.#applying.get(id);
    if (before === undefined) return;
    for (const outcome of OUTCOMES) {
      const count = progress[outcome] - before[outcome];
      if (count > 0) this.#resources.inc({ outcome }, count);
    }
    if (state === "applying") {
      this.#applying.set(id, progress);
      return;
    }
    this.#applying.delete(id);
    this.#applies.inc({ result: state });
  }
}
