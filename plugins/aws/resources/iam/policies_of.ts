import { arnName } from "../../arn.ts";
import type { EdgeDeclaration, WriteCall } from "../../declaration.ts";
import { readTexts } from "../../read_texts.ts";

/** Who may have policies. */
type Principal = "Group" | "Role" | "User";

/** Who has a policy goes first: a policy in use cannot be deleted. */
export const POLICIES_OF: readonly EdgeDeclaration[] = [
  {
    successor: "aws_iam_policy",
    id: "AttachedManagedPolicies[*].PolicyArn",
    deletedFirst: "self",
  },
];

/** The policy that bounds what a user or a role may do. */
export const BOUNDARY_OF: EdgeDeclaration = {
  successor: "aws_iam_policy",
  id: "PermissionsBoundary.PermissionsBoundaryArn",
  deletedFirst: "self",
};

/** Calls that take the policies from someone who is to be deleted. */
export function withoutPolicies(
  noun: Principal,
  done: readonly string[],
): WriteCall[] {
  const named = (id: string) => ({ [`${noun}Name`]: arnName(id) });
  return [
    {
      service: "iam",
      operation: `Detach${noun}Policy`,
      input: (item, { id }) =>
        readTexts("AttachedManagedPolicies[*].PolicyArn", item)
          .map((PolicyArn) => ({ ...named(id), PolicyArn })),
      done,
    },
    {
      service: "iam",
      operation: `Delete${noun}Policy`,
      input: (item, { id }) =>
        readTexts(`${noun}PolicyList[*].PolicyName`, item)
          .map((PolicyName) => ({ ...named(id), PolicyName })),
      done,
    },
  ];
}
