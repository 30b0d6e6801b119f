import {
  type CollectContext,
  field,
  fieldProperties,
  type Fields,
  type KindDeclaration,
  readFields,
  type ScopeWriter,
} from "@skymap/lib/plugin";
import type { Onelogin } from "../client.ts";
import { endpointOf, type OneloginConfig } from "../settings.ts";

const FIELDS: Fields = {
  url: field("string", "url"),
};

/** An account. */
export const ACCOUNT_KIND: KindDeclaration = {
  name: "onelogin_account",
  bases: ["account"],
  description: "An account",
  properties: fieldProperties(FIELDS),
};

/** What is known of the account without another call. */
export async function listAccount(
  _: Onelogin,
  found: ScopeWriter,
  { account, config }: CollectContext<OneloginConfig>,
): Promise<void> {
  const url = { url: endpointOf(config) };
  await found.node({
    id: account.id,
    reported: readFields(url, FIELDS, { name: account.name }),
  });
}
