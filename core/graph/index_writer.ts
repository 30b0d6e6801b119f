/**
 * Brings commits of the record to the index, in their order.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { applyBatches } from "../index/apply.ts";
import type { IndexBatch } from "../index/index_batch.ts";
import { indexError, isFatal } from "../index/open.ts";
import type { SearchIndex } from "../index/search_index.ts";
import { catchUp } from "./catch_up.ts";
import { PendingChange, type TellChange } from "./pending_change.ts";
import { readState } from "./record.ts";
import type { Position } from "./transaction.ts";
import type { WriterFaults } from "./writer.ts";

/** A commit on its way. */
export interface CommitEntry {
  readonly batch: IndexBatch;
  /** Resolves when the record has it, rejects when it never will. */
  readonly written: Promise<void>;
  /** Rows that it holds in memory, about. */
  readonly rows: number;
  /** The index has it. */
  readonly onApplied: () => void;
  /** The record has it, and the index does not. */
  readonly onFailed: (error: unknown) => void;
}

/** What an index writer works with. */
export interface IndexWriterOptions {
  readonly session: DbSession;
  readonly index: SearchIndex;
  /** Where record and index stand. */
  readonly position: Position;
  /** Makes the index anew. */
  readonly rebuild: () => Promise<void>;
  readonly faults: WriterFaults;
  /** Told whenever fewer rows wait. */
  readonly onProgress: () => void;
  /** Whether more commits are on their way. */
  readonly isBusy: () => boolean;
  /** Told what changed, beside the row in the record. Default: nobody. */
  readonly onChange?: TellChange;
  /** Gives the time. */
  readonly now: () => Date;
}

/**
 * Pause between two words to subscribers while more is being written, and before
 * one that nobody got is told again.
 */
const TELL_MS = 1_000;

/**
 * Pause between two words when there is nothing more to write: whoever makes many
 * small changes, one after the other, would make as many words. The first is told
 * at once.
 */
const SMALL_PAUSE_MS = 250;

interface Waiting extends CommitEntry {
  state: "running" | "written" | "failed";
}

/**
 * Takes commits in their order and applies as many at a time as are ready, so
 * that the number the index has reached speaks for all before it.
 */
export class IndexWriter implements Disposable {
  readonly #options: IndexWriterOptions;
  /** What the record's own rows have to say, and what listeners have to hear. */
  readonly #kept: PendingChange;
  readonly #heard: PendingChange | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;
  #isDisposed = false;
  #waiting: Waiting[] = [];
  #rows = 0;
  #loop: Promise<void> | undefined;
  /** Number of the last commit that the index has. */
  #applied: number;
  /** What may be wrong, so that the index has to be looked at. */
  #doubt: "none" | "index" | "record" = "none";
  /** By a clock that nobody sets. */
  #toldAt = -Infinity;
  #connection: DuckDBConnection | undefined;
  #generation = -1;

