/**
 * Takes the actions of a subscriber and answers them.
 *
 * @module
 */

import type { DbSession, RecordId } from "../db/mod.ts";
import { isSkymapError, messageOf } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { logger } from "../log.ts";
import { retry } from "../retry.ts";

/** An action that this worker has taken. */
export interface TakenAction {
  /** Id of the run. */
  readonly run: string;
  /** Name of the step. */
  readonly step: string;
  /** What is to be done. */
  readonly messageType: string;
  /** Aborts when core has ended the action, or the worker stops. */
  readonly signal: AbortSignal;
  /** Adds a line to the log of the run. */
  readonly info: (
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ) => void;
  /** Says how far it is; the last word counts. */
  readonly progress: (progress: JsonObject) => void;
}

/** Does what an action asks for; what it throws is the action's error. */
export type ActionHandler = (action: TakenAction) => Promise<void>;

/** What an {@linkcode ActionRunner} is made with. */
export interface ActionRunnerOptions {
  /** Session of this worker: it sees its own rows only. */
  readonly db: DbSession;
  /** What to do, by message type. */
  readonly handlers: Readonly<Record<string, ActionHandler>>;
  /** Told of each action that was answered. */
  readonly onEnd?: (messageType: string, result: "done" | "failed") => void;
  /** Pause of the slow look at pending rows. Default: 5,000 ms. */
  readonly pollMs?: number;
  /** Stops; actions that run stay claimed for the next life of this worker. */
  readonly signal: AbortSignal;
}

interface ActionRow {
  readonly id: RecordId;
  readonly run: string;
  readonly step: string;
  readonly message_type: string;
  readonly state: string;
  readonly claimed_at?: Date;
}

const log = logger("subscriber");

/** An action between its claim and its answer. */
class Claim {
  readonly id: RecordId;
  readonly #db: DbSession;
  readonly #signal: AbortSignal;
  readonly #ended = new AbortController();
  #claimedAt: Date | undefined;
  #infos: Promise<unknown> = Promise.resolve();
  /** What is to be said next of how far it is. */
  #progress: JsonObject | undefined;

  constructor(db: DbSession, id: RecordId, signal: AbortSignal) {
    this.#db = db;
    this.id = id;
    this.#signal = signal;
  }

  /** Aborts when the action ended elsewhere, or the worker stops. */
  get signal(): AbortSignal {
    return AbortSignal.any([this.#signal, this.#ended.signal]);
  }

  /** The action is not this worker's any more. */
  end(state: string): void {
    this.#ended.abort(new DOMException(`The action is ${state}`, "AbortError"));
  }

  /** Whether it ended elsewhere. */
  get isEnded(): boolean {
    return this.#ended.signal.aborted;
  }

  /** Takes the row as it was seen; false when somebody else was faster. */
  async take({ state, claimed_at }: ActionRow): Promise<boolean> {
    // Milliseconds, so that it compares equal after a way through a Date.
    const now = new Date();
    const [taken] = await this.#db.query<[unknown[]]>(
      `UPDATE $id SET state = 'claimed', claimed_at = $now WHERE ${
        state === "pending"
          ? "state = 'pending'"
          : "state = 'claimed' AND claimed_at = $seen"
      } RETURN VALUE id`,
      { id: this.id, now, seen: claimed_at },
    );
    this.#claimedAt = now;
    return taken.length > 0;
  }

  /** Adds a line to the log of the run; lost when the connection is. */
  info(
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ): void {
    const value = { level, message, ...(details !== undefined && { details }) };
    this.#infos = this.#infos.then(() =>
      this.#update("info += [$value]", { value })
    ).catch((error) => {
      log.warn("Cannot add to the log of the run: {reason}", {
        reason: messageOf(error),
      });
    });
  }

  /** Says how far it is; what comes while core is told takes its place. */
  progress(progress: JsonObject): void {
    const isOnItsWay = this.#progress !== undefined;
    this.#progress = progress;
    if (isOnItsWay) return;
    this.#infos = this.#infos.then(() => {
      const value = this.#progress;
      this.#progress = undefined;
      return this.#update("progress = $value", { value });
    }).catch((error) => {
      log.warn("Cannot tell how far the action is: {reason}", {
        reason: messageOf(error),
      });
    });
  }

  /** Ends the action, trying until core has heard it. */
  async answer(state: "done" | "failed", error?: string): Promise<boolean> {
    await this.#infos;
    return await retry(
      () =>
        this.#update("state = $state, error = $error, ended_at = $now", {
          state,
          error,
          now: new Date(),
        }),
      {
        attempts: Infinity,
        firstDelayMs: 500,
        maxDelayMs: 5_000,
        when: (cause) => isSkymapError(cause, "database_unreachable"),
        signal: this.signal,
      },
    );
  }

  async #update(
    assignments: string,
    bindings: Record<string, unknown>,
  ): Promise<boolean> {
    const [changed] = await this.#db.query<[unknown[]]>(
      `UPDATE $id SET ${assignments}
      WHERE state = 'claimed' AND claimed_at = $claimed RETURN VALUE id`,
      { id: this.id, claimed: this.#claimedAt, ...bindings },
    );
    return changed.length > 0;
  }
}

