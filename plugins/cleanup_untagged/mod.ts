/**
 * Marks resources that lack a tag they must have to be cleaned up, in accounts
 * that are named.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  isJsonObject,
  type Json,
  type JsonObject,
  markNodes,
  type PluginDefinition,
  quoted,
} from "@skymap/lib/plugin";

/** An account whose resources are looked at. */
interface TaggedAccount {
  readonly cloud: string;
  readonly account: string;
  readonly age: string;
}

/** Its configuration. */
export interface UntaggedConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** Tags that each resource must have, all of them. */
  readonly tags: readonly string[];
  /** Kinds that are looked at. */
  readonly kinds: readonly string[];
  /** Accounts that are looked at, and from which age on. */
  readonly accounts: readonly TaggedAccount[];
}

const DEFAULT_AGE = "2h";
const DEFAULT_TAGS = ["owner", "expiration"];
const DEFAULT_KINDS = [
  "aws_alb",
  "aws_alb_target_group",
  "aws_cloudformation_stack",
  "aws_ec2_instance",
  "aws_ec2_volume",
  "aws_eks_cluster",
  "aws_eks_nodegroup",
  "aws_elb",
  "aws_vpc",
];

/** Accounts by cloud and id, each with a name for people and an age. */
function isAccounts(value: Json): boolean {
  return isJsonObject(value) &&
    Object.values(value).every((accounts) =>
      isJsonObject(accounts) &&
      Object.values(accounts).every((each) =>
        isJsonObject(each) && Object.entries(each).every(([name, what]) =>
          name === "name"
            ? typeof what === "string"
            : name === "age" && CONFIG_RULES.duration.isRight(what)
        )
      )
    );
}

function readConfig(value: unknown): UntaggedConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    age: CONFIG_RULES.duration,
    tags: CONFIG_RULES.texts,
    kinds: CONFIG_RULES.kinds,
    accounts: {
      isRight: isAccounts,
      otherwise: "is not { CLOUD: { ACCOUNT: { name: …, age: 2h } } }",
    },
  });
  const { age = DEFAULT_AGE, tags = DEFAULT_TAGS, kinds = DEFAULT_KINDS } =
    config;
  const accounts = (config["accounts"] ?? {}) as Record<string, JsonObject>;
  return {
    enabled: config["enabled"] === true,
    tags: (tags as readonly Json[]).map(String),
    kinds: (kinds as readonly Json[]).map(String),
    accounts: Object.entries(accounts).flatMap(([cloud, each]) =>
      Object.entries(each).map(([account, said]) => ({
        cloud,
        account,
        age: String((said as JsonObject)["age"] ?? age),
      }))
    ),
  };
}

/** The search of an account's resources that lack a tag. */
export function untaggedSearch(
  { tags, kinds }: UntaggedConfig,
  { cloud, account, age }: TaggedAccount,
): string {
  return [
    `is([${kinds.join(", ")}])`,
    `/ancestors.cloud.reported.id = ${quoted(cloud)}`,
    `/ancestors.account.reported.id = ${quoted(account)}`,
    `age > ${quoted(age)}`,
    "/metadata.cleaned != true",
    "/metadata.protected != true",
    `not has_key(tags, [${tags.map(quoted).join(", ")}])`,
  ].join(" and ");
}

const plugin: PluginDefinition<UntaggedConfig> = definePlugin({
  name: "cleanup_untagged",
  version: "1.0.0",
  description: "Marks resources without the tags they must have",
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
      age: {
        type: "string",
        default: DEFAULT_AGE,
        description: "Age from which on a resource must be tagged",
      },
      tags: {
        type: "array",
        items: { type: "string" },
        default: DEFAULT_TAGS,
        description: "Tags that a resource must have, all of them",
      },
      kinds: {
        type: "array",
        items: { type: "string" },
        default: DEFAULT_KINDS,
        description: "Kinds that are looked at",
      },
      accounts: {
        type: "object",
        default: {},
        description:
          "Accounts that are looked at, by cloud and id: { aws: { '123456789012': { name: sandbox, age: 7d } } }",
      },
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async cleanup_plan({ config, graph, issue }) {
      if (!config.enabled) return;
      async function* untagged() {
        if (config.tags.length === 0) return;
        for (const account of config.accounts) {
          for await (
            const node of graph.search(untaggedSearch(config, account))
          ) {
            const missing = config.tags.filter((name) => {
              const { tags } = node.reported;
              return !isJsonObject(tags) || !Object.hasOwn(tags, name);
            });
            yield { node, reason: `Tags are missing: ${missing.join(", ")}` };
          }
        }
      }
      await markNodes({ graph, issue }, untagged(), {
        plugin: "cleanup_untagged",
      });
    },
  },
});

export default plugin;
