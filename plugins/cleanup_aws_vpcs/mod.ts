/**
 * Tears down VPCs that are marked to be cleaned up: it marks what has to go before
 * them. A VPC with a living instance that is not marked is kept.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  type GraphNode,
  markNodes,
  type PluginDefinition,
  quoted,
} from "@skymap/lib/plugin";

/** Its configuration. */
export interface VpcsConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
}

/** What belongs to a VPC and has no purpose without it. */
const PARTS = [
  "aws_alb",
  "aws_alb_target_group",
  "aws_ec2_elastic_ip",
  "aws_ec2_internet_gateway",
  "aws_ec2_nat_gateway",
  "aws_ec2_network_acl",
  "aws_ec2_network_interface",
  "aws_ec2_route_table",
  "aws_ec2_security_group",
  "aws_ec2_subnet",
  "aws_elb",
  "aws_vpc_endpoint",
  "aws_vpc_peering_connection",
];

/** Marked in this graph already, or never to be. */
const OPEN = "/desired.clean != true and /metadata.protected != true";

function readConfig(value: unknown): VpcsConfig {
  const config = checkConfig(value, { enabled: CONFIG_RULES.boolean });
  return { enabled: config["enabled"] === true };
}

function nameOf({ reported }: GraphNode): string {
  const { id, name } = reported;
  return name === undefined || name === id ? `${id}` : `${name} (${id})`;
}

const plugin: PluginDefinition<VpcsConfig> = definePlugin({
  name: "cleanup_aws_vpcs",
  version: "1.0.0",
  description: "Marks what has to go before VPCs that are cleaned up",
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
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async post_cleanup_plan({ config, graph, issue, signal }) {
      if (!config.enabled) return;
      const search = "is(aws_vpc) and /desired.clean = true and " +
        "/metadata.protected != true and /metadata.cleaned != true";
      // What could not be listed blocks the VPC and its parts in the plan.
      async function all(text: string): Promise<GraphNode[]> {
        const nodes: GraphNode[] = [];
        for await (const node of graph.search(text)) nodes.push(node);
        return nodes;
      }
      for (const vpc of await all(search)) {
        const before = `id(${quoted(vpc.id)}) -delete[1:]->`;
        try {
          const living = await all(
            `${before} is(aws_ec2_instance) and ${OPEN} and ` +
              "instance_status not in [terminated]",
          );
          const [instance] = living;
          if (instance !== undefined) {
            await graph.keep([vpc.id]);
            issue(
              "warning",
              `Kept VPC ${
                nameOf(vpc)
              }: ${living.length} instances run in it that are not marked, such as ${
                nameOf(instance)
              }`,
            );
            continue;
          }
          const parts = await all(
            `${before} is([${PARTS.join(", ")}]) and ${OPEN}`,
          );
          const reason = `Part of VPC ${nameOf(vpc)}, which is cleaned up`;
          await markNodes(
            { graph, issue },
            parts.map((node) => ({ node, reason })),
          );
          const others = await all(
            `${before} not is([${PARTS.join(", ")}]) and ${OPEN}`,
          );
          const [other] = others;
          if (other === undefined) continue;
          issue(
            "warning",
            `VPC ${
              nameOf(vpc)
            } stays: ${others.length} resources that nobody marked have to go before it, such as ${
              other.reported["kind"]
            } ${nameOf(other)}`,
          );
        } catch (error) {
          signal.throwIfAborted();
          issue(
            "warning",
            `Marked nothing in VPC ${nameOf(vpc)}: ${(error as Error).message}`,
          );
        }
      }
    },
  },
});

export default plugin;
