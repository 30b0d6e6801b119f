/**
 * The one writer of a graph: record first, then index, then the word to
 * subscribers.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import type { SearchIndex } from "../index/search_index.ts";
import { IndexWriter } from "./index_writer.ts";
import type { TellChange } from "./pending_change.ts";
import { hasCommit } from "./record.ts";
import { type ScopeChanges, weight } from "./scope_changes.ts";
import { splitChanges } from "./split_changes.ts";
import { type Position, TransactionBuilder } from "./transaction.ts";

/** Places where tests make the writer fail. */
export interface WriterFaults {
  /** Before a transaction of the record. */
  readonly beforeRecord?: () => void;
  /** Between the record's commit and the index: as if the process ended. */
  readonly beforeIndex?: () => void;
  /** In the place of the index's engine. */
  readonly inIndex?: () => void;
  /** Before each write that prunes. */
  readonly inPrune?: () => void;
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
  /** Told what changed when the index has it. Default: nobody. */
  readonly onChange?: TellChange;
  readonly faults?: WriterFaults;
}

/**
 * Rows of a transaction, about, a KB of text counting as one: larger ones are
 * slower for each row.
 */
const MAX_ROWS = 1_000;

/**
 * Transactions of the record at a time. They have no row in common, so they need
 * no order among themselves; and with one alone the engine would wait for this
 * thread, and use one core. Those that delete nodes run alone: they touch edges
 * of any scope.
 */
const MAX_AT_ONCE = 2;

/** Rows that may wait for the index before the record waits for it. */
const MAX_BEHIND = 12_000;

/** Rows that may wait for the record before merges wait. */
const MAX_QUEUED = 12_000;

/** How long a few changes wait for more. */
const GROUP_MS = 100;

interface Job {
  readonly changes: ScopeChanges;
  readonly weight: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Takes changes of scopes and writes them in groups. */
export class GraphWriter implements AsyncDisposable {
  readonly #session: DbSession;
  readonly #now: () => Date;
  readonly #faults: WriterFaults;
  readonly #indexWriter: IndexWriter;
  #position: Position;
  #queue: Job[] = [];
  #queued = 0;
  #loop: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #roomWaiters: (() => void)[] = [];
  readonly #running = new Set<Promise<void>>();
  /** Whether the transaction that was started last bears no other beside it. */
  #runsAlone = false;

