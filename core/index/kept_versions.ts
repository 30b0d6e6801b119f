/**
 * Which versions that a history tells of are still kept.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { isKept, keptValues, type PruneLimit } from "./prune_index.ts";
import { Stage } from "./stage.ts";

/** A version that is kept. */
export interface KeptVersion {
  readonly validFrom: number;
  /** Undefined while it is present. */
  readonly validTo: number | undefined;
  /** For nodes: milliseconds of the last write. */
  readonly writtenMs?: number;
}

/** Names of an edge: cloud, account, region and kind of its scope, then itself. */
export type EdgeName = readonly [
  cloud: string,
  account: string,
  region: string,
  kind: string,
  from: string,
  to: string,
  type: string,
];

/** Versions by the name of what they are versions of. */
export type KeptVersions = ReadonlyMap<string, readonly KeptVersion[]>;

/** What is asked about. */
export interface WantedVersions {
  readonly nodes: Iterable<string>;
  readonly edges: Iterable<EdgeName>;
}

/** The name of an edge or scope in {@linkcode KeptVersions}. */
export function versionName(parts: readonly string[]): string {
  return JSON.stringify(parts);
}

function gather(rows: readonly (readonly unknown[])[]): KeptVersions {
  const found = new Map<string, KeptVersion[]>();
  for (const row of rows) {
    const [from, to, written, ...names] = row;
    const name = names.length === 1
      ? String(names[0])
      : versionName(names.map(String));
    let versions = found.get(name);
    if (versions === undefined) found.set(name, versions = []);
    versions.push({
      validFrom: Number(from),
      validTo: to === null ? undefined : Number(to),
      ...(written !== null && { writtenMs: Number(written) }),
    });
  }
  return found;
}

/** The kept versions of some nodes and edges, and of all scopes. */
export async function readKept(
  connection: DuckDBConnection,
  { nodes, edges }: WantedVersions,
  limit: PruneLimit,
): Promise<{
  readonly nodes: KeptVersions;
  readonly edges: KeptVersions;
  readonly scopes: KeptVersions;
}> {
  const nodeStage = new Stage("wanted_node", [["id", "varchar"]]);
  for (const id of new Set(nodes)) nodeStage.add(id);
  const names = ["cloud", "account", "region", "kind"];
  const edgeStage = new Stage(
    "wanted_edge",
    [...names, "from_id", "to_id", "type"].map((name) => [name, "varchar"]),
  );
  const wanted = new Map(
    Array.from(edges, (edge) => [versionName(edge), edge]),
  );
  for (const edge of wanted.values()) edgeStage.add(...edge);
  await nodeStage.write(connection);
  await edgeStage.write(connection);
  const rows = async (sql: string) =>
    (await connection.runAndReadAll(sql, ...keptValues(limit))).getRowsJS();
  const versions = "v.valid_from::double, v.valid_to::double";
  const scope = names.map((name) => `s.${name}`).join(", ");
  return {
    nodes: gather(
      await rows(
        `select ${versions}, epoch_ms(v.changed_at)::double, v.id
         from node v semi join temp.wanted_node w on w.id = v.id
         where ${isKept("v")}`,
      ),
    ),
    edges: gather(
      await rows(
        `select ${versions}, null, ${scope}, v.from_id, v.to_id, v.type
         from edge_out v
         join (select distinct sid, ${names.join(", ")} from scope_past) s
           on s.sid = v.sid
         join temp.wanted_edge w on w.from_id = v.from_id
           and w.to_id = v.to_id and w.type = v.type and w.cloud = s.cloud
           and w.account = s.account and w.region = s.region and w.kind = s.kind
         where ${isKept("v")}`,
      ),
    ),
    scopes: gather(
      await rows(
        `select ${versions}, null, ${scope.replaceAll("s.", "v.")}
         from scope_past v where ${isKept("v")}`,
      ),
    ),
  };
}
