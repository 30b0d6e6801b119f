/**
 * Marks resources whose time is over to be cleaned up: by `/metadata.expires`, by
 * a tag with a point in time, or by a tag with a duration since they were made.
 *
 * @module
 */

import {
  checkConfig,
  CONFIG_RULES,
  definePlugin,
  endOfTime,
  type GraphNode,
  isNever,
  lifetimeOf,
  markNodes,
  type PluginDefinition,
  quoted,
  tagOf,
  textOf,
} from "@skymap/lib/plugin";

/** Its configuration. */
export interface ExpiredConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** Tags that hold a point in time; the first that a resource has counts. */
  readonly expires_tags: readonly string[];
  /** Tags that hold a duration since it was made, or `never`. */
  readonly expiration_tags: readonly string[];
}

const DEFAULTS = {
  expires_tags: ["skymap:expires", "resoto:expires", "fix:expires", "expires"],
  expiration_tags: [
    "skymap:expiration",
    "resoto:expiration",
    "fix:expiration",
    "expiration",
  ],
};

function readConfig(value: unknown): ExpiredConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    expires_tags: CONFIG_RULES.texts,
    expiration_tags: CONFIG_RULES.texts,
  });
  return { enabled: false, ...DEFAULTS, ...config };
}

/** The values of those of these tags that a node has. */
function valuesOf(node: GraphNode, names: readonly string[]): string[] {
  return names.map((name) => tagOf(node, name)?.trim() ?? "")
    .filter((value) => value !== "");
}

/**
 * When the time of a node is over, in milliseconds since 1970; undefined when it
 * has no end, or none that can be read.
 */
export function expiryOf(
  node: GraphNode,
  { expires_tags, expiration_tags }: ExpiredConfig,
): number | undefined {
  const told = node.metadata?.["expires"] ?? undefined;
  const [tagged, ...times] = valuesOf(node, expires_tags);
  const [expiration, ...more] = valuesOf(node, expiration_tags);
  const expires = told === undefined ? tagged : String(told);
  const all = [expires, tagged, ...times, expiration, ...more];
  if (all.some((each) => each !== undefined && isNever(each))) return;
  // What is said twice counts by what is said exactly.
  if (expires !== undefined) return endOfTime(expires);
  if (expiration === undefined) return;
  const lifetime = lifetimeOf(expiration);
  if (lifetime === undefined) return endOfTime(expiration);
  const ctime = Date.parse(textOf(node.reported["ctime"]) ?? "");
  return Number.isNaN(ctime) ? undefined : ctime + lifetime;
}

const plugin: PluginDefinition<ExpiredConfig> = definePlugin({
  name: "cleanup_expired",
  version: "1.0.0",
  description: "Marks resources whose time is over to be cleaned up",
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
      expires_tags: {
        type: "array",
        items: { type: "string" },
        default: DEFAULTS.expires_tags,
        description: "Tags that hold a point in time, or never",
      },
      expiration_tags: {
        type: "array",
        items: { type: "string" },
        default: DEFAULTS.expiration_tags,
        description:
          "Tags that hold a duration since a resource was made, or never",
      },
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async cleanup_plan({ config, graph, issue }) {
      if (!config.enabled) return;
      const names = [...config.expires_tags, ...config.expiration_tags];
      const conditions = [
        "/metadata.expires != null",
        ...names.map((name) => `has_key(tags, ${quoted(name)})`),
      ];
      const search = `is(resource) and /metadata.cleaned != true and ` +
        `/metadata.protected != true and (${conditions.join(" or ")})`;
      const nowMs = Date.now();
      async function* expired() {
        for await (const node of graph.search(search)) {
          const expiry = expiryOf(node, config);
          if (expiry === undefined || expiry > nowMs) continue;
          const at = new Date(expiry).toISOString();
          // One reason a day, so that those of a day are marked at once.
          yield { node, reason: `Its time was over on ${at.slice(0, 10)}` };
        }
      }
      await markNodes({ graph, issue }, expired(), {
        plugin: "cleanup_expired",
      });
    },
  },
});

export default plugin;
