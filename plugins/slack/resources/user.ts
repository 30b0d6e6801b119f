import {
  type CollectContext,
  field,
  fieldProperties,
  type Fields,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Slack } from "../client.ts";
import type { SlackConfig } from "../settings.ts";
import { timeOf } from "../time.ts";

const FIELDS: Fields = {
  team_id: field("string", "team_id", "Workspace that it belongs to"),
  real_name: field("string", "profile.real_name"),
  display_name: field("string", "profile.display_name"),
  email: field("string", "profile.email", "Needs users:read.email"),
  title: field("string", "profile.title"),
  deleted: field("boolean", "deleted", "Whether it was deactivated"),
  is_admin: field("boolean", "is_admin"),
  is_owner: field("boolean", "is_owner"),
  is_primary_owner: field("boolean", "is_primary_owner"),
  is_restricted: field("boolean", "is_restricted", "Whether it is a guest"),
  is_ultra_restricted: field(
    "boolean",
    "is_ultra_restricted",
    "Whether it is a guest of one conversation",
  ),
  is_bot: field("boolean", "is_bot"),
  is_app_user: field("boolean", "is_app_user"),
  has_2fa: field("boolean", "has_2fa", "Seen by tokens of administrators"),
  timezone: field("string", "tz"),
};

/** A member of the workspace. */
export const USER_KIND: KindDeclaration = {
  name: "slack_user",
  bases: ["user"],
  description: "A member, guest or bot",
  properties: fieldProperties(FIELDS),
};

/** https://docs.slack.dev/reference/methods/users.list */
export async function listUsers(
  slack: Slack,
  { account, issue }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  let seesEmail = true;
  const members = slack.list(
    "users.list",
    "members",
    { team_id: account.id },
    ({ scopes }) => seesEmail = scopes?.includes("users:read.email") ?? true,
  );
  for await (const [id, item] of members) {
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["name"]),
        mtime: timeOf(item["updated"]),
      }),
    });
  }
  if (!seesEmail) {
    issue("warning", "Members have no email: needs users:read.email", {
      permission: "users:read.email",
    });
  }
}
