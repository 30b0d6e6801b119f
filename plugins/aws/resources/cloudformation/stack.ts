import type { ResourceDeclaration } from "../../declaration.ts";
import {
  dictionary,
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { tagsOf, unchanged } from "./unchanged_template.ts";

const rollbackTrigger = valueKind("aws_cloudformation_rollback_trigger", {
  arn: text("Arn"),
  type: text("Type"),
});

const rollbackConfiguration = valueKind(
  "aws_cloudformation_rollback_configuration",
  {
    rollback_triggers: objects("RollbackTriggers", rollbackTrigger),
    monitoring_time_in_minutes: integer("MonitoringTimeInMinutes"),
  },
);

const output = valueKind("aws_cloudformation_output", {
  output_key: text("OutputKey"),
  output_value: text("OutputValue"),
  description: text("Description"),
  export_name: text("ExportName"),
});

const stackDriftInformation = valueKind(
  "aws_cloudformation_stack_drift_information",
  {
    stack_drift_status: text("StackDriftStatus"),
    last_check_timestamp: time("LastCheckTimestamp"),
  },
);

/**
 * Resources that are made of a template. Deleting it deletes them; one that is
 * protected against termination, or a part of another, is refused.
 */
export const STACK: ResourceDeclaration = {
  kind: "aws_cloudformation_stack",
  bases: ["stack"],
  description: "Resources that are made of a template (CloudFormation)",
  list: {
    service: "cloudformation",
    operation: "DescribeStacks",
    result: "Stacks[*]",
    pages: { input: "NextToken", output: "NextToken" },
  },
  one: ({ id }) => ({ StackName: id }),
  id: "StackId",
  properties: {
    tags: tags("Tags"),
    name: text("StackName"),
    ctime: time("CreationTime"),
    mtime: time("LastUpdatedTime"),
    stack_status: text("StackStatus"),
    stack_status_reason: text("StackStatusReason"),
    stack_parameters: dictionary("Parameters", {
      key: "ParameterKey",
      value: "ParameterValue",
    }),
    stack_change_set_id: text("ChangeSetId"),
    description: text("Description"),
    stack_deletion_time: time("DeletionTime"),
    stack_rollback_configuration: object(
      "RollbackConfiguration",
      rollbackConfiguration,
    ),
    stack_disable_rollback: flag("DisableRollback"),
    stack_notification_ar_ns: texts("NotificationARNs[*]"),
    stack_timeout_in_minutes: integer("TimeoutInMinutes"),
    stack_capabilities: unordered(texts("Capabilities[*]")),
    stack_outputs: unordered(objects("Outputs", output)),
    stack_role_arn: text("RoleARN"),
    stack_enable_termination_protection: flag("EnableTerminationProtection"),
    stack_parent_id: text("ParentId"),
    stack_root_id: text("RootId"),
    stack_drift_information: object("DriftInformation", stackDriftInformation),
  },
  edges: [
    {
      predecessor: "aws_cloudformation_stack",
      id: "ParentId",
      // One that another made is deleted by that alone.
      deletedFirst: "other",
      goesAlong: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "RoleARN",
      deletedFirst: "self",
    },
    {
      successor: "aws_sns_topic",
      id: "NotificationARNs[*]",
    },
  ],
  remove: {
    refuse: ({ EnableTerminationProtection, ParentId }) =>
      EnableTerminationProtection === true
        ? "it is protected against termination"
        : typeof ParentId === "string"
        ? `it goes with the stack that it is a part of, ${ParentId}`
        : undefined,
    calls: [{
      service: "cloudformation",
      operation: "DeleteStack",
      input: (_, { id }) => ({ StackName: id }),
    }],
    isGone: ({ StackStatus }) => StackStatus === "DELETE_COMPLETE",
    going: { of: "StackStatus", states: ["DELETE_IN_PROGRESS"] },
    gone: [],
    withinSeconds: 3600,
  },
  // Tags are a part of a stack's update, which changes nothing else of it.
  tagging: {
    current: {
      service: "cloudformation",
      operation: "DescribeStacks",
      input: ({ id }) => ({ StackName: id }),
      result: "Stacks[*].Tags",
    },
    set: {
      service: "cloudformation",
      operation: "UpdateStack",
      input: (target, tags) => ({
        StackName: target.id,
        ...unchanged(target, "stack_parameters", "stack_capabilities"),
        Tags: keyValueTags({ ...tagsOf(target), ...tags }),
      }),
    },
    unset: {
      service: "cloudformation",
      operation: "UpdateStack",
      input: (target, keys) => ({
        StackName: target.id,
        ...unchanged(target, "stack_parameters", "stack_capabilities"),
        Tags: keyValueTags(tagsOf(target, keys)),
      }),
    },
  },
};
