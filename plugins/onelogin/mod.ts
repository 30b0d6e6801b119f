/**
 * Collects a OneLogin account: its users, apps, roles and groups, and who may
 * use what. It reads and never writes.
 *
 * @module
 */

import { type CollectorDefinition, definePlugin } from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import type { OneloginSurroundings } from "./call_onelogin.ts";
import { collect } from "./collect.ts";
import { ACCOUNT_KIND } from "./resources/account.ts";
import { APP_KIND } from "./resources/app.ts";
import { GROUP_KIND } from "./resources/group.ts";
import { REGION_KIND } from "./resources/region.ts";
import { ROLE_KIND } from "./resources/role.ts";
import { USER_KIND } from "./resources/user.ts";
import {
  CONFIG_SCHEMA,
  ID_VARIABLE,
  type OneloginConfig,
  readConfig,
  SECRET_VARIABLE,
} from "./settings.ts";

/** Makes the plugin; tests give it other surroundings. */
export function oneloginPlugin(
  surroundings: OneloginSurroundings = {},
): CollectorDefinition<OneloginConfig> {
  const net = [{ config: "endpoint" }];
  return definePlugin({
    name: "onelogin",
    version: "1.0.0",
    description: "Collects users, apps, roles and groups of OneLogin",
    containers: { account: ACCOUNT_KIND.name, region: REGION_KIND.name },
    kinds: [
      ACCOUNT_KIND,
      REGION_KIND,
      USER_KIND,
      APP_KIND,
      ROLE_KIND,
      GROUP_KIND,
    ],
    config: { parse: readConfig },
    configSchema: CONFIG_SCHEMA,
    permissions: {
      accounts: { net, env: [ID_VARIABLE, SECRET_VARIABLE] },
      collect: { net },
    },
    isConfigured: ({ endpoint }) => endpoint !== undefined,
    accounts: (context) => listAccounts(context, surroundings),
    collect: (context) => collect(context, surroundings),
  });
}

const plugin: CollectorDefinition<OneloginConfig> = oneloginPlugin();

export default plugin;
