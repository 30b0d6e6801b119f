import type { LedgerEntryJson } from "@skymap/lib/client";
import type { LedgerRow } from "./record.ts";
import { isOwnScope } from "./scope_key.ts";

/** The scopes of a row of the ledger, by kind; core's own are left out. */
export function* ledgerEntries(row: LedgerRow): Generator<LedgerEntryJson> {
  const [cloud, account, region] = row.id.id as [string, string, string];
  for (const kind of Object.keys(row.kinds).sort()) {
    const state = row.kinds[kind];
    const key = { cloud, account, region, kind };
    if (state === undefined || isOwnScope(key)) continue;
    yield {
      ...key,
      status: state.status,
      last_attempt: state.last_attempt,
      ...(typeof state.last_success === "string" && {
        last_success: state.last_success,
      }),
      count: state.count,
      duration_ms: state.duration_ms ?? 0,
      ...(state.error !== undefined && state.error !== null && {
        error: state.error,
      }),
    };
  }
}
