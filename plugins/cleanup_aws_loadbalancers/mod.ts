/**
 * Marks load balancers and target groups of AWS that have had nothing behind them
 * for a while to be cleaned up.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  type GraphNode,
  type GraphSearchOptions,
  held,
  isJsonObject,
  isNever,
  type Json,
  markNodes,
  parseDuration,
  placeOf,
  type PluginDefinition,
  type PluginGraph,
  quoted,
  tagOf,
} from "@skymap/lib/plugin";

/** Its configuration. */
export interface LoadBalancersConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** For how long one must have had nothing behind it. */
  readonly min_age: string;
}

const DEFAULT_MIN_AGE = "7 days";

function readConfig(value: unknown): LoadBalancersConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    min_age: CONFIG_RULES.duration,
  });
  return { enabled: false, min_age: DEFAULT_MIN_AGE, ...config };
}

/** What the load balancers of an account and what is behind them are. */
export interface Balancing {
  /** Ids of instances that are not terminated. */
  readonly instances: ReadonlySet<string>;
  /** Classic load balancers. */
  readonly classic: readonly GraphNode[];
  /** Application, network and gateway load balancers. */
  readonly balancers: readonly GraphNode[];
  /** Target groups. */
  readonly groups: readonly GraphNode[];
  /**
   * Target groups and classic load balancers that something fills with targets,
   * such as an Auto Scaling group: it may have none for now.
   */
  readonly filled: ReadonlySet<Json>;
}

function listOf(
  { reported }: GraphNode,
  name: string,
): readonly Json[] | undefined {
  const value = reported[name];
  return Array.isArray(value) ? value : undefined;
}

function idOf({ reported }: GraphNode): string {
  return String(reported["id"]);
}

/** Whether a target group sends to nothing that is alive. */
function isDeadGroup(
  group: GraphNode,
  { instances, filled }: Balancing,
): boolean {
  const health = listOf(group, "alb_target_health");
  if (health === undefined || filled.has(idOf(group))) return false;
  if (health.length === 0) return true;
  return group.reported["target_type"] === "instance" &&
    health.every((each) =>
      isJsonObject(each) && isJsonObject(each["target"]) &&
      !instances.has(String(each["target"]["id"]))
    );
}

/** Whether a listener answers by itself, or sends to something else. */
function answersItself(listener: Json): boolean {
  if (!isJsonObject(listener)) return false;
  const actions = listener["default_actions"];
  return (Array.isArray(actions) ? actions : []).some((action) =>
    isJsonObject(action) && action["type"] !== "forward"
  );
}

/** Whether somebody wants to keep a node. */
function isKept(node: GraphNode): boolean {
  return node.metadata?.["protected"] === true ||
    isNever(tagOf(node, "expiration") ?? "");
}

/**
 * What of it has nothing behind it, and may go. What is not known of one, such as
 * its listeners, speaks for it.
 */
export function unusedOf(all: Balancing): GraphNode[] {
  const { instances, classic, balancers, groups, filled } = all;
  const dead = new Set(
    groups.filter((each) => isDeadGroup(each, all)).map(idOf),
  );
  const isUnused = (balancer: GraphNode) =>
    listOf(balancer, "alb_listener")?.some(answersItself) === false &&
    groups.every((group) =>
      listOf(group, "alb_lb_arns")?.includes(idOf(balancer)) !== true ||
      dead.has(idOf(group))
    );
  const unused = balancers.filter((each) => isUnused(each) && !isKept(each));
  const gone = new Set<Json>(unused.map(idOf));
  return [
    ...classic.filter((each) =>
      listOf(each, "backends")?.some((id) => instances.has(String(id))) ===
        false && !filled.has(idOf(each)) && !isKept(each)
    ),
    ...unused,
    // One that a living load balancer sends to is empty on purpose, perhaps.
    ...groups.filter((each) =>
      dead.has(idOf(each)) && !isKept(each) &&
      listOf(each, "alb_lb_arns")?.every((arn) => gone.has(arn))
    ),
  ];
}

/** What Auto Scaling groups and services of ECS fill with targets. */
function filledBy({ reported }: GraphNode): readonly Json[] {
  const { service_load_balancers: services } = reported;
  return [
    reported["autoscaling_target_group_ar_ns"] ?? [],
    reported["autoscaling_load_balancer_names"] ?? [],
    ...(Array.isArray(services) ? services.filter(isJsonObject) : []).map(
      (each) => [
        each["target_group_arn"] ?? null,
        each["load_balancer_name"] ?? null,
      ],
    ),
  ].flat();
}

async function* findUnused(
  graph: PluginGraph,
  account: string,
  options: GraphSearchOptions,
): AsyncGenerator<GraphNode> {
  const within = `/ancestors.account.reported.id = ${quoted(account)}`;
  async function all(filter: string): Promise<GraphNode[]> {
    const nodes: GraphNode[] = [];
    const search = `${filter} and ${within} and /metadata.cleaned != true`;
    for await (const node of graph.search(search, options)) nodes.push(node);
    return nodes;
  }
  const classic = await all("is(aws_elb)");
  const balancers = await all("is(aws_alb)");
  const groups = await all("is(aws_alb_target_group)");
  if (classic.length + balancers.length + groups.length === 0) return;
  const instances = await all(
    "is(aws_ec2_instance) and instance_status != terminated",
  );
  // What nobody collects, nobody has: these need no complete answer.
  const fillers: GraphNode[] = [];
  const search = `is([aws_autoscaling_group, aws_ecs_service]) and ${within}`;
  const { at } = options;
  for await (
    const node of graph.search(search, at === undefined ? {} : { at })
  ) fillers.push(node);
  yield* unusedOf({
    classic,
    balancers,
    groups,
    instances: new Set(instances.map(idOf)),
    filled: new Set(fillers.flatMap(filledBy)),
  });
}

const plugin: PluginDefinition<LoadBalancersConfig> = definePlugin({
  name: "cleanup_aws_loadbalancers",
  version: "1.0.0",
  description: "Marks load balancers of AWS that have nothing behind them",
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
      min_age: {
        type: "string",
        default: DEFAULT_MIN_AGE,
        description: "For how long one must have had nothing behind it",
      },
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async cleanup_plan({ config, graph, issue, signal }) {
      if (!config.enabled) return;
      const past = { forMs: parseDuration(config.min_age), nowMs: Date.now() };
      const reason = `Nothing behind it for ${config.min_age}`;
      const unseen = new Set<string | undefined>();
      async function* unused() {
        for await (const { reported } of graph.search("is(aws_account)")) {
          const account = String(reported["id"]);
          try {
            const nodes = await held(
              (options) => findUnused(graph, account, options),
              past,
            );
            for (const node of nodes) yield { node, reason };
          } catch (error) {
            signal.throwIfAborted();
            unseen.add(account);
            issue(
              "warning",
              `Looked at no load balancer of account ${account}: ${
                (error as Error).message
              }`,
            );
          }
        }
      }
      await markNodes({ graph, issue }, unused(), {
        plugin: "cleanup_aws_loadbalancers",
        isUnseen: (node) => unseen.has(placeOf(node).account),
      });
    },
  },
});

export default plugin;
