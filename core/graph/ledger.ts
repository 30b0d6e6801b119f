import type { LedgerEntryJson } from "@skymap/lib/client";
import { ledgerKey, type LedgerRow } from "./record.ts";
import { isOwnScope } from "./scope_key.ts";

/** A row of the ledger as the API gives it; core's own scopes are left out. */
export function ledgerEntry(row: LedgerRow): LedgerEntryJson | undefined {
  const key = ledgerKey(row);
  if (isOwnScope(key)) return undefined;
  const {
    status,
    last_attempt,
    last_success,
    count,
    duration_ms,
    error,
    usage,
  } = row;
  return {
    ...key,
    status,
    last_attempt,
    ...(typeof last_success === "string" && { last_success }),
    count,
    duration_ms: duration_ms ?? 0,
    ...(usage !== undefined && usage !== null && { usage }),
    ...(error !== undefined && error !== null && { error }),
  };
}
