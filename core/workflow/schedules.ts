/**
 * Starts runs by the clock.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { hashText } from "@skymap/lib/ids";
import { logger } from "@skymap/lib/log";
import type { Clock } from "../events/clock.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import { type CronExpression, parseCron } from "./cron.ts";
import type { WorkflowDefinition } from "./definition.ts";

/** Calls once a minute until it is disposed of. */
export type Heartbeat = (
  callback: () => Promise<void>,
) => Disposable | AsyncDisposable;

/** Starts a run; with the same id, once. */
export type StartRun = (
  workflow: string,
  trigger: string,
  id: string,
) => Promise<unknown>;

/** When a workflow runs. */
export interface Schedule {
  /** Cron expression. */
  readonly cron: string;
  /** Time zone the expression is meant in. */
  readonly timeZone: string;
  /** When it is due next, unless never. */
  readonly next?: Date;
}

/** What {@linkcode Schedules.open} takes. */
export interface SchedulesOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Workflows whose own schedule holds until another is set. */
  readonly workflows: readonly WorkflowDefinition[];
  /** Default: {@linkcode cronHeartbeat}. */
  readonly heartbeat?: Heartbeat;
  /** Whether nothing is started by the clock. Default: it is. */
  readonly isPaused?: boolean;
}

interface ScheduleRow {
  readonly id: RecordId;
  readonly cron: string;
  readonly tz: string;
  readonly last_due: Date;
}

interface Entry {
  readonly cron: string;
  readonly timeZone: string;
  readonly expression: CronExpression;
  readonly lastDue: number;
}

const log = logger("core/workflow");

/**
 * `Deno.cron` at each full minute. It knows UTC only and counts weekdays from
 * 1, so it is asked for nothing but the beat.
 */
export function cronHeartbeat(callback: () => Promise<void>): AsyncDisposable {
  const stop = new AbortController();
  const done = Deno.cron(
    "skymap heartbeat",
    "* * * * *",
    { backoffSchedule: [], signal: stop.signal },
    callback,
  );
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await done;
    },
  };
}

/**
 * The schedules: kept in the database with the time they were last due, so that
 * a run that was missed while core was down is made up, once however many were
 * missed.
 */
export class Schedules {
  readonly #db: DbSession;
  readonly #clock: Clock;
  readonly #heartbeat: Heartbeat;
  readonly #isPaused: boolean;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new SerialQueue();
  #beat: Disposable | AsyncDisposable | undefined;
  #start: StartRun | undefined;

  private constructor(options: SchedulesOptions) {
    this.#db = options.db;
    this.#clock = options.clock;
    this.#heartbeat = options.heartbeat ?? cronHeartbeat;
    this.#isPaused = options.isPaused ?? false;
  }

  /** Reads the schedules; workflows that have none in the database get theirs. */
  static async open(options: SchedulesOptions): Promise<Schedules> {
    const schedules = new Schedules(options);
    const now = new Date(options.clock.now());
    const rows = options.workflows.flatMap(({ name, schedule }) =>
      schedule === undefined ? [] : [{
        id: new RecordId("schedule", name),
        cron: schedule,
        tz: "UTC",
        last_due: now,
      }]
    );
    const [, stored] = await options.db.query<[unknown, ScheduleRow[]]>(
      `INSERT IGNORE INTO schedule $rows RETURN NONE;
      SELECT * FROM schedule`,
      { rows },
    );
    for (const { id, cron, tz, last_due } of stored) {
      try {
        schedules.#entries.set(String(id.id), {
          cron,
          timeZone: tz,
          expression: parseCron(cron, tz),
          lastDue: last_due.getTime(),
        });
      } catch (error) {
        log.error("Cannot run {name} by schedule: {error}", {
          name: String(id.id),
          error,
        });
      }
    }
    return schedules;
  }

  /** When a workflow runs, if it runs by schedule. */
  get(workflow: string): Schedule | undefined {
    const entry = this.#entries.get(workflow);
    if (entry === undefined) return undefined;
    const next = this.#isPaused
      ? undefined
      : entry.expression.next(this.#clock.now());
    return {
      cron: entry.cron,
      timeZone: entry.timeZone,
      ...(next !== undefined && { next }),
    };
  }

  /** When a workflow is due next after a time, if it runs by schedule. */
  dueAfter(workflow: string, timeMs: number): Date | undefined {
    if (this.#isPaused) return undefined;
    return this.#entries.get(workflow)?.expression.next(timeMs);
  }

  /** Names of all that run by schedule. */
  names(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /**
   * Sets when a workflow runs, from now on; the same schedule goes on as it was.
   *
   * @throws {SkymapError} `config_invalid`.
   */
  async set(
    workflow: string,
    cron: string,
    timeZone: string = "UTC",
  ): Promise<void> {
    const expression = parseCron(cron, timeZone);
    await this.#queue.run(async () => {
      const before = this.#entries.get(workflow);
      if (before?.cron === cron && before.timeZone === timeZone) return;
      const lastDue = this.#clock.now();
      await this.#db.query("UPSERT $id CONTENT $row RETURN NONE", {
        id: new RecordId("schedule", workflow),
        row: { cron, tz: timeZone, last_due: new Date(lastDue) },
      });
      this.#entries.set(workflow, { cron, timeZone, expression, lastDue });
    });
  }

  /** Runs a workflow by schedule no more. */
  async remove(workflow: string): Promise<void> {
    await this.#queue.run(async () => {
      this.#entries.delete(workflow);
      await this.#db.query("DELETE $id RETURN NONE", {
        id: new RecordId("schedule", workflow),
      });
    });
  }

  /** Starts what was missed, then what is due at each beat. */
  async start(start: StartRun): Promise<void> {
    if (this.#isPaused) return;
    this.#start = start;
    await this.check();
    this.#beat = this.#heartbeat(() => this.check());
  }

  /** Starts what is due now. */
  check(): Promise<void> {
    return this.#queue.run(async () => {
      for (const name of [...this.#entries.keys()]) {
        try {
          await this.#check(name);
        } catch (error) {
          // The time it was due is not stored, so the next beat tries again.
          log.error("Cannot run {name} by schedule: {error}", { name, error });
        }
      }
    });
  }

  async #check(name: string): Promise<void> {
    const entry = this.#entries.get(name);
    const due = entry?.expression.last(this.#clock.now())?.getTime();
    const start = this.#start;
    if (entry === undefined || start === undefined) return;
    if (due === undefined || due <= entry.lastDue) return;
    // First the run, then the time: killed between the two, core asks for the
    // same run again, by the same id.
    const at = new Date(due).toISOString();
    await start(name, `schedule:${at}`, hashText(`${name} at ${at}`));
    await this.#db.query("UPDATE $id SET last_due = $at RETURN NONE", {
      id: new RecordId("schedule", name),
      at: new Date(due),
    });
    this.#entries.set(name, { ...entry, lastDue: due });
  }

  /** Stops the beat. */
  async stop(): Promise<void> {
    const beat = this.#beat;
    this.#beat = undefined;
    this.#start = undefined;
    if (beat !== undefined) {
      if (Symbol.asyncDispose in beat) await beat[Symbol.asyncDispose]();
      else beat[Symbol.dispose]();
    }
    await this.#queue.idle();
  }
}
