/**
 * Jobs as people see and change them.
 *
 * @module
 */

import type { JobDefinitionJson, JobJson, RunJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Clock } from "../events/clock.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import type { WorkflowEngine } from "./engine.ts";
import { type Job, jobOfWorkflow, jobWorkflowName, makeJob } from "./job.ts";
import type { JobStore } from "./job_store.ts";
import type { CheckLine } from "./run_line.ts";
import type { Schedules } from "./schedules.ts";

/** What {@linkcode Jobs.open} takes. */
export interface JobsOptions {
  /** Where jobs are kept. */
  readonly store: JobStore;
  /** Starts them by the clock. */
  readonly schedules: Schedules;
  /** Runs them. */
  readonly engine: Pick<WorkflowEngine, "run" | "callOff">;
  /** Reads their lines before they are kept. */
  readonly checkLine: CheckLine;
  /** What time it is. */
  readonly clock: Clock;
}

/** Adds, changes, runs and deletes jobs. */
export class Jobs {
  readonly #options: JobsOptions;
  readonly #changes = new SerialQueue();

  private constructor(options: JobsOptions) {
    this.#options = options;
  }

  /**
   * Takes the jobs up. It is called before schedules start, and mends them if an
   * earlier core was killed between a job and its schedule.
   */
  static async open(options: JobsOptions): Promise<Jobs> {
    const jobs = new Jobs(options);
    const { store, schedules } = options;
    for (const name of schedules.names()) {
      const id = jobOfWorkflow(name);
      if (id === undefined || store.get(id) !== undefined) continue;
      await schedules.remove(name);
    }
    for (const job of store.list()) await jobs.#schedule(job);
    return jobs;
  }

  /** All of them, by id. */
  list(): readonly JobJson[] {
    return this.#options.store.list().map((job) => this.#toJson(job));
  }

  /**
   * One of them.
   *
   * @throws {SkymapError} `job_unknown`.
   */
  get(id: string): JobJson {
    return this.#toJson(this.#mustGet(id));
  }

  /**
   * Adds a job, or replaces it: what runs of it goes on as it was.
   *
   * @throws {SkymapError} `job_invalid`, `conflict` if it shall be new and is
   * not, and what is wrong with its lines.
   */
  put(
    id: string,
    wanted: JobDefinitionJson,
    options: { readonly isNew?: boolean } = {},
  ): Promise<JobJson> {
    return this.#changes.run(async () => {
      const { store, clock, checkLine } = this.#options;
      const before = store.get(id);
      if (options.isNew === true && before !== undefined) {
        throw new SkymapError(
          "conflict",
          `Cannot add job "${id}": there is one, wanted another id or an update`,
        );
      }
      const find = (other: string) => store.get(other);
      const job = makeJob(id, wanted, { now: clock.now(), before, find });
      await checkLine(job.command, job.environment);
      return await this.#keep(job);
    });
  }

  /**
   * Lets schedule and event count, or not: then what waits is called off, and
   * what is due meanwhile is never made up.
   *
   * @throws {SkymapError} `job_unknown`.
   */
  setActive(id: string, isActive: boolean): Promise<JobJson> {
    return this.#changes.run(async () => {
      const before = this.#mustGet(id);
      if (before.isActive === isActive) return this.#toJson(before);
      const updatedAt = this.#options.clock.now();
      const job = await this.#keep({ ...before, isActive, updatedAt });
      if (!isActive) await this.#callOff(id, "The job was deactivated");
      return job;
    });
  }

  /**
   * Deletes a job. What waits of it is called off, what runs goes on.
   *
   * @throws {SkymapError} `job_unknown`.
   */
  remove(id: string): Promise<void> {
    return this.#changes.run(async () => {
      this.#mustGet(id);
      await this.#options.store.remove(id);
      await this.#options.schedules.remove(jobWorkflowName(id));
      await this.#callOff(id, "The job was deleted");
    });
  }

  /**
   * Runs a job now, also one that is not active; it waits for no event.
   *
   * @throws {SkymapError} `job_unknown`.
   */
  async run(id: string, trigger: string): Promise<RunJson> {
    this.#mustGet(id);
    return await this.#options.engine.run(jobWorkflowName(id), trigger);
  }

  async #keep(job: Job): Promise<JobJson> {
    await this.#options.store.put(Object.freeze(job));
    await this.#schedule(job);
    return this.#toJson(job);
  }

  async #schedule(job: Job): Promise<void> {
    const { schedules } = this.#options;
    const name = jobWorkflowName(job.id);
    if (job.isActive && job.schedule !== undefined) {
      await schedules.set(name, job.schedule, job.timeZone);
    } else if (schedules.get(name) !== undefined) {
      await schedules.remove(name);
    }
  }

  async #callOff(id: string, reason: string): Promise<void> {
    await this.#options.engine.callOff(jobWorkflowName(id), reason);
  }

  #mustGet(id: string): Job {
    const job = this.#options.store.get(id);
    if (job !== undefined) return job;
    throw new SkymapError(
      "job_unknown",
      `Cannot find job "${id}": there is none of that id, "jobs list" lists them`,
    );
  }

  #toJson(job: Job): JobJson {
    const { schedule, event } = job;
    const next = this.#options.schedules.get(jobWorkflowName(job.id))?.next;
    return {
      id: job.id,
      command: job.command,
      ...(schedule !== undefined && { schedule, time_zone: job.timeZone }),
      ...(event !== undefined && { event }),
      timeout: job.timeoutSeconds,
      environment: job.environment,
      active: job.isActive,
      created_at: new Date(job.createdAt).toISOString(),
      updated_at: new Date(job.updatedAt).toISOString(),
      ...(next !== undefined && { next_run: next.toISOString() }),
    };
  }
}
