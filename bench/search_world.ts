/**
 * The cloud that `search_bench.ts` searches: that of the demo plugin, with more
 * details on each resource, so that documents are as large as real ones.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import { hashText, nodeId, ROOT_ID } from "@skymap/lib/ids";
import { canonicalJson, type JsonObject } from "@skymap/lib/json";
import type { Account } from "@skymap/lib/plugin";
import {
  type CollectMessage,
  createCollectContext,
  type NodeMessage,
  type ScopeOpenMessage,
} from "@skymap/lib/plugin_host";
import type { EdgeWrite, ScopeChanges } from "../core/graph/scope_changes.ts";
import {
  cloudNodeId,
  cloudScope,
  parentId,
  ROOT_SCOPE,
  scopeText,
} from "../core/graph/scope_key.ts";
import { KindRegistry } from "../core/model/kind_registry.ts";
import plugin from "../plugins/demo/mod.ts";
import { listAccounts } from "../plugins/demo/accounts.ts";
import { type DemoConfig, readConfig } from "../plugins/demo/settings.ts";

/** The hour of the first load; later ones change the cloud a little. */
export const FIRST_HOUR = 480_000;

/** Nodes of one account, about: as many as companies have. */
export const ACCOUNT_NODES = 4_800;

const { containers, kinds, name, version } = plugin;
const cloud = plugin.cloud ?? name;

/** Kinds of the cloud; the details are not declared, as much is not in life. */
export const MODEL: ModelUpdate["plugin"] = {
  name,
  version,
  cloud,
  containers,
  kinds: kinds.map((kind) =>
    (kind.bases ?? []).length > 0 ? { ...kind, allowUnknown: true } : kind
  ),
};

/** The kinds of the cloud and those that they descend from. */
export function worldRegistry(): KindRegistry {
  const registry = new KindRegistry();
  const problems = registry.update(MODEL);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return registry;
}

/** How the cloud is made. */
export interface WorldOptions {
  /** Resources, about. */
  readonly nodes: number;
  /** Characters of a document, about. */
  readonly chars: number;
}

/** What plugins report beside what searches name, as long as wanted. */
export function details(id: string, chars: number): JsonObject {
  const n = Number.parseInt(hashText(id).slice(0, 6), 32);
  const found: Record<string, JsonObject[string]> = {
    arn: `arn:demo:resource/${id}`,
    devices: [
      { name: "/dev/sda1", disk: `disk-${n % 9973}`, keep: n % 3 === 0 },
      { name: "/dev/sdb1", disk: `disk-${n % 7919}`, keep: n % 5 === 0 },
    ],
    options: { spot: n % 7 === 0, hops: n % 4, note: `note ${n % 1000}` },
    maintenance: { day: n % 7, hour: n % 24, auto: n % 2 === 0 },
  };
  let length = 620;
  for (let at = 0; length < chars; at++, length += 170) {
    found[`part_${at}`] = {
      state: ["ready", "busy", "failed"][(n + at) % 3] ?? "ready",
      owner: { id: hashText(`${id} ${at}`), name: `owner ${(n + at) % 500}` },
      limits: [(n + at) % 64, (n + at) % 1024, at],
      checked: `2026-01-${
        String((n + at) % 28 + 1).padStart(2, "0")
      }T00:00:00Z`,
    };
  }
  return found;
}

interface Stored {
  readonly before: { readonly status: string; readonly reason: string | null };
  readonly hashes: Map<string, string>;
  readonly edges: Set<string>;
}

/** The cloud, hour by hour. */
export class World {
  readonly registry: KindRegistry = worldRegistry();
  readonly #options: WorldOptions;
  readonly #scopes = new Map<string, Stored>();
  readonly #sids = new Map<string, number>();

  /** Nothing is made yet. */
  constructor(options: WorldOptions) {
    this.#options = options;
  }

