import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  numbersByName,
  object,
  text,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { SSM_PAGES } from "./ssm_pages.ts";

const associationOverview = valueKind(
  "aws_ssm_instance_aggregated_association_overview",
  {
    detailed_status: text("DetailedStatus"),
    instance_association_status_aggregated_count: numbersByName(
      "InstanceAssociationStatusAggregatedCount",
    ),
  },
);

/** A machine that runs the agent of Systems Manager. */
export const INSTANCE: ResourceDeclaration = {
  kind: "aws_ssm_instance",
  description: "A machine that runs the agent of Systems Manager",
  categories: ["management"],
  list: {
    service: "ssm",
    operation: "DescribeInstanceInformation",
    result: "InstanceInformationList[*]",
    pages: SSM_PAGES,
  },
  id: "InstanceId",
  properties: {
    name: text("Name", "ComputerName"),
    instance_id: text("InstanceId"),
    ping_status: text("PingStatus"),
    last_ping: volatile(time("LastPingDateTime")),
    agent_version: text("AgentVersion"),
    is_latest_version: flag("IsLatestVersion"),
    platform_type: text("PlatformType"),
    platform_name: text("PlatformName"),
    platform_version: text("PlatformVersion"),
    activation_id: text("ActivationId"),
    iam_role: text("IamRole"),
    registration_date: time("RegistrationDate"),
    resource_type: text("ResourceType"),
    ip_address: text("IPAddress"),
    computer_name: text("ComputerName"),
    association_status: text("AssociationStatus"),
    last_association_execution_date: volatile(
      time("LastAssociationExecutionDate"),
    ),
    last_successful_association_execution_date: volatile(
      time("LastSuccessfulAssociationExecutionDate"),
    ),
    association_overview: object("AssociationOverview", associationOverview),
    source_id: text("SourceId"),
    source_type: text("SourceType"),
  },
  edges: [
    {
      successor: "aws_ec2_instance",
      id: "InstanceId",
      // What begins with mi- is a machine somewhere else.
      read: (id) => id.startsWith("i-") ? id : undefined,
    },
  ],
};
