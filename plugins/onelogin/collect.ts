import { CallError, type CollectContext } from "@skymap/lib/plugin";
import type { OneloginSurroundings } from "./call_onelogin.ts";
import { Onelogin } from "./client.ts";
import { LOG_IN } from "./log_in.ts";
import { ACCOUNT_KIND, listAccount } from "./resources/account.ts";
import { APP_KIND, listApps } from "./resources/app.ts";
import { GROUP_KIND, listGroups } from "./resources/group.ts";
import { listRoles, ROLE_KIND } from "./resources/role.ts";
import { listUsers, USER_KIND } from "./resources/user.ts";
import { endpointOf, type OneloginConfig } from "./settings.ts";

const LISTINGS = [
  [ACCOUNT_KIND, listAccount],
  [GROUP_KIND, listGroups],
  [USER_KIND, listUsers],
  [APP_KIND, listApps],
  [ROLE_KIND, listRoles],
] as const;

/** Collects one account, kind by kind. */
export async function collect(
  context: CollectContext<OneloginConfig>,
  surroundings: OneloginSurroundings,
): Promise<void> {
  const { account, config, scope, signal } = context;
  const { id, secret } = account.credentials ?? {};
  const onelogin = new Onelogin({
    ...surroundings,
    endpoint: endpointOf(config),
    credentials: { id: String(id), secret: String(secret) },
    signal,
  });
  const own = await onelogin.logIn();
  if (own !== account.id) {
    throw new CallError(`POST ${LOG_IN}`, {
      code: "account_changed",
      message: `the credentials are of ${own}, expected ${account.id}`,
    });
  }
  for (const [{ name }, list] of LISTINGS) {
    await scope({ kind: name }, (found) => list(onelogin, found, context));
  }
}
