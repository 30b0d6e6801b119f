/**
 * How runs of workflows and jobs ended.
 *
 * @module
 */

import { Gauge, Histogram, type Registry } from "prom-client";
import { isEnded, type Run } from "../../workflow/run.ts";
import type { RunEnd } from "../../workflow/run_store.ts";

/** A collect that has ended. */
export interface EndedCollect {
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
}

/** A run without its steps. */
type RunHead = Pick<RunEnd, "workflow" | "state" | "endedAt">;

/** Runs that are remembered as counted. */
const MAX_COUNTED = 1_000;

/** Step in which workers collect. */
const COLLECT = "collect";

/** Gives when a scope was listed completely the last time, of all graphs. */
export type NewestListing = () => Promise<number | undefined>;

/** The last collect of a run in which somebody was asked, if it has one. */
function collectOf(ended: RunEnd["ended"]): EndedCollect | undefined {
  const step = ended.findLast(({ name, actions }) =>
    name === COLLECT && actions.length > 0
  );
  const { startedAt, endedAt } = step ?? {};
  return startedAt === undefined || endedAt === undefined
    ? undefined
    : { startedAt, endedAt };
}

/** Counts and times runs. */
export class RunMetrics {
  readonly #durations;
  readonly #lastRuns;
  readonly #lastCollect;
  /** Ends before this time are known already. */
  #beganMs = -Infinity;
  /** Runs whose end was counted: it may be told again, with a longer log. */
  readonly #counted = new Set<string>();
  readonly #ends = new Map<string, number>();
  #newestListing: NewestListing = () => Promise.resolve(undefined);
  #good: EndedCollect | undefined;

  /** Adds them to a registry. */
  constructor(registry: Registry) {
    const registers = [registry];
    this.#durations = new Histogram({
      name: "skymap_core_run_duration_seconds",
      help: "Time that runs took from their start",
      labelNames: ["workflow", "result"],
      buckets: [1, 10, 60, 300, 1_800, 3_600, 14_400],
      registers,
    });
    this.#lastRuns = new Gauge({
      name: "skymap_core_last_run_timestamp_seconds",
      help: "When the last run ended that ended so",
      labelNames: ["workflow", "result"],
      registers,
    });
    this.#lastCollect = new Gauge({
      name: "skymap_core_last_collect_timestamp_seconds",
      help: "When the last collect ended that listed something",
      registers,
    });
    // A gauge without labels says 0 before it knows anything.
    this.#lastCollect.remove();
  }

  /**
   * The last collect that listed at least one scope of any account. That others
   * failed is told by the ledger; one that listed nothing is none.
   */
  get lastCollect(): EndedCollect | undefined {
    return this.#good;
  }

  /** Takes up how runs ended before this time, and what listings there are. */
  async begin(
    ends: Iterable<RunEnd>,
    nowMs: number,
    newestListing: NewestListing,
  ): Promise<void> {
    this.#beganMs = nowMs;
    this.#newestListing = newestListing;
    const collects: EndedCollect[] = [];
    for (const end of ends) {
      this.#note(end);
      const collect = collectOf(end.ended);
      if (collect !== undefined) collects.push(collect);
    }
    await this.#judge(collects);
  }

  /** Hears of a run that changed; its end counts once. */
  hear(run: Run): void {
    const { id, workflow, state: result, startedAt, endedAt } = run;
    if (!isEnded(run) || endedAt === undefined) return;
    if (endedAt < this.#beganMs || this.#counted.has(id)) return;
    this.#counted.add(id);
    const [oldest] = this.#counted;
    if (this.#counted.size > MAX_COUNTED && oldest !== undefined) {
      this.#counted.delete(oldest);
    }
    this.#note(run);
    const collect = collectOf(run.steps);
    // Of one whose listings cannot be read nobody may say that it was good.
    if (collect !== undefined) this.#judge([collect]).catch(() => {});
    // One that was stopped while it waited took no time.
    if (startedAt === undefined) return;
    this.#durations.observe(
      { workflow, result },
      Math.max(0, endedAt - startedAt) / 1_000,
    );
  }

  #note({ workflow, state, endedAt }: RunHead): void {
    if (endedAt === undefined) return;
    const key = JSON.stringify([workflow, state]);
    if (endedAt > (this.#ends.get(key) ?? -Infinity)) {
      this.#ends.set(key, endedAt);
      this.#lastRuns.set({ workflow, result: state }, endedAt / 1_000);
    }
  }

  /** Takes the last of these since whose start something was listed. */
  async #judge(collects: readonly EndedCollect[]): Promise<void> {
    const newestMs = await this.#newestListing() ?? -Infinity;
    for (const collect of collects) {
      if (collect.startedAt > newestMs) continue;
      if (collect.endedAt <= (this.#good?.endedAt ?? -Infinity)) continue;
      this.#good = collect;
      this.#lastCollect.set(collect.endedAt / 1_000);
    }
  }
}
