import {
  type AccountList,
  type AccountsContext,
  textOf,
} from "@skymap/lib/plugin";
import type { OneloginSurroundings } from "./call_onelogin.ts";
import { logIn } from "./log_in.ts";
import {
  endpointOf,
  ID_VARIABLE,
  type OneloginConfig,
  SECRET_VARIABLE,
} from "./settings.ts";

/** The account of the credentials. */
export async function listAccounts(
  { config, signal }: AccountsContext<OneloginConfig>,
  surroundings: OneloginSurroundings,
): Promise<AccountList> {
  const endpoint = endpointOf(config);
  const id = config.client_id ?? textOf(Deno.env.get(ID_VARIABLE)?.trim());
  const secret = config.client_secret ??
    textOf(Deno.env.get(SECRET_VARIABLE)?.trim());
  if (id === undefined || secret === undefined) {
    throw new Error(
      `Cannot list accounts: client_id and client_secret, or ${ID_VARIABLE} and ${SECRET_VARIABLE}, are needed`,
    );
  }
  const credentials = { id, secret };
  const { account } = await logIn({
    ...surroundings,
    endpoint,
    credentials,
    signal,
  });
  return {
    accounts: [{
      id: account,
      name: new URL(endpoint).hostname,
      credentials,
    }],
  };
}
