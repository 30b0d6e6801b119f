import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { objects, text, time } from "../../property.ts";
import { accountDetails } from "./account_details.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";
import { POLICIES_OF, withoutPolicies } from "./policies_of.ts";
import { policyDetail } from "./shared_values.ts";

/** A group of users; IAM knows no tags of groups. */
export const GROUP: ResourceDeclaration = {
  kind: "aws_iam_group",
  bases: ["group"],
  description: "A group of users",
  place: "global",
  list: accountDetails("Group"),
  id: "Arn",
  properties: {
    name: text("GroupName"),
    ctime: time("CreateDate"),
    arn: text("Arn"),
    group_id: text("GroupId"),
    path: text("Path"),
    group_policies: objects("GroupPolicyList", policyDetail),
  },
  edges: POLICIES_OF,
  remove: {
    calls: [
      ...withoutPolicies("Group", NO_SUCH_ENTITY),
      {
        service: "iam",
        operation: "DeleteGroup",
        input: (_item, { id }) => ({ GroupName: arnName(id) }),
      },
    ],
    // Its first calls take these away.
    follows: { group_policies: "less" },
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
};
