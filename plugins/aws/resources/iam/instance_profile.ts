import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { tags, text, time } from "../../property.ts";
import { readTexts } from "../../read_texts.ts";
import { IAM_PAGES } from "./account_details.ts";
import { iamTagging } from "./iam_tagging.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";

/** What gives a role to instances. */
export const INSTANCE_PROFILE: ResourceDeclaration = {
  kind: "aws_iam_instance_profile",
  bases: ["instance_profile"],
  description: "A profile that gives a role to instances",
  place: "global",
  list: {
    service: "iam",
    operation: "ListInstanceProfiles",
    result: "InstanceProfiles[*]",
    pages: IAM_PAGES,
  },
  details: [
    {
      // The list tells no tags.
      as: "$profile",
      of: "InstanceProfileName",
      service: "iam",
      operation: "GetInstanceProfile",
      askFor: ([InstanceProfileName = ""]) => ({ InstanceProfileName }),
      none: NO_SUCH_ENTITY,
    },
  ],
  id: "Arn",
  properties: {
    tags: tags("$profile.InstanceProfile.Tags"),
    name: text("InstanceProfileName"),
    ctime: time("CreateDate"),
    arn: text("Arn"),
    instance_profile_id: text("InstanceProfileId"),
    instance_profile_path: text("Path"),
  },
  remove: {
    calls: [
      {
        service: "iam",
        operation: "RemoveRoleFromInstanceProfile",
        input: (item, { id }) =>
          readTexts("Roles[*].RoleName", item)
            .map((RoleName) => ({
              InstanceProfileName: arnName(id),
              RoleName,
            })),
        done: NO_SUCH_ENTITY,
      },
      {
        service: "iam",
        operation: "DeleteInstanceProfile",
        input: (_item, { id }) => ({ InstanceProfileName: arnName(id) }),
      },
    ],
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
  tagging: iamTagging("InstanceProfile"),
};
