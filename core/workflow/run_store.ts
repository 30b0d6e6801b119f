/**
 * Runs and their logs in the database.
 *
 * @module
 */

import type { RunLogJson, RunState } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import type { JsonObject } from "@skymap/lib/json";
import { freezeDeep } from "./freeze_deep.ts";
import { jobWorkflowName } from "./job.ts";
import {
  isEnded,
  type LogLine,
  openCalls,
  type Run,
  type RunStep,
} from "./run.ts";

interface LogRow {
  readonly id: RecordId;
  readonly at: Date;
  readonly level: RunLogJson["level"];
  readonly step: string;
  readonly source: string;
  readonly message: string;
  readonly details?: JsonObject;
}

function toRow(run: Run): Record<string, unknown> {
  return {
    workflow: run.workflow,
    state: run.state,
    trigger: run.trigger,
    created_at: new Date(run.createdAt),
    ...(run.startedAt !== undefined && { started_at: new Date(run.startedAt) }),
    ...(run.endedAt !== undefined && { ended_at: new Date(run.endedAt) }),
    // Whose end jobs have not heard of is not over.
    ...(isEnded(run) && openCalls(run).length > 0 && { owes: true }),
    ...(run.merged !== undefined && { merged: run.merged }),
    data: run,
  };
}

/** Which runs are wanted. */
export interface RunFilter {
  /** How many at most. Default: 100. */
  readonly limit?: number;
  /** Of this workflow. */
  readonly workflow?: string;
  /** Of jobs alone, or of none. Default: of workflows and jobs. */
  readonly ofJobs?: boolean;
  /** In this state. */
  readonly state?: RunState;
  /** Started then or later: milliseconds since 1970. */
  readonly startedAfter?: number;
  /** Started before: milliseconds since 1970. */
  readonly startedBefore?: number;
  /** Only those that failed or of which a step did. Default: all. */
  readonly hasErrors?: boolean;
}

/** How a run ended. */
export interface RunEnd extends Pick<Run, "workflow" | "state" | "endedAt"> {
  /** Its steps that came to an end, good or bad. */
  readonly ended: readonly Pick<
    RunStep,
    "name" | "startedAt" | "endedAt" | "actions"
  >[];
}

/** Keeps runs. */
export class RunStore {
  readonly #db: DbSession;

  /** Uses the database `system`. */
  constructor(db: DbSession) {
    this.#db = db;
  }

