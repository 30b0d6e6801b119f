import type { Item } from "../../declaration.ts";

/**
 * Why what belongs to another account must not be deleted here, or undefined for
 * what is one's own: who shares subnets shows their VPC, its tables and ACLs, and
 * is shown interfaces and groups.
 */
export function sharedBy({ $account, OwnerId }: Item): string | undefined {
  return typeof OwnerId === "string" && typeof $account === "string" &&
      OwnerId !== $account
    ? `account ${OwnerId} owns it`
    : undefined;
}
