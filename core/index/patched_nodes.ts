/**
 * What the index holds of nodes that are patched.
 *
 * @module
 */

import {
  type DuckDBConnection,
  LIST,
  listValue,
  VARCHAR,
} from "@duckdb/node-api";
import type { IndexScope, NodeSections } from "./index_batch.ts";
import { sectionsOf } from "./stored_scopes.ts";

/** A node with all that a further version of it needs. */
export interface PatchedNode {
  readonly id: string;
  readonly scope: IndexScope;
  /** JSON list of its kind and all bases. */
  readonly kinds: string;
  readonly accountName: string;
  readonly regionName: string;
  readonly hash: string;
  readonly zone: string | null;
  /** Canonical JSON. */
  readonly reported: string;
  readonly sections: NodeSections;
}

function idList(ids: readonly string[]): [never, never] {
  return [[listValue([...ids])] as never, [LIST(VARCHAR)] as never];
}

const FROM = `from node where valid_to is null
  and id in (select unnest($1::varchar[]))`;

/** In which scope present nodes are; ids that are not there are left out. */
export async function readNodeScopes(
  connection: DuckDBConnection,
  ids: readonly string[],
): Promise<Map<string, Omit<IndexScope, "sid">>> {
  const reader = await connection.runAndReadAll(
    `select id, cloud, account, region, kind ${FROM}`,
    ...idList(ids),
  );
  return new Map(
    reader.getRowsJS().map(([id, cloud, account, region, kind]) => [
      String(id),
      {
        cloud: String(cloud),
        account: String(account),
        region: String(region),
        kind: String(kind),
      },
    ]),
  );
}

/** Present versions of nodes; ids that are not there are left out. */
export async function readPatchedNodes(
  connection: DuckDBConnection,
  ids: readonly string[],
): Promise<Map<string, PatchedNode>> {
  const reader = await connection.runAndReadAll(
    `select id, sid, cloud, account, region, kind, kinds_text, account_name,
       region_name, hash, zone, reported, desired, metadata ${FROM}`,
    ...idList(ids),
  );
  return new Map(
    reader.getRowsJS().map((row) => {
      const [id, sid, cloud, account, region, kind, ...rest] = row;
      const [kinds, accountName, regionName, hash, zone, reported] = rest;
      const node: PatchedNode = {
        id: String(id),
        scope: {
          sid: Number(sid),
          cloud: String(cloud),
          account: String(account),
          region: String(region),
          kind: String(kind),
        },
        kinds: String(kinds),
        accountName: String(accountName),
        regionName: String(regionName),
        hash: String(hash),
        zone: typeof zone === "string" ? zone : null,
        reported: String(reported),
        sections: sectionsOf(rest[6], rest[7]),
      };
      return [node.id, node];
    }),
  );
}
