import { strictEqual } from "node:assert/strict";
import { NETWORK_ACL } from "./network_acl.ts";
import { NETWORK_INTERFACE } from "./network_interface.ts";
import { ROUTE_TABLE } from "./route_table.ts";
import { SECURITY_GROUP } from "./security_group.ts";
import { SUBNET } from "./subnet.ts";
import { VPC } from "./vpc.ts";

const KINDS = [
  NETWORK_ACL,
  NETWORK_INTERFACE,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SUBNET,
  VPC,
];

for (const { kind, remove } of KINDS) {
  Deno.test(`${kind} of another account is not deleted, one's own is`, () => {
    const $account = "111111111111";
    strictEqual(
      remove?.refuse?.({ $account, OwnerId: "222222222222" }),
      "account 222222222222 owns it",
    );
    strictEqual(remove?.refuse?.({ $account, OwnerId: $account }), undefined);
  });
}
