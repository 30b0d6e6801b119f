import { CLUSTER } from "../../../../plugins/aws/resources/eks/cluster.ts";
import { EKS_RESOURCES } from "../../../../plugins/aws/resources/eks/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

const CLUSTER_UNSET = notGiven(
  "cluster_resources_vpc_config.cluster_security_group_id",
  "cluster_resources_vpc_config.vpc_id",
  "cluster_kubernetes_network_config.service_ipv6_cidr",
  "cluster_kubernetes_network_config.ip_family",
  "cluster_connector_config",
);

/** What moto shows of the kinds of eks. */
export const EKS_SUITE: KindsSuite = {
  module: "eks",
  resources: EKS_RESOURCES,
  unlinked: {
    aws_eks_cluster: { aws_vpc: "moto does not give it" },
    aws_eks_nodegroup: {
      aws_autoscaling_group: "moto names groups that it does not make",
    },
  },
  notTagged: {
    aws_eks_nodegroup: "moto changes tags of clusters alone",
    aws_eks_cluster: "moto takes away one tag of several",
  },
  notDeleted: {
    aws_eks_cluster:
      "moto fails to list the nodegroups of a cluster that is gone",
  },
  unset: {
    aws_eks_cluster: CLUSTER_UNSET,
    aws_eks_nodegroup: notGiven(
      "group_health.issues",
      "group_update_config",
      "group_launch_template.id",
    ),
  },
};

/** What moto shows of the kinds of eks_clusters. */
export const EKS_CLUSTERS_SUITE: KindsSuite = {
  module: "eks_clusters",
  resources: [CLUSTER],
  notTagged: { aws_eks_cluster: "moto takes away one tag of several" },
  unlinked: { aws_eks_cluster: { aws_vpc: "moto does not give it" } },
  unset: { aws_eks_cluster: CLUSTER_UNSET },
};
