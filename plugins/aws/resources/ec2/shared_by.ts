import type { Item } from "../../declaration.ts";

/**
 * Why what another account shares with this one must not be deleted here, or
 * undefined for what is its own: subnets come with their VPC, its tables and ACLs.
 */
export function sharedBy({ $account, OwnerId }: Item): string | undefined {
  return typeof OwnerId === "string" && typeof $account === "string" &&
      OwnerId !== $account
    ? `account ${OwnerId} owns it, and shares it`
    : undefined;
}
