import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
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
  volatile,
} from "../../property.ts";
import {
  attachment,
  attribute,
  environmentFile,
  inferenceAccelerator,
  resourceRequirement,
} from "./shared_values.ts";
import { arnName } from "../../arn.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { taskDefinitionId } from "./task_definition_id.ts";
import { OF_EACH_CLUSTER } from "./of_each_cluster.ts";

const networkBinding = valueKind("aws_ecs_network_binding", {
  bind_ip: text("bindIP"),
  container_port: integer("containerPort"),
  host_port: integer("hostPort"),
  protocol: text("protocol"),
});

const networkInterface = valueKind("aws_ecs_network_interface", {
  attachment_id: text("attachmentId"),
  private_ipv4_address: text("privateIpv4Address"),
  ipv6_address: text("ipv6Address"),
});

const managedAgent = valueKind("aws_ecs_managed_agent", {
  last_started_at: time("lastStartedAt"),
  name: text("name"),
  reason: text("reason"),
  last_status: text("lastStatus"),
});

const container = valueKind("aws_ecs_container", {
  container_arn: text("containerArn"),
  task_arn: text("taskArn"),
  name: text("name"),
  image: text("image"),
  image_digest: text("imageDigest"),
  runtime_id: text("runtimeId"),
  last_status: text("lastStatus"),
  exit_code: integer("exitCode"),
  reason: text("reason"),
  network_bindings: objects("networkBindings", networkBinding),
  network_interfaces: objects("networkInterfaces", networkInterface),
  health_status: text("healthStatus"),
  managed_agents: objects("managedAgents", managedAgent),
  cpu: text("cpu"),
  memory: text("memory"),
  memory_reservation: text("memoryReservation"),
  gpu_ids: texts("gpuIds[*]"),
});

const containerOverride = valueKind("aws_ecs_container_override", {
  name: text("name"),
  command: texts("command[*]"),
  environment: unordered(texts("environment[*].name")),
  environment_files: objects("environmentFiles", environmentFile),
  cpu: integer("cpu"),
  memory: integer("memory"),
  memory_reservation: integer("memoryReservation"),
  resource_requirements: objects("resourceRequirements", resourceRequirement),
});

const taskOverride = valueKind("aws_ecs_task_override", {
  container_overrides: objects("containerOverrides", containerOverride),
  cpu: text("cpu"),
  inference_accelerator_overrides: objects(
    "inferenceAcceleratorOverrides",
    inferenceAccelerator,
  ),
  execution_role_arn: text("executionRoleArn"),
  memory: text("memory"),
  task_role_arn: text("taskRoleArn"),
  ephemeral_storage: integer("ephemeralStorage.sizeInGiB"),
});

/**
 * A running set of containers. Values of the environment that it was started with
 * may be secrets: only the names of the variables are kept.
 */
export const TASK: ResourceDeclaration = {
  kind: "aws_ecs_task",
  description: "A running set of containers (ECS)",
  categories: ["compute"],
  list: {
    ...OF_EACH_CLUSTER,
    operation: "ListTasks",
    result: "taskArns[*]",
    wrap: "taskArn",
    pages: ECS_PAGES,
  },
  // Those of its cluster alone.
  one: ({ reported }) => ({ cluster: String(reported["task_cluster_arn"]) }),
  details: [{
    as: "$task",
    of: "taskArn",
    batch: 100,
    group: "$clusterArn",
    service: "ecs",
    operation: "DescribeTasks",
    input: { include: ["TAGS"] },
    askFor: (tasks, { $clusterArn }) => ({
      cluster: String($clusterArn),
      tasks,
    }),
    result: "tasks[*]",
    match: "taskArn",
    none: ["ClusterNotFoundException"],
  }],
  id: { of: ["$task.taskArn"], read: arnName },
  properties: {
    tags: tags("$task.tags"),
    ctime: time("$task.createdAt"),
    arn: text("$task.taskArn"),
    task_attachments: objects("$task.attachments", attachment),
    task_attributes: objects("$task.attributes", attribute),
    task_availability_zone: text("$task.availabilityZone"),
    task_capacity_provider_name: text("$task.capacityProviderName"),
    task_cluster_arn: text("$clusterArn"),
    task_connectivity: text("$task.connectivity"),
    task_connectivity_at: time("$task.connectivityAt"),
    task_container_instance_arn: text("$task.containerInstanceArn"),
    task_containers: objects("$task.containers", container),
    task_cpu: text("$task.cpu"),
    task_desired_status: text("$task.desiredStatus"),
    task_enable_execute_command: flag("$task.enableExecuteCommand"),
    task_execution_stopped_at: time("$task.executionStoppedAt"),
    task_group: text("$task.group"),
    task_health_status: text("$task.healthStatus"),
    task_inference_accelerators: objects(
      "$task.inferenceAccelerators",
      inferenceAccelerator,
    ),
    task_last_status: text("$task.lastStatus"),
    task_launch_type: text("$task.launchType"),
    task_memory: text("$task.memory"),
    task_overrides: object("$task.overrides", taskOverride),
    task_platform_version: text("$task.platformVersion"),
    task_platform_family: text("$task.platformFamily"),
    task_pull_started_at: time("$task.pullStartedAt"),
    task_pull_stopped_at: time("$task.pullStoppedAt"),
    task_started_at: time("$task.startedAt"),
    task_started_by: text("$task.startedBy"),
    task_stop_code: text("$task.stopCode"),
    task_stopped_at: time("$task.stoppedAt"),
    task_stopped_reason: text("$task.stoppedReason"),
    task_stopping_at: time("$task.stoppingAt"),
    task_definition_arn: text("$task.taskDefinitionArn"),
    task_version: volatile(integer("$task.version")),
    task_ephemeral_storage: integer("$task.ephemeralStorage.sizeInGiB"),
  },
  edges: [
    {
      predecessor: "aws_ecs_cluster",
      id: "$task.clusterArn",
      read: arnName,
      deletedFirst: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "$task.overrides.taskRoleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "$task.overrides.executionRoleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ecs_task_definition",
      id: "$task.taskDefinitionArn",
      read: taskDefinitionId,
    },
    {
      successor: "aws_ecs_container_instance",
      id: "$task.containerInstanceArn",
      read: arnName,
      // An instance with tasks is not taken out of its cluster.
      deletedFirst: "self",
    },
    {
      successor: "aws_ecs_capacity_provider",
      id: "$task.capacityProviderName",
    },
  ],
  remove: {
    calls: [{
      service: "ecs",
      operation: "StopTask",
      input: ({ $clusterArn, taskArn }) => ({
        cluster: String($clusterArn),
        task: String(taskArn),
        reason: "Deleted by Skymap",
      }),
    }],
    isGone: ({ $task }) => (($task ?? {}) as Item)["lastStatus"] === "STOPPED",
    going: { of: "$task.desiredStatus", states: ["STOPPED"] },
    gone: ["ClusterNotFoundException"],
    withinSeconds: 300,
  },
  tagging: ECS_TAGGING,
};
