/**
 * The one writer of a graph: record first, then index, then the word to
 * subscribers.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { applyBatches } from "../index/apply.ts";
import type { IndexBatch } from "../index/index_batch.ts";
import { indexError, isFatal } from "../index/open.ts";
import type { SearchIndex } from "../index/search_index.ts";
import { catchUp } from "./catch_up.ts";
import { PendingChange } from "./pending_change.ts";
import { readState } from "./record.ts";
import { type ScopeChanges, weight } from "./scope_changes.ts";
import { splitChanges } from "./split_changes.ts";
import {
  type Position,
  type Transaction,
  TransactionBuilder,
} from "./transaction.ts";

/** Places where tests make the writer fail. */
export interface WriterFaults {
  /** Before a transaction of the record. */
  readonly beforeRecord?: () => void;
  /** Between the record's commit and the index: as if the process ended. */
  readonly beforeIndex?: () => void;
  /** In the place of the index's engine. */
  readonly inIndex?: () => void;
}

/** What a writer writes to. */
export interface WriterOptions {
  readonly session: DbSession;
  readonly index: SearchIndex;
  /** Where record and index stand. */
  readonly position: Position;
  /** Gives the time of commits. */
  readonly now: () => Date;
  /** Makes the index anew when it cannot be caught up. */
  readonly rebuild: () => Promise<void>;
  readonly faults?: WriterFaults;
}

/** Rows of a transaction, about; larger ones are slower for each row. */
const MAX_ROWS = 1_000;

/** Rows that may wait for the index before the record waits for it. */
const MAX_BEHIND = 12_000;

/** Rows that may wait for the record before merges wait. */
const MAX_QUEUED = 12_000;

/** Pause between two words to subscribers while more is being written. */
const TELL_MS = 1_000;

/** How long a few changes wait for more. */
const GROUP_MS = 100;

interface Job {
  readonly changes: ScopeChanges;
  readonly weight: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

interface Committed {
  readonly transaction: Transaction;
  readonly weight: number;
  /** Jobs whose last part it holds. */
  readonly done: readonly Job[];
}

/**
 * Takes changes of scopes and writes them in groups. Record and index are written
 * side by side: while the index takes one group, the record takes the next.
 */
export class GraphWriter implements AsyncDisposable {
  readonly #session: DbSession;
  readonly #index: SearchIndex;
  readonly #now: () => Date;
  readonly #rebuild: () => Promise<void>;
  readonly #faults: WriterFaults;
  readonly #change: PendingChange;
  #position: Position;
  #queue: Job[] = [];
  #queued = 0;
  #behind: Committed[] = [];
  #behindRows = 0;
  #recordLoop: Promise<void> | undefined;
  #indexLoop: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #roomWaiters: (() => void)[] = [];
  #indexWaiters: (() => void)[] = [];
  /** Whether the record may be ahead of what is in memory or in the index. */
  #doubtRecord = false;
  #doubtIndex = false;
  #toldAt = Date.now();
  /** Number of the last commit that the index has. */
  #applied: number;
  #connection: DuckDBConnection | undefined;
  #generation = -1;

  /** Begins where record and index stand. */
  constructor(options: WriterOptions) {
    this.#session = options.session;
    this.#index = options.index;
    this.#position = options.position;
    this.#applied = options.position.commit;
    this.#now = options.now;
    this.#rebuild = options.rebuild;
    this.#faults = options.faults ?? {};
    this.#change = new PendingChange(
      options.session,
      options.position.sequence,
    );
  }

  /** Last sequence number that was given. */
  get sequence(): number {
    return this.#position.sequence;
  }

