import type { AncestorJson, NodeJson } from "@skymap/lib/client";
import { type DbSession, RecordId } from "@skymap/lib/db";
import type { LedgerRow, NodeRow } from "./record.ts";
import { reasonOf } from "./scope_changes.ts";

function ancestor(id: string, name: string): AncestorJson | undefined {
  return id === "" ? undefined : { reported: { id, name } };
}

/** A node of the record as the API gives it. */
export function nodeJson(row: NodeRow, state: LedgerRow | undefined): NodeJson {
  const cloud = ancestor(row.cloud, row.cloud);
  const account = ancestor(row.account, row.account_name);
  const region = ancestor(row.region, row.region_name);
  const zone = ancestor(row.zone ?? "", row.zone ?? "");
  const stale = state === undefined || state.status === "complete"
    ? undefined
    : {
      since: state.last_success ?? state.since,
      reason: reasonOf({ error: state.error ?? null }) ?? state.status,
    };
  return {
    type: "node",
    id: String(row.id.id),
    kinds: row.kinds,
    reported: row.reported,
    ...(row.desired !== undefined && { desired: row.desired }),
    ...(row.metadata !== undefined && { metadata: row.metadata }),
    ancestors: {
      ...(cloud !== undefined && { cloud }),
      ...(account !== undefined && { account }),
      ...(region !== undefined && { region }),
      ...(zone !== undefined && { zone }),
    },
    ...(stale !== undefined && { stale }),
  };
}

/** Nodes by their ids, in this order; unknown ids are left out. */
export async function readNodesJson(
  session: DbSession,
  ids: readonly string[],
): Promise<NodeJson[]> {
  const [rows] = await session.query<[NodeRow[]]>("SELECT * FROM $nodes", {
    nodes: ids.map((id) => new RecordId("node", id)),
  });
  const scopes = new Map(
    rows.map(({ cloud, account, region, reported }) => {
      const key = [cloud, account, region, String(reported.kind)];
      return [JSON.stringify(key), new RecordId("ledger", key)];
    }),
  );
  const [states] = await session.query<[LedgerRow[]]>("SELECT * FROM $scopes", {
    scopes: [...scopes.values()],
  });
  const stateOf = new Map(
    states.map((state) => [JSON.stringify(state.id.id), state]),
  );
  const nodes = new Map(
    rows.map((row) => {
      const { cloud, account, region, reported } = row;
      const key = [cloud, account, region, String(reported.kind)];
      const node = nodeJson(row, stateOf.get(JSON.stringify(key)));
      return [node.id, node];
    }),
  );
  return ids.map((id) => nodes.get(id)).filter((node) => node !== undefined);
}