  /** Stores a run with what its log gained, in one transaction. */
  async save(run: Run, lines: readonly LogLine[]): Promise<void> {
    await this.#db.query(
      `BEGIN;
      UPSERT $id CONTENT $row RETURN NONE;
      INSERT IGNORE INTO run_log $lines RETURN NONE;
      COMMIT;`,
      {
        id: new RecordId("run", run.id),
        row: toRow(run),
        lines: lines.map(({ n, atMs, ...line }) => ({
          ...line,
          id: new RecordId("run_log", [run.id, n]),
          at: new Date(atMs),
        })),
      },
    );
  }

  /** A run, or undefined. */
  async load(id: string): Promise<Run | undefined> {
    const [[run]] = await this.#db.query<[Run[]]>(
      "SELECT VALUE data FROM $id",
      { id: new RecordId("run", id) },
    );
    return freezeDeep(run);
  }

  /** Id of the run that stands for one that was asked for, if there is one. */
  async findMerged(workflow: string, id: string): Promise<string | undefined> {
    const [[run]] = await this.#db.query<[RecordId[]]>(
      `SELECT VALUE id FROM run
      WHERE workflow = $workflow AND merged CONTAINS $id LIMIT 1`,
      { workflow, id },
    );
    return run && String(run.id);
  }

  /** Every run that has not ended, or has still to tell it; the oldest first. */
  async unfinished(): Promise<readonly Run[]> {
    const [runs] = await this.#db.query<[Run[]]>(
      `SELECT VALUE data FROM run
      WHERE state IN ['waiting', 'running'] OR owes = true`,
    );
    return runs.map(freezeDeep).sort((a, b) =>
      a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)
    );
  }

  /** How the runs ended that are kept, in no order. */
  async ends(): Promise<readonly RunEnd[]> {
    const [ends] = await this.#db.query<[RunEnd[]]>(
      `SELECT workflow, state, data.endedAt AS endedAt,
        data.steps[WHERE endedAt != NONE] AS ended
      FROM run WHERE state NOT IN ['waiting', 'running']`,
    );
    return ends;
  }

  /** Runs, the newest first. */
  async list(filter: RunFilter): Promise<readonly Run[]> {
    const { limit = 100, startedAfter, startedBefore } = filter;
    const conditions = [
      filter.workflow !== undefined && "workflow = $workflow",
      filter.ofJobs !== undefined &&
      "string::starts_with(workflow, $prefix) = $ofJobs",
      filter.state !== undefined && "state = $state",
      startedAfter !== undefined && "started_at >= $after",
      startedBefore !== undefined && "started_at < $before",
      filter.hasErrors === true &&
      "(state = 'failed' OR data.steps.*.state CONTAINS 'failed')",
    ].filter((each) => each !== false);
    const where = conditions.length === 0
      ? ""
      : `WHERE ${conditions.join(" AND ")}`;
    const [rows] = await this.#db.query<[{ readonly data: Run }[]]>(
      `SELECT data, created_at, id FROM run ${where}
      ORDER BY created_at DESC, id DESC LIMIT $limit`,
      {
        limit,
        workflow: filter.workflow,
        state: filter.state,
        prefix: jobWorkflowName(""),
        ofJobs: filter.ofJobs,
        after: startedAfter && new Date(startedAfter),
        before: startedBefore && new Date(startedBefore),
      },
    );
    return rows.map((row) => freezeDeep(row.data));
  }

  /** When the steps of the last run of a workflow started, by step. */
  async previousSteps(
    workflow: string,
  ): Promise<Readonly<Record<string, number>>> {
    const [rows] = await this.#db.query<[{ readonly data: Run }[]]>(
      `SELECT data, started_at FROM run
      WHERE workflow = $workflow AND state IN ['done', 'failed']
      ORDER BY started_at DESC LIMIT 1`,
      { workflow },
    );
    return Object.fromEntries(
      (rows[0]?.data.steps ?? []).flatMap((step) =>
        step.startedAt === undefined ? [] : [[step.name, step.startedAt]]
      ),
    );
  }

  /** The log of a run from a line on, the oldest line first. */
  async log(id: string, from: number = 0): Promise<readonly RunLogJson[]> {
    const [rows] = await this.#db.query<[LogRow[]]>(
      "SELECT * FROM run_log:[$id, $from]..[$id, ..]",
      { id, from },
    );
    return rows.map(({ at, level, step, source, message, details }) => ({
      at: at.toISOString(),
      level,
      step,
      source,
      message,
      ...(details !== undefined && { details }),
    }));
  }

  /**
   * Deletes runs that have ended, with their logs and actions, but for the newest
   * of all and the newest of each workflow; gives how many went, 1,000 at most.
   */
  async prune(keep: number, keepEach: number): Promise<number> {
    const [ended] = await this.#db.query<
      [{ readonly id: RecordId; readonly workflow: string }[]]
    >(
      `SELECT id, workflow, created_at FROM run
      WHERE state NOT IN ['waiting', 'running'] ORDER BY created_at DESC`,
    );
    if (ended.length <= keep) return 0;
    const seen = new Map<string, number>();
    const old = ended.filter(({ workflow }, at) => {
      const count = (seen.get(workflow) ?? 0) + 1;
      seen.set(workflow, count);
      return at >= keep && count > keepEach;
    }).slice(0, 1_000);
    for (const { id: { id: run } } of old) {
      const id = String(run);
      const steps = (await this.load(id))?.steps ?? [];
      const actions = steps.flatMap((step) => step.actions);
      await this.#db.query(
        `BEGIN;
        DELETE run_log:[$id, NONE]..[$id, ..] RETURN NONE;
        DELETE $actions RETURN NONE;
        DELETE $run RETURN NONE;
        COMMIT;`,
        {
          id,
          run: new RecordId("run", id),
          actions: actions.map((each) => new RecordId("action", each.id)),
        },
      );
    }
    return old.length;
  }
}
