/**
 * Deletes what is gone for good.
 *
 * @module
 */

import type { ScopeKey } from "@skymap/lib/plugin";
import { readEdges, readHashes, readScopes } from "../index/stored_scopes.ts";
import { type GraphParts, holdScope, writeNow } from "./graph_parts.ts";
import type { OwnNodes } from "./own_nodes.ts";
import {
  ledgerKey,
  type LedgerRow,
  readLedger,
  readLedgerRow,
} from "./record.ts";
import { cloudScope, isOwnScope } from "./scope_key.ts";

/** What is looked at. */
export interface RetirePart {
  /** Default: every cloud. */
  readonly cloud?: string;
  /** Default: every account. */
  readonly account?: string;
}

/** Deletes scopes that are due, with all they own; gives how many nodes went. */
export async function retireScopes(
  parts: GraphParts,
  ownNodes: OwnNodes,
  part: RetirePart,
  isDue: (state: LedgerRow) => boolean,
  run: string | null,
): Promise<number> {
  await parts.writer.settle();
  let count = 0;
  const touched = new Set<string>();
  const kept = new Set<string>();
  for (const row of await readLedger(parts.session)) {
    const key = ledgerKey(row);
    const { cloud, account } = key;
    if (isOwnScope(key)) continue;
    const isPart = (part.cloud ?? cloud) === cloud &&
      (part.account ?? account) === account;
    const nodes = isPart && isDue(row)
      ? await forgetScope(parts, key, isDue, run)
      : undefined;
    count += nodes ?? 0;
    (nodes === undefined ? kept : touched).add(cloud);
  }
  for (const cloud of touched) {
    if (kept.has(cloud)) continue;
    await forgetScope(parts, cloudScope(cloud), () => true, run);
    ownNodes.forget(cloud);
  }
  return count;
}

/** Deletes a scope with all it owns; undefined when it is not due any more. */
function forgetScope(
  parts: GraphParts,
  key: ScopeKey,
  isDue: (state: LedgerRow) => boolean,
  run: string | null,
): Promise<number | undefined> {
  const { cloud, account, region, kind } = key;
  return holdScope(parts, key, async () => {
    const state = await readLedgerRow(parts.session, key);
    // It may have been collected while this waited.
    if (state === undefined || !isDue(state)) return undefined;
    const found = await parts.reader.ask("read a scope", async (connection) => {
      const [row] = await readScopes(connection, key);
      if (row === undefined) return undefined;
      const hashes = await readHashes(connection, key);
      return {
        row,
        nodes: [...hashes.get(row.sid)?.values() ?? []],
        edges: await readEdges(connection, row.sid),
      };
    });
    if (found === undefined) return undefined;
    await writeNow(parts, {
      scope: { sid: found.row.sid, cloud, account, region, kind },
      kinds: parts.model.kindsOf(kind),
      accountName: state.account_name ?? "",
      regionName: state.region_name ?? "",
      run,
      // Edges from the parent are among those that it owns.
      parent: null,
      nodes: [],
      goneNodes: found.nodes,
      edges: [],
      goneEdges: found.edges.map(({ from, to, type }) => ({ from, to, type })),
      state: null,
      before: found.row,
      deferred: null,
    });
    return found.nodes.length;
  });
}
