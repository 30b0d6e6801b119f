import {
  type Account,
  type AccountList,
  type AccountsContext,
  CallError,
  mapConcurrent,
  textOf,
} from "@skymap/lib/plugin";
import { CALLS, Github, type GithubSurroundings } from "./client.ts";
import { ownOrgs } from "./own_orgs.ts";
import { getOrg } from "./resources/org.ts";
import { type GithubConfig, TOKEN_VARIABLE } from "./settings.ts";

/** The organisations that are configured. */
async function namedOrgs(
  github: Github,
  logins: readonly string[],
  signal: AbortSignal,
): Promise<AccountList> {
  const accounts = new Map<string, Account>();
  const unreachable: NonNullable<AccountList["unreachable"]>[number][] = [];
  await mapConcurrent(logins, async (login) => {
    try {
      const id = String((await getOrg(github, login))["login"]);
      accounts.set(id, { id });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CallError)) throw error;
      const { code, message, permission } = error;
      unreachable.push({
        id: login,
        code,
        message,
        ...(permission !== undefined && { permission }),
      });
    }
  }, { limit: CALLS, signal });
  return { accounts: [...accounts.values()], unreachable };
}

/** The organisations, each with the token. */
export async function listAccounts(
  { config, signal }: AccountsContext<GithubConfig>,
  surroundings: GithubSurroundings,
): Promise<AccountList> {
  const token = config.token ?? textOf(Deno.env.get(TOKEN_VARIABLE)?.trim());
  if (token === undefined) {
    throw new Error(
      `Cannot list organisations: there is neither "token" nor ${TOKEN_VARIABLE}`,
    );
  }
  const { endpoint, org } = config;
  const github = new Github({ ...surroundings, endpoint, token, signal });
  const { accounts, unreachable = [] } = org.length > 0
    ? await namedOrgs(github, org, signal)
    : await ownOrgs(github, signal);
  return {
    accounts: accounts.map((account) => ({
      ...account,
      credentials: { token },
    })),
    unreachable,
  };
}
