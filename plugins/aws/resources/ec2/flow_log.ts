import { s3BucketName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

const destinationOption = valueKind("aws_ec2_destination_option", {
  file_format: text("FileFormat"),
  hive_compatible_partitions: flag("HiveCompatiblePartitions"),
  per_hour_partition: flag("PerHourPartition"),
});

/** Keeps ids of one type: the log may be of a VPC or of a part of it. */
function idOf(prefix: string): (id: string) => string | undefined {
  return (id) => id.startsWith(prefix) ? id : undefined;
}

/** A log of the traffic of a VPC, subnet or network interface. */
export const FLOW_LOG: ResourceDeclaration = {
  kind: "aws_ec2_flow_log",
  description: "A log of the traffic of a VPC, subnet or network interface",
  categories: ["networking"],
  list: {
    service: "ec2",
    operation: "DescribeFlowLogs",
    result: "FlowLogs[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("flow-log-id", "Filter"),
  id: "FlowLogId",
  properties: {
    name: text("Tags[Name]"),
    tags: tags("Tags"),
    ctime: time("CreationTime"),
    deliver_logs_error_message: text("DeliverLogsErrorMessage"),
    deliver_logs_permission_arn: text("DeliverLogsPermissionArn"),
    deliver_cross_account_role: text("DeliverCrossAccountRole"),
    deliver_logs_status: text("DeliverLogsStatus"),
    flow_log_status: text("FlowLogStatus"),
    resource_id: text("ResourceId"),
    traffic_type: text("TrafficType"),
    log_destination_type: text("LogDestinationType"),
    log_destination: text("LogDestination"),
    log_format: text("LogFormat"),
    log_group_name: text("LogGroupName"),
    max_aggregation_interval: integer("MaxAggregationInterval"),
    destination_options: object("DestinationOptions", destinationOption),
  },
  edges: [
    {
      predecessor: "aws_vpc",
      id: "ResourceId",
      read: idOf("vpc-"),
      deletedFirst: "self",
    },
    { predecessor: "aws_ec2_subnet", id: "ResourceId", read: idOf("subnet-") },
    {
      predecessor: "aws_ec2_network_interface",
      id: "ResourceId",
      read: idOf("eni-"),
    },
    { successor: "aws_s3_bucket", id: "LogDestination", read: s3BucketName },
    { predecessor: "aws_iam_role", id: "DeliverLogsPermissionArn" },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteFlowLogs",
      input: (_item, { id }) => ({ FlowLogIds: [id] }),
    }],
    gone: ["InvalidFlowLogId.NotFound"],
    follows: {
      deliver_logs_error_message: "any",
      deliver_logs_status: "any",
    },
  },
  tagging: ec2Tagging(),
};
