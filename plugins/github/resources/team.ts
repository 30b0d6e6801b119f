import {
  CallError,
  type CollectContext,
  field,
  fieldProperties,
  type Fields,
  type JsonObject,
  type KindDeclaration,
  mapConcurrent,
  readFields,
  type ScopeWriter,
  textOf,
  valueAt,
} from "@skymap/lib/plugin";
import { CALLS, type Github, numberId } from "../client.ts";
import { orgPath } from "../org_path.ts";
import type { GithubConfig } from "../settings.ts";
import { REPOSITORY_KIND } from "./repository.ts";
import { USER_KIND } from "./user.ts";

const FIELDS: Fields = {
  slug: field("string", "slug"),
  description: field("string", "description"),
  url: field("string", "html_url"),
  privacy: field("string", "privacy", "closed, or secret to others"),
  notification_setting: field("string", "notification_setting"),
  permission: field("string", "permission", "Default for its repositories"),
};

/** A team. */
export const TEAM_KIND: KindDeclaration = {
  name: "github_team",
  bases: ["group"],
  description: "Members with common rights",
  properties: fieldProperties(FIELDS),
};

const RIGHTS = ["admin", "maintain", "push", "triage", "pull"];
const SCOPE = "read:org";

/** What a team may do with a repository. */
function rightOf(item: JsonObject): JsonObject {
  const right = textOf(item["role_name"]) ??
    RIGHTS.find((each) => valueAt(item, `permissions.${each}`) === true);
  return right === undefined ? {} : { permission: right };
}

/**
 * https://docs.github.com/en/rest/teams/members#list-team-members and
 * https://docs.github.com/en/rest/teams/teams#list-team-repositories
 */
async function addDetails(
  github: Github,
  { id, path }: { readonly id: string; readonly path: string },
  found: ScopeWriter,
): Promise<void> {
  const from = { kind: TEAM_KIND.name, id };
  const members = github.list({ path: `${path}/members`, scope: SCOPE });
  for await (const [user] of members) {
    await found.edge({ from, to: { kind: USER_KIND.name, id: user } });
  }
  const repositories = github.list({ path: `${path}/repos`, scope: SCOPE });
  for await (const [repository, right] of repositories) {
    await found.edge({
      from,
      to: { kind: REPOSITORY_KIND.name, id: repository },
      reported: rightOf(right),
    });
  }
}

/** Address of one team. */
function teamPath(path: string, item: JsonObject): string {
  const slug = textOf(item["slug"]);
  if (slug !== undefined) return `${path}/${encodeURIComponent(slug)}`;
  throw new CallError(`GET ${path}`, {
    code: "answer_malformed",
    message: "a team has no slug",
  });
}

/** https://docs.github.com/en/rest/teams/teams#list-teams */
export async function listTeams(
  github: Github,
  { account, config, signal }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<void> {
  const path = orgPath(account.id, "/teams");
  const teams = github.list({ path, scope: SCOPE });
  await mapConcurrent(teams, async ([id, item]) => {
    await found.node({
      id,
      reported: readFields(item, FIELDS, { name: textOf(item["name"]) }),
    });
    const parent = numberId(valueAt(item, "parent.id"));
    if (parent !== undefined) {
      await found.edge({
        from: { kind: TEAM_KIND.name, id: parent },
        to: { kind: TEAM_KIND.name, id },
      });
    }
    if (!config.team_details) return;
    await addDetails(github, { id, path: teamPath(path, item) }, found);
  }, { limit: CALLS, signal });
}
