import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { readTexts } from "../../read_texts.ts";
import { object, objects, tags, text, time } from "../../property.ts";
import { accountDetails } from "./account_details.ts";
import {
  CREDENTIAL_REPORT,
  credentialProperties,
} from "./credential_report.ts";
import { iamTagging } from "./iam_tagging.ts";
import { mfaDevices } from "./mfa_devices.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";
import { BOUNDARY_OF, POLICIES_OF, withoutPolicies } from "./policies_of.ts";
import {
  permissionsBoundary,
  policyDetail,
  virtualMfaDevice,
} from "./shared_values.ts";
import { USER_CREDENTIALS, WITHOUT_CREDENTIALS } from "./user_credentials.ts";

/** A user of an account. */
export const USER: ResourceDeclaration = {
  kind: "aws_iam_user",
  bases: ["user", "iam_principal"],
  description: "A user of the account",
  place: "global",
  list: accountDetails("User"),
  details: [
    {
      as: "$groups",
      of: "GroupList[*]",
      all: true,
      many: true,
      ...accountDetails("Group"),
      askFor: () => ({}),
      match: "GroupName",
    },
    mfaDevices("Arn"),
    {
      as: "$report",
      of: "Arn",
      all: true,
      ...CREDENTIAL_REPORT,
      askFor: () => ({}),
      match: "arn",
    },
  ],
  id: "Arn",
  properties: {
    tags: tags("Tags"),
    name: text("UserName"),
    ctime: time("CreateDate"),
    arn: text("Arn"),
    user_id: text("UserId"),
    path: text("Path"),
    username: text("UserName"),
    user_policies: objects("UserPolicyList", policyDetail),
    user_permissions_boundary: object(
      "PermissionsBoundary",
      permissionsBoundary,
    ),
    ...credentialProperties("$report."),
    user_virtual_mfa_devices: objects("$mfa", virtualMfaDevice),
  },
  edges: [
    // A group with members cannot be deleted.
    {
      predecessor: "aws_iam_group",
      id: "$groups[*].Arn",
      deletedFirst: "self",
    },
    ...POLICIES_OF,
    BOUNDARY_OF,
  ],
  remove: {
    details: USER_CREDENTIALS,
    calls: [
      {
        service: "iam",
        operation: "RemoveUserFromGroup",
        input: (item, { id }) =>
          readTexts("GroupList[*]", item)
            .map((GroupName) => ({ UserName: arnName(id), GroupName })),
        done: NO_SUCH_ENTITY,
      },
      ...withoutPolicies("User", NO_SUCH_ENTITY),
      ...WITHOUT_CREDENTIALS,
      {
        service: "iam",
        operation: "DeleteUser",
        input: (_item, { id }) => ({ UserName: arnName(id) }),
      },
    ],
    // Its first calls take these away.
    follows: {
      user_policies: "less",
      user_virtual_mfa_devices: "less",
      password_enabled: "less",
      password_last_changed: "less",
      password_next_rotation: "less",
      mfa_active: "less",
    },
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
  tagging: iamTagging("User"),
};
