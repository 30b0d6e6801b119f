/**
 * Collects organisations of GitHub: their repositories, members and teams. It
 * reads and never writes.
 *
 * @module
 */

import { type CollectorDefinition, definePlugin } from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import type { GithubSurroundings } from "./client.ts";
import { collect } from "./collect.ts";
import { ORG_KIND } from "./resources/org.ts";
import { REGION_KIND } from "./resources/region.ts";
import { REPOSITORY_KIND } from "./resources/repository.ts";
import { TEAM_KIND } from "./resources/team.ts";
import { USER_KIND } from "./resources/user.ts";
import {
  CONFIG_SCHEMA,
  type GithubConfig,
  readConfig,
  TOKEN_VARIABLE,
} from "./settings.ts";

/** Makes the plugin; tests give it other surroundings. */
export function githubPlugin(
  surroundings: GithubSurroundings = {},
): CollectorDefinition<GithubConfig> {
  const net = ["api.github.com:443", { config: "endpoint" }];
  return definePlugin({
    name: "github",
    version: "1.0.0",
    description: "Collects organisations of GitHub, repositories and members",
    containers: { account: ORG_KIND.name, region: REGION_KIND.name },
    kinds: [ORG_KIND, REGION_KIND, REPOSITORY_KIND, USER_KIND, TEAM_KIND],
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

const plugin: CollectorDefinition<GithubConfig> = githubPlugin();

export default plugin;
