import { CallError, idOf, isJsonObject, textOf } from "@skymap/lib/plugin";
import { callOnelogin, type OneloginOptions } from "./call_onelogin.ts";

/** Path of the call that logs in. */
export const LOG_IN = "/auth/oauth2/v2/token";

/** A token, and the account that it is of. */
export interface LogIn {
  /** The token. */
  readonly token: string;
  /** Id of the account. */
  readonly account: string;
}

/**
 * Logs in.
 *
 * https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2
 */
export async function logIn(options: OneloginOptions): Promise<LogIn> {
  const { id, secret } = options.credentials;
  const { body } = await callOnelogin(options, {
    path: LOG_IN,
    init: {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: id,
        client_secret: secret,
      }),
    },
  });
  const answer = isJsonObject(body) ? body : {};
  const token = textOf(answer["access_token"]);
  const account = idOf(answer["account_id"]);
  if (token !== undefined && account !== undefined) return { token, account };
  throw new CallError(`POST ${LOG_IN}`, {
    code: "answer_malformed",
    message: "access_token or account_id is missing",
  });
}
