import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, tags, text, time, volatile } from "../../property.ts";
import { kmsKeyId } from "../../arn.ts";
import { LOGS_PAGES } from "./logs_pages.ts";

/** The ARN of a group as tags go by it: without the streams at its end. */
function groupArn(arn: string): string {
  return arn.replace(/:\*$/, "");
}

/** A group of log streams. */
export const LOG_GROUP: ResourceDeclaration = {
  kind: "aws_cloudwatch_log_group",
  description: "A group of log streams (CloudWatch Logs)",
  categories: ["monitoring"],
  list: {
    service: "logs",
    operation: "DescribeLogGroups",
    result: "logGroups[*]",
    pages: LOGS_PAGES,
  },
  one: ({ id }) => ({ logGroupNamePrefix: id }),
  details: [{
    as: "$tags",
    of: "arn",
    service: "logs",
    operation: "ListTagsForResource",
    askFor: ([arn = ""]) => ({ resourceArn: groupArn(arn) }),
    none: ["ResourceNotFoundException"],
  }],
  id: "logGroupName",
  properties: {
    tags: tags("$tags.tags"),
    name: text("logGroupName"),
    ctime: time("creationTime"),
    arn: text("arn"),
    group_retention_in_days: integer("retentionInDays"),
    group_metric_filter_count: integer("metricFilterCount"),
    group_stored_bytes: volatile(integer("storedBytes")),
    group_data_protection_status: text("dataProtectionStatus"),
    group_kms_key_id: text("kmsKeyId"),
    group_class: text("logGroupClass"),
  },
  edges: [{
    successor: "aws_kms_key",
    id: "kmsKeyId",
    read: kmsKeyId,
    deletedFirst: "self",
  }],
  remove: {
    refuse: ({ deletionProtectionEnabled }) =>
      deletionProtectionEnabled === true
        ? "it is protected against deletion"
        : undefined,
    calls: [{
      service: "logs",
      operation: "DeleteLogGroup",
      input: (_, { id }) => ({ logGroupName: id }),
    }],
    gone: ["ResourceNotFoundException"],
    later: ["OperationAbortedException"],
    follows: { group_metric_filter_count: "less" },
  },
  tagging: {
    set: {
      service: "logs",
      operation: "TagResource",
      input: ({ reported }, tags) => ({
        resourceArn: groupArn(String(reported["arn"])),
        tags,
      }),
    },
    unset: {
      service: "logs",
      operation: "UntagResource",
      input: ({ reported }, keys) => ({
        resourceArn: groupArn(String(reported["arn"])),
        tagKeys: keys,
      }),
    },
  },
};
