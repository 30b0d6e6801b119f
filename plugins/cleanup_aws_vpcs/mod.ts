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
  type Mark,
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

const INSTANCE = "aws_ec2_instance";

/** Kinds that lie in one VPC, or two. */
const INSIDE = [...PARTS, INSTANCE];

/** What may be marked, or is. */
const FREE = "/metadata.protected != true and /metadata.cleaned != true";

/** VPCs that are cleaned up, and those that stay. */
const GOING = `is(aws_vpc) and /desired.clean = true and ${FREE}`;
const STAYING = `is(aws_vpc) and not (/desired.clean = true and ${FREE})`;

function readConfig(value: unknown): VpcsConfig {
  const config = checkConfig(value, { enabled: CONFIG_RULES.boolean });
  return { enabled: config["enabled"] === true };
}

/** What has to go before a VPC. */
interface Before {
  /** What it holds. */
  readonly own: readonly GraphNode[];
  /** What a VPC that stays holds, such as a security group that names one here. */
  readonly foreign: readonly GraphNode[];
}

function isOpen({ desired }: GraphNode): boolean {
  return desired?.["clean"] !== true;
}

function isPart({ reported }: GraphNode): boolean {
  return PARTS.includes(String(reported["kind"]));
}

function isTerminated({ reported }: GraphNode): boolean {
  return reported["kind"] === INSTANCE &&
    reported["instance_status"] === "terminated";
}

function isLiving(node: GraphNode): boolean {
  return node.reported["kind"] === INSTANCE && !isTerminated(node);
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
      // What could not be listed blocks the VPC and its parts in the plan.
      async function all(text: string): Promise<GraphNode[]> {
        const nodes: GraphNode[] = [];
        for await (const node of graph.search(text)) nodes.push(node);
        return nodes;
      }
      async function idsIn(vpc: GraphNode): Promise<Set<string>> {
        const inside = await all(`id(${quoted(vpc.id)}) -default->`);
        return new Set(inside.map(({ id }) => id));
      }
      /** What has to go before a VPC: its own, and that of VPCs that stay. */
      async function beforeOf(vpc: GraphNode): Promise<Before> {
        const before = `id(${quoted(vpc.id)}) -delete[1:]-> `;
        const nodes = await all(before + FREE);
        const staying = await all(
          `${before}is([${INSIDE.join(", ")}]) <-default- ${STAYING}`,
        );
        if (staying.length === 0) return { own: nodes, foreign: [] };
        const own = await idsIn(vpc);
        const foreign = new Set<string>();
        for (const other of staying) {
          for (const id of await idsIn(other)) {
            // A peering lies in both, and goes with either.
            if (!own.has(id)) foreign.add(id);
          }
        }
        return {
          own: nodes.filter(({ id }) => !foreign.has(id)),
          foreign: nodes.filter(({ id }) => foreign.has(id)),
        };
      }
      async function* partsOf(vpc: GraphNode): AsyncGenerator<Mark> {
        const { own, foreign } = await beforeOf(vpc);
        const living = own.filter((each) => isOpen(each) && isLiving(each));
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
          return;
        }
        const reason = `Part of VPC ${nameOf(vpc)}, which is cleaned up`;
        for (const node of own) if (isPart(node)) yield { node, reason };
        const others = [...own.filter((each) => !isPart(each)), ...foreign]
          .filter((each) => isOpen(each) && !isTerminated(each));
        const [other] = others;
        if (other === undefined) return;
        issue(
          "warning",
          `VPC ${
            nameOf(vpc)
          } stays: ${others.length} resources that nobody marked have to go before it, such as ${
            other.reported["kind"]
          } ${nameOf(other)}`,
        );
      }
      let failed = false;
      async function* parts(): AsyncGenerator<Mark> {
        for (const vpc of await all(GOING)) {
          try {
            yield* partsOf(vpc);
          } catch (error) {
            signal.throwIfAborted();
            failed = true;
            issue(
              "warning",
              `Marked nothing in VPC ${nameOf(vpc)}: ${
                (error as Error).message
              }`,
            );
          }
        }
      }
      await markNodes({ graph, issue }, parts(), {
        plugin: "cleanup_aws_vpcs",
        isUnseen: () => failed,
      });
    },
  },
});

export default plugin;
