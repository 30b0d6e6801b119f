/**
 * What everything that changes a graph shares.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import type { ScopeKey } from "@skymap/lib/plugin";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { IndexReader } from "./index_reader.ts";
import type { ScopeChanges } from "./scope_changes.ts";
import { scopeText } from "./scope_key.ts";
import type { ScopeLocks } from "./scope_locks.ts";
import type { CommitClock } from "./stored_account.ts";
import type { GraphWriter } from "./writer.ts";

/** The parts of one graph. */
export interface GraphParts {
  readonly session: DbSession;
  readonly model: KindRegistry;
  readonly writer: GraphWriter;
  readonly reader: IndexReader;
  readonly locks: ScopeLocks;
  readonly clock: CommitClock;
  /** Gives the time. */
  readonly now: () => Date;
  /** Number for a scope that is new. */
  readonly nextScope: () => number;
}

const NEVER = new AbortController().signal;

/** Runs something while core itself holds a scope. */
export async function holdScope<T>(
  { locks, clock }: Pick<GraphParts, "locks" | "clock">,
  key: ScopeKey,
  work: () => Promise<T>,
): Promise<T> {
  const text = scopeText(key);
  const lease = await locks.acquire(text, { name: "core" }, NEVER);
  try {
    return await work();
  } finally {
    clock.tick(text);
    lease.release();
  }
}

/** Writes changes without waiting for others to join them. */
export async function writeNow(
  { writer }: Pick<GraphParts, "writer">,
  changes: ScopeChanges,
): Promise<void> {
  const written = writer.submit(changes);
  writer.flush();
  await written;
}
