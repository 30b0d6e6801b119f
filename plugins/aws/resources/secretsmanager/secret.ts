import { kmsKeyId } from "../../arn.ts";
import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  listsByName,
  object,
  policy,
  tags,
  text,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { readTexts } from "../../read_texts.ts";
import { keyValueTags } from "../key_value_tags.ts";

const rotationRules = valueKind("aws_secretsmanager_rotation_rules_type", {
  automatically_after_days: integer("AutomaticallyAfterDays"),
  duration: text("Duration"),
  schedule_expression: text("ScheduleExpression"),
});

/** Why a secret must not be deleted: it is a service's, a copy, or has copies. */
function refuse(item: Item): string | undefined {
  const { ARN, OwningService, PrimaryRegion } = item;
  if (OwningService !== undefined) {
    return `it belongs to ${OwningService}, which deletes it`;
  }
  const [, , , region] = String(ARN).split(":");
  if (PrimaryRegion !== undefined && PrimaryRegion !== region) {
    return `it is a copy of the one in ${PrimaryRegion}, which must end it`;
  }
  const copies = readTexts("$described.ReplicationStatus[*].Region", item);
  return copies.length === 0
    ? undefined
    : `it has copies in ${copies.join(", ")}, which must end before it`;
}

/** A secret, of which the value is never asked for. */
export const SECRET: ResourceDeclaration = {
  kind: "aws_secretsmanager_secret",
  description: "A secret; its value is never read",
  categories: ["access_control", "security"],
  list: {
    service: "secretsmanager",
    operation: "ListSecrets",
    input: { IncludePlannedDeletion: true },
    result: "SecretList[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
  },
  // What begins so comes, too.
  one: ({ id }) => ({ Filters: [{ Key: "name", Values: [id] }] }),
  details: [
    {
      as: "$policy",
      of: "ARN",
      service: "secretsmanager",
      operation: "GetResourcePolicy",
      askFor: ([SecretId = ""]) => ({ SecretId }),
      // One that is to be deleted, and a copy, tell their policy nobody.
      none: [
        "InvalidParameterException",
        "InvalidRequestException",
        "ResourceNotFoundException",
      ],
    },
  ],
  id: "Name",
  properties: {
    tags: tags("Tags"),
    name: text("Name"),
    ctime: time("CreatedDate"),
    mtime: time("LastChangedDate"),
    atime: volatile(time("LastAccessedDate")),
    arn: text("ARN"),
    description: text("Description"),
    kms_key_id: text("KmsKeyId"),
    rotation_enabled: flag("RotationEnabled"),
    rotation_lambda_arn: text("RotationLambdaARN"),
    rotation_rules: object("RotationRules", rotationRules),
    last_rotated_date: time("LastRotatedDate"),
    last_changed_date: time("LastChangedDate"),
    last_accessed_date: volatile(time("LastAccessedDate")),
    deleted_date: time("DeletedDate"),
    next_rotation_date: time("NextRotationDate"),
    secret_versions_to_stages: listsByName("SecretVersionsToStages"),
    owning_service: text("OwningService"),
    created_date: time("CreatedDate"),
    primary_region: text("PrimaryRegion"),
    policy: policy("$policy.ResourcePolicy"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    details: [
      {
        as: "$described",
        of: "ARN",
        service: "secretsmanager",
        operation: "DescribeSecret",
        askFor: ([SecretId = ""]) => ({ SecretId }),
      },
    ],
    refuse,
    // It can be called back for 30 days.
    calls: [
      {
        service: "secretsmanager",
        operation: "DeleteSecret",
        input: (_item, { id }) => ({ SecretId: id, RecoveryWindowInDays: 30 }),
      },
    ],
    isGone: ({ DeletedDate }) => DeletedDate !== undefined,
    gone: ["ResourceNotFoundException"],
    // The list tells what happened minutes ago.
    withinSeconds: 360,
  },
  tagging: {
    set: {
      service: "secretsmanager",
      operation: "TagResource",
      input: ({ id }, tags) => ({ SecretId: id, Tags: keyValueTags(tags) }),
    },
    unset: {
      service: "secretsmanager",
      operation: "UntagResource",
      input: ({ id }, keys) => ({ SecretId: id, TagKeys: [...keys] }),
    },
  },
};
