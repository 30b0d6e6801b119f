import { kmsKeyId } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, tags, text, texts, time } from "../../property.ts";
import { SSM_PAGES } from "./ssm_pages.ts";
import { ssmTagging, ssmTags } from "./ssm_tagging.ts";

/** A parameter, of which the value is never asked for. */
export const PARAMETER: ResourceDeclaration = {
  kind: "aws_ssm_parameter",
  description: "A parameter of Systems Manager; its value is never read",
  categories: ["management"],
  list: {
    service: "ssm",
    operation: "DescribeParameters",
    result: "Parameters[*]",
    pages: SSM_PAGES,
  },
  one: ({ id }) => ({
    ParameterFilters: [{ Key: "Name", Option: "Equals", Values: [id] }],
  }),
  details: [ssmTags("Parameter")],
  id: "Name",
  properties: {
    tags: tags("$tags.TagList"),
    name: text("Name"),
    mtime: time("LastModifiedDate"),
    arn: text("ARN"),
    description: text("Description"),
    parameter_type: text("Type"),
    parameter_kms_key_id: text("KeyId"),
    parameter_last_modified_user: text("LastModifiedUser"),
    parameter_allowed_pattern: text("AllowedPattern"),
    parameter_version: integer("Version"),
    parameter_tier: text("Tier"),
    parameter_policies: texts("Policies[*].PolicyText"),
    parameter_data_type: text("DataType"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "KeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [
      {
        service: "ssm",
        operation: "DeleteParameter",
        input: (_item, { id }) => ({ Name: id }),
      },
    ],
    gone: ["ParameterNotFound"],
  },
  tagging: ssmTagging("Parameter"),
};
