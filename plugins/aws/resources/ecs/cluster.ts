import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  valueKind,
  volatile,
} from "../../property.ts";
import {
  attachment,
  capacityProviderStrategyItem,
  keyValuePair,
} from "./shared_values.ts";
import { kmsKeyId } from "../../arn.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { isInactive } from "./is_inactive.ts";

const executeCommandLogConfiguration = valueKind(
  "aws_ecs_execute_command_log_configuration",
  {
    cloud_watch_log_group_name: text("cloudWatchLogGroupName"),
    cloud_watch_encryption_enabled: flag("cloudWatchEncryptionEnabled"),
    s3_bucket_name: text("s3BucketName"),
    s3_encryption_enabled: flag("s3EncryptionEnabled"),
    s3_key_prefix: text("s3KeyPrefix"),
  },
);

const executeCommandConfiguration = valueKind(
  "aws_ecs_execute_command_configuration",
  {
    kms_key_id: text("kmsKeyId"),
    logging: text("logging"),
    log_configuration: object(
      "logConfiguration",
      executeCommandLogConfiguration,
    ),
  },
);

const clusterConfiguration = valueKind("aws_ecs_cluster_configuration", {
  execute_command_configuration: object(
    "executeCommandConfiguration",
    executeCommandConfiguration,
  ),
});

const clusterSetting = valueKind("aws_ecs_cluster_setting", {
  name: text("name"),
  value: text("value"),
});

/** A cluster of services and tasks, with or without instances of its own. */
export const CLUSTER: ResourceDeclaration = {
  kind: "aws_ecs_cluster",
  description: "A cluster that tasks run in (ECS)",
  categories: ["compute"],
  list: {
    service: "ecs",
    operation: "ListClusters",
    result: "clusterArns[*]",
    wrap: "clusterArn",
    pages: ECS_PAGES,
  },
  details: [{
    as: "$cluster",
    of: "clusterArn",
    batch: 100,
    service: "ecs",
    operation: "DescribeClusters",
    input: {
      include: [
        "ATTACHMENTS",
        "CONFIGURATIONS",
        "SETTINGS",
        "STATISTICS",
        "TAGS",
      ],
    },
    askFor: (clusters) => ({ clusters }),
    result: "clusters[*]",
    match: "clusterArn",
  }],
  id: "$cluster.clusterName",
  properties: {
    tags: tags("$cluster.tags"),
    name: text("$cluster.clusterName"),
    arn: text("$cluster.clusterArn"),
    cluster_configuration: object(
      "$cluster.configuration",
      clusterConfiguration,
    ),
    cluster_status: text("$cluster.status"),
    cluster_registered_container_instances_count: integer(
      "$cluster.registeredContainerInstancesCount",
    ),
    cluster_running_tasks_count: volatile(
      integer("$cluster.runningTasksCount"),
    ),
    cluster_pending_tasks_count: volatile(
      integer("$cluster.pendingTasksCount"),
    ),
    cluster_active_services_count: integer("$cluster.activeServicesCount"),
    cluster_statistics: volatile(objects("$cluster.statistics", keyValuePair)),
    cluster_settings: objects("$cluster.settings", clusterSetting),
    cluster_capacity_providers: texts("$cluster.capacityProviders[*]"),
    cluster_default_capacity_provider_strategy: objects(
      "$cluster.defaultCapacityProviderStrategy",
      capacityProviderStrategyItem,
    ),
    cluster_attachments: objects("$cluster.attachments", attachment),
    cluster_attachments_status: text("$cluster.attachmentsStatus"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$cluster.configuration.executeCommandConfiguration.kmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      successor: "aws_s3_bucket",
      id:
        "$cluster.configuration.executeCommandConfiguration.logConfiguration.s3BucketName",
      anywhere: true,
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudwatch_log_group",
      id:
        "$cluster.configuration.executeCommandConfiguration.logConfiguration.cloudWatchLogGroupName",
    },
    {
      successor: "aws_ecs_capacity_provider",
      id: "$cluster.capacityProviders[*]",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ecs",
      operation: "DeleteCluster",
      input: (_, { id }) => ({ cluster: id }),
    }],
    isGone: ({ $cluster }) => isInactive($cluster),
    going: { of: "$cluster.status", states: ["DEPROVISIONING"] },
    gone: ["ClusterNotFoundException"],
    later: [
      "ClusterContainsContainerInstancesException",
      "ClusterContainsServicesException",
      "ClusterContainsTasksException",
      "UpdateInProgressException",
    ],
    withinSeconds: 300,
    follows: {
      cluster_active_services_count: "less",
      cluster_registered_container_instances_count: "less",
    },
  },
  tagging: ECS_TAGGING,
};
