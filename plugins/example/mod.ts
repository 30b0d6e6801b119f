/**
 * The plugin to copy: two accounts of a made-up cloud, from a list in memory.
 * Replace `cloud.ts` by calls of a real API.
 *
 * @module
 */

import {
  type CollectorDefinition,
  definePlugin,
  mapConcurrent,
} from "@skymap/lib/plugin";
import { listAccounts } from "./cloud.ts";
import { collectRegion } from "./collect.ts";
import { KINDS } from "./kinds.ts";
import { type ExampleConfig, readConfig } from "./settings.ts";

const plugin: CollectorDefinition<ExampleConfig> = definePlugin({
  name: "example",
  version: "1.0.0",
  description: "Shows how a plugin is written",
  containers: { account: "example_account", region: "example_region" },
  kinds: KINDS,
  config: { parse: readConfig },
  // A real plugin names its API here: { collect: { net: ["api.example.com"] } }
  permissions: {},
  accounts: () => ({ accounts: listAccounts() }),
  async collect(context) {
    const { account, config, scope } = context;
    await scope({ kind: "example_account" }, async (found) => {
      await found.node({
        id: account.id,
        reported: { name: account.name ?? "" },
      });
    });
    await scope({ kind: "example_region" }, async (found) => {
      for (const id of config.region) {
        await found.node({ id, reported: { name: id } });
      }
    });
    await mapConcurrent(
      config.region,
      (region) => collectRegion(context, region),
      { limit: 5, signal: context.signal },
    );
  },
});

export default plugin;
