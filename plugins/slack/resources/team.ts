import {
  CallError,
  type CollectContext,
  eachOnce,
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

const FIELDS: Fields = {
  domain: field("string", "domain", "First label of its address"),
  email_domain: field("string", "email_domain", "Whose addresses may join"),
  enterprise_id: field("string", "enterprise_id"),
  enterprise_name: field("string", "enterprise_name"),
};

/** A workspace, which is the account. */
export const TEAM_KIND: KindDeclaration = {
  name: "slack_team",
  bases: ["account"],
  description: "A workspace",
  properties: fieldProperties(FIELDS),
};

/** https://docs.slack.dev/reference/methods/team.info */
export async function listTeam(
  slack: Slack,
  { account }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  const method = "team.info";
  const { body } = await slack.call(method, { team: account.id });
  for await (const [id, item] of eachOnce(method, [body["team"]])) {
    if (id !== account.id) {
      throw new CallError(method, {
        code: "answer_malformed",
        message: `asked for ${account.id}, got ${id}`,
      });
    }
    await found.node({
      id,
      reported: readFields(item, FIELDS, { name: textOf(item["name"]) }),
    });
  }
}
