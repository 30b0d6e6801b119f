import {
  CallError,
  type CollectContext,
  type Field,
  field,
  fieldProperties,
  type Fields,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Github } from "../client.ts";
import { headerWords } from "../header_words.ts";
import { orgPath } from "../org_path.ts";
import type { GithubConfig } from "../settings.ts";

/** A property that changes so often that it makes no history. */
function restless(kind: string, from: string, description?: string): Field {
  return { ...field(kind, from, description), ignoreHistory: true };
}

const FIELDS: Fields = {
  full_name: field("string", "full_name"),
  description: field("string", "description"),
  url: field("string", "html_url"),
  homepage: field("string", "homepage"),
  visibility: field("string", "visibility", "public, private or internal"),
  is_private: field("boolean", "private"),
  is_fork: field("boolean", "fork"),
  is_archived: field("boolean", "archived"),
  is_disabled: field("boolean", "disabled"),
  is_template: field("boolean", "is_template"),
  default_branch: field("string", "default_branch"),
  language: field("string", "language"),
  license: field("string", "license.spdx_id"),
  topics: field("string[]", "topics"),
  has_issues: field("boolean", "has_issues"),
  has_wiki: field("boolean", "has_wiki"),
  has_pages: field("boolean", "has_pages"),
  has_discussions: field("boolean", "has_discussions"),
  allow_forking: field("boolean", "allow_forking"),
  web_commit_signoff_required: field("boolean", "web_commit_signoff_required"),
  secret_scanning: field(
    "string",
    "security_and_analysis.secret_scanning.status",
    "enabled or disabled; seen by administrators",
  ),
  secret_scanning_push_protection: field(
    "string",
    "security_and_analysis.secret_scanning_push_protection.status",
  ),
  dependabot_security_updates: field(
    "string",
    "security_and_analysis.dependabot_security_updates.status",
  ),
  size: restless("int64", "size", "In kilobytes"),
  stargazers_count: restless("int64", "stargazers_count"),
  forks_count: restless("int64", "forks_count"),
  open_issues_count: restless("int64", "open_issues_count"),
  pushed_at: restless("datetime", "pushed_at"),
};

/** A repository. */
export const REPOSITORY_KIND: KindDeclaration = {
  name: "github_repository",
  bases: ["resource"],
  description: "A repository",
  properties: fieldProperties(FIELDS),
};

/** Fails for a token that is told the public repositories alone. */
function checkScope(path: string, headers: Headers): void {
  const held = headers.get("x-oauth-scopes");
  if (held === null || headerWords(held).includes("repo")) return;
  throw new CallError(`GET ${path}`, {
    code: "missing_scope",
    message:
      `private repositories need repo, the token has ${held || "none"}; ` +
      'visibility "public" lists the others alone',
    permission: "repo",
  });
}

/**
 * Gives how many of them are not public.
 *
 * https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
export async function listRepositories(
  github: Github,
  { account, config }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<number> {
  const path = orgPath(account.id, "/repos");
  const repositories = github.list({
    path,
    // The oldest first: what is made meanwhile comes last.
    query: { type: config.visibility, sort: "created", direction: "asc" },
    scope: "repo",
  }, ({ headers }) => {
    if (config.visibility !== "public") checkScope(path, headers);
  });
  let hidden = 0;
  for await (const [id, item] of repositories) {
    if (item["private"] === true) hidden++;
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["name"]),
        ctime: item["created_at"],
        mtime: item["updated_at"],
      }),
    });
  }
  return hidden;
}
