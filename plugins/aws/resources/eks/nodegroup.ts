import type { ResourceDeclaration } from "../../declaration.ts";
import {
  dictionary,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { EKS_PAGES } from "./eks_pages.ts";
import { EKS_TAGGING } from "./eks_tagging.ts";

const nodegroupScalingConfig = valueKind("aws_eks_nodegroup_scaling_config", {
  min_size: integer("minSize"),
  max_size: integer("maxSize"),
  desired_size: integer("desiredSize"),
});

const remoteAccessConfig = valueKind("aws_eks_remote_access_config", {
  ec2_ssh_key: text("ec2SshKey"),
  source_security_groups: texts("sourceSecurityGroups[*]"),
});

const taint = valueKind("aws_eks_taint", {
  key: text("key"),
  value: text("value"),
  effect: text("effect"),
});

const nodegroupResources = valueKind("aws_eks_nodegroup_resources", {
  auto_scaling_groups: texts("autoScalingGroups[*].name"),
  remote_access_security_group: text("remoteAccessSecurityGroup"),
});

const issue = valueKind("aws_eks_issue", {
  code: text("code"),
  message: text("message"),
  resource_ids: texts("resourceIds[*]"),
});

const nodegroupHealth = valueKind("aws_eks_nodegroup_health", {
  issues: objects("issues", issue),
});

const nodegroupUpdateConfig = valueKind("aws_eks_nodegroup_update_config", {
  max_unavailable: integer("maxUnavailable"),
  max_unavailable_percentage: integer("maxUnavailablePercentage"),
});

const launchTemplateSpecification = valueKind(
  "aws_eks_launch_template_specification",
  {
    name: text("name"),
    version: text("version"),
    id: text("id"),
  },
);

/** A group of nodes of a cluster. */
export const NODEGROUP: ResourceDeclaration = {
  kind: "aws_eks_nodegroup",
  description: "A group of nodes of a Kubernetes cluster (EKS)",
  categories: ["compute"],
  list: {
    service: "eks",
    operation: "ListNodegroups",
    result: "nodegroups[*]",
    wrap: "nodegroupName",
    pages: EKS_PAGES,
    each: {
      kind: "aws_eks_cluster",
      path: "name",
      batch: 1,
      input: ([clusterName = ""]) => ({ clusterName }),
      as: "$clusterName",
    },
    // The cluster was deleted after it was listed, or is one elsewhere.
    none: ["ResourceNotFoundException"],
  },
  // Those of its cluster alone.
  one: ({ reported }) => ({ clusterName: String(reported["cluster_name"]) }),
  details: [{
    as: "$group",
    of: "nodegroupName",
    group: "$clusterName",
    service: "eks",
    operation: "DescribeNodegroup",
    askFor: ([nodegroupName = ""], { $clusterName }) => ({
      clusterName: String($clusterName),
      nodegroupName,
    }),
    none: ["ResourceNotFoundException"],
  }],
  id: {
    of: ["$group.nodegroup.clusterName", "$group.nodegroup.nodegroupName"],
    // A name is unique in its cluster alone.
    read: (cluster, name) => `${cluster}/${name}`,
  },
  properties: {
    tags: tags("$group.nodegroup.tags"),
    name: text("$group.nodegroup.nodegroupName"),
    ctime: time("$group.nodegroup.createdAt"),
    arn: text("$group.nodegroup.nodegroupArn"),
    cluster_name: text("$clusterName"),
    version: text("$group.nodegroup.version"),
    group_release_version: text("$group.nodegroup.releaseVersion"),
    group_modified_at: time("$group.nodegroup.modifiedAt"),
    group_status: text("$group.nodegroup.status"),
    group_capacity_type: text("$group.nodegroup.capacityType"),
    group_scaling_config: object(
      "$group.nodegroup.scalingConfig",
      nodegroupScalingConfig,
    ),
    group_instance_types: texts("$group.nodegroup.instanceTypes[*]"),
    group_subnets: texts("$group.nodegroup.subnets[*]"),
    group_remote_access: object(
      "$group.nodegroup.remoteAccess",
      remoteAccessConfig,
    ),
    group_ami_type: text("$group.nodegroup.amiType"),
    group_node_role: text("$group.nodegroup.nodeRole"),
    group_labels: dictionary("$group.nodegroup.labels"),
    group_taints: objects("$group.nodegroup.taints", taint),
    group_resources: object("$group.nodegroup.resources", nodegroupResources),
    group_disk_size: integer("$group.nodegroup.diskSize"),
    group_health: object("$group.nodegroup.health", nodegroupHealth),
    group_update_config: object(
      "$group.nodegroup.updateConfig",
      nodegroupUpdateConfig,
    ),
    group_launch_template: object(
      "$group.nodegroup.launchTemplate",
      launchTemplateSpecification,
    ),
    group_nodegroup_arn: text("$group.nodegroup.nodegroupArn"),
    group_version: text("$group.nodegroup.version"),
  },
  edges: [
    {
      predecessor: "aws_eks_cluster",
      id: "$clusterName",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "$group.nodegroup.nodeRole",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "$group.nodegroup.subnets[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_autoscaling_group",
      id: "$group.nodegroup.resources.autoScalingGroups[*].name",
      deletedFirst: "self",
      goesAlong: "other",
    },
  ],
  remove: {
    calls: [{
      service: "eks",
      operation: "DeleteNodegroup",
      input: ({ $clusterName, nodegroupName }) => ({
        clusterName: String($clusterName),
        nodegroupName: String(nodegroupName),
      }),
    }],
    going: { of: "$group.nodegroup.status", states: ["DELETING"] },
    gone: ["ResourceNotFoundException"],
    later: ["ResourceInUseException"],
    withinSeconds: 1800,
  },
  tagging: EKS_TAGGING,
};
