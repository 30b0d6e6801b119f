/** A cloud whose every answer takes 5 ms: parents, and 100 children of each. */
import {
  definePlugin,
  mapConcurrent,
  type PluginDefinition,
} from "@skymap/lib/plugin";

interface Config {
  readonly parents: number;
  readonly children: number;
  readonly latencyMs: number;
  readonly limit: number;
}

function answerAfter(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

const plugin: PluginDefinition<Config> = definePlugin({
  name: "fanout",
  version: "1.0.0",
  description: "Parents and children behind a slow API",
  containers: { account: "fanout_account", region: "fanout_region" },
  kinds: [
    { name: "fanout_account", bases: ["account"] },
    { name: "fanout_region", bases: ["region"] },
    { name: "fanout_child", bases: ["resource"] },
  ],
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect({ config, scope, signal }) {
    const { parents, children, latencyMs, limit } = config;
    function* all(): Generator<string> {
      for (let parent = 0; parent < parents; parent++) {
        for (let child = 0; child < children; child++) {
          yield `${parent}-${child}`;
        }
      }
    }
    await scope({ kind: "fanout_child" }, async (found) => {
      await mapConcurrent(all(), async (id) => {
        await answerAfter(latencyMs);
        await found.node({ id, reported: { name: id } });
      }, { limit, signal });
    });
  },
});

export default plugin;
