import {
  type Account,
  type AccountList,
  CallError,
  isJsonObject,
  mapConcurrent,
  textOf,
} from "@skymap/lib/plugin";
import { CALLS, type Github, numberId } from "./client.ts";
import { headerWords } from "./header_words.ts";

const PATH = "/user/orgs";

/** Numbers of the organisations that a listing leaves out for single sign-on. */
function hiddenOrgs(headers: Headers): readonly string[] {
  // partial-results; organizations=21955855,20582480
  const partial = /^partial-results;.*\borganizations=([\d,]+)/.exec(
    headers.get("x-github-sso") ?? "",
  );
  return headerWords(partial?.[1] ?? null);
}

/**
 * The login of an organisation that single sign-on hides, by its number.
 *
 * https://docs.github.com/en/rest/orgs/orgs#list-organizations
 */
async function loginOf(github: Github, number: string): Promise<string> {
  const { body } = await github.get({
    path: "/organizations",
    query: { since: String(Number(number) - 1), per_page: "1" },
    scope: "read:org",
  });
  const [item] = Array.isArray(body) ? body as readonly unknown[] : [];
  const login = isJsonObject(item) && numberId(item["id"]) === number
    ? textOf(item["login"])
    : undefined;
  return login ?? number;
}

/**
 * The organisations that the token's user is in.
 *
 * https://docs.github.com/en/rest/orgs/orgs#list-organizations-for-the-authenticated-user
 */
export async function ownOrgs(
  github: Github,
  signal: AbortSignal,
): Promise<AccountList> {
  const accounts: Account[] = [];
  const hidden = new Set<string>();
  const orgs = github.list(
    { path: PATH, scope: "read:org" },
    ({ headers }) => hiddenOrgs(headers).forEach((each) => hidden.add(each)),
  );
  for await (const [, item] of orgs) {
    const login = textOf(item["login"]);
    if (login === undefined) {
      throw new CallError(`GET ${PATH}`, {
        code: "answer_malformed",
        message: "an organisation has no login",
      });
    }
    accounts.push({ id: login });
  }
  if (accounts.length + hidden.size === 0) {
    throw new CallError(`GET ${PATH}`, {
      code: "no_organizations",
      message: 'the token sees none; "org" names them',
      permission: "read:org",
    });
  }
  const unreachable = await mapConcurrent(hidden, async (number) => ({
    id: await loginOf(github, number),
    code: "sso_required",
    message:
      "Cannot list it: the token has to be authorised for its single sign-on",
  }), { limit: CALLS, signal });
  return { accounts, unreachable };
}
