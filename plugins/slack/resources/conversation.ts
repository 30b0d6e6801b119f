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
import {
  CONVERSATION_TYPE_KIND,
  conversationType,
} from "./conversation_type.ts";
import { USER_KIND } from "./user.ts";

const FIELDS: Fields = {
  is_private: field("boolean", "is_private"),
  is_archived: field("boolean", "is_archived"),
  is_general: field("boolean", "is_general"),
  is_shared: field("boolean", "is_shared"),
  is_ext_shared: field(
    "boolean",
    "is_ext_shared",
    "Whether another organisation takes part",
  ),
  is_org_shared: field("boolean", "is_org_shared"),
  num_members: field("int64", "num_members"),
  creator: field("string", "creator", "Id of the member who made it"),
  user: field("string", "user", "Id of the other side of a direct message"),
  topic: field("string", "topic.value"),
  purpose: field("string", "purpose.value"),
  previous_names: field("string[]", "previous_names"),
};

/** A conversation, also an archived one. */
export const CONVERSATION_KIND: KindDeclaration = {
  name: "slack_conversation",
  bases: ["resource"],
  description: "A channel or direct message",
  properties: {
    ...fieldProperties(FIELDS),
    conversation_type: { kind: CONVERSATION_TYPE_KIND.name },
  },
};

/** https://docs.slack.dev/reference/methods/conversations.members */
async function addMembers(
  slack: Slack,
  channel: string,
  found: ScopeWriter,
): Promise<void> {
  const members = slack.list("conversations.members", "members", { channel });
  for await (const [user] of members) {
    await found.edge({
      from: { kind: CONVERSATION_KIND.name, id: channel },
      to: { kind: USER_KIND.name, id: user },
    });
  }
}

/** https://docs.slack.dev/reference/methods/conversations.list */
export async function listConversations(
  slack: Slack,
  { account, config }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  const channels = slack.list("conversations.list", "channels", {
    team_id: account.id,
    types: config.conversation_types.join(","),
    exclude_archived: "false",
  });
  for await (const [id, item] of channels) {
    const updated = item["updated"];
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["name"]) ?? id,
        conversation_type: conversationType(item),
        ctime: timeOf(item["created"]),
        // In milliseconds, unlike every other time.
        mtime: typeof updated === "number"
          ? timeOf(updated / 1_000)
          : undefined,
      }),
    });
    if (!config.conversation_members || item["is_archived"] === true) continue;
    await addMembers(slack, id, found);
  }
}
