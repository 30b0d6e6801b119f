/**
 * Jobs in the database, and in memory.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { type Job, jobOfWorkflow, jobWorkflow } from "./job.ts";
import type { WorkflowDefinition } from "./definition.ts";
import type { JobSource } from "./job_source.ts";

/** Keeps jobs in the database, answers from memory. */
export class JobStore implements JobSource {
  readonly #db: DbSession;
  readonly #jobs = new Map<string, Job>();

  private constructor(db: DbSession) {
    this.#db = db;
  }

  /** Reads the jobs from the database `system`. */
  static async open(db: DbSession): Promise<JobStore> {
    const store = new JobStore(db);
    const [rows] = await db.query<[{ readonly data: Job }[]]>(
      "SELECT data FROM job",
    );
    for (const { data } of rows) store.#jobs.set(data.id, Object.freeze(data));
    return store;
  }

  /** All of them, by id. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  }

  /** One of them. */
  get(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  /** Adds or replaces a job. */
  async put(job: Job): Promise<void> {
    await this.#db.query("UPSERT $id CONTENT { data: $job } RETURN NONE", {
      id: new RecordId("job", job.id),
      job,
    });
    this.#jobs.set(job.id, job);
  }

  /** Deletes a job. */
  async remove(id: string): Promise<void> {
    await this.#db.query("DELETE $id RETURN NONE", {
      id: new RecordId("job", id),
    });
    this.#jobs.delete(id);
  }

  /** Active jobs that an event starts, rather than wakes. */
  startedBy(event: string): readonly WorkflowDefinition[] {
    return this.list()
      .filter((job) =>
        job.isActive && job.event === event && job.schedule === undefined
      )
      .map((job) => jobWorkflow(job, { waits: false }));
  }

  /** What an event or a person starts, by the name of the job's workflow. */
  workflow(name: string): WorkflowDefinition | undefined {
    const job = this.get(jobOfWorkflow(name) ?? "");
    return job && jobWorkflow(job, { waits: false });
  }
}
