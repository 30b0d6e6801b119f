/**
 * Marks volumes that nobody has used for long to be cleaned up.
 *
 * A volume that tells when it was last read and written goes by that. Of others
 * the graph must remember that they hung on nothing all the time.
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
  markNodes,
  parseDuration,
  type PluginDefinition,
  textOf,
} from "@skymap/lib/plugin";

/** Its configuration. */
export interface VolumesConfig {
  /** Whether it does anything. */
  readonly enabled: boolean;
  /** For how long a volume must have been unused. */
  readonly min_age: string;
}

const DEFAULT_MIN_AGE = "14 days";

function readConfig(value: unknown): VolumesConfig {
  const config = checkConfig(value, {
    enabled: CONFIG_RULES.boolean,
    min_age: CONFIG_RULES.duration,
  });
  return { enabled: false, min_age: DEFAULT_MIN_AGE, ...config };
}

/** Whether a time of a node is longer ago than that; undefined without one. */
function isBefore(
  node: GraphNode,
  name: string,
  timeMs: number,
): boolean | undefined {
  const text = textOf(node.reported[name]);
  return text === undefined ? undefined : Date.parse(text) < timeMs;
}

async function* each(
  nodes: ReadonlyMap<string, GraphNode>,
): AsyncGenerator<GraphNode> {
  yield* await nodes.values();
}

const SEARCH = "is(volume) and volume_status = available and " +
  "/metadata.cleaned != true";

const plugin: PluginDefinition<VolumesConfig> = definePlugin({
  name: "cleanup_volumes",
  version: "1.0.0",
  description: "Marks volumes that nobody has used for long",
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
        description: "For how long a volume must have been unused",
      },
    },
  },
  permissions: { actions: { graph: ["search", "clean"] } },
  actions: {
    async cleanup_plan({ config, graph, issue }) {
      if (!config.enabled) return;
      const nowMs = Date.now();
      const forMs = parseDuration(config.min_age);
      const told: GraphNode[] = [];
      const search = `${SEARCH} and /metadata.protected != true`;
      // Volumes that say nothing of their use: the past has to.
      const silent = new Map<string, GraphNode>();
      for await (const node of graph.search(search)) {
        const isOld = (name: string) => isBefore(node, name, nowMs - forMs);
        const used = [isOld("atime"), isOld("mtime")];
        if (isOld("ctime") !== true || used.includes(false)) continue;
        // What tells of one of both may have been used in the other way.
        if (used.every((each) => each === true)) told.push(node);
        else silent.set(node.id, node);
      }
      // What is there needs no complete answer: that of another account may be
      // missing. held() leaves out what could not be listed itself.
      const unused = ({ at }: GraphSearchOptions) =>
        at === undefined ? each(silent) : graph.search(SEARCH, { at });
      const reason = `Unused for ${config.min_age}`;
      const nodes = await held(unused, { forMs, nowMs });
      await markNodes(
        { graph, issue },
        [...told, ...nodes].map((node) => ({ node, reason })),
        { plugin: "cleanup_volumes" },
      );
    },
  },
});

export default plugin;
