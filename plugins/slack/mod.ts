/**
 * Collects a Slack workspace: its members, conversations and user groups. It
 * reads and never writes.
 *
 * @module
 */

import { type CollectorDefinition, definePlugin } from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import type { SlackSurroundings } from "./client.ts";
import { collect } from "./collect.ts";
import { CONVERSATION_KIND } from "./resources/conversation.ts";
import { CONVERSATION_TYPE_KIND } from "./resources/conversation_type.ts";
import { REGION_KIND } from "./resources/region.ts";
import { TEAM_KIND } from "./resources/team.ts";
import { USER_KIND } from "./resources/user.ts";
import { USERGROUP_KIND } from "./resources/usergroup.ts";
import {
  CONFIG_SCHEMA,
  readConfig,
  type SlackConfig,
  TOKEN_VARIABLE,
} from "./settings.ts";

/** Makes the plugin; tests give it other surroundings. */
export function slackPlugin(
  surroundings: SlackSurroundings = {},
): CollectorDefinition<SlackConfig> {
  const net = ["slack.com:443", { config: "endpoint" }];
  return definePlugin({
    name: "slack",
    version: "1.0.0",
    description: "Collects members, conversations and user groups of Slack",
    containers: { account: TEAM_KIND.name, region: REGION_KIND.name },
    kinds: [
      TEAM_KIND,
      REGION_KIND,
      USER_KIND,
      CONVERSATION_KIND,
      CONVERSATION_TYPE_KIND,
      USERGROUP_KIND,
    ],
    config: { parse: readConfig },
    configSchema: CONFIG_SCHEMA,
    permissions: {
      accounts: { net, env: [TOKEN_VARIABLE] },
      collect: { net },
    },
    accounts: (context) => listAccounts(context, surroundings),
    collect: (context) => collect(context, surroundings),
  });
}

const plugin: CollectorDefinition<SlackConfig> = slackPlugin();

export default plugin;
