import {
  idOf,
  type Json,
  type JsonObject,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Onelogin } from "../client.ts";
import { APP_KIND } from "./app.ts";
import { USER_KIND } from "./user.ts";

/** A role. */
export const ROLE_KIND: KindDeclaration = {
  name: "onelogin_role",
  bases: ["role"],
  description: "Gives its users its apps",
  properties: {},
};

function idsOf(value: Json | undefined): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  return values.map(idOf).filter((id) => id !== undefined);
}

/** What it gives, and to whom. */
async function addEdges(
  id: string,
  item: JsonObject,
  found: ScopeWriter,
): Promise<void> {
  const from = { kind: ROLE_KIND.name, id };
  for (const app of idsOf(item["apps"])) {
    await found.edge({ from, to: { kind: APP_KIND.name, id: app } });
  }
  const users = new Set(idsOf(item["users"]));
  const admins = new Set(idsOf(item["admins"]));
  for (const user of users.union(admins)) {
    await found.edge({
      from,
      to: { kind: USER_KIND.name, id: user },
      reported: { member: users.has(user), admin: admins.has(user) },
    });
  }
}

/** https://developers.onelogin.com/api-docs/2/roles/list-roles */
export async function listRoles(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const roles = onelogin.list({
    path: "/api/2/roles",
    query: { fields: "name,apps,users,admins", limit: "650" },
    permission: "Read Users",
  });
  for await (const [id, item] of roles) {
    await found.node({
      id,
      reported: readFields(item, {}, { name: textOf(item["name"]) }),
    });
    await addEdges(id, item, found);
  }
}
