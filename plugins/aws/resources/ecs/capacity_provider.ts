import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, object, tags, text, valueKind } from "../../property.ts";
import { arnName } from "../../arn.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { isInactive } from "./is_inactive.ts";

const managedScaling = valueKind("aws_ecs_managed_scaling", {
  status: text("status"),
  target_capacity: integer("targetCapacity"),
  minimum_scaling_step_size: integer("minimumScalingStepSize"),
  maximum_scaling_step_size: integer("maximumScalingStepSize"),
  instance_warmup_period: integer("instanceWarmupPeriod"),
});

const autoScalingGroupProvider = valueKind(
  "aws_ecs_auto_scaling_group_provider",
  {
    auto_scaling_group_arn: text("autoScalingGroupArn"),
    managed_scaling: object("managedScaling", managedScaling),
    managed_termination_protection: text("managedTerminationProtection"),
  },
);

/** What tasks run on: a group of instances, or Fargate. */
export const CAPACITY_PROVIDER: ResourceDeclaration = {
  kind: "aws_ecs_capacity_provider",
  description: "What tasks of clusters run on (ECS)",
  categories: ["compute"],
  list: {
    service: "ecs",
    operation: "DescribeCapacityProviders",
    input: { include: ["TAGS"] },
    result: "capacityProviders[*]",
    pages: { ...ECS_PAGES, size: ["maxResults", 10] },
  },
  one: ({ id }) => ({ capacityProviders: [id] }),
  id: "name",
  properties: {
    tags: tags("tags"),
    name: text("name"),
    arn: text("capacityProviderArn"),
    status: text("status"),
    capacity_provider_auto_scaling_group_provider: object(
      "autoScalingGroupProvider",
      autoScalingGroupProvider,
    ),
    capacity_provider_update_status: text("updateStatus"),
    capacity_provider_update_status_reason: text("updateStatusReason"),
  },
  edges: [{
    successor: "aws_autoscaling_group",
    id: "autoScalingGroupProvider.autoScalingGroupArn",
    read: arnName,
    deletedFirst: "self",
  }],
  remove: {
    refuse: ({ name }) =>
      name === "FARGATE" || name === "FARGATE_SPOT"
        ? "it is one of AWS"
        : undefined,
    calls: [{
      service: "ecs",
      operation: "DeleteCapacityProvider",
      input: (_, { id }) => ({ capacityProvider: id }),
    }],
    isGone: isInactive,
    going: { of: "updateStatus", states: ["DELETE_IN_PROGRESS"] },
    gone: [],
    later: ["UpdateInProgressException"],
    withinSeconds: 300,
  },
  tagging: ECS_TAGGING,
};
