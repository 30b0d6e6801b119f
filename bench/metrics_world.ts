/**
 * The cloud that `metrics_bench.ts` measures: that of the search benchmark, and
 * some of every other kind that the default metrics count, the types of
 * instances and volumes with their prices among them.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import { nodeId } from "@skymap/lib/ids";
import type { JsonObject } from "@skymap/lib/json";
import type { Account } from "@skymap/lib/plugin";
import {
  createCollectContext,
  type MergeMessage,
  type ScopeKey,
} from "@skymap/lib/plugin_host";
import { listAccounts } from "../plugins/demo/accounts.ts";
import plugin from "../plugins/demo/mod.ts";
import {
  type DemoConfig,
  readConfig,
  REGION_NAMES,
} from "../plugins/demo/settings.ts";
import { ACCOUNT_NODES, details, FIRST_HOUR, MODEL } from "./search_world.ts";

/** Nodes of a kind in one region of one account, beside the demo cloud's. */
const EACH = 6;

const CLOUD = plugin.cloud ?? plugin.name;

/** What an account has once, by base kind. */
const GLOBAL: Readonly<Record<string, (n: number) => JsonObject>> = {
  access_key: (n) => ({ access_key_status: n % 3 === 0 ? "old" : "active" }),
  group: () => ({}),
  instance_profile: () => ({}),
  policy: () => ({}),
  role: () => ({}),
};

/** What each of its regions has, by base kind. */
const REGIONAL: Readonly<Record<string, (n: number) => JsonObject>> = {
  autoscaling_group: () => ({}),
  bucket_quota: (n) => ({ quota: 100, usage: n }),
  certificate: () => ({ expires: "2027-01-01T00:00:00Z" }),
  certificate_quota: (n) => ({ quota: 20, usage: n }),
  endpoint: () => ({}),
  gateway: () => ({}),
  gateway_quota: (n) => ({ quota: 5, usage: n }),
  health_check: () => ({}),
  instance_quota: (n) => ({
    instance_type: `d${n % 2 + 1}`,
    quota_type: "standard",
    quota: 64 * (n + 1),
    usage: n,
  }),
  keypair: () => ({}),
  load_balancer_quota: (n) => ({ quota: 20, usage: n }),
  network_acl: () => ({}),
  network_quota: (n) => ({ quota: 5, usage: n }),
  peering_connection: () => ({}),
  routing_table: () => ({}),
  stack: () => ({}),
  tunnel: () => ({}),
};

/** Types of one region and what they cost an hour or a month. */
const PRICES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  instance: {
    "d1.small": 0.0104,
    "d1.medium": 0.0208,
    "d1.large": 0.0832,
    "d2.xlarge": 0.4032,
  },
  volume: { ssd: 0.08, hdd: 0.025 },
};

/** A base kind as the demo cloud calls it. */
function demo(kind: string): string {
  return `demo_${kind}`;
}

/** Kinds of the cloud. */
export const METRICS_MODEL: ModelUpdate = {
  plugin: {
    ...MODEL,
    kinds: [
      ...MODEL.kinds,
      ...[
        ...Object.keys(GLOBAL),
        ...Object.keys(REGIONAL),
        ...Object.keys(PRICES).map((kind) => `${kind}_type`),
      ].map((kind) => ({
        name: demo(kind),
        bases: [kind],
        allowUnknown: true,
      })),
    ],
  },
};

/** A scope in the making. */
class ScopeMessages {
  readonly #key: ScopeKey;
  readonly #scope: number;
  readonly #messages: MergeMessage[] = [];

  constructor(key: ScopeKey, scope: number) {
    this.#key = key;
    this.#scope = scope;
  }

