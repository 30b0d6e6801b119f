import {
  CallError,
  type CollectContext,
  eachOnce,
  field,
  fieldProperties,
  type Fields,
  type Json,
  type JsonObject,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
  valueAt,
} from "@skymap/lib/plugin";
import { type Answer, itemsOf, type Slack } from "../client.ts";
import type { SlackConfig } from "../settings.ts";
import { timeOf } from "../time.ts";
import { CONVERSATION_KIND } from "./conversation.ts";
import { USER_KIND } from "./user.ts";

const FIELDS: Fields = {
  handle: field("string", "handle"),
  description: field("string", "description"),
  // A text in some answers, a number in others.
  user_count: { ...field("int64", "user_count"), read: Number },
  is_external: field("boolean", "is_external"),
  auto_type: field("string", "auto_type"),
  created_by: field("string", "created_by"),
  updated_by: field("string", "updated_by"),
};

/** A user group, also a disabled one. */
export const USERGROUP_KIND: KindDeclaration = {
  name: "slack_usergroup",
  bases: ["group"],
  description: "Members that are mentioned together",
  properties: {
    ...fieldProperties(FIELDS),
    disabled: { kind: "boolean" },
    disabled_at: { kind: "datetime" },
  },
};

/** Errors of a workspace whose plan has no user groups. */
const NOT_IN_PLAN: readonly string[] = [
  "plan_upgrade_required",
  "paid_teams_only",
];

const METHOD = "usergroups.list";

function idsOf(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => textOf(each) !== undefined)
    : [];
}

/** Its members, and the conversations that they join. */
async function addMembers(
  id: string,
  item: JsonObject,
  found: ScopeWriter,
): Promise<void> {
  const from = { kind: USERGROUP_KIND.name, id };
  for (const user of idsOf(item["users"])) {
    await found.edge({ from, to: { kind: USER_KIND.name, id: user } });
  }
  const joined = ["prefs.channels", "prefs.groups"].flatMap((path) =>
    idsOf(valueAt(item, path))
  );
  for (const channel of joined) {
    await found.edge({
      from,
      to: { kind: CONVERSATION_KIND.name, id: channel },
    });
  }
}

/** https://docs.slack.dev/reference/methods/usergroups.list */
export async function listUsergroups(
  slack: Slack,
  { account, issue }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  let answer: Answer;
  try {
    answer = await slack.call(METHOD, {
      team_id: account.id,
      include_count: "true",
      include_disabled: "true",
      include_users: "true",
    });
  } catch (error) {
    // No failure: a workspace of this plan has no user groups at all.
    if (error instanceof CallError && NOT_IN_PLAN.includes(error.code)) {
      return issue("info", "The workspace's plan has no user groups");
    }
    throw error;
  }
  const groups = itemsOf(METHOD, "usergroups", answer);
  for await (const [id, item] of eachOnce(METHOD, groups)) {
    const disabledAt = timeOf(item["date_delete"]);
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["name"]),
        ctime: timeOf(item["date_create"]),
        mtime: timeOf(item["date_update"]),
        disabled: disabledAt !== undefined,
        disabled_at: disabledAt,
      }),
    });
    await addMembers(id, item, found);
  }
}
