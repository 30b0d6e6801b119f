/**
 * The simplest thing that behaves as a graph should: what tests compare with.
 *
 * @module
 */

import { ROOT_ID } from "@skymap/lib/ids";
import { canonicalJson, type Json } from "@skymap/lib/json";
import type { MergeMessage, ScopeKey } from "@skymap/lib/plugin_host";
import { cloudNodeId, parentId, scopeHash, scopeText } from "./scope_key.ts";
import { toyId } from "./_toy_graph.ts";

interface Scope {
  readonly key: ScopeKey;
  readonly nodes: Map<string, string>;
  readonly edges: Map<string, string>;
  bad: boolean;
}

const CONTAINERS = { account: "toy_account", region: "toy_region" };

/** Holds nodes, edges and states of scopes as plain texts. */
export class NaiveGraph {
  /** Node id to canonical JSON of what is reported. */
  readonly nodes = new Map<string, string>();
  /** Edge to canonical JSON of what is reported. */
  readonly edges = new Map<string, string>();
  /** Scope to its status. */
  readonly ledger = new Map<string, string>();
  readonly #scopeOfNode = new Map<string, string>();
  readonly #scopeOfEdge = new Map<string, string>();

  #writeNode(key: ScopeKey, id: string, text: string): void {
    this.nodes.set(id, text);
    this.#scopeOfNode.set(id, scopeText(key));
    this.#writeEdge(key, parentId(key, CONTAINERS), id, "default", "null");
  }

  #writeEdge(
    key: ScopeKey,
    from: string,
    to: string,
    type: string,
    text: string,
  ): void {
    const edge = [type, from, to, scopeHash(key)].join(" ");
    this.edges.set(edge, text);
    this.#scopeOfEdge.set(edge, scopeText(key));
  }

  #close(scope: Scope, complete: boolean): void {
    const { key } = scope;
    const text = scopeText(key);
    const parent = parentId(key, CONTAINERS);
    const isComplete = complete && !scope.bad;
    if (isComplete) {
      for (const [id, owner] of this.#scopeOfNode) {
        if (owner !== text || scope.nodes.has(id)) continue;
        this.nodes.delete(id);
        this.#scopeOfNode.delete(id);
      }
      for (const [edge, owner] of this.#scopeOfEdge) {
        if (owner !== text) continue;
        this.edges.delete(edge);
        this.#scopeOfEdge.delete(edge);
      }
    }
    for (const [id, node] of scope.nodes) this.#writeNode(key, id, node);
    for (const [edge, reported] of scope.edges) {
      const [type = "", from = "", to = ""] = edge.split(" ");
      if (type === "default" && from === parent) continue;
      this.#writeEdge(key, from, to, type, reported);
    }
    this.ledger.set(text, isComplete ? "complete" : "failed");
  }

  /** Takes messages as a merge would; `isBad` says which nodes are refused. */
  merge(
    messages: readonly MergeMessage[],
    isBad: (reported: Readonly<Record<string, Json>>) => boolean,
  ): void {
    const open = new Map<number, Scope>();
    const mentioned = new Set<string>();
    const failed: [string, string][] = [];
    for (const message of messages) {
      if (message.type === "scope") {
        if (message.state === "open") {
          const { cloud, account, region, kind } = message;
          const key = { cloud, account, region, kind };
          this.#makeCloud(cloud);
          mentioned.add(scopeText(key));
          open.set(message.scope, {
            key,
            nodes: new Map(),
            edges: new Map(),
            bad: false,
          });
          continue;
        }
        const scope = open.get(message.scope);
        if (scope === undefined) continue;
        this.#closeChecked(scope, message.state === "complete");
        open.delete(message.scope);
      } else if (message.type === "node") {
        const scope = open.get(message.scope);
        if (scope === undefined) continue;
        if (isBad(message.reported)) {
          scope.bad = true;
          continue;
        }
        const { key } = scope;
        scope.nodes.set(
          toyId(key.kind, message.id, key.account, key.region),
          canonicalJson({
            id: message.id,
            ...message.reported,
            kind: key.kind,
          }),
        );
      } else if (message.type === "edge") {
        open.get(message.scope)?.edges.set(
          `${message.edge_type ?? "default"} ${message.from} ${message.to}`,
          canonicalJson(message.reported ?? null),
        );
      } else if (message.type === "account_failed") {
        failed.push([message.cloud, message.account]);
      } else if (message.type === "end") {
        for (const scope of open.values()) this.#closeChecked(scope, false);
        for (const [cloud, account] of failed) {
          if (this.#mark(cloud, account, mentioned, "failed") > 0) continue;
          const prefix = JSON.stringify([cloud, account]).slice(0, -1);
          if ([...mentioned].some((text) => text.startsWith(prefix))) continue;
          // An account that was never seen shows in the ledger all the same.
          this.#makeCloud(cloud);
          const key = { cloud, account, region: "", kind: CONTAINERS.account };
          this.ledger.set(scopeText(key), "failed");
        }
        if (message.collected !== undefined) {
          const { cloud, account } = message.collected;
          this.#mark(cloud, account, mentioned, "unmentioned");
        }
      }
    }
  }

  /** An edge that touches no node of its scope makes the scope fail. */
  #closeChecked(scope: Scope, complete: boolean): void {
    const parent = parentId(scope.key, CONTAINERS);
    for (const edge of [...scope.edges.keys()]) {
      const [type = "", from = "", to = ""] = edge.split(" ");
      if (type === "default" && from === parent) continue;
      if (scope.nodes.has(from) || scope.nodes.has(to)) continue;
      scope.edges.delete(edge);
      scope.bad = true;
    }
    this.#close(scope, complete);
  }

  #mark(
    cloud: string,
    account: string,
    mentioned: ReadonlySet<string>,
    status: string,
  ): number {
    let count = 0;
    for (const text of this.ledger.keys()) {
      const [of, other] = JSON.parse(text);
      if (of === cloud && other === account && !mentioned.has(text)) {
        this.ledger.set(text, status);
        count++;
      }
    }
    return count;
  }

  #makeCloud(cloud: string): void {
    const id = cloudNodeId(cloud);
    if (this.nodes.has(id)) return;
    this.nodes.set(
      ROOT_ID,
      canonicalJson({ id: "root", kind: "graph_root", name: "root" }),
    );
    this.nodes.set(
      id,
      canonicalJson({ id: cloud, kind: "cloud", name: cloud }),
    );
    const owner = { cloud, account: "", region: "", kind: "cloud" };
    this.edges.set(`default ${ROOT_ID} ${id} ${scopeHash(owner)}`, "null");
  }
}