  /** Begins where record and index stand. */
  constructor(options: WriterOptions) {
    this.#session = options.session;
    this.#position = options.position;
    this.#now = options.now;
    this.#faults = options.faults ?? {};
    this.#indexWriter = new IndexWriter({
      ...options,
      faults: this.#faults,
      onProgress: () => this.#wake(),
      isBusy: () => this.#queue.length > 0 || this.#running.size > 0,
    });
  }

  /** Last sequence number that was given. */
  get sequence(): number {
    return this.#position.sequence;
  }

  /** Rows that the record has, or is about to have, and the index does not. */
  get rowsBehind(): number {
    return this.#indexWriter.rows;
  }

  /** Number of the last commit that the index has. */
  get applied(): number {
    return this.#indexWriter.applied;
  }

  /**
   * Adds changes; resolves when record and index have all of them. They may be
   * written in several transactions: each is right in itself. Changes of a scope
   * may only be added when those before are written.
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
    while (this.#queued + this.#indexWriter.rows > MAX_QUEUED + MAX_BEHIND) {
      await this.#progress();
    }
  }

  #progress(): Promise<void> {
    return new Promise((resolve) => this.#roomWaiters.push(resolve));
  }

  #wake(): void {
    for (const wake of this.#roomWaiters.splice(0)) wake();
  }

  /** Writes what waits without waiting for more. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#loop ??= this.#write().finally(() => {
      this.#loop = undefined;
      if (this.#queue.length > 0) this.flush();
      else this.#indexWriter.wake();
    });
  }

  get #isIdle(): boolean {
    return this.#queue.length === 0 && this.#loop === undefined &&
      this.#running.size === 0;
  }

  /** Resolves when everything that was submitted is written or refused. */
  async idle(): Promise<void> {
    while (!this.#isIdle) {
      if (this.#queue.length > 0) this.flush();
      await this.#loop;
      await Promise.all(this.#running);
    }
    await this.#indexWriter.idle();
  }

  /** Runs something while nothing is written. */
  async pause<T>(work: () => Promise<T>): Promise<T> {
    do await this.idle(); while (
      this.#loop !== undefined || this.#queue.length > 0
    );
    const result = work();
    this.#loop = result.then(() => {}, () => {}).finally(() => {
      this.#loop = undefined;
      if (this.#queue.length > 0) this.flush();
    });
    return await result;
  }

  async #write(): Promise<void> {
    while (this.#queue.length > 0) {
      const jobs = this.#take();
      const [only] = jobs;
      const isLarge = only !== undefined && only.weight > MAX_ROWS &&
        only.changes.state !== "unchanged";
      if (isLarge) {
        await this.#writeParts(only);
      } else {
        await this.#commit(jobs.map(({ changes }) => changes), jobs)
          .catch(() => {});
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

  /**
   * Writes a large scope: first the part that says it is under way, then all
   * others in any order, then the one that says it is done.
   */
  async #writeParts(job: Job): Promise<void> {
    const at = this.#now().toISOString();
    const { first, middle, last } = splitChanges(job.changes, MAX_ROWS, at);
    let failure: { readonly error: unknown } | undefined;
    const started: Promise<void>[] = [];
    const start = async (
      part: ScopeChanges,
      done: readonly Job[],
    ): Promise<void> => {
      const { written } = await this.#start([part], done);
      started.push(written.catch((error) => {
        failure ??= { error };
      }));
    };
    await start(first, []);
    await Promise.all(started);
    for (const part of middle) {
      if (failure !== undefined) break;
      await start(part, []);
    }
    await Promise.all(started);
    if (failure === undefined) await start(last, [job]);
    else job.reject(failure.error);
  }

  async #commit(
    changes: readonly ScopeChanges[],
    done: readonly Job[],
  ): Promise<void> {
    // Not waited for: the next one may run beside it.
    const { written } = await this.#start(changes, done);
    written.catch(() => {});
  }

  /** Starts a transaction as soon as there is room for one. */
  async #start(
    changes: readonly ScopeChanges[],
    done: readonly Job[],
  ): Promise<{ readonly written: Promise<void> }> {
    const deletes = changes.some(({ goneNodes }) => goneNodes.length > 0);
    const atOnce = deletes || this.#runsAlone ? 1 : MAX_AT_ONCE;
    while (
      this.#running.size >= atOnce || this.#indexWriter.rows > MAX_BEHIND
    ) {
      await (this.#running.size >= atOnce
        ? Promise.race(this.#running)
        : this.#progress());
    }
    this.#runsAlone = deletes;
    const builder = new TransactionBuilder(
      this.#position,
      this.#now().toISOString(),
    );
    for (const part of changes) builder.add(part);
    const { sql, bindings, batch } = builder.build();
    this.#position = { sequence: batch.sequence, commit: batch.commit };
    const written = this.#run(sql, bindings, batch.commit);
    const running = written.then(() => {}, () => {}).finally(() =>
      this.#running.delete(running)
    );
    this.#running.add(running);
    written.catch((error) => {
      for (const job of done) job.reject(error);
    });
    this.#indexWriter.add({
      batch,
      written,
      rows: builder.weight,
      onApplied: () => {
        for (const job of done) job.resolve();
      },
      onFailed: (error) => {
        for (const job of done) job.reject(error);
      },
    });
    return { written };
  }

  async #run(
    sql: string,
    bindings: Record<string, unknown>,
    commit: number,
  ): Promise<void> {
    try {
      this.#faults.beforeRecord?.();
      await this.#session.query(sql, bindings);
    } catch (error) {
      // The answer may have been lost on its way: the record knows.
      const isWritten = await hasCommit(this.#session, commit)
        .catch(() => {
          this.#indexWriter.distrust("record");
          return false;
        });
      if (!isWritten) throw error;
    }
  }

  /** The index could not be read: {@linkcode settle} will look at all of it. */
  distrustIndex(): void {
    this.#indexWriter.distrust("index");
  }

  /** Makes sure that the index answers for what the record holds. */
  async settle(): Promise<void> {
    if (this.#indexWriter.isTrusted) return;
    await this.pause(() => this.#indexWriter.mend());
    this.#indexWriter.wake();
  }

  /** Tells listeners that anything may be different from what they know. */
  async touch(): Promise<void> {
    await this.#indexWriter.touch();
  }

  /** Writes what waits, then lets go of the index. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.idle().catch(() => {});
    clearTimeout(this.#timer);
    this.#indexWriter[Symbol.dispose]();
  }
}
