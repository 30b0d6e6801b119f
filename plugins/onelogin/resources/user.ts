import {
  field,
  fieldProperties,
  type Fields,
  idOf,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Onelogin } from "../client.ts";
import { numbered, reference } from "../field_readers.ts";
import { GROUP_KIND } from "./group.ts";

/** https://developers.onelogin.com/api-docs/1/users/update-user */
const USER_STATUS: Readonly<Record<string, string>> = {
  0: "unactivated",
  1: "active",
  2: "suspended",
  3: "locked",
  4: "password_expired",
  5: "awaiting_password_reset",
  7: "password_pending",
  8: "security_questions_required",
};
const USER_STATE: Readonly<Record<string, string>> = {
  0: "unapproved",
  1: "approved",
  2: "rejected",
  3: "unlicensed",
};

const FIELDS: Fields = {
  username: field("string", "username"),
  email: field("string", "email"),
  firstname: field("string", "firstname"),
  lastname: field("string", "lastname"),
  status: numbered("status", USER_STATUS),
  state: numbered("state", USER_STATE),
  group_id: reference("group_id", "Id of its group"),
  directory_id: reference("directory_id", "Id of the directory it comes from"),
  external_id: reference("external_id", "Its id in another system"),
  samaccountname: field("string", "samaccountname"),
  distinguished_name: field("string", "distinguished_name"),
  invalid_login_attempts: field("int64", "invalid_login_attempts"),
  activated_at: field("datetime", "activated_at"),
  invitation_sent_at: field("datetime", "invitation_sent_at"),
  password_changed_at: field("datetime", "password_changed_at"),
  locked_until: field("datetime", "locked_until"),
};

/** A user. */
export const USER_KIND: KindDeclaration = {
  name: "onelogin_user",
  bases: ["user"],
  description: "A user",
  properties: fieldProperties(FIELDS),
};

/** https://developers.onelogin.com/api-docs/2/users/list-users */
export async function listUsers(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const users = onelogin.list({
    path: "/api/2/users",
    query: { limit: "50" },
    permission: "Read Users",
  });
  for await (const [id, item] of users) {
    await found.node({
      id,
      reported: readFields(item, FIELDS, {
        name: textOf(item["username"]) ?? textOf(item["email"]) ?? id,
        ctime: item["created_at"],
        mtime: item["updated_at"],
        atime: item["last_login"],
      }),
    });
    const group = idOf(item["group_id"]);
    if (group === undefined) continue;
    await found.edge({
      from: { kind: GROUP_KIND.name, id: group },
      to: { kind: USER_KIND.name, id },
    });
  }
}
