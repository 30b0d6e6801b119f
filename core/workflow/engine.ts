/**
 * The workflows, their runs and their schedules.
 *
 * @module
 */

import type { RunJson, RunLogJson, WorkflowJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { BUILTIN_WORKFLOWS } from "./builtin.ts";
import type { WorkflowDefinition } from "./definition.ts";
import type { LogEntry } from "./run.ts";
import { RunDriver, type RunDriverOptions } from "./run_driver.ts";
import { toRunJson } from "./run_store.ts";
import type { Schedules } from "./schedules.ts";

/** What a {@linkcode WorkflowEngine} is made with. */
export interface WorkflowEngineOptions
  extends Omit<RunDriverOptions, "locksOf"> {
  /** Default: {@linkcode BUILTIN_WORKFLOWS}. */
  readonly workflows?: readonly WorkflowDefinition[];
  /** Starts runs by the clock. Default: runs start on demand only. */
  readonly schedules?: Schedules;
  /** Makes ids of runs. Default: random ones. */
  readonly newId?: () => string;
}

/**
 * Starts runs and tells how they go. One run of a workflow runs at a time, one
 * more may wait. Runs whose workflows share a lock wait for each other.
 */
export class WorkflowEngine implements AsyncDisposable {
  readonly #workflows: ReadonlyMap<string, WorkflowDefinition>;
  readonly #schedules: Schedules | undefined;
  readonly #newId: () => string;
  readonly #driver: RunDriver;

  /** Makes an engine; {@linkcode WorkflowEngine.start} sets it going. */
  constructor(options: WorkflowEngineOptions) {
    this.#workflows = new Map(
      (options.workflows ?? BUILTIN_WORKFLOWS).map((each) => [each.name, each]),
    );
    this.#schedules = options.schedules;
    this.#newId = options.newId ?? randomId;
    this.#driver = new RunDriver({
      ...options,
      // A workflow that there is no more may still have a run.
      locksOf: (name) => this.#workflows.get(name)?.locks ?? [name],
    });
  }

  /** Takes up the runs that an earlier core left, then those that are due. */
  async start(): Promise<void> {
    await this.#driver.start();
    await this.#schedules?.start((name, trigger, id) =>
      this.run(name, trigger, { id })
    );
  }

  /** The workflows. */
  list(): readonly WorkflowJson[] {
    return [...this.#workflows.values()].map(({ name, steps }) => {
      const schedule = this.#schedules?.get(name);
      return {
        name,
        steps: steps.map((step) => step.name),
        ...(schedule && { schedule: schedule.cron }),
        ...(schedule?.next && { next_run: schedule.next.toISOString() }),
      };
    });
  }

  /**
   * Starts a run, or lets it wait for its turn. When one of this workflow waits
   * already, that one is the answer. With an `id` the run is made once, however
   * often it is asked for.
   *
   * @throws {SkymapError} `workflow_unknown`.
   */
  async run(
    name: string,
    trigger: string,
    options: { readonly id?: string } = {},
  ): Promise<RunJson> {
    const definition = this.#workflows.get(name);
    if (definition === undefined) {
      throw new SkymapError(
        "workflow_unknown",
        `Cannot run workflow "${name}": not known, wanted one of ` +
          [...this.#workflows.keys()].join(", "),
      );
    }
    const id = options.id ?? this.#newId();
    return await this.#mustGet(
      await this.#driver.request(definition, { id, trigger }),
    );
  }

  /** Runs, the newest first. Default: 100. */
  async runs(limit: number = 100): Promise<readonly RunJson[]> {
    return (await this.#driver.store.list(limit)).map(toRunJson);
  }

  /** A run, or undefined. */
  async get(id: string): Promise<RunJson | undefined> {
    const run = await this.#driver.find(id);
    return run && toRunJson(run);
  }

  /** The log of a run, the oldest line first. */
  log(id: string): Promise<readonly RunLogJson[]> {
    return this.#driver.store.log(id);
  }

  /**
   * Adds to the log of a run, also when it has ended.
   *
   * @throws {SkymapError} `run_unknown`.
   */
  async appendLog(id: string, entries: readonly LogEntry[]): Promise<void> {
    await this.#mustGet(id);
    await this.#driver.tell(id, { type: "log", entries });
  }

  /**
   * Stops a run: what it did stays, what it asked for is called back. One that
   * has ended stays as it is.
   *
   * @throws {SkymapError} `run_unknown`.
   */
  async stop(id: string, reason: string = "Stopped"): Promise<void> {
    await this.#mustGet(id);
    await this.#driver.tell(id, { type: "stop", reason });
  }

  async #mustGet(id: string): Promise<RunJson> {
    const run = await this.get(id);
    if (run !== undefined) return run;
    throw new SkymapError("run_unknown", `Cannot find run "${id}"`);
  }

  /** Stops driving. Runs stay as they are, for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#schedules?.stop();
    await this.#driver[Symbol.asyncDispose]();
  }
}