  /** What has changed since the last call: at first, everything is new. */
  async *changes(hour: number): AsyncGenerator<readonly ScopeChanges[]> {
    const config = readConfig({
      size: this.#options.nodes / 2_000,
      accounts: Math.max(6, Math.round(this.#options.nodes / ACCOUNT_NODES)),
      tick: FIRST_HOUR + hour,
    });
    yield [this.#own(ROOT_SCOPE, "root"), this.#own(cloudScope(cloud), cloud)];
    for (const account of listAccounts(config)) {
      yield await this.#account(config, account);
    }
  }

  async #account(
    config: DemoConfig,
    account: Account,
  ): Promise<readonly ScopeChanges[]> {
    const open = new Map<number, ScopeOpenMessage>();
    const nodes = new Map<number, NodeMessage[]>();
    const edges = new Map<number, EdgeWrite[]>();
    const write = (message: CollectMessage): Promise<void> => {
      if (message.type === "scope" && message.state === "open") {
        open.set(message.scope, message);
        nodes.set(message.scope, []);
        edges.set(message.scope, []);
      } else if (message.type === "node") {
        nodes.get(message.scope)?.push(message);
      } else if (message.type === "edge") {
        const { from, to, edge_type: type = "default" } = message;
        // What must be deleted first doubles the edges and is not searched.
        if (type === "delete") return Promise.resolve();
        edges.get(message.scope)?.push({
          from,
          to,
          type,
          reported: null,
          mode: "new",
        });
      }
      return Promise.resolve();
    };
    await plugin.collect?.(createCollectContext({
      manifest: { cloud, kinds },
      config,
      account,
      sink: { write },
      signal: new AbortController().signal,
    }));
    return [...open].map(([number, scope]) =>
      this.#diff(
        scope,
        parentId(scope, containers),
        (nodes.get(number) ?? []).map(({ id, zone, reported }) => ({
          id: nodeId({ ...scope, id }),
          zone: zone ?? null,
          reported: {
            ...reported,
            ...details(id, this.#options.chars),
            id,
            kind: scope.kind,
          },
        })),
        edges.get(number) ?? [],
      )
    );
  }

  /** A node that core makes itself. */
  #own(scope: typeof ROOT_SCOPE, id: string): ScopeChanges {
    const isRoot = scope === ROOT_SCOPE;
    return this.#diff(
      { ...scope, type: "scope", state: "open", scope: 0 },
      isRoot ? null : ROOT_ID,
      [{
        id: isRoot ? ROOT_ID : cloudNodeId(id),
        zone: null,
        reported: { id, name: id, kind: scope.kind },
      }],
      [],
    );
  }

  #diff(
    open: ScopeOpenMessage,
    parent: string | null,
    found: readonly {
      readonly id: string;
      readonly zone: string | null;
      readonly reported: JsonObject;
    }[],
    edges: readonly EdgeWrite[],
  ): ScopeChanges {
    const { account, region, kind } = open;
    const key = { cloud: open.cloud, account, region, kind };
    const text = scopeText(key);
    const old = this.#scopes.get(text);
    const sid = this.#sids.get(text) ?? this.#sids.size + 1;
    this.#sids.set(text, sid);
    const fails = sid % 500 === 7;
    const now: Stored = {
      before: fails
        ? { status: "failed", reason: "AccessDenied: not allowed" }
        : { status: "complete", reason: null },
      hashes: new Map(),
      edges: new Set(),
    };
    this.#scopes.set(text, now);
    const nodes = found.flatMap(({ id, zone, reported }) => {
      const json = canonicalJson(reported);
      const hash = hashText(json);
      now.hashes.set(id, hash);
      const before = old?.hashes.get(id);
      if (before === hash) return [];
      const mode = before === undefined ? "new" as const : "next" as const;
      return [{ id, hash, zone, text: json, reported, mode, changed: [] }];
    });
    const newEdges = edges.filter((edge) => {
      const edgeKey = JSON.stringify([edge.from, edge.to, edge.type]);
      now.edges.add(edgeKey);
      return old?.edges.has(edgeKey) !== true;
    });
    const at = new Date().toISOString();
    return {
      scope: { sid, ...key },
      before: old?.before ?? null,
      kinds: this.registry.kindsOf(kind),
      accountName: open.account_name ?? account,
      regionName: open.region_name ?? region,
      run: null,
      parent,
      nodes,
      goneNodes: [...old?.hashes.keys() ?? []].filter((id) =>
        !now.hashes.has(id)
      ),
      edges: newEdges,
      goneEdges: [...old?.edges ?? []].filter((edge) => !now.edges.has(edge))
        .map(
          (edge) => {
            const [from, to, type] = JSON.parse(edge) as [
              string,
              string,
              string,
            ];
            return { from, to, type };
          },
        ),
      state: {
        status: fails ? "failed" : "complete",
        error: fails ? { code: "AccessDenied", message: "not allowed" } : null,
        since: at,
        lastAttempt: at,
        lastSuccess: at,
        count: found.length,
        durationMs: 0,
        edges: "",
      },
    };
  }
}
