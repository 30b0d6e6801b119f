import { CLOUDFORMATION_RESOURCES } from "../../../../plugins/aws/resources/cloudformation/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of cloudformation. */
export const CLOUDFORMATION_SUITE: KindsSuite = {
  module: "cloudformation",
  resources: CLOUDFORMATION_RESOURCES,
  unlinked: {
    aws_cloudformation_stack: {
      aws_cloudformation_stack:
        "moto does not tell which stack one is a part of",
    },
    aws_cloud_formation_stack_instance_summary: {
      aws_cloudformation_stack: "moto makes a stack id up each time",
    },
  },
  notDeleted: {
    aws_cloud_formation_stack_instance_summary:
      "moto makes a stack id up each time, so it changes always",
  },
  goesAlong: {
    aws_cloudformation_stack: "one that is a part of another goes with it",
  },
  unset: {
    aws_cloud_formation_stack_instance_summary: notGiven(
      "stack_instance_status_reason",
      "stack_instance_organizational_unit_id",
      "stack_instance_drift_status",
      "stack_instance_last_drift_check_timestamp",
      "stack_instance_last_operation_id",
    ),
    aws_cloudformation_stack: notGiven(
      "mtime",
      "stack_status_reason",
      "stack_change_set_id",
      "stack_deletion_time",
      "stack_rollback_configuration",
      "stack_capabilities",
      "stack_parent_id",
      "stack_root_id",
      "stack_drift_information",
    ),
    aws_cloudformation_stack_set: notGiven(
      "stack_set_auto_deployment",
      "stack_set_drift_status",
      "stack_set_last_drift_check_timestamp",
      "stack_set_capabilities",
    ),
  },
};
