/** A plugin that asks for two variables and tells what it sees. */
import { definePlugin, type PluginDefinition } from "@skymap/lib/plugin";

const plugin: PluginDefinition = definePlugin({
  name: "curious",
  version: "1.0.0",
  description: "Tells what it sees",
  containers: { account: "curious_account", region: "curious_region" },
  kinds: [
    { name: "curious_account", bases: ["account"] },
    { name: "curious_region", bases: ["region"] },
  ],
  permissions: { collect: { env: ["CURIOUS_*", "CURIOUS_TOKEN"] } },
  accounts: () => ({
    accounts: [
      { id: "1", credentials: { secret: "first" } },
      { id: "2", credentials: { secret: "second" } },
    ],
  }),
  async collect({ account, scope }) {
    await scope({ kind: "curious_account" }, (found) =>
      found.node({
        id: account.id,
        reported: {
          token: Deno.env.get("CURIOUS_TOKEN") ?? "",
          other: Deno.env.get("CURIOUS_OTHER") ?? "",
          credentials: account.credentials ?? {},
          arguments: Deno.args,
        },
      }));
  },
});

export default plugin;
