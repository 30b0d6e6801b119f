import type { Paging, ReadCall } from "../../declaration.ts";

/** How IAM pages. */
export const IAM_PAGES: Paging = {
  input: "Marker",
  output: "Marker",
  size: ["MaxItems", 1000],
};

/** What GetAccountAuthorizationDetails tells of. */
const LISTS = {
  User: "UserDetailList[*]",
  Group: "GroupDetailList[*]",
  Role: "RoleDetailList[*]",
  LocalManagedPolicy: "Policies[*]",
  AWSManagedPolicy: "Policies[*]",
} as const;

/**
 * Lists users, groups, roles or policies with all that hangs on them: 1,000 of
 * them a call, instead of three calls for each.
 */
export function accountDetails(
  first: keyof typeof LISTS,
  ...more: readonly (keyof typeof LISTS)[]
): ReadCall {
  return {
    service: "iam",
    operation: "GetAccountAuthorizationDetails",
    input: { Filter: [first, ...more] },
    result: LISTS[first],
    pages: IAM_PAGES,
  };
}
