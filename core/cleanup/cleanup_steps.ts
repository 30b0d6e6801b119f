/**
 * What cleanups do in the steps of a workflow.
 *
 * @module
 */

import type { CleanupPlanJson } from "@skymap/lib/client";
import type { LogEntry } from "../workflow/run.ts";
import type { StepHandler } from "../workflow/step_handlers.ts";
import type { Cleanup } from "./cleanup.ts";

/** Time that the step has that deletes: 12 hours. */
export const CLEANUP_TIMEOUT_MS: number = 12 * 3_600_000;

/** Nodes that stay which are told one by one. */
const TOLD = 20;

/** What the steps work with. */
export interface CleanupStepsOptions {
  /** What makes and applies plans. */
  readonly cleanup: Pick<
    Cleanup,
    "plan" | "list" | "apply" | "blocked" | "cancel" | "config"
  >;
  /** Adds to the log of a run. */
  readonly log: (run: string, entries: readonly LogEntry[]) => Promise<void>;
}

function count(number: number, what: string): string {
  return `${number} ${number === 1 ? what : `${what}s`}`;
}

/** What a plan says of itself, in one line. */
function planLine(plan: CleanupPlanJson): string {
  const { id, deletions, detachments, blocked, waves } = plan;
  const detached = detachments === 0 ? "" : `, ${detachments} detached before`;
  return `Plan ${id.slice(0, 8)}: ${count(deletions, "resource")} to delete ` +
    `in ${count(waves, "wave")}${detached}; ${blocked} to keep`;
}

class Steps {
  readonly #options: CleanupStepsOptions;

  constructor(options: CleanupStepsOptions) {
    this.#options = options;
  }

  async #tell(
    run: string,
    step: string,
    level: LogEntry["level"],
    message: string,
  ): Promise<void> {
    const entry = { step, level, message, source: "core" };
    await this.#options.log(run, [entry]);
  }

  /** Plans what is marked by now: those who mark have had their steps. */
  async plan(run: string, signal: AbortSignal): Promise<void> {
    const { cleanup } = this.#options;
    const step = "pre_cleanup";
    const plan = await cleanup.plan(cleanup.config.graph, {
      by: `run ${run}`,
      run,
      signal,
    });
    if (plan.deletions + plan.blocked === 0) {
      await this.#tell(run, step, "info", "Nothing is marked to be cleaned up");
      return;
    }
    await this.#tell(run, step, "info", planLine(plan));
    for (const { message } of plan.crossed) {
      const text = `Plan ${plan.id.slice(0, 8)} crosses a limit: ${message}`;
      await this.#tell(run, step, "warning", text);
    }
    let told = 0;
    for await (
      const { kind, id, account, message } of cleanup.blocked(plan.id)
    ) {
      if (told++ === TOLD) break;
      const text = `Stays: ${kind} ${id} in account ${account}: ${message}`;
      await this.#tell(run, step, "warning", text);
    }
    if (plan.blocked > TOLD) {
      const text = `${plan.blocked - TOLD} further ones stay: cleanup show ` +
        `${plan.id.slice(0, 8)} --blocked`;
      await this.#tell(run, step, "warning", text);
    }
  }

  /** Applies the plan of the run, if the configuration lets it. */
  async apply(run: string, signal: AbortSignal): Promise<void> {
    const { cleanup } = this.#options;
    const step = "cleanup";
    const plan = (await cleanup.list(cleanup.config.graph))
      .find((each) => each.run === run);
    if (plan === undefined || plan.deletions === 0) return;
    if (!cleanup.config.enabled) {
      await this.#tell(
        run,
        step,
        "info",
        `Plan ${plan.id.slice(0, 8)} is not applied: core.cleanup.enabled is ` +
          "false",
      );
      return;
    }
    // One after the other, and all of them before the step ends.
    let told = Promise.resolve();
    const by = `run ${run}`;
    const { notes, ended } = await cleanup.apply(plan.id, {
      by,
      tell: (level, message) => {
        told = told.then(() => this.#tell(run, step, level, message));
        told.catch(() => {});
      },
    });
    for (const note of notes) await this.#tell(run, step, "warning", note);
    const end = await endedOrStopped(ended, signal);
    if (end === undefined) {
      await cleanup.cancel(plan.id, by).catch(() => {});
      return;
    }
    await told;
    const name = `plan ${plan.id.slice(0, 8)}`;
    const { state, progress, dry_run, error } = end;
    if (notes.length > 0 && dry_run !== undefined) {
      await this.#tell(
        run,
        step,
        "info",
        `Dry run of ${name}: ${
          count(dry_run.would_be_done, "step")
        } would be ` +
          `done, ` +
          `${dry_run.problems} would not`,
      );
      return;
    }
    if (state !== "applied") {
      throw new Error(`Cannot apply all of ${name}: ${error ?? state}`);
    }
    await this.#tell(
      run,
      step,
      "info",
      `All of ${name} is applied: ${count(progress.done, "step")} done, ` +
        `${progress.gone} gone before`,
    );
  }
}

/** The plan when it has ended; undefined when the step is stopped before. */
async function endedOrStopped(
  ended: Promise<CleanupPlanJson>,
  signal: AbortSignal,
): Promise<CleanupPlanJson | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return signal.aborted ? undefined : await Promise.race([ended, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/**
 * The handlers by step: a plan is made when all who mark have had their steps, up
 * to `post_cleanup_plan`, and it is applied in `cleanup`.
 */
export function cleanupSteps(
  options: CleanupStepsOptions,
): Readonly<Record<string, StepHandler>> {
  const steps = new Steps(options);
  return {
    pre_cleanup: (run, signal) => steps.plan(run, signal),
    cleanup: (run, signal) => steps.apply(run, signal),
  };
}
