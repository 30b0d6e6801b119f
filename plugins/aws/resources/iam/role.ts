import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import {
  integer,
  object,
  objects,
  policy,
  tags,
  text,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { accountDetails, IAM_PAGES } from "./account_details.ts";
import { iamTagging } from "./iam_tagging.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";
import { BOUNDARY_OF, POLICIES_OF, withoutPolicies } from "./policies_of.ts";
import { permissionsBoundary, policyDetail } from "./shared_values.ts";

const roleLastUsed = valueKind("aws_iam_role_last_used", {
  last_used: time("LastUsedDate"),
  region: text("Region"),
});

/** Paths of the roles that AWS makes and deletes for its services. */
const OF_AWS = ["/aws-service-role/", "/aws-reserved/"];

/** A role. */
export const ROLE: ResourceDeclaration = {
  kind: "aws_iam_role",
  bases: ["role", "iam_principal"],
  description: "A role that someone or something can take on",
  place: "global",
  list: accountDetails("Role"),
  details: [
    {
      // The description and the longest session are told by this call alone.
      as: "$role",
      of: "Arn",
      all: true,
      service: "iam",
      operation: "ListRoles",
      askFor: () => ({}),
      result: "Roles[*]",
      match: "Arn",
      pages: IAM_PAGES,
    },
  ],
  id: "Arn",
  properties: {
    tags: tags("Tags"),
    name: text("RoleName"),
    ctime: time("CreateDate"),
    atime: volatile(time("RoleLastUsed.LastUsedDate")),
    arn: text("Arn"),
    role_id: text("RoleId"),
    path: text("Path"),
    role_assume_role_policy_document: policy("AssumeRolePolicyDocument"),
    description: text("$role.Description"),
    role_max_session_duration: integer("$role.MaxSessionDuration"),
    role_permissions_boundary: object(
      "PermissionsBoundary",
      permissionsBoundary,
    ),
    role_last_used: volatile(object("RoleLastUsed", roleLastUsed)),
    role_policies: objects("RolePolicyList", policyDetail),
  },
  edges: [
    // A role cannot be deleted while a profile holds it.
    {
      successor: "aws_iam_instance_profile",
      id: "InstanceProfileList[*].Arn",
      deletedFirst: "other",
    },
    ...POLICIES_OF,
    BOUNDARY_OF,
  ],
  remove: {
    refuse: ({ Path }) =>
      OF_AWS.some((path) => String(Path).startsWith(path))
        ? "it belongs to a service of AWS, which deletes it"
        : undefined,
    calls: [
      ...withoutPolicies("Role", NO_SUCH_ENTITY),
      {
        service: "iam",
        operation: "DeleteRole",
        input: (_item, { id }) => ({ RoleName: arnName(id) }),
      },
    ],
    // Its first calls take these away.
    follows: { role_policies: "less" },
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
  tagging: iamTagging("Role"),
};
