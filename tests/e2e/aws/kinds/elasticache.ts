import { ELASTICACHE_RESOURCES } from "../../../../plugins/aws/resources/elasticache/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of elasticache. */
export const ELASTICACHE_SUITE: KindsSuite = {
  module: "elasticache",
  resources: ELASTICACHE_RESOURCES,
  unlinked: {
    aws_elasticache_cache_cluster: {
      aws_ec2_security_group: "moto does not give the groups",
      aws_sns_topic: "moto does not give the topic",
    },
  },
  unset: {
    aws_elasticache_cache_cluster: notGiven(
      "cluster_configuration_endpoint",
      "cluster_client_download_landing_page",
      "cluster_preferred_outpost_arn",
      "cluster_pending_modified_values",
      "cluster_notification_configuration",
      "cluster_cache_security_groups",
      "cluster_cache_parameter_group",
      "cluster_cache_nodes",
      "cluster_auto_minor_version_upgrade",
      "cluster_security_groups",
      "cluster_at_rest_encryption_enabled",
      "cluster_replication_group_log_delivery_enabled",
      "cluster_log_delivery_configurations.destination_details.kinesis_firehose_details",
      "cluster_log_delivery_configurations.status",
      "cluster_log_delivery_configurations.message",
    ),
    aws_elasticache_replication_group: notGiven(
      "replication_group_global_replication_group_info",
      "replication_group_pending_modified_values",
      "replication_group_node_groups.reader_endpoint",
      "replication_group_node_groups.node_group_members.preferred_outpost_arn",
      "replication_group_log_delivery_configurations.destination_details.kinesis_firehose_details",
    ),
  },
  notDeleted: {
    aws_elasticache_cache_cluster: "moto keeps it, as deleting",
    aws_elasticache_replication_group: "moto keeps it, as deleting",
  },
};
