import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  unordered,
  valueKind,
  volatile,
} from "../../property.ts";
import { ELBV2_TAGGING, elbv2Tags } from "./elbv2_tags.ts";

const matcher = valueKind("aws_alb_matcher", {
  http_code: text("HttpCode"),
  grpc_code: text("GrpcCode"),
});

const targetDescription = valueKind("aws_alb_target_description", {
  id: text("Id"),
  port: integer("Port"),
  availability_zone: text("AvailabilityZone"),
});

const targetHealth = valueKind("aws_alb_target_health", {
  state: volatile(text("State")),
  reason: volatile(text("Reason")),
  description: volatile(text("Description")),
});

const targetHealthDescription = valueKind("aws_alb_target_health_description", {
  target: object("Target", targetDescription),
  health_check_port: text("HealthCheckPort"),
  target_health: object("TargetHealth", targetHealth),
});

/** Codes that say that there is no such target group. */
const NOT_FOUND = ["TargetGroupNotFound", "TargetGroupNotFoundException"];

/** Targets are instances, addresses, functions or load balancers. */
function idOf(prefix: string): (id: string) => string | undefined {
  return (id) => id.startsWith(prefix) ? id : undefined;
}

/** What a load balancer forwards to. */
export const TARGET_GROUP: ResourceDeclaration = {
  kind: "aws_alb_target_group",
  description: "What a load balancer forwards to (target group)",
  categories: ["networking"],
  list: {
    service: "elbv2",
    operation: "DescribeTargetGroups",
    result: "TargetGroups[*]",
    pages: { input: "Marker", output: "NextMarker" },
  },
  one: ({ id }) => ({ TargetGroupArns: [id] }),
  details: [
    elbv2Tags("TargetGroupArn"),
    {
      as: "$health",
      of: "TargetGroupArn",
      service: "elbv2",
      operation: "DescribeTargetHealth",
      askFor: ([arn = ""]) => ({ TargetGroupArn: arn }),
      none: NOT_FOUND,
    },
  ],
  id: "TargetGroupArn",
  properties: {
    tags: tags("$tags.Tags"),
    name: text("TargetGroupName"),
    arn: text("TargetGroupArn"),
    protocol: text("Protocol"),
    port: integer("Port"),
    alb_health_check_protocol: text("HealthCheckProtocol"),
    alb_health_check_port: text("HealthCheckPort"),
    alb_health_check_enabled: flag("HealthCheckEnabled"),
    alb_health_check_interval_seconds: integer("HealthCheckIntervalSeconds"),
    alb_health_check_timeout_seconds: integer("HealthCheckTimeoutSeconds"),
    alb_healthy_threshold_count: integer("HealthyThresholdCount"),
    alb_unhealthy_threshold_count: integer("UnhealthyThresholdCount"),
    alb_health_check_path: text("HealthCheckPath"),
    alb_matcher: object("Matcher", matcher),
    target_type: text("TargetType"),
    alb_protocol_version: text("ProtocolVersion"),
    alb_ip_address_type: text("IpAddressType"),
    alb_lb_arns: unordered(texts("LoadBalancerArns[*]")),
    alb_target_health: unordered(
      objects("$health.TargetHealthDescriptions", targetHealthDescription),
    ),
  },
  edges: [
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" },
    {
      predecessor: "aws_alb",
      id: "LoadBalancerArns[*]",
      deletedFirst: "other",
    },
    {
      successor: "aws_ec2_instance",
      id: "$health.TargetHealthDescriptions[*].Target.Id",
      read: idOf("i-"),
      deletedFirst: "self",
    },
    {
      successor: "aws_alb",
      id: "$health.TargetHealthDescriptions[*].Target.Id",
      read: (id) => id.includes(":loadbalancer/app/") ? id : undefined,
    },
  ],
  remove: {
    calls: [{
      service: "elbv2",
      operation: "DeleteTargetGroup",
      input: (_item, { id }) => ({ TargetGroupArn: id }),
    }],
    gone: NOT_FOUND,
    // Until the load balancer that forwards to it is gone.
    later: ["ResourceInUse", "ResourceInUseException"],
    withinSeconds: 300,
    follows: {
      alb_lb_arns: "less",
      alb_target_health: "less",
    },
  },
  tagging: ELBV2_TAGGING,
};
