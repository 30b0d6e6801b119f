import type { CoverageJson, EdgeJson, NodeJson } from "@skymap/lib/client";
import type { JsonObject } from "@skymap/lib/json";
import type { System } from "../system.ts";
import { type EdgeText, type Key, keyOf } from "./estate_graph.ts";

/** What core holds of AWS. */
export interface CoreGraph {
  /** Resources that are in a region, sorted. */
  readonly keys: readonly Key[];
  /** What is reported, by key. */
  readonly reported: ReadonlyMap<Key, JsonObject>;
  /** Last sequence number that the answer was read at. */
  readonly sequence: number;
  /** Scopes of the answer that are not up to date. */
  readonly stale: number;
}

/** What these searches answer. */
type GraphRecord = NodeJson | EdgeJson | CoverageJson;

async function search(
  system: System,
  kind: "list" | "graph",
  text: string,
): Promise<GraphRecord[]> {
  const client = await system.client();
  const records = await Array.fromAsync(client.search("main", kind, text));
  return records as GraphRecord[];
}

function keyOfNode({ ancestors, reported }: NodeJson): Key | undefined {
  const region = ancestors.region?.reported.id;
  if (region === undefined) return;
  return keyOf(
    ancestors.account?.reported.id ?? "",
    region,
    String(reported["kind"]),
    String(reported["id"]),
  );
}

/** Reads every resource of AWS over the API. */
export async function coreGraph(system: System): Promise<CoreGraph> {
  const reported = new Map<Key, JsonObject>();
  let sequence = 0;
  let stale = 0;
  for (const record of await search(system, "list", "is(aws_resource)")) {
    if (record.type === "coverage") ({ sequence, stale } = record);
    if (record.type !== "node") continue;
    const key = keyOfNode(record);
    if (key !== undefined) reported.set(key, record.reported);
  }
  return { keys: [...reported.keys()].sort(), reported, sequence, stale };
}

/** Reads every edge between resources in regions over the API, sorted. */
export async function coreEdges(system: System): Promise<EdgeText[]> {
  const edges = new Set<EdgeText>();
  for (const type of ["default", "delete"]) {
    const records = await search(
      system,
      "graph",
      `is(aws_resource) -${type}[0:1]->`,
    );
    const keys = new Map<string, Key>();
    for (const record of records) {
      if (record.type !== "node") continue;
      const key = keyOfNode(record);
      if (key !== undefined) keys.set(record.id, key);
    }
    for (const record of records) {
      if (record.type !== "edge") continue;
      const [from, to] = [keys.get(record.from), keys.get(record.to)];
      if (from === undefined || to === undefined) continue;
      edges.add(`${record.edge_type} > ${from} > ${to}`);
    }
  }
  return [...edges].sort();
}
