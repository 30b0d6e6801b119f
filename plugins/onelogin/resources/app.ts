import {
  type CollectContext,
  field,
  fieldProperties,
  type Fields,
  type KindDeclaration,
  mapConcurrent,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Onelogin } from "../client.ts";
import { numbered, reference } from "../field_readers.ts";
import type { OneloginConfig } from "../settings.ts";
import { USER_KIND } from "./user.ts";

/** Apps whose users are listed side by side. */
const CALLS = 4;

const PERMISSION = "Read All";

/** https://developers.onelogin.com/api-docs/2/apps/list-apps */
const AUTH_METHOD: Readonly<Record<string, string>> = {
  0: "password",
  1: "openid",
  2: "saml",
  3: "api",
  4: "google",
  6: "forms",
  7: "wsfed",
  8: "openid_connect",
};

const FIELDS: Fields = {
  description: field("string", "description"),
  connector_id: reference("connector_id", "Id of the template it is made of"),
  auth_method: numbered("auth_method", AUTH_METHOD),
  visible: field("boolean", "visible", "Whether the portal shows it"),
};

/** An app. */
export const APP_KIND: KindDeclaration = {
  name: "onelogin_app",
  bases: ["resource"],
  description: "An app that users log in to",
  properties: fieldProperties(FIELDS),
};

/** https://developers.onelogin.com/api-docs/2/apps/list-users */
async function addUsers(
  onelogin: Onelogin,
  app: string,
  found: ScopeWriter,
): Promise<void> {
  const users = onelogin.list({
    path: `/api/2/apps/${app}/users`,
    query: { limit: "1000" },
    permission: PERMISSION,
  });
  for await (const [user] of users) {
    await found.edge({
      from: { kind: USER_KIND.name, id: user },
      to: { kind: APP_KIND.name, id: app },
    });
  }
}

/** https://developers.onelogin.com/api-docs/2/apps/list-apps */
export async function listApps(
  onelogin: Onelogin,
  found: ScopeWriter,
  { config, signal }: CollectContext<OneloginConfig>,
): Promise<void> {
  const apps = onelogin.list({
    path: "/api/2/apps",
    query: { limit: "1000" },
    permission: PERMISSION,
  });
  await mapConcurrent(apps, async ([id, item]) => {
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["name"]),
        ctime: item["created_at"],
        mtime: item["updated_at"],
      }),
    });
    if (config.app_users) await addUsers(onelogin, id, found);
  }, { limit: CALLS, signal });
}
