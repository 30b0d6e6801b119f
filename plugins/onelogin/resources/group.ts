import {
  field,
  fieldProperties,
  type Fields,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
  textOf,
} from "@skymap/lib/plugin";
import type { Onelogin } from "../client.ts";

const FIELDS: Fields = {
  reference: field("string", "reference"),
};

/** A group. */
export const GROUP_KIND: KindDeclaration = {
  name: "onelogin_group",
  bases: ["group"],
  description: "Users under one policy",
  properties: fieldProperties(FIELDS),
};

/** https://developers.onelogin.com/api-docs/1/groups/get-groups */
export async function listGroups(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const groups = onelogin.listOld({
    path: "/api/1/groups",
    permission: "Read Users",
  });
  for await (const [id, item] of groups) {
    await found.node({
      id,
      reported: readFields(item, FIELDS, { name: textOf(item["name"]) }),
    });
  }
}
