/**
 * Protects resources that the configuration names from being cleaned up.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  isJsonObject,
  type Json,
  type PluginDefinition,
  quoted,
} from "@skymap/lib/plugin";

/** Resources of one kind in one place. */
export interface ProtectedResources {
  readonly cloud: string;
  readonly account: string;
  /** Region id, or `global` for what is in none. */
  readonly region: string;
  readonly kind: string;
  readonly ids: readonly string[];
}

/** Its configuration. */
export interface ProtectorConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** What is protected. */
  readonly resources: readonly ProtectedResources[];
}

/** Ids that one search names. */
const BATCH = 500;

/** What is told by name, when it was not found or protected. */
const NAMED = 10;

/** Where resources are named that are in no region. */
const GLOBAL = "global";

/** Names that lead to names, so many levels, and to a list of ids at last. */
function isTree(value: Json, levels: number): boolean {
  if (levels === 0) {
    return Array.isArray(value) && value.length > 0 &&
      value.every((each) => typeof each === "string" && each !== "");
  }
  return isJsonObject(value) &&
    Object.values(value).every((each) => isTree(each, levels - 1));
}

function readConfig(value: unknown): ProtectorConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    resources: {
      isRight: (value) => isTree(value, 4),
      otherwise: "is not { CLOUD: { ACCOUNT: { REGION: { KIND: [ids] } } } }",
    },
  });
  type Tree<T> = Readonly<Record<string, T>>;
  const tree = (config["resources"] ?? {}) as Tree<
    Tree<Tree<Tree<readonly string[]>>>
  >;
  const resources = Object.entries(tree).flatMap(([cloud, accounts]) =>
    Object.entries(accounts).flatMap(([account, regions]) =>
      Object.entries(regions).flatMap(([region, kinds]) =>
        Object.entries(kinds).map(([kind, ids]) => ({
          cloud,
          account,
          region,
          kind,
          ids,
        }))
      )
    )
  );
  for (const { kind } of resources) {
    if (/^[a-z][a-z0-9_]*$/.test(kind)) continue;
    throw new RangeError(
      `Cannot read the configuration: "resources" names "${kind}", which is no kind`,
    );
  }
  return {
    enabled: config["enabled"] === true,
    resources: resources.flatMap((each) =>
      Array.from(
        { length: Math.ceil(each.ids.length / BATCH) },
        (_, at) => ({
          ...each,
          ids: each.ids.slice(at * BATCH, (at + 1) * BATCH),
        }),
      )
    ),
  };
}

/** The search of resources that are named. */
export function namedSearch(
  { cloud, account, region, kind, ids }: ProtectedResources,
): string {
  return [
    `is(${kind})`,
    `/ancestors.cloud.reported.id = ${quoted(cloud)}`,
    `/ancestors.account.reported.id = ${quoted(account)}`,
    region === GLOBAL
      ? "/ancestors.region = null"
      : `/ancestors.region.reported.id = ${quoted(region)}`,
    `id in [${ids.map(quoted).join(", ")}]`,
  ].join(" and ");
}

const plugin: PluginDefinition<ProtectorConfig> = definePlugin({
  name: "protector",
  version: "1.0.0",
  description: "Protects resources that are named from being cleaned up",
  config: { parse: readConfig },
  configSchema: {
    type: "object",
    additionalProperties: false,
    properties: {
      enabled: {
        type: "boolean",
        default: false,
        description: "Whether it does anything",
      },
      resources: {
        type: "object",
        default: {},
        description:
          "What is protected: { aws: { '123456789012': { us-east-1: { aws_vpc: [vpc-1] } } } }; what is in no region stands under global",
      },
    },
  },
  permissions: { actions: { graph: ["search", "protect"] } },
  actions: {
    async post_collect({ config, graph, issue, signal }) {
      if (!config.enabled) return;
      let count = 0;
      const missing: string[] = [];
      const refused: string[] = [];
      async function protect(resources: ProtectedResources): Promise<void> {
        const open: string[] = [];
        const found = new Set<string>();
        for await (const node of graph.search(namedSearch(resources))) {
          found.add(String(node.reported["id"]));
          if (node.metadata?.["protected"] !== true) open.push(node.id);
        }
        const { kind, ids } = resources;
        missing.push(
          ...ids.filter((id) => !found.has(id)).map((id) => `${kind} ${id}`),
        );
        if (open.length === 0) return;
        const change = await graph.protect(open);
        count += change.changed;
        refused.push(
          ...change.refused.map(({ id, reason }) => `${id}: ${reason}`),
        );
      }
      for (const resources of config.resources) {
        // One that is misspelt leaves no other without protection.
        try {
          await protect(resources);
        } catch (error) {
          signal.throwIfAborted();
          const { account, region, kind, ids } = resources;
          const { message } = error as Error;
          refused.push(
            `${ids.length} of ${kind} in ${account}, ${region}: ${message}`,
          );
        }
      }
      if (count > 0) issue("info", `Protected ${count} resources`);
      if (missing.length > 0) {
        issue(
          "warning",
          `Did not find ${missing.length} resources to be protected: ${
            missing.slice(0, NAMED).join(", ")
          }`,
        );
      }
      if (refused.length === 0) return;
      throw new Error(
        `Cannot protect all that is named: ${
          refused.slice(0, NAMED).join("; ")
        }`,
      );
    },
  },
});

export default plugin;
