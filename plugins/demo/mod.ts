/**
 * A made-up cloud for first steps, load and tests: some accounts and regions,
 * lively but repeatable. The same configuration and hour give the same cloud.
 *
 * @module
 */

import { type CollectorDefinition, definePlugin } from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import { collectAccount } from "./collect.ts";
import { deleteResources } from "./delete_resources.ts";
import { KINDS } from "./kinds.ts";
import { CONFIG_SCHEMA, type DemoConfig, readConfig } from "./settings.ts";

const plugin: CollectorDefinition<DemoConfig> = definePlugin({
  name: "demo",
  version: "1.0.0",
  description: "A made-up cloud that changes a little every hour",
  containers: { account: "demo_account", region: "demo_region" },
  kinds: KINDS,
  config: { parse: readConfig },
  configSchema: CONFIG_SCHEMA,
  fallback: true,
  permissions: {},
  accounts: ({ config }) => {
    const accounts = listAccounts(config);
    return { accounts, all: accounts.map(({ id }) => id) };
  },
  collect: collectAccount,
  tasks: { delete: ({ args }) => deleteResources(args) },
});

export default plugin;
