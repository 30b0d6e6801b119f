/**
 * Brings an index to the state of the record: after a crash, or from nothing.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { applyBatches } from "../index/apply.ts";
import type {
  IndexBatch,
  IndexScope,
  IndexSection,
  ScopeRow,
} from "../index/index_batch.ts";
import type { IndexFile, IndexPosition } from "../index/open.ts";
import { limitIndex, pruneSome } from "../index/prune_index.ts";
import { readScopes } from "../index/stored_scopes.ts";
import {
  type HistoryBlock,
  type HistorySection,
  readBlock,
} from "./history.ts";
import { readOldest } from "./oldest.ts";
import {
  ledgerKey,
  type LedgerRow,
  readHistory,
  readLedger,
  readState,
  type RecordState,
} from "./record.ts";
import { scopeText } from "./scope_key.ts";
import { reasonOf } from "./scope_changes.ts";

/** Before every commit, the one that has number 0 included. */
const START: IndexPosition = { sequence: 0, commit: -1 };

/** Changes that are applied at once, about. */
const BATCH_ROWS = 20_000;

/**
 * Gives scopes their numbers in the index: those of the ledger, for merges that
 * are under way know scopes by them. Scopes that are no more get numbers below 0,
 * which no merge gives.
 */
class ScopeNumbers {
  readonly #known = new Map<string, number>();
  #last = 0;

  constructor(stored: readonly ScopeRow[], ledger: readonly LedgerRow[]) {
    for (const row of stored) {
      this.#known.set(scopeText(row), row.sid);
      this.#last = Math.min(this.#last, row.sid);
    }
    for (const row of ledger) {
      const text = scopeText(ledgerKey(row));
      const other = this.#known.get(text);
      if (other !== undefined && other !== row.sid) {
        throw new SkymapError(
          "index_failed",
          `Cannot catch up: scope ${text} has number ${other} in the index and ${row.sid} in the record`,
        );
      }
      this.#known.set(text, row.sid);
    }
  }

  of([cloud, account, region, kind]: HistorySection["key"]): IndexScope {
    const key = { cloud, account, region, kind };
    const text = scopeText(key);
    let sid = this.#known.get(text);
    if (sid === undefined) this.#known.set(text, sid = --this.#last);
    return { sid, ...key };
  }
}

/** Names what a section touches, so that no batch touches a thing twice. */
function* touched(section: IndexSection): Generator<string> {
  for (const { id } of section.nodes) yield id;
  yield* section.goneNodes;
  const { sid } = section.scope;
  for (const edges of [section.edges, section.goneEdges]) {
    for (const { from, to, type } of edges) {
      yield `${sid} ${type} ${from} ${to}`;
    }
  }
}

/** Gathers blocks into batches that can be applied at once. */
class BatchGatherer {
  readonly #numbers: ScopeNumbers;
  readonly #commit: number;
  #batches: IndexBatch[] = [];
  #touched = new Set<string>();

  constructor(numbers: ScopeNumbers, commit: number) {
    this.#numbers = numbers;
    this.#commit = commit;
  }

  /** Adds a block; gives batches that have to be applied before it, if any. */
  add(block: HistoryBlock): readonly IndexBatch[] {
    const sections = readBlock(block).map(({ key, ...section }) => ({
      ...section,
      scope: this.#numbers.of(key),
    }));
    const names = sections.flatMap((section) => [...touched(section)]);
    const full = this.#touched.size + names.length > BATCH_ROWS ||
      names.some((name) => this.#touched.has(name));
    const ready = full ? this.take() : [];
    for (const name of names) this.#touched.add(name);
    this.#batches.push({
      sequence: block.valid,
      reached: block.last,
      // Only the ledger, at the end, makes the index as new as the record.
      commit: this.#commit,
      at: block.at,
      sections,
      scopes: [],
    });
    return ready;
  }

  /** Gives what waits. */
  take(): readonly IndexBatch[] {
    const batches = this.#batches;
    this.#batches = [];
    this.#touched = new Set();
    return batches;
  }
}

/** A row of the record's ledger as a row of the index. */
function scopeRow(row: LedgerRow): ScopeRow {
  return {
    sid: row.sid,
    ...ledgerKey(row),
    status: row.status,
    reason: reasonOf({ error: row.error ?? null }),
    lastAttempt: row.last_attempt,
    lastSuccess: row.last_success ?? null,
    count: row.count,
    edges: row.edges,
  };
}

/** Applies what the record has and the index lacks; can be cut and repeated. */
export async function catchUp(
  session: DbSession,
  connection: DuckDBConnection,
  from: IndexPosition,
  to: RecordState,
  signal?: AbortSignal,
): Promise<void> {
  if (from.commit === to.commit) return;
  const oldest = await readOldest(session);
  if (from !== START && from.sequence < (oldest?.sequence ?? 0)) {
    throw new SkymapError(
      "index_failed",
      `Cannot catch up: the history after ${from.sequence} that the index lacks is pruned up to ${oldest?.sequence}`,
    );
  }
  const stored = await readScopes(connection);
  const ledger = await readLedger(session);
  const numbers = new ScopeNumbers(stored, ledger);
  const gatherer = new BatchGatherer(numbers, from.commit);
  for await (const block of readHistory(session, from.sequence, to.sequence)) {
    signal?.throwIfAborted();
    await applyBatches(connection, gatherer.add(block));
  }
  await applyBatches(connection, gatherer.take());
  const scopes = ledger.map(scopeRow);
  const listed = new Set(scopes.map(({ sid }) => sid));
  await applyBatches(connection, [{
    sequence: to.sequence,
    commit: to.commit,
    at: new Date().toISOString(),
    sections: [],
    scopes,
    goneScopes: stored.map(({ sid }) => sid).filter((sid) => !listed.has(sid)),
  }]);
}

/** Fills an empty index from the record; nothing may be written meanwhile. */
export async function fillIndex(
  session: DbSession,
  file: Pick<IndexFile, "connect">,
  signal?: AbortSignal,
): Promise<void> {
  const connection = await file.connect();
  try {
    const state = await readState(session);
    await catchUp(session, connection, START, state, signal);
    const oldest = await readOldest(session);
    if (oldest === undefined) return;
    await limitIndex(connection, oldest);
    while (await pruneSome(connection, oldest) > 0) signal?.throwIfAborted();
  } finally {
    connection.closeSync();
  }
}
