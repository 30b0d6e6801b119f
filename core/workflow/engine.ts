/**
 * The workflows, their runs and their schedules.
 *
 * @module
 */

import type {
  RunFrame,
  RunJson,
  RunLogJson,
  WorkflowJson,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { BUILTIN_WORKFLOWS } from "./builtin.ts";
import type { WorkflowDefinition } from "./definition.ts";
import { followRun } from "./follow_run.ts";
import { jobOfWorkflow, jobWorkflow } from "./job.ts";
import type { JobStore } from "./job_store.ts";
import { isEnded, type LogEntry, openActions, type Run } from "./run.ts";
import { RunDriver, type RunDriverOptions } from "./run_driver.ts";
import { runJson } from "./run_json.ts";
import type { RunEnd, RunFilter } from "./run_store.ts";
import type { Schedules } from "./schedules.ts";

/** What a {@linkcode WorkflowEngine} is made with. */
export interface WorkflowEngineOptions
  extends Omit<RunDriverOptions, "locksOf" | "jobs"> {
  /** Default: {@linkcode BUILTIN_WORKFLOWS}. */
  readonly workflows?: readonly WorkflowDefinition[];
  /** Starts runs by the clock. Default: runs start on demand only. */
  readonly schedules?: Schedules;
  /** The jobs. Default: there are none. */
  readonly jobs?: JobStore;
  /** How far the lines of a job's run say they are. Default: nobody knows. */
  readonly progress?: (run: string) => string | undefined;
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
  readonly #options: WorkflowEngineOptions;
  readonly #newId: () => string;
  readonly #driver: RunDriver;

  /** Makes an engine; {@linkcode WorkflowEngine.start} sets it going. */
  constructor(options: WorkflowEngineOptions) {
    this.#workflows = new Map(
      (options.workflows ?? BUILTIN_WORKFLOWS).map((each) => [each.name, each]),
    );
    this.#options = options;
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
      this.run(name, trigger, { id, waits: true })
    );
  }

  /** The workflows. */
  list(): readonly WorkflowJson[] {
    return [...this.#workflows.values()].map(({ name, steps }) => {
      const schedule = this.#schedules?.get(name);
      const jobs = steps.flatMap((step) => {
        const started = this.#options.jobs?.startedBy(step.name) ?? [];
        const ids = started.map((each) => jobOfWorkflow(each.name) ?? "");
        return ids.length === 0 ? [] : [[step.name, ids] as const];
      });
      return {
        name,
        steps: steps.map((step) => step.name),
        ...(schedule && {
          schedule: schedule.cron,
          time_zone: schedule.timeZone,
        }),
        ...(schedule?.next && { next_run: schedule.next.toISOString() }),
        ...(jobs.length > 0 && { jobs: Object.fromEntries(jobs) }),
      };
    });
  }

  /**
   * Sets when a workflow runs, from now on; without an expression, on demand
   * only. The same schedule as before goes on as it was.
   *
   * @throws {SkymapError} `workflow_unknown`, `config_invalid`.
   */
  async setSchedule(
    name: string,
    cron: string | undefined,
    timeZone?: string,
  ): Promise<void> {
    if (!this.#workflows.has(name)) throw this.#unknown(name);
    if (cron === undefined) await this.#schedules?.remove(name);
    else await this.#schedules?.set(name, cron, timeZone);
  }

  /**
   * Tells the jobs of an event that no workflow is; gives the runs that came of
   * it.
   */
  async emit(event: string): Promise<readonly RunJson[]> {
    const ids = await this.#driver.emit(event, this.#newId());
    return await Promise.all(ids.map((id) => this.#mustGet(id)));
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
    options: {
      readonly id?: string;
      /** Whether a job that has an event waits for it. Default: no. */
      readonly waits?: boolean;
    } = {},
  ): Promise<RunJson> {
    const { id, waits = false } = options;
    const job = this.#options.jobs?.get(jobOfWorkflow(name) ?? "");
    const definition = job === undefined
      ? this.#workflows.get(name)
      : jobWorkflow(job, { waits });
    if (definition === undefined) throw this.#unknown(name);
    return await this.#mustGet(
      await this.#driver.request(definition, {
        id: id ?? this.#newId(),
        trigger,
        isNew: id === undefined,
      }),
    );
  }

  #unknown(name: string): SkymapError {
    return new SkymapError(
      "workflow_unknown",
      `Cannot find workflow "${name}": not known, wanted one of ` +
        [...this.#workflows.keys()].join(", "),
    );
  }

  /** Runs, the newest first. Default: 100. */
  async runs(filter: RunFilter = {}): Promise<readonly RunJson[]> {
    return await this.#toJson(await this.#driver.store.list(filter));
  }

  /** A run, or undefined. */
  async get(id: string): Promise<RunJson | undefined> {
    const run = await this.#driver.find(id);
    return run && (await this.#toJson([run]))[0];
  }

  async #toJson(runs: readonly Run[]): Promise<readonly RunJson[]> {
    const open = runs.filter((each) => !isEnded(each)).flatMap(openActions);
    const rows = await this.#options.actions.read(open.map((each) => each.id));
    const progress = {
      actions: new Map(rows.map((each) => [each.id, each.progress])),
      lines: (run: string) => this.#options.progress?.(run),
    };
    return runs.map((run) => runJson(run, progress));
  }

  /**
   * Tells how a run goes, from now to its end: the run, whenever it is another,
   * and its log.
   *
   * @throws {SkymapError} `run_unknown`.
   */
  async *follow(id: string, signal: AbortSignal): AsyncGenerator<RunFrame> {
    await this.#mustGet(id);
    yield* followRun({
      run: () => this.#mustGet(id),
      log: (from) => this.#driver.store.log(id, from),
      onChange: (callback) =>
        this.#driver.onChange((run) => {
          if (run.id === id) callback();
        }),
      clock: this.#options.clock,
      signal,
    });
  }

  /** Runs that have not ended. */
  get open(): readonly Run[] {
    return this.#driver.open;
  }

  /** Tells of each run that changed, until it is disposed of. */
  onChange(callback: (run: Run) => void): Disposable {
    return this.#driver.onChange(callback);
  }

  /** How the runs ended that are kept. */
  ends(): Promise<readonly RunEnd[]> {
    return this.#driver.store.ends();
  }

  /** When a workflow is due next after a time, if it runs by schedule. */
  dueAfter(workflow: string, timeMs: number): Date | undefined {
    return this.#schedules?.dueAfter(workflow, timeMs);
  }

  /** Stops what waits of a workflow or job; what runs goes on. */
  callOff(workflow: string, reason: string): Promise<void> {
    return this.#driver.callOff(workflow, reason);
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
    throw new SkymapError(
      "run_unknown",
      `Cannot find run "${id}": there is none of that id`,
    );
  }

  /** Stops driving. Runs stay as they are, for the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#schedules?.stop();
    await this.#driver[Symbol.asyncDispose]();
  }
}
