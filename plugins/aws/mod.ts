/**
 * Collects AWS: what one or many accounts hold, in every enabled region. What is
 * collected, tagged and deleted, and how, is declared in `resources/`.
 *
 * @module
 */

import {
  type CollectorDefinition,
  definePlugin,
  type JsonObject,
} from "@skymap/lib/plugin";
import { listAccounts } from "./accounts.ts";
import { checkResources } from "./check_resources.ts";
import { awsCommand } from "./command/aws_command.ts";
import { AWS_HELP } from "./command/aws_help.ts";
import { collectAccount } from "./collect_account.ts";
import { readHome } from "./home.ts";
import { policyOf } from "./iam_policy.ts";
import { policyParts } from "./policy_parts.ts";
import { ACCOUNT_KIND, kindsOf, REGION_KIND } from "./kinds.ts";
import {
  ACCOUNTS_PERMISSIONS,
  COLLECT_PERMISSIONS,
  COMMANDS_PERMISSIONS,
} from "./permissions.ts";
import { RESOURCES } from "./resources/mod.ts";
import {
  type AwsConfig,
  CONFIG_SCHEMA,
  isConfigured,
  readConfig,
} from "./settings.ts";
import { workTasks } from "./work/mod.ts";

const resources = checkResources(RESOURCES);

const plugin: CollectorDefinition<AwsConfig> = definePlugin({
  name: "aws",
  version: "0.1.0",
  description: "Collects Amazon Web Services, changes tags and deletes",
  containers: { account: ACCOUNT_KIND, region: REGION_KIND },
  kinds: kindsOf(resources),
  config: { parse: readConfig },
  configSchema: CONFIG_SCHEMA as JsonObject,
  permissions: {
    accounts: ACCOUNTS_PERMISSIONS,
    collect: COLLECT_PERMISSIONS,
    tasks: COLLECT_PERMISSIONS,
    commands: COMMANDS_PERMISSIONS,
  },
  isConfigured,
  policy: ({ config, tag, cleanup }) =>
    policyParts(policyOf(resources, config, { tag, cleanup })),
  accounts: (context) =>
    listAccounts(context, { env: (name) => Deno.env.get(name), readHome }),
  collect: (context) => collectAccount(context, resources),
  tasks: workTasks(resources),
  commands: { aws: awsCommand },
  commandHelp: { aws: AWS_HELP },
});

export default plugin;