  node(id: string, reported: JsonObject, chars: number): void {
    this.#messages.push({
      type: "node",
      scope: this.#scope,
      id,
      reported: { ...details(id, chars), name: id, ...reported },
    });
  }

  edge(id: string, to: string): void {
    const from = nodeId({ ...this.#key, id });
    this.#messages.push({ type: "edge", scope: this.#scope, from, to });
  }

  all(account: Account): readonly MergeMessage[] {
    const scope = { type: "scope", scope: this.#scope } as const;
    const { region } = this.#key;
    return [
      {
        ...scope,
        state: "open",
        ...this.#key,
        account_name: account.name ?? account.id,
        region_name: REGION_NAMES[region] ?? region,
      },
      ...this.#messages,
      { ...scope, state: "complete" },
    ];
  }
}

/** How the cloud is made. */
export interface MetricsWorldOptions {
  /** Resources, about. */
  readonly nodes: number;
  /** Characters of a document, about. */
  readonly chars: number;
}

/** The demo plugin's own messages of an account, with details on each node. */
async function demoMessages(
  config: DemoConfig,
  account: Account,
  chars: number,
): Promise<MergeMessage[]> {
  const messages: MergeMessage[] = [];
  await plugin.collect?.(createCollectContext({
    manifest: { cloud: CLOUD, kinds: plugin.kinds },
    config,
    account,
    sink: {
      write: (message) => {
        // What must be deleted first doubles the edges, and is not measured.
        if (message.type === "edge" && message.edge_type === "delete") {
          return Promise.resolve();
        }
        messages.push(
          message.type !== "node" ? message : {
            ...message,
            reported: { ...message.reported, ...details(message.id, chars) },
          },
        );
        return Promise.resolve();
      },
    },
    signal: new AbortController().signal,
  }));
  return messages;
}

/** Types and prices of what an account has, region by region. */
function typeScopes(
  messages: readonly MergeMessage[],
  account: Account,
  chars: number,
): readonly ScopeMessages[] {
  const scopes = new Map<string, ScopeMessages>();
  const open = new Map<number, ScopeKey>();
  let last = 0;
  for (const message of messages) {
    if (message.type === "scope" && message.state === "open") {
      open.set(message.scope, message);
      last = Math.max(last, message.scope);
    }
  }
  for (const message of messages) {
    if (message.type !== "node") continue;
    const key = open.get(message.scope);
    const base = key?.kind.replace("demo_", "") ?? "";
    const prices = PRICES[base];
    if (key === undefined || prices === undefined) continue;
    const { cloud, region, kind } = key;
    const place = { cloud, account: account.id, region };
    let types = scopes.get(`${region} ${base}`);
    if (types === undefined) {
      types = new ScopeMessages(
        { ...place, kind: demo(`${base}_type`) },
        ++last,
      );
      scopes.set(`${region} ${base}`, types);
      for (const [name, cost] of Object.entries(prices)) {
        types.node(name, {
          [`${base}_type`]: name,
          ondemand_cost: cost,
          quota: 50,
          quota_type: "standard",
          ...(base === "instance" && { reservations: 3 }),
        }, chars);
      }
    }
    const type = message.reported[`${base}_type`];
    if (typeof type !== "string") continue;
    types.edge(type, nodeId({ ...place, kind, id: message.id }));
  }
  return [...scopes.values()];
}

/** The messages of each account, one merge each. */
export async function* accountMerges(
  { nodes, chars }: MetricsWorldOptions,
): AsyncGenerator<readonly MergeMessage[]> {
  const accounts = Math.max(6, Math.round(nodes / ACCOUNT_NODES));
  const base = readConfig({ accounts, tick: FIRST_HOUR });
  const more = accounts * EACH *
    (Object.keys(GLOBAL).length +
      base.regions.length * Object.keys(REGIONAL).length);
  const config = readConfig({
    accounts,
    tick: FIRST_HOUR,
    size: Math.max(1, nodes - more) / 2_000,
  });
  for (const account of listAccounts(config)) {
    const messages = await demoMessages(config, account, chars);
    const scopes = [...typeScopes(messages, account, chars)];
    let number = messages.length + scopes.length;
    const add = (kinds: typeof GLOBAL, region: string) => {
      for (const [kind, reported] of Object.entries(kinds)) {
        const key = { cloud: CLOUD, account: account.id, region };
        const scope = new ScopeMessages(
          { ...key, kind: demo(kind) },
          ++number,
        );
        for (let n = 0; n < EACH; n++) {
          scope.node(`${kind}-${n}`, reported(n), chars);
        }
        scopes.push(scope);
      }
    };
    add(GLOBAL, "");
    for (const region of config.regions) add(REGIONAL, region);
    yield [
      ...messages,
      ...scopes.flatMap((scope) => scope.all(account)),
      { type: "end", collected: { cloud: CLOUD, account: account.id } },
    ];
  }
}
