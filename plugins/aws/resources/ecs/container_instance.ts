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
  unordered,
  valueKind,
  volatile,
} from "../../property.ts";
import { attachment, attribute } from "./shared_values.ts";
import { arnName } from "../../arn.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { isInactive } from "./is_inactive.ts";
import { OF_EACH_CLUSTER } from "./of_each_cluster.ts";

const versionInfo = valueKind("aws_ecs_version_info", {
  agent_version: text("agentVersion"),
  agent_hash: text("agentHash"),
  docker_version: text("dockerVersion"),
});

const resource = valueKind("aws_ecs_resource", {
  name: text("name"),
  type: text("type"),
  double_value: decimal("doubleValue"),
  long_value: integer("longValue"),
  integer_value: integer("integerValue"),
  string_set_value: texts("stringSetValue[*]"),
});

const instanceHealthCheckResult = valueKind(
  "aws_ecs_instance_health_check_result",
  {
    type: text("type"),
    status: text("status"),
    last_updated: volatile(time("lastUpdated")),
    last_status_change: time("lastStatusChange"),
  },
);

const containerInstanceHealthStatus = valueKind(
  "aws_ecs_container_instance_health_status",
  {
    overall_status: text("overallStatus"),
    details: objects("details", instanceHealthCheckResult),
  },
);

/** An instance that a cluster runs tasks on. */
export const CONTAINER_INSTANCE: ResourceDeclaration = {
  kind: "aws_ecs_container_instance",
  description: "An instance that a cluster runs tasks on (ECS)",
  categories: ["compute"],
  list: {
    ...OF_EACH_CLUSTER,
    operation: "ListContainerInstances",
    result: "containerInstanceArns[*]",
    wrap: "containerInstanceArn",
    pages: ECS_PAGES,
  },
  // Those of its cluster alone.
  one: ({ reported }) => ({ cluster: String(reported["cluster_link"]) }),
  details: [{
    as: "$instance",
    of: "containerInstanceArn",
    batch: 100,
    group: "$clusterArn",
    service: "ecs",
    operation: "DescribeContainerInstances",
    input: { include: ["TAGS", "CONTAINER_INSTANCE_HEALTH"] },
    askFor: (containerInstances, { $clusterArn }) => ({
      cluster: String($clusterArn),
      containerInstances,
    }),
    result: "containerInstances[*]",
    match: "containerInstanceArn",
    none: ["ClusterNotFoundException"],
  }],
  id: { of: ["$instance.containerInstanceArn"], read: arnName },
  properties: {
    tags: tags("$instance.tags"),
    name: text("$instance.containerInstanceArn"),
    ctime: time("$instance.registeredAt"),
    arn: text("$instance.containerInstanceArn"),
    ec2_instance_id: text("$instance.ec2InstanceId"),
    capacity_provider_name: text("$instance.capacityProviderName"),
    version: volatile(text("$instance.version")),
    version_info: object("$instance.versionInfo", versionInfo),
    remaining_resources: volatile(
      objects("$instance.remainingResources", resource),
    ),
    registered_resources: objects("$instance.registeredResources", resource),
    status: text("$instance.status"),
    status_reason: text("$instance.statusReason"),
    agent_connected: flag("$instance.agentConnected"),
    running_tasks_count: volatile(integer("$instance.runningTasksCount")),
    pending_tasks_count: volatile(integer("$instance.pendingTasksCount")),
    agent_update_status: text("$instance.agentUpdateStatus"),
    attributes: unordered(objects("$instance.attributes", attribute)),
    attachments: objects("$instance.attachments", attachment),
    health_status: object(
      "$instance.healthStatus",
      containerInstanceHealthStatus,
    ),
    cluster_link: text("$clusterArn"),
  },
  edges: [
    {
      predecessor: "aws_ecs_cluster",
      id: "$clusterArn",
      read: arnName,
      deletedFirst: "self",
    },
    {
      successor: "aws_ec2_instance",
      id: "$instance.ec2InstanceId",
      deletedFirst: "other",
      goesAlong: "self",
    },
    {
      successor: "aws_ecs_capacity_provider",
      id: "$instance.capacityProviderName",
    },
  ],
  remove: {
    calls: [{
      service: "ecs",
      operation: "DeregisterContainerInstance",
      input: ({ $clusterArn, containerInstanceArn }) => ({
        cluster: String($clusterArn),
        containerInstance: String(containerInstanceArn),
      }),
    }],
    isGone: ({ $instance }) => isInactive($instance),
    gone: ["ClusterNotFoundException"],
  },
  tagging: ECS_TAGGING,
};
