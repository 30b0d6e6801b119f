import {
  CallError,
  type CollectContext,
  field,
  fieldProperties,
  type Fields,
  isJsonObject,
  type JsonObject,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import { type Github, numberId } from "../client.ts";
import { orgPath } from "../org_path.ts";
import type { GithubConfig } from "../settings.ts";

const FIELDS: Fields = {
  description: field("string", "description"),
  company: field("string", "company"),
  blog: field("string", "blog"),
  location: field("string", "location"),
  email: field("string", "email"),
  url: field("string", "html_url"),
  is_verified: field("boolean", "is_verified", "Whether it owns its domain"),
  public_repos: field("int64", "public_repos"),
  total_private_repos: field("int64", "total_private_repos"),
  two_factor_required: field("boolean", "two_factor_requirement_enabled"),
  default_repository_permission: field(
    "string",
    "default_repository_permission",
    "What members may do with every repository",
  ),
  members_can_create_repositories: field(
    "boolean",
    "members_can_create_repositories",
  ),
  members_can_create_public_repositories: field(
    "boolean",
    "members_can_create_public_repositories",
  ),
  plan: field("string", "plan.name"),
  seats: field("int64", "plan.seats"),
  filled_seats: field("int64", "plan.filled_seats"),
};

/** An organisation, which is the account. */
export const ORG_KIND: KindDeclaration = {
  name: "github_org",
  bases: ["account"],
  description: "An organisation",
  properties: {
    ...fieldProperties(FIELDS),
    number: { kind: "string", description: "Its id, which outlives its name" },
  },
};

/** https://docs.github.com/en/rest/orgs/orgs#get-an-organization */
export async function getOrg(
  github: Github,
  org: string,
): Promise<JsonObject> {
  const path = orgPath(org);
  const { body } = await github.get({ path, scope: "read:org" });
  if (isJsonObject(body) && textOf(body["login"]) !== undefined) return body;
  throw new CallError(`GET ${path}`, {
    code: "answer_malformed",
    message: "login is missing",
  });
}

/** Gives how many private repositories the organisation says it has. */
export async function listOrg(
  github: Github,
  { account }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<number> {
  const item = await getOrg(github, account.id);
  await found.node({
    id: account.id,
    reported: readFields(item, FIELDS, {
      name: textOf(item["name"]) ?? account.id,
      number: numberId(item["id"]),
      ctime: item["created_at"],
      mtime: item["updated_at"],
    }),
  });
  return Number(item["total_private_repos"] ?? Number.NaN);
}
