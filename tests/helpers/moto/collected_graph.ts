import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type { Account, PluginDefinition } from "@skymap/lib/plugin";
import {
  type CollectMessage,
  createCollectContext,
  type Failure,
  manifestOf,
} from "@skymap/lib/plugin_host";
import { type EdgeText, type Key, keyOf } from "./estate_graph.ts";

/** Kinds that others lie in. */
const CONTAINERS: ReadonlySet<string> = new Set(["aws_account", "aws_region"]);

/** What a plugin found in its accounts. */
export interface CollectedGraph {
  /** Nodes that are neither account nor region, sorted. */
  readonly keys: readonly Key[];
  /** What is reported, by key. */
  readonly reported: ReadonlyMap<Key, JsonObject>;
  /** Edges whose ends were both found, sorted. */
  readonly edges: readonly EdgeText[];
  /** Scopes that failed, as `account region kind`, with the reason. */
  readonly failed: ReadonlyMap<string, Failure>;
  /** Every scope that is complete, as `account region kind`. */
  readonly complete: readonly string[];
  /** All messages, in order. */
  readonly messages: readonly CollectMessage[];
}

/** The messages of a plugin's accounts, as a graph with readable names. */
function graphOf(messages: readonly CollectMessage[]): CollectedGraph {
  const scopes = new Map<number, { place: string; key: string[] }>();
  const failed = new Map<string, Failure>();
  const complete: string[] = [];
  const names = new Map<string, Key>();
  const reported = new Map<Key, JsonObject>();
  for (const message of messages) {
    if (message.type === "node") {
      const [cloud = "", account = "", region = "", kind = ""] =
        scopes.get(message.scope)?.key ?? [];
      const key = keyOf(account, region, kind, message.id);
      names.set(nodeId({ cloud, account, region, kind, id: message.id }), key);
      if (!CONTAINERS.has(kind)) reported.set(key, message.reported);
    }
    if (message.type !== "scope") continue;
    const place = scopes.get(message.scope)?.place ?? "";
    if (message.state === "open") {
      const { account, cloud, kind, region, scope } = message;
      scopes.set(scope, {
        place: `${account} ${region} ${kind}`,
        key: [cloud, account, region, kind],
      });
    } else if (message.state === "failed") failed.set(place, message.error);
    else complete.push(place);
  }
  const edges = messages.flatMap((message) => {
    if (message.type !== "edge") return [];
    const { edge_type = "default", from, to } = message;
    const ends = [names.get(from), names.get(to)];
    return ends.includes(undefined)
      ? []
      : [`${edge_type} > ${ends[0]} > ${ends[1]}`];
  });
  return {
    keys: [...reported.keys()].sort(),
    reported,
    edges: [...new Set(edges)].sort(),
    failed,
    complete: complete.sort(),
    messages,
  };
}

/** Runs a plugin in this process, all its accounts one after the other. */
export async function collectHere(
  plugin: PluginDefinition<unknown>,
  rawConfig: JsonObject,
  accounts?: readonly Account[],
): Promise<CollectedGraph> {
  const config = plugin.config?.parse(rawConfig) ?? rawConfig;
  const { signal } = new AbortController();
  const found = accounts ??
    (await plugin.accounts?.({ config, signal }))?.accounts ?? [];
  const messages: CollectMessage[] = [];
  let scopes = 0;
  for (const account of found) {
    const before = scopes;
    await plugin.collect?.(createCollectContext({
      manifest: manifestOf(plugin),
      config,
      account,
      signal,
      sink: {
        write(message) {
          // Each account numbers its scopes from one.
          const shifted = "scope" in message
            ? { ...message, scope: message.scope + before }
            : message;
          if ("scope" in shifted) scopes = Math.max(scopes, shifted.scope);
          messages.push(shifted);
          return Promise.resolve();
        },
      },
    }));
  }
  return graphOf(messages);
}
