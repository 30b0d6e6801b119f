import type { ResourceDeclaration } from "../../declaration.ts";
import {
  decimal,
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { capacityProviderStrategyItem } from "./shared_values.ts";
import { arnName } from "../../arn.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { isInactive } from "./is_inactive.ts";
import { taskDefinitionId } from "./task_definition_id.ts";
import { OF_EACH_CLUSTER } from "./of_each_cluster.ts";

const loadBalancer = valueKind("aws_ecs_load_balancer", {
  target_group_arn: text("targetGroupArn"),
  load_balancer_name: text("loadBalancerName"),
  container_name: text("containerName"),
  container_port: integer("containerPort"),
});

const serviceRegistry = valueKind("aws_ecs_service_registry", {
  registry_arn: text("registryArn"),
  port: integer("port"),
  container_name: text("containerName"),
  container_port: integer("containerPort"),
});

const deploymentCircuitBreaker = valueKind(
  "aws_ecs_deployment_circuit_breaker",
  {
    enable: flag("enable"),
    rollback: flag("rollback"),
  },
);

const deploymentConfiguration = valueKind("aws_ecs_deployment_configuration", {
  deployment_circuit_breaker: object(
    "deploymentCircuitBreaker",
    deploymentCircuitBreaker,
  ),
  maximum_percent: integer("maximumPercent"),
  minimum_healthy_percent: integer("minimumHealthyPercent"),
});

const awsVpcConfiguration = valueKind("aws_ecs_aws_vpc_configuration", {
  subnets: texts("subnets[*]"),
  security_groups: texts("securityGroups[*]"),
  assign_public_ip: text("assignPublicIp"),
});

const networkConfiguration = valueKind("aws_ecs_network_configuration", {
  awsvpc_configuration: object("awsvpcConfiguration", awsVpcConfiguration),
});

const scale = valueKind("aws_ecs_scale", {
  value: decimal("value"),
  unit: text("unit"),
});

const taskSet = valueKind("aws_ecs_task_set", {
  id: text("id"),
  task_set_arn: text("taskSetArn"),
  service_arn: text("serviceArn"),
  cluster_arn: text("clusterArn"),
  started_by: text("startedBy"),
  external_id: text("externalId"),
  status: text("status"),
  task_definition: text("taskDefinition"),
  computed_desired_count: integer("computedDesiredCount"),
  pending_count: volatile(integer("pendingCount")),
  running_count: volatile(integer("runningCount")),
  created_at: time("createdAt"),
  updated_at: time("updatedAt"),
  launch_type: text("launchType"),
  capacity_provider_strategy: objects(
    "capacityProviderStrategy",
    capacityProviderStrategyItem,
  ),
  platform_version: text("platformVersion"),
  platform_family: text("platformFamily"),
  network_configuration: object("networkConfiguration", networkConfiguration),
  load_balancers: objects("loadBalancers", loadBalancer),
  service_registries: objects("serviceRegistries", serviceRegistry),
  scale: object("scale", scale),
  stability_status: text("stabilityStatus"),
  stability_status_at: time("stabilityStatusAt"),
});

const deployment = valueKind("aws_ecs_deployment", {
  id: text("id"),
  status: text("status"),
  task_definition: text("taskDefinition"),
  desired_count: integer("desiredCount"),
  pending_count: volatile(integer("pendingCount")),
  running_count: volatile(integer("runningCount")),
  failed_tasks: integer("failedTasks"),
  created_at: time("createdAt"),
  updated_at: time("updatedAt"),
  capacity_provider_strategy: objects(
    "capacityProviderStrategy",
    capacityProviderStrategyItem,
  ),
  launch_type: text("launchType"),
  platform_version: text("platformVersion"),
  platform_family: text("platformFamily"),
  network_configuration: object("networkConfiguration", networkConfiguration),
  rollout_state: text("rolloutState"),
  rollout_state_reason: text("rolloutStateReason"),
});

const placementConstraint = valueKind("aws_ecs_placement_constraint", {
  type: text("type"),
  expression: text("expression"),
});

const placementStrategy = valueKind("aws_ecs_placement_strategy", {
  type: text("type"),
  field: text("field"),
});

const serviceEvent = valueKind("aws_ecs_service_event", {
  id: text("id"),
  created_at: time("createdAt"),
  message: text("message"),
});

/** A service: it keeps a number of tasks running. */
export const SERVICE: ResourceDeclaration = {
  kind: "aws_ecs_service",
  description: "A service that keeps tasks running (ECS)",
  categories: ["compute"],
  list: {
    ...OF_EACH_CLUSTER,
    operation: "ListServices",
    result: "serviceArns[*]",
    wrap: "serviceArn",
    pages: ECS_PAGES,
  },
  // Those of its cluster alone.
  one: ({ reported }) => ({ cluster: String(reported["cluster_arn"]) }),
  details: [{
    as: "$service",
    of: "serviceArn",
    batch: 10,
    group: "$clusterArn",
    service: "ecs",
    operation: "DescribeServices",
    input: { include: ["TAGS"] },
    askFor: (services, { $clusterArn }) => ({
      cluster: String($clusterArn),
      services,
    }),
    result: "services[*]",
    match: "serviceArn",
    none: ["ClusterNotFoundException"],
  }],
  id: {
    of: ["$service.clusterArn", "$service.serviceName"],
    // A name is unique in its cluster alone.
    read: (cluster, name) => `${arnName(cluster)}/${name}`,
  },
  properties: {
    tags: tags("$service.tags"),
    name: text("$service.serviceName"),
    ctime: time("$service.createdAt"),
    arn: text("$service.serviceArn"),
    cluster_arn: text("$clusterArn"),
    service_load_balancers: objects("$service.loadBalancers", loadBalancer),
    service_registries: objects("$service.serviceRegistries", serviceRegistry),
    status: text("$service.status"),
    service_desired_count: integer("$service.desiredCount"),
    service_running_count: volatile(integer("$service.runningCount")),
    service_pending_count: volatile(integer("$service.pendingCount")),
    service_launch_type: text("$service.launchType"),
    service_capacity_provider_strategy: objects(
      "$service.capacityProviderStrategy",
      capacityProviderStrategyItem,
    ),
    service_platform_version: text("$service.platformVersion"),
    service_platform_family: text("$service.platformFamily"),
    service_task_definition: text("$service.taskDefinition"),
    service_deployment_configuration: object(
      "$service.deploymentConfiguration",
      deploymentConfiguration,
    ),
    service_task_sets: objects("$service.taskSets", taskSet),
    service_deployments: objects("$service.deployments", deployment),
    service_role_arn: text("$service.roleArn"),
    service_events: volatile(objects("$service.events", serviceEvent)),
    service_placement_constraints: objects(
      "$service.placementConstraints",
      placementConstraint,
    ),
    service_placement_strategy: objects(
      "$service.placementStrategy",
      placementStrategy,
    ),
    service_network_configuration: object(
      "$service.networkConfiguration",
      networkConfiguration,
    ),
    service_health_check_grace_period_seconds: integer(
      "$service.healthCheckGracePeriodSeconds",
    ),
    service_scheduling_strategy: text("$service.schedulingStrategy"),
    service_deployment_controller: text("$service.deploymentController.type"),
    service_created_by: text("$service.createdBy"),
    service_enable_ecs_managed_tags: flag("$service.enableECSManagedTags"),
    service_propagate_tags: text("$service.propagateTags"),
    service_enable_execute_command: flag("$service.enableExecuteCommand"),
  },
  edges: [
    {
      predecessor: "aws_ecs_cluster",
      id: "$service.clusterArn",
      read: arnName,
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ecs_task_definition",
      id: "$service.taskDefinition",
      read: taskDefinitionId,
    },
    {
      predecessor: "aws_iam_role",
      id: "$service.roleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "$service.networkConfiguration.awsvpcConfiguration.subnets[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "$service.networkConfiguration.awsvpcConfiguration.securityGroups[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_alb_target_group",
      id: "$service.loadBalancers[*].targetGroupArn",
      deletedFirst: "self",
    },
    {
      successor: "aws_elb",
      id: "$service.loadBalancers[*].loadBalancerName",
      deletedFirst: "self",
    },
    {
      successor: "aws_ecs_capacity_provider",
      id: "$service.capacityProviderStrategy[*].capacityProvider",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ecs",
      operation: "DeleteService",
      // Forced: else the service must be scaled to nothing before.
      input: ({ $clusterArn, serviceArn }) => ({
        cluster: String($clusterArn),
        service: String(serviceArn),
        force: true,
      }),
    }],
    isGone: ({ $service }) => isInactive($service),
    going: { of: "$service.status", states: ["DRAINING"] },
    gone: [
      "ClusterNotFoundException",
      "ServiceNotActiveException",
      "ServiceNotFoundException",
    ],
    withinSeconds: 600,
  },
  tagging: ECS_TAGGING,
};