  /**
   * Adds changes; resolves when record and index have all of them. They may be
   * written in several transactions: each is right in itself.
   */
  submit(changes: ScopeChanges): Promise<void> {
    return new Promise((resolve, reject) => {
      const job = { changes, weight: weight(changes), resolve, reject };
      this.#queue.push(job);
      this.#queued += job.weight;
      if (this.#queued >= MAX_ROWS) this.flush();
      else this.#timer ??= setTimeout(() => this.flush(), GROUP_MS);
    });
  }

  /** Resolves when more changes may be submitted. */
  async room(): Promise<void> {
    while (this.#queued + this.#behindRows > MAX_QUEUED + MAX_BEHIND) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
  }

  /** Writes what waits without waiting for more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#recordLoop ??= this.#writeRecord().finally(() => {
      this.#recordLoop = undefined;
      if (this.#queue.length > 0) this.flush();
      // The index may have been done first and left this to the last one.
      else if (this.#indexLoop === undefined) this.#startIndex();
    });
  }

  /** Resolves when everything that was submitted is written or refused. */
  async idle(): Promise<void> {
    for (;;) {
      if (this.#queue.length > 0) this.flush();
      const loop = this.#recordLoop ?? this.#indexLoop;
      if (loop === undefined) break;
      await loop;
    }
    await this.#change.flush();
  }

  /** Runs something while nothing is written. */
  async pause<T>(work: () => Promise<T>): Promise<T> {
    do await this.idle(); while (
      this.#recordLoop !== undefined || this.#indexLoop !== undefined
    );
    const result = work();
    const held = result.then(() => {}, () => {});
    this.#recordLoop = held.finally(() => {
      this.#recordLoop = undefined;
      if (this.#queue.length > 0) this.flush();
    });
    return await result;
  }

  async #writeRecord(): Promise<void> {
    while (this.#queue.length > 0) {
      while (this.#behindRows > MAX_BEHIND) {
        await new Promise<void>((resolve) => this.#indexWaiters.push(resolve));
      }
      const jobs = this.#take();
      try {
        await this.#settleRecord();
        await this.#writeJobs(jobs);
      } catch (error) {
        for (const job of jobs) job.reject(error);
      }
    }
  }

  /** Takes jobs for one transaction; a large one comes alone. */
  #take(): Job[] {
    const jobs: Job[] = [];
    let rows = 0;
    for (const job of this.#queue) {
      if (jobs.length > 0 && rows + job.weight > MAX_ROWS) break;
      jobs.push(job);
      rows += job.weight;
    }
    this.#queue = this.#queue.slice(jobs.length);
    this.#queued -= rows;
    this.#wake();
    return jobs;
  }

  async #writeJobs(jobs: readonly Job[]): Promise<void> {
    const [only] = jobs;
    const parts = jobs.length === 1 && only !== undefined
      ? splitChanges(only.changes, MAX_ROWS, this.#now().toISOString())
      : undefined;
    if (parts === undefined) {
      await this.#commit(jobs.map(({ changes }) => changes), jobs);
      return;
    }
    let next = parts.next();
    while (next.done !== true) {
      const part = next.value;
      next = parts.next();
      await this.#commit([part], next.done === true ? jobs : []);
    }
  }

  async #commit(
    changes: readonly ScopeChanges[],
    done: readonly Job[],
  ): Promise<void> {
    while (this.#behindRows > MAX_BEHIND) {
      await new Promise<void>((resolve) => this.#indexWaiters.push(resolve));
    }
    const builder = new TransactionBuilder(
      this.#position,
      this.#now().toISOString(),
    );
    for (const part of changes) builder.add(part);
    const transaction = builder.build();
    this.#faults.beforeRecord?.();
    try {
      await this.#session.query(transaction.sql, transaction.bindings);
    } catch (error) {
      // The answer may have been lost on its way: the record knows.
      this.#doubtRecord = true;
      throw error;
    }
    const { sequence, batch } = transaction;
    this.#position = { sequence, commit: batch.commit };
    this.#behind.push({ transaction, weight: builder.weight, done });
    this.#behindRows += builder.weight;
    this.#startIndex();
  }

  #startIndex(): void {
    this.#indexLoop ??= this.#writeIndex().finally(() => {
      this.#indexLoop = undefined;
      // Something may have come while the loop was about to end.
      if (this.#behind.length > 0) this.#startIndex();
    });
  }

  /** After an error: goes on from where the record stands, whatever was lost. */
  async #settleRecord(): Promise<void> {
    if (!this.#doubtRecord) return;
    const { sequence, commit } = await readState(this.#session);
    if (commit !== this.#position.commit) this.#doubtIndex = true;
    this.#position = { sequence, commit };
    this.#doubtRecord = false;
  }

  async #writeIndex(): Promise<void> {
    // One turn, so that groups that are ready go together.
    await Promise.resolve();
    while (this.#behind.length > 0) {
      const group = this.#behind;
      this.#behind = [];
      const batches = group.map(({ transaction }) => transaction.batch);
      let failure: { readonly error: unknown } | undefined;
      try {
        this.#faults.beforeIndex?.();
        if (this.#doubtIndex) await this.#mendIndex();
        else {
          try {
            await this.#apply(batches);
          } catch (error) {
            await this.#mendIndex(error);
          }
        }
        this.#change.add(batches);
      } catch (error) {
        this.#doubtIndex = true;
        failure = { error: indexError("bring the index up to date", error) };
      }
      for (const { weight, done } of group) {
        this.#behindRows -= weight;
        for (const job of done) {
          if (failure === undefined) job.resolve();
          else job.reject(failure.error);
        }
      }
      this.#wake();
    }
    await this.#tell();
  }

  async #apply(batches: readonly IndexBatch[]): Promise<void> {
    // Mending the index may have brought it further than this group.
    const missing = batches.filter(({ commit }) => commit > this.#applied);
    this.#faults.inIndex?.();
    await applyBatches(await this.#connect(), missing);
    this.#applied = Math.max(this.#applied, batches.at(-1)?.commit ?? 0);
  }

  /** Tells subscribers when nothing more is to come at once, or it takes long. */
  async #tell(): Promise<void> {
    const isBusy = this.#queue.length > 0 || this.#recordLoop !== undefined;
    const now = Date.now();
    if (isBusy && now - this.#toldAt < TELL_MS) return;
    this.#toldAt = now;
    await this.#change.flush();
  }

  #wake(): void {
    for (const waiters of [this.#roomWaiters, this.#indexWaiters]) {
      for (const wake of waiters.splice(0)) wake();
    }
  }

  /** The writer's own connection to the present file. */
  async #connect(): Promise<DuckDBConnection> {
    if (this.#generation !== this.#index.generation) this.#disconnect();
    this.#connection ??= await this.#index.connect();
    this.#generation = this.#index.generation;
    return this.#connection;
  }

  #disconnect(): void {
    this.#connection?.closeSync();
    this.#connection = undefined;
  }

  /**
   * Applies what the index lacks. An error of its engine may have come after the
   * commit: what it holds is read, never assumed. What cannot be mended is made
   * anew.
   */
  async #mendIndex(error?: unknown): Promise<void> {
    this.#disconnect();
    const state = await readState(this.#session);
    try {
      const position = isFatal(error)
        ? await this.#index.reopen()
        : await this.#index.position();
      await this.#index.check();
      if (position.commit > state.commit) {
        throw new SkymapError(
          "index_failed",
          "Cannot use index: it is newer than the record",
        );
      }
      await catchUp(this.#session, await this.#connect(), position, state);
    } catch {
      this.#disconnect();
      await this.#rebuild();
    }
    this.#applied = (await this.#index.position()).commit;
    this.#doubtIndex = false;
  }

  /** The index could not be read: {@linkcode settle} will look at all of it. */
  distrustIndex(): void {
    this.#doubtIndex = true;
  }

  /** Makes sure that the index answers for what the record holds. */
  async settle(): Promise<void> {
    if (this.#doubtRecord || this.#doubtIndex) {
      await this.pause(async () => {
        await this.#settleRecord();
        if (!this.#doubtIndex) return;
        const failed = await this.#index.position()
          .then(() => undefined, (error) => ({ error }));
        await this.#mendIndex(failed?.error);
      });
    }
  }

  /** Writes what waits, then lets go of the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.idle().catch(() => {});
    clearTimeout(this.#timer);
    this.#disconnect();
  }
}
