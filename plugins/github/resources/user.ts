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
import type { Github } from "../client.ts";
import { orgPath } from "../org_path.ts";
import type { GithubConfig } from "../settings.ts";

const FIELDS: Fields = {
  url: field("string", "html_url"),
  user_type: field("string", "type"),
  site_admin: field("boolean", "site_admin"),
};

/** A member of an organisation. */
export const USER_KIND: KindDeclaration = {
  name: "github_user",
  bases: ["user"],
  description: "A member",
  properties: {
    ...fieldProperties(FIELDS),
    role: { kind: "string", description: "admin or member" },
  },
};

/** https://docs.github.com/en/rest/orgs/members#list-organization-members */
export async function listMembers(
  github: Github,
  { account }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<void> {
  const scope = "read:org";
  // Whoever may not see all members is told the public ones, as if there were
  // no others. The teams need the same right, and are refused without it.
  await github.get({
    path: orgPath(account.id, "/teams"),
    query: { per_page: "1" },
    scope,
  });
  const path = orgPath(account.id, "/members");
  const admins = new Set<string>();
  for await (
    const [id] of github.list({ path, query: { role: "admin" }, scope })
  ) {
    admins.add(id);
  }
  for await (const [id, item] of github.list({ path, scope })) {
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["login"]),
        role: admins.has(id) ? "admin" : "member",
      }),
    });
  }
}
