/**
 * Graphs for tests.
 *
 * @module
 */

import type { MergeReport, ModelUpdate } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type {
  DeferredEdgeMessage,
  EdgeMessage,
  EndMessage,
  Failure,
  MergeMessage,
} from "@skymap/lib/plugin_host";
import type { TestDatabase } from "../db/test_database.ts";
import type { Graph, GraphOptions } from "./graph.ts";
import { openGraph } from "./open_graph.ts";
import type { MergeOptions } from "./merge.ts";

/** A made-up cloud's kinds. */
export const TOY_MODEL: ModelUpdate = {
  plugin: {
    name: "toy",
    version: "1.0.0",
    cloud: "toy",
    containers: { account: "toy_account", region: "toy_region" },
    kinds: [
      { name: "toy_account", bases: ["account"] },
      { name: "toy_region", bases: ["region"] },
      {
        name: "toy_box",
        bases: ["instance"],
        properties: {
          size: { kind: "int64" },
          born: { kind: "datetime" },
          parts: { kind: "toy_part[]" },
          free: { kind: "any" },
        },
      },
      {
        name: "toy_part",
        properties: { slot: { kind: "int64" }, label: { kind: "string" } },
      },
      {
        name: "toy_disk",
        bases: ["volume"],
        properties: {
          size: { kind: "int64" },
          seen: { kind: "int64", ignoreHistory: true },
        },
      },
    ],
  },
};

/** Id of a node of the made-up cloud. */
export function toyId(
  kind: string,
  id: string,
  account = "a1",
  region = "",
): string {
  return nodeId({ cloud: "toy", account, region, kind, id });
}

/** A graph of the made-up cloud, and where it lies. */
export interface ToyGraph {
  readonly graph: Graph;
  readonly session: DbSession;
  /** Directory of its index. */
  readonly directory: string;
}

let graphs = 0;

/** Opens a new graph that knows the made-up cloud's kinds. */
export async function openToyGraph(
  database: TestDatabase,
  options: Partial<GraphOptions> = {},
): Promise<ToyGraph> {
  const name = options.name ?? `toy${++graphs}`;
  const session = await database.db.graph(name);
  const directory = `${database.dataDir}/index/${name}`;
  const graph = await openGraph({
    name,
    session,
    indexDirectory: directory,
    ...options,
  });
  await graph.updateModel(TOY_MODEL);
  return { graph, session, directory };
}

/** One scope: its number is given when messages are put together. */
export interface ToyScope {
  readonly account?: string;
  readonly region?: string;
  readonly kind?: string;
  /** Provider id to what is reported. */
  readonly nodes?: Readonly<Record<string, JsonObject>>;
  readonly edges?: readonly Omit<EdgeMessage, "type" | "scope">[];
  readonly deferred?: readonly Omit<DeferredEdgeMessage, "type" | "scope">[];
  /** Default: complete. */
  readonly failed?: Failure;
}

/** Messages of scopes, one after another, with an end. */
export function toyMessages(
  scopes: readonly ToyScope[],
  end: Partial<EndMessage> = {},
): MergeMessage[] {
  const messages: MergeMessage[] = [];
  scopes.forEach((planned, at) => {
    const { account = "a1", region = "", kind = "toy_box", failed } = planned;
    const scope = at + 1;
    messages.push({
      type: "scope",
      scope,
      state: "open",
      cloud: "toy",
      account,
      region,
      kind,
    });
    for (const [id, reported] of Object.entries(planned.nodes ?? {})) {
      messages.push({ type: "node", scope, id, reported });
    }
    for (const edge of planned.edges ?? []) {
      messages.push({ type: "edge", scope, ...edge });
    }
    for (const edge of planned.deferred ?? []) {
      messages.push({ type: "deferred_edge", scope, ...edge });
    }
    messages.push(
      failed === undefined
        ? { type: "scope", scope, state: "complete" }
        : { type: "scope", scope, state: "failed", error: failed },
    );
  });
  return [...messages, { type: "end", ...end }];
}

/** Merges messages. */
export function mergeAll(
  { graph }: Pick<ToyGraph, "graph">,
  messages: Iterable<MergeMessage | string>,
  options: Partial<MergeOptions> = {},
): Promise<MergeReport> {
  const { signal } = new AbortController();
  return graph.merge(toBody(messages), { signal, ...options });
}

/** Messages as the bytes of a merge stream, in chunks of some bytes. */
export async function* toBody(
  messages: Iterable<MergeMessage | string>,
  chunkBytes = 10_000,
): AsyncGenerator<Uint8Array> {
  const text =
    [...messages].map((message) =>
      typeof message === "string" ? message : JSON.stringify(message)
    ).join("\n") + "\n";
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    yield await Promise.resolve(bytes.subarray(at, at + chunkBytes));
  }
}
