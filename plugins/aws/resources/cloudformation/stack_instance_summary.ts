import type { ResourceDeclaration } from "../../declaration.ts";
import { text, time } from "../../property.ts";

/** A stack that a stack set has in one account and region. */
export const STACK_INSTANCE_SUMMARY: ResourceDeclaration = {
  kind: "aws_cloud_formation_stack_instance_summary",
  description: "A stack that a stack set has in an account (CloudFormation)",
  categories: ["devops", "management"],
  list: {
    service: "cloudformation",
    operation: "ListStackInstances",
    result: "Summaries[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
    each: {
      kind: "aws_cloudformation_stack_set",
      path: "StackSetName",
      batch: 1,
      input: ([name = ""]) => ({ StackSetName: name }),
      as: "$stackSetName",
    },
    // The set was deleted after it was listed.
    none: ["StackSetNotFoundException"],
  },
  // Those of its set alone.
  one: ({ reported }) => ({
    StackSetName: String(reported["stack_instance_stack_set_name"]),
  }),
  id: {
    of: ["StackSetId", "Account", "Region"],
    read: (set, account, region) => `${set}/${account}/${region}`,
  },
  properties: {
    stack_instance_stack_set_id: text("StackSetId"),
    stack_instance_region: text("Region"),
    stack_instance_account: text("Account"),
    stack_instance_stack_id: text("StackId"),
    stack_instance_status: text("Status"),
    stack_instance_status_reason: text("StatusReason"),
    stack_instance_stack_instance_status: text(
      "StackInstanceStatus.DetailedStatus",
    ),
    stack_instance_organizational_unit_id: text("OrganizationalUnitId"),
    stack_instance_drift_status: text("DriftStatus"),
    stack_instance_last_drift_check_timestamp: time("LastDriftCheckTimestamp"),
    stack_instance_last_operation_id: text("LastOperationId"),
    stack_instance_stack_set_name: text("$stackSetName"),
  },
  edges: [
    {
      predecessor: "aws_cloudformation_stack_set",
      id: "StackSetId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudformation_stack",
      id: "StackId",
    },
  ],
  remove: {
    // Its stack is deleted with it, in the account that holds the stack.
    calls: [{
      service: "cloudformation",
      operation: "DeleteStackInstances",
      input: ({ $stackSetName, Account, OrganizationalUnitId, Region }) => ({
        StackSetName: String($stackSetName),
        ...typeof OrganizationalUnitId === "string" &&
            OrganizationalUnitId !== ""
          ? {
            DeploymentTargets: {
              OrganizationalUnitIds: [OrganizationalUnitId],
              Accounts: [String(Account)],
              AccountFilterType: "INTERSECTION",
            },
          }
          : { Accounts: [String(Account)] },
        Regions: [String(Region)],
        RetainStacks: false,
      }),
    }],
    gone: ["StackSetNotFoundException"],
    later: ["OperationInProgressException"],
    withinSeconds: 3600,
  },
};
