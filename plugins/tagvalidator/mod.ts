/**
 * Gives resources whose tag `expiration` is too long, or cannot be read, the
 * longest one that is allowed.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  endOfTime,
  isJsonObject,
  isNever,
  type Json,
  type JsonObject,
  lifetimeOf,
  placeOf,
  type PluginDefinition,
  quoted,
  tagOf,
  textOf,
} from "@skymap/lib/plugin";

/** The longest expiration of an account. */
interface Limit {
  readonly cloud: string;
  readonly account: string;
  /** A duration, or `never` for no limit. */
  readonly expiration: string;
}

/** Its configuration. */
export interface TagValidatorConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** Whether it only tells what it would change. */
  readonly dry_run: boolean;
  /** Kinds that are looked at. */
  readonly kinds: readonly string[];
  /** The longest expiration of accounts that are not named, or `never`. */
  readonly expiration: string;
  /** Of those that are. */
  readonly limits: readonly Limit[];
}

const TAG = "expiration";
const DEFAULT_EXPIRATION = "24h";
const DEFAULT_KINDS = [
  "aws_cloudformation_stack",
  "aws_ec2_instance",
  "aws_eks_cluster",
  "aws_vpc",
];

/** Expirations that are told one by one in each run; more are counted. */
const TOLD = 20;

/** Nodes of one new tag that are changed at once. */
const BATCH = 200;

function isExpiration(value: Json | undefined): boolean {
  return typeof value === "string" &&
    (isNever(value) || lifetimeOf(value) !== undefined);
}

function readConfig(value: unknown): TagValidatorConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    dry_run: CONFIG_RULES.boolean,
    kinds: CONFIG_RULES.kinds,
    default: {
      isRight: (value) =>
        isJsonObject(value) && isExpiration(value["expiration"]) &&
        Object.keys(value).length === 1,
      otherwise: "is not { expiration: 24h }, or never",
    },
    accounts: {
      isRight: (value) =>
        isJsonObject(value) &&
        Object.values(value).every((accounts) =>
          isJsonObject(accounts) && Object.values(accounts).every((each) =>
            isJsonObject(each) && isExpiration(each["expiration"]) &&
            Object.keys(each).length === 1
          )
        ),
      otherwise: "is not { CLOUD: { ACCOUNT: { expiration: 7d } } }",
    },
  });
  const accounts = (config["accounts"] ?? {}) as Record<string, JsonObject>;
  const { kinds = DEFAULT_KINDS } = config;
  const byDefault = config["default"] as JsonObject | undefined;
  return {
    enabled: config["enabled"] === true,
    dry_run: config["dry_run"] !== false,
    kinds: (kinds as readonly Json[]).map(String),
    expiration: String(byDefault?.["expiration"] ?? DEFAULT_EXPIRATION),
    limits: Object.entries(accounts).flatMap(([cloud, each]) =>
      Object.entries(each).map(([account, said]) => ({
        cloud,
        account,
        expiration: String((said as JsonObject)["expiration"]),
      }))
    ),
  };
}

/**
 * Why an expiration may not stay as it is, or undefined. A point in time is as
 * long as it is away from when the resource was made.
 */
export function expirationFault(
  expiration: string,
  { limit, ctime }: {
    readonly limit: string;
    /** When the resource was made, if that is known. */
    readonly ctime?: string | undefined;
  },
): string | undefined {
  const length = lengthOf(expiration, ctime);
  if (length === undefined) return "cannot be read";
  return length > (lengthOf(limit) ?? Infinity)
    ? `is longer than ${limit}`
    : undefined;
}

function lengthOf(expiration: string, ctime = ""): number | undefined {
  if (isNever(expiration)) return Infinity;
  const lifetime = lifetimeOf(expiration);
  const end = endOfTime(expiration);
  if (lifetime !== undefined || end === undefined) return lifetime;
  const made = Date.parse(ctime);
  // Nobody knows how long that is: it is left alone.
  return Number.isNaN(made) ? 0 : end - made;
}

const plugin: PluginDefinition<TagValidatorConfig> = definePlugin({
  name: "tagvalidator",
  version: "1.0.0",
  description: "Shortens expirations that are longer than allowed",
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
      dry_run: {
        type: "boolean",
        default: true,
        description: "Whether it only tells what it would change",
      },
      kinds: {
        type: "array",
        items: { type: "string" },
        default: DEFAULT_KINDS,
        description: "Kinds that are looked at",
      },
      default: {
        type: "object",
        default: { expiration: DEFAULT_EXPIRATION },
        description: "The longest expiration of accounts that are not named",
      },
      accounts: {
        type: "object",
        default: {},
        description:
          "Of those that are, by cloud and id: { aws: { '123456789012': { expiration: 7d } } }",
      },
    },
  },
  permissions: { actions: { graph: ["search", "tag"] } },
  actions: {
    async pre_cleanup_plan({ config, graph, issue }) {
      if (!config.enabled) return;
      const { dry_run, expiration, kinds, limits } = config;
      const search = `is([${kinds.join(", ")}]) and has_key(tags, ${
        quoted(TAG)
      }) and /metadata.protected != true and /metadata.cleaned != true`;
      const batches = new Map<string, string[]>();
      let changed = 0;
      let would = 0;
      const refused: string[] = [];
      async function flush(limit: string, ids: readonly string[]) {
        batches.delete(limit);
        const change = await graph.tag(ids, { [TAG]: limit });
        changed += change.changed;
        refused.push(...change.refused.map((each) => each.reason));
      }
      for await (const node of graph.search(search)) {
        const { cloud, account } = placeOf(node);
        const limit = limits.find((each) =>
          each.cloud === cloud && each.account === account
        )?.expiration ?? expiration;
        const now = tagOf(node, TAG)?.trim() ?? "";
        const ctime = textOf(node.reported["ctime"]);
        const fault = expirationFault(now, { limit, ctime });
        if (fault === undefined) {
          continue;
        }
        const { kind, id } = node.reported;
        if (dry_run || isNever(limit)) {
          if (would++ >= TOLD) {
            continue;
          }
          issue(
            isNever(limit) ? "warning" : "info",
            `Expiration "${now}" of ${kind} ${id} ${fault}${
              isNever(limit) ? "" : `; a dry run leaves it so`
            }`,
          );
          continue;
        }
        const ids = batches.get(limit) ?? [];
        ids.push(node.id);
        batches.set(limit, ids);
        if (ids.length >= BATCH) {
          await flush(limit, ids);
        }
      }
      for (const [limit, ids] of [...batches]) await flush(limit, ids);
      if (changed > 0) issue("info", `Shortened ${changed} expirations`);
      if (would > 0) issue("info", `Left ${would} expirations as they are`);
      if (refused.length === 0) return;
      issue(
        "warning",
        `Could not change ${refused.length} expirations; the first: ${
          refused[0]
        }`,
      );
    },
  },
});

export default plugin;
