import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  objectWhere,
  policy,
  present,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { accountDetails } from "./account_details.ts";
import { iamTagging } from "./iam_tagging.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";

/** The account in the ARN of a policy that AWS keeps. */
const OF_AWS = /^arn:[^:]+:iam::aws:policy\//;

const policyVersion = valueKind("aws_iam_policy_version", {
  document: policy("Document"),
  version_id: text("VersionId"),
  is_default_version: flag("IsDefaultVersion"),
  create_date: time("CreateDate"),
});

interface Version {
  readonly VersionId: string;
  readonly IsDefaultVersion: boolean;
}

/** A policy of the account, or one that AWS keeps and someone uses. */
export const POLICY: ResourceDeclaration = {
  kind: "aws_iam_policy",
  bases: ["policy"],
  description: "A policy of the account, or one of AWS that is in use",
  place: "global",
  list: {
    ...accountDetails("LocalManagedPolicy", "AWSManagedPolicy"),
    where: ({ Arn, AttachmentCount, PermissionsBoundaryUsageCount }: Item) =>
      !OF_AWS.test(String(Arn)) || AttachmentCount !== 0 ||
      Number(PermissionsBoundaryUsageCount ?? 0) > 0,
  },
  // Only the call for a single policy tells its tags and its description.
  details: [
    {
      as: "$policy",
      of: "Arn",
      service: "iam",
      operation: "GetPolicy",
      askFor: ([PolicyArn = ""]) => ({ PolicyArn }),
      none: NO_SUCH_ENTITY,
    },
  ],
  id: "Arn",
  properties: {
    tags: tags("$policy.Policy.Tags"),
    name: text("PolicyName"),
    ctime: time("CreateDate"),
    mtime: time("UpdateDate"),
    arn: text("Arn"),
    policy_id: text("PolicyId", "$policy.Policy.PolicyId"),
    path: text("Path"),
    policy_default_version_id: text("DefaultVersionId"),
    policy_attachment_count: integer("AttachmentCount"),
    policy_permissions_boundary_usage_count: integer(
      "PermissionsBoundaryUsageCount",
      "$policy.Policy.PermissionsBoundaryUsageCount",
    ),
    policy_is_attachable: flag("IsAttachable"),
    policy_description: text("$policy.Policy.Description"),
    policy_document: objectWhere(
      "PolicyVersionList",
      ({ IsDefaultVersion }) => IsDefaultVersion === true,
      policyVersion,
    ),
    managed: { ...present("Arn"), where: (arn) => OF_AWS.test(String(arn)) },
  },
  remove: {
    // Who used it goes before it.
    follows: {
      policy_attachment_count: "any",
      // That of its newest version, which goes before it.
      mtime: "any",
      policy_permissions_boundary_usage_count: "any",
    },
    refuse: ({ Arn }) =>
      OF_AWS.test(String(Arn)) ? "AWS keeps it for all accounts" : undefined,
    calls: [
      {
        service: "iam",
        operation: "DeletePolicyVersion",
        input: ({ PolicyVersionList = [] }, { id }) =>
          (PolicyVersionList as readonly Version[])
            .filter(({ IsDefaultVersion }) => !IsDefaultVersion)
            .map(({ VersionId }) => ({ PolicyArn: id, VersionId })),
        done: NO_SUCH_ENTITY,
      },
      {
        service: "iam",
        operation: "DeletePolicy",
        input: (_item, { id }) => ({ PolicyArn: id }),
      },
    ],
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
  tagging: iamTagging("Policy", { by: "arn" }),
};