  /** Begins where record and index stand. */
  constructor(options: IndexWriterOptions) {
    this.#options = options;
    this.#applied = options.position.commit;
    const { session, position: { sequence }, onChange } = options;
    this.#kept = new PendingChange(sequence, async (row) => {
      await session.query("UPSERT $id CONTENT $row RETURN NONE", {
        id: new RecordId("change", row.last),
        row,
      });
    });
    if (onChange !== undefined) {
      this.#heard = new PendingChange(sequence, onChange);
    }
  }

  /** Rows that wait. */
  get rows(): number {
    return this.#rows;
  }

  /** Number of the last commit that the index has. */
  get applied(): number {
    return this.#applied;
  }

  /** Whether the index is known to be what it should be. */
  get isTrusted(): boolean {
    return this.#doubt === "none";
  }

  /**
   * The index could not be read or brought on, or (`record`) nobody knows whether
   * the record has a commit that the index has been brought past.
   */
  distrust(what: "index" | "record"): void {
    if (this.#doubt !== "record") this.#doubt = what;
  }

  /** Adds a commit; the order of calls is the order of commits. */
  add(entry: CommitEntry): void {
    const waiting: Waiting = { ...entry, state: "running" };
    this.#waiting.push(waiting);
    this.#rows += entry.rows;
    entry.written.then(
      () => waiting.state = "written",
      () => waiting.state = "failed",
    ).then(() => this.wake());
  }

  /** Applies what is ready. */
  wake(): void {
    this.#loop ??= this.#work().finally(() => {
      this.#loop = undefined;
      if (this.#isReady) this.wake();
    });
  }

  get #isReady(): boolean {
    const [first] = this.#waiting;
    return first !== undefined && first.state !== "running";
  }

  /** Resolves when nothing is left to do for now. */
  async idle(): Promise<void> {
    while (this.#loop !== undefined) await this.#loop;
    await this.#flush();
  }

  /** Tells listeners that anything may be different from what they know. */
  async touch(): Promise<void> {
    await this.#addAny();
    await this.#flush();
  }

  async #addAny(): Promise<void> {
    const { index, now } = this.#options;
    const { sequence } = await index.position();
    this.#heard?.addAny(sequence, now().toISOString());
  }

  async #work(): Promise<void> {
    while (this.#isReady) {
      const end = this.#waiting.findIndex(({ state }) => state === "running");
      const group = this.#waiting.splice(
        0,
        end === -1 ? this.#waiting.length : end,
      );
      await this.#applyGroup(group.filter(({ state }) => state === "written"));
      for (const { rows } of group) this.#rows -= rows;
      this.#options.onProgress();
    }
    await this.#tell();
  }

  async #applyGroup(group: readonly Waiting[]): Promise<void> {
    if (group.length === 0) return;
    const batches = group.map(({ batch }) => batch);
    try {
      this.#options.faults.beforeIndex?.();
      if (!this.isTrusted) await this.mend();
      else await this.#apply(batches).catch((error) => this.mend(error));
    } catch (error) {
      this.distrust("index");
      // The record has them; the index will, when it was mended.
      this.#add(batches);
      const failure = indexError("bring the index up to date", error);
      for (const { onFailed } of group) onFailed(failure);
      return;
    }
    this.#add(batches);
    for (const { onApplied } of group) onApplied();
  }

  #add(batches: readonly IndexBatch[]): void {
    this.#kept.add(batches);
    this.#heard?.add(batches);
  }

  async #apply(batches: readonly IndexBatch[]): Promise<void> {
    // Mending the index may have brought it further than this group.
    const missing = batches.filter(({ commit }) => commit > this.#applied);
    this.#options.faults.inIndex?.();
    await applyBatches(await this.#connect(), missing);
    this.#applied = Math.max(this.#applied, batches.at(-1)?.commit ?? 0);
  }

  /** Tells subscribers when nothing more is to come at once, or it takes long. */
  async #tell(): Promise<void> {
    const pauseMs = this.#options.isBusy() ? TELL_MS : SMALL_PAUSE_MS;
    const waitMs = this.#toldAt + pauseMs - performance.now();
    if (waitMs > 0) return this.#flushIn(waitMs);
    this.#toldAt = performance.now();
    await this.#flush();
  }

  #flushIn(ms: number): void {
    if (this.#isDisposed) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      this.#toldAt = performance.now();
      void this.#flush();
    }, ms);
  }

  /** Tells what there is to tell, and again later what nobody got. */
  async #flush(): Promise<void> {
    const told = await Promise.all([this.#kept.flush(), this.#heard?.flush()]);
    if (told.includes(false)) this.#flushIn(TELL_MS);
  }

  /** The writer's own connection to the present file. */
  async #connect(): Promise<DuckDBConnection> {
    const { index } = this.#options;
    if (this.#generation !== index.generation) this.#disconnect();
    this.#connection ??= await index.connect();
    this.#generation = index.generation;
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
  async mend(error?: unknown): Promise<void> {
    const { session, index, rebuild } = this.#options;
    this.#disconnect();
    const state = await readState(session);
    try {
      if (this.#doubt === "record") {
        throw new SkymapError("index_failed", "Cannot trust the index");
      }
      const position = await this.#position(error);
      await index.check();
      if (position.commit > state.commit) {
        throw new SkymapError(
          "index_failed",
          "Cannot use index: it is newer than the record",
        );
      }
      await catchUp(session, await this.#connect(), position, state);
    } catch {
      this.#disconnect();
      await rebuild();
    }
    this.#applied = (await index.position()).commit;
    this.#doubt = "none";
    // Searches may have been answered without what the index has now.
    await this.#addAny();
  }

  /** How far the index is; an engine that gave up is opened anew. */
  async #position(error: unknown): Promise<Position> {
    const { index } = this.#options;
    if (isFatal(error)) return await index.reopen();
    try {
      return await index.position();
    } catch (error) {
      if (isFatal(error)) return await index.reopen();
      throw error;
    }
  }

  /** Lets go of the index. */
  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#later);
    this.#disconnect();
  }
}
