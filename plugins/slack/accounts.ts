import {
  type AccountList,
  type AccountsContext,
  CallError,
  textOf,
} from "@skymap/lib/plugin";
import { Slack, type SlackSurroundings } from "./client.ts";
import { type SlackConfig, TOKEN_VARIABLE } from "./settings.ts";

/**
 * The workspace of the token, or the one of its organisation that is configured.
 *
 * https://docs.slack.dev/reference/methods/auth.test
 */
export async function listAccounts(
  { config, signal }: AccountsContext<SlackConfig>,
  surroundings: SlackSurroundings,
): Promise<AccountList> {
  const token = config.token ?? textOf(Deno.env.get(TOKEN_VARIABLE)?.trim());
  if (token === undefined) {
    throw new Error(
      `Cannot list workspaces: there is neither "token" nor ${TOKEN_VARIABLE}`,
    );
  }
  const { endpoint, team } = config;
  const slack = new Slack({ ...surroundings, endpoint, token, signal });
  const { body } = await slack.call("auth.test", {});
  if (team === undefined && body["is_enterprise_install"] === true) {
    throw new CallError("auth.test", {
      code: "team_missing",
      message:
        'the token is of a whole organisation, "team" has to name a workspace',
    });
  }
  const ownId = textOf(body["team_id"]);
  const id = team ?? ownId;
  if (id === undefined) {
    throw new CallError("auth.test", {
      code: "answer_malformed",
      message: "team_id is missing",
    });
  }
  const name = id === ownId ? textOf(body["team"]) : undefined;
  return {
    accounts: [{
      id,
      ...(name !== undefined && { name }),
      credentials: { token },
    }],
  };
}