/**
 * Takes the actions of this worker, each exactly once, and answers them. The
 * live query only wakes; the rows are the truth.
 */
export class ActionRunner implements AsyncDisposable {
  readonly #options: ActionRunnerOptions;
  readonly #claims = new Map<string, Claim>();
  readonly #running = new Set<Promise<void>>();
  #live: AsyncDisposable | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  private constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  /** Starts to take actions; those left claimed by an earlier life first. */
  static async start(options: ActionRunnerOptions): Promise<ActionRunner> {
    const runner = new ActionRunner(options);
    try {
      runner.#live = await options.db.live<ActionRow>(
        "LIVE SELECT * FROM action WHERE worker = $auth",
        {},
        (change, row) => {
          if (change !== "DELETE") runner.#offer(row, false);
        },
      );
      await runner.catchUp({ leftovers: true });
      runner.#timer = setInterval(() => {
        runner.catchUp({ leftovers: false }).catch((error) => {
          if (options.signal.aborted) return;
          log.warn("Cannot look for actions: {reason}", {
            reason: messageOf(error),
          });
        });
      }, options.pollMs ?? 5_000);
      return runner;
    } catch (error) {
      await runner[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Looks at the rows. With `leftovers` it also takes over what is claimed but
   * not worked on here: by an earlier life, or by a claim whose answer was lost
   * with the connection.
   */
  async catchUp(options: { readonly leftovers: boolean }): Promise<void> {
    const [rows] = await this.#options.db.query<[ActionRow[]]>(
      `SELECT * FROM action
      WHERE worker = $auth AND state IN ['pending', 'claimed']`,
    );
    for (const row of rows) this.#offer(row, options.leftovers);
  }

  #offer(row: ActionRow, leftovers: boolean): void {
    const key = String(row.id.id);
    const claim = this.#claims.get(key);
    if (claim !== undefined) {
      if (!["pending", "claimed"].includes(row.state)) claim.end(row.state);
      return;
    }
    const open = row.state === "pending" ||
      (leftovers && row.state === "claimed");
    if (!open || this.#options.signal.aborted) return;
    const mine = new Claim(this.#options.db, row.id, this.#options.signal);
    this.#claims.set(key, mine);
    const running = this.#carryOut(row, mine)
      .catch((error) => {
        if (this.#options.signal.aborted) return;
        log.warn("Cannot take action {key}: {reason}", {
          key,
          reason: messageOf(error),
        });
      })
      .finally(() => {
        this.#claims.delete(key);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  async #carryOut(row: ActionRow, claim: Claim): Promise<void> {
    if (!await claim.take(row)) return;
    const { run, step, message_type: messageType } = row;
    log.info("Taking {messageType} of run {run}", { messageType, run });
    let error: string | undefined;
    try {
      const handler = this.#options.handlers[messageType];
      if (handler === undefined) {
        throw new Error(
          `Cannot do "${messageType}": this worker does not know it`,
        );
      }
      const { signal } = claim;
      const info = claim.info.bind(claim);
      const progress = claim.progress.bind(claim);
      await handler({ run, step, messageType, signal, info, progress });
    } catch (thrown) {
      if (this.#options.signal.aborted) return;
      error = messageOf(thrown);
    }
    const result = error === undefined ? "done" : "failed";
    const heard = !claim.isEnded && await claim.answer(result, error);
    if (!heard) {
      log.warn("Run {run} went on without the answer {result}", {
        run,
        result,
      });
      return;
    }
    log.info("Answered {messageType} of run {run}: {result}", {
      messageType,
      run,
      result,
    });
    this.#options.onEnd?.(messageType, result);
  }

  /** Stops taking actions and waits for those that run to stop. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#live?.[Symbol.asyncDispose]();
    await Promise.all(this.#running);
  }
}
