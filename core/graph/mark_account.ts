/**
 * Says in the ledger what became of scopes that a stream did not list.
 *
 * @module
 */

import type { Failure, ScopeKey } from "@skymap/lib/plugin";
import type { ScopeRow } from "../index/index_batch.ts";
import type { MergeContext } from "./merge.ts";
import { scopeText } from "./scope_key.ts";
import type { Holder } from "./scope_locks.ts";
import { StoredAccount } from "./stored_account.ts";

/** What is said of which scopes. */
export interface AccountMark {
  readonly cloud: string;
  readonly account: string;
  readonly status: "failed" | "unmentioned" | "gone";
  readonly error: Failure;
  /** Scopes that are left alone, as texts. */
  readonly except: ReadonlySet<string>;
  /** Kind under which an account without any scope is entered; else it is not. */
  readonly enterAs?: string;
}

/** Who says it. */
export interface MarkOptions {
  readonly holder: Holder;
  readonly run: string | null;
  readonly signal: AbortSignal;
}

/** Whether one of the texts is a scope of the account. */
function mentions(
  texts: ReadonlySet<string>,
  cloud: string,
  account: string,
): boolean {
  const prefix = JSON.stringify([cloud, account]).slice(0, -1) + ",";
  for (const text of texts) {
    if (text.startsWith(prefix)) return true;
  }
  return false;
}

/**
 * Sets the state of an account's scopes; their nodes stay as they are. Gives the
 * scopes that are now in this state.
 */
export async function markAccount(
  context: MergeContext,
  mark: AccountMark,
  { holder, run, signal }: MarkOptions,
): Promise<readonly ScopeKey[]> {
  const { reader, clock, locks, writer } = context;
  const { cloud, account, status, except, enterAs } = mark;
  using stored = await StoredAccount.read(reader, clock, { cloud, account });
  const keys: ScopeKey[] = stored.rows
    .filter((row) => !except.has(scopeText(row)))
    .map(({ region, kind }) => ({ cloud, account, region, kind }));
  const isNew = stored.rows.length === 0 && enterAs !== undefined &&
    !mentions(except, cloud, account);
  if (isNew) {
    await context.ensureCloud(cloud, run);
    keys.push({ cloud, account, region: "", kind: enterAs });
  }
  const marked: ScopeKey[] = [];
  const written: Promise<void>[] = [];
  for (const key of keys) {
    const text = scopeText(key);
    const lease = await locks.acquire(text, holder, signal);
    const row = await stored.state(key).catch((error) => {
      lease.release();
      throw error;
    });
    // Somebody may have retired it, or have entered it, in the meantime.
    if ((row === undefined) !== isNew) {
      lease.release();
      continue;
    }
    marked.push(key);
    if (row?.status === status && status !== "failed") {
      lease.release();
      continue;
    }
    lease.finish();
    const job = writeState(context, key, row, mark, run).finally(() => {
      clock.tick(text);
      lease.release();
    });
    // Looked at below, but it may fail before.
    job.catch(() => {});
    written.push(job);
  }
  writer.flush();
  await Promise.all(written);
  return marked;
}

/** Writes how a scope stands, and nothing else of it. */
async function writeState(
  { writer, now, nextScope }: MergeContext,
  key: ScopeKey,
  row: ScopeRow | undefined,
  { status, error }: AccountMark,
  run: string | null,
): Promise<void> {
  const at = now().toISOString();
  await writer.submit({
    scope: { sid: row?.sid ?? nextScope(), ...key },
    kinds: [],
    accountName: "",
    regionName: "",
    run,
    parent: null,
    nodes: [],
    goneNodes: [],
    edges: [],
    goneEdges: [],
    state: {
      status,
      error,
      since: row?.status === status ? null : at,
      lastAttempt: status === "failed" ? at : row?.lastAttempt ?? at,
      lastSuccess: row?.lastSuccess ?? null,
      count: row?.count ?? 0,
      durationMs: null,
      edges: row?.edges ?? "",
    },
    before: row ?? null,
  });
}
