/**
 * Marks CloudWatch alarms of instances that are gone to be cleaned up.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  type GraphNode,
  isJsonObject,
  type Json,
  markNodes,
  placeOf,
  type PluginDefinition,
  type PluginGraph,
  quoted,
} from "@skymap/lib/plugin";

/** Its configuration. */
export interface AlarmsConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** Ids of the accounts that are looked at; none for all. */
  readonly accounts: readonly string[];
}

function readConfig(value: unknown): AlarmsConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    accounts: CONFIG_RULES.texts,
  });
  return { enabled: false, accounts: [], ...config };
}

/**
 * Ids of the instances of EC2 that an alarm is about; none when it is about
 * another service, such as Amazon Connect, which has a dimension of that name too.
 */
export function instancesOf({ reported }: GraphNode): string[] {
  const dimensions = reported["cloudwatch_dimensions"];
  const ids = (Array.isArray(dimensions) ? dimensions : []).flatMap(
    (each: Json) =>
      isJsonObject(each) && each["name"] === "InstanceId"
        ? [String(each["value"])]
        : [],
  );
  return ids.every((id) => id.startsWith("i-")) ? ids : [];
}

/** Alarms of one account and region. */
interface Group {
  readonly account: string;
  readonly region: string;
  readonly alarms: GraphNode[];
}

async function findAlarms(
  graph: PluginGraph,
  { accounts }: AlarmsConfig,
): Promise<Group[]> {
  const groups = new Map<string, Group>();
  const search = "is(aws_cloudwatch_alarm) and /metadata.cleaned != true and " +
    "/metadata.protected != true";
  for await (const alarm of graph.search(search)) {
    const { account, region } = placeOf(alarm);
    // Where nobody knows, nobody can look for its instances.
    if (account === undefined || region === undefined) continue;
    if (accounts.length > 0 && !accounts.includes(account)) continue;
    if (instancesOf(alarm).length === 0) continue;
    const key = JSON.stringify([account, region]);
    const group = groups.get(key) ?? { account, region, alarms: [] };
    group.alarms.push(alarm);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Ids of an account's instances of a region that are not terminated. */
async function findInstances(
  graph: PluginGraph,
  { account, region }: Group,
): Promise<ReadonlySet<string>> {
  const search = [
    "is(aws_ec2_instance)",
    "instance_status != terminated",
    `/ancestors.account.reported.id = ${quoted(account)}`,
    `/ancestors.region.reported.id = ${quoted(region)}`,
  ].join(" and ");
  const ids = new Set<string>();
  // Instances that could not be listed are not gone.
  const found = graph.search(search, { requireComplete: true });
  for await (const { reported } of found) ids.add(String(reported["id"]));
  return ids;
}

const plugin: PluginDefinition<AlarmsConfig> = definePlugin({
  name: "cleanup_aws_alarms",
  version: "1.0.0",
  description: "Marks CloudWatch alarms of instances that are gone",
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
      accounts: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Ids of the accounts that are looked at; none for all",
      },
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async cleanup_plan({ config, graph, issue, signal }) {
      if (!config.enabled) return;
      const unseen = new Set<string>();
      async function* orphans() {
        for (const group of await findAlarms(graph, config)) {
          let live: ReadonlySet<string>;
          try {
            live = await findInstances(graph, group);
          } catch (error) {
            signal.throwIfAborted();
            for (const { id } of group.alarms) unseen.add(id);
            issue(
              "warning",
              `Looked at no alarm of account ${group.account} in ${group.region}: ${
                (error as Error).message
              }`,
            );
            continue;
          }
          for (const node of group.alarms) {
            const ids = instancesOf(node);
            if (ids.some((id) => live.has(id))) continue;
            yield { node, reason: `Instance ${ids.join(", ")} is gone` };
          }
        }
      }
      await markNodes({ graph, issue }, orphans(), {
        plugin: "cleanup_aws_alarms",
        isUnseen: ({ id }) => unseen.has(id),
      });
    },
  },
});

export default plugin;
