import type { ResourceDeclaration } from "../../declaration.ts";
import {
  dictionary,
  flag,
  object,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { tagsOf, unchanged } from "./unchanged_template.ts";

const autoDeployment = valueKind("aws_cloudformation_auto_deployment", {
  enabled: flag("Enabled"),
  retain_stacks_on_account_removal: flag("RetainStacksOnAccountRemoval"),
});

/** A template for stacks of several accounts and regions. */
export const STACK_SET: ResourceDeclaration = {
  kind: "aws_cloudformation_stack_set",
  description: "A template for stacks of accounts and regions (CloudFormation)",
  categories: ["devops", "management"],
  list: {
    service: "cloudformation",
    operation: "ListStackSets",
    input: { Status: "ACTIVE" },
    result: "Summaries[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
  },
  details: [{
    as: "$set",
    of: "StackSetName",
    service: "cloudformation",
    operation: "DescribeStackSet",
    askFor: ([name = ""]) => ({ StackSetName: name }),
    none: ["StackSetNotFoundException"],
  }],
  id: "StackSetId",
  properties: {
    tags: tags("$set.StackSet.Tags"),
    name: text("StackSetName"),
    arn: text("$set.StackSet.StackSetARN"),
    description: text("Description"),
    stack_set_status: text("Status"),
    stack_set_auto_deployment: object("AutoDeployment", autoDeployment),
    stack_set_permission_model: text("PermissionModel"),
    stack_set_drift_status: text("DriftStatus"),
    stack_set_last_drift_check_timestamp: time("LastDriftCheckTimestamp"),
    stack_set_managed_execution: flag("ManagedExecution.Active"),
    stack_set_parameters: dictionary("$set.StackSet.Parameters", {
      key: "ParameterKey",
      value: "ParameterValue",
    }),
    stack_set_capabilities: texts("$set.StackSet.Capabilities[*]"),
  },
  remove: {
    // AWS refuses to delete one that has instances.
    calls: [{
      service: "cloudformation",
      operation: "DeleteStackSet",
      input: ({ StackSetName }) => ({ StackSetName: String(StackSetName) }),
    }],
    isGone: ({ Status }) => Status === "DELETED",
    gone: ["StackSetNotFoundException"],
    later: ["OperationInProgressException"],
  },
  // Tags are a part of a set's update, which changes nothing else of it.
  tagging: {
    current: {
      service: "cloudformation",
      operation: "DescribeStackSet",
      input: ({ reported }) => ({ StackSetName: String(reported["name"]) }),
      result: "StackSet.Tags",
    },
    set: {
      service: "cloudformation",
      operation: "UpdateStackSet",
      input: (target, tags) => ({
        StackSetName: String(target.reported["name"]),
        ...unchanged(target, "stack_set_parameters", "stack_set_capabilities"),
        Tags: keyValueTags({ ...tagsOf(target), ...tags }),
      }),
    },
    unset: {
      service: "cloudformation",
      operation: "UpdateStackSet",
      input: (target, keys) => ({
        StackSetName: String(target.reported["name"]),
        ...unchanged(target, "stack_set_parameters", "stack_set_capabilities"),
        Tags: keyValueTags(tagsOf(target, keys)),
      }),
    },
  },
};
