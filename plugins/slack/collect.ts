import type { CollectContext } from "@skymap/lib/plugin";
import { Slack, type SlackSurroundings } from "./client.ts";
import {
  CONVERSATION_KIND,
  listConversations,
} from "./resources/conversation.ts";
import { listTeam, TEAM_KIND } from "./resources/team.ts";
import { listUsers, USER_KIND } from "./resources/user.ts";
import { listUsergroups, USERGROUP_KIND } from "./resources/usergroup.ts";
import type { SlackConfig } from "./settings.ts";

const LISTINGS = [
  [TEAM_KIND, listTeam],
  [USER_KIND, listUsers],
  [CONVERSATION_KIND, listConversations],
  [USERGROUP_KIND, listUsergroups],
] as const;

/** Collects one workspace, kind by kind. */
export async function collect(
  context: CollectContext<SlackConfig>,
  surroundings: SlackSurroundings,
): Promise<void> {
  const { account, config, scope, signal } = context;
  const slack = new Slack({
    ...surroundings,
    endpoint: config.endpoint,
    token: String(account.credentials?.["token"]),
    signal,
  });
  for (const [{ name }, list] of LISTINGS) {
    await scope({ kind: name }, (found) => list(slack, context, found));
  }
}
