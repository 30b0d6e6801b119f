import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { kmsKeyId } from "../../arn.ts";
import { EKS_PAGES } from "./eks_pages.ts";
import { EKS_TAGGING } from "./eks_tagging.ts";

const vpcConfigResponse = valueKind("aws_eks_vpc_config_response", {
  subnet_ids: texts("subnetIds[*]"),
  security_group_ids: texts("securityGroupIds[*]"),
  cluster_security_group_id: text("clusterSecurityGroupId"),
  vpc_id: text("vpcId"),
  endpoint_public_access: flag("endpointPublicAccess"),
  endpoint_private_access: flag("endpointPrivateAccess"),
  public_access_cidrs: texts("publicAccessCidrs[*]"),
});

const kubernetesNetworkConfigResponse = valueKind(
  "aws_eks_kubernetes_network_config_response",
  {
    service_ipv4_cidr: text("serviceIpv4Cidr"),
    service_ipv6_cidr: text("serviceIpv6Cidr"),
    ip_family: text("ipFamily"),
  },
);

const logSetup = valueKind("aws_eks_log_setup", {
  types: texts("types[*]"),
  enabled: flag("enabled"),
});

const logging = valueKind("aws_eks_logging", {
  cluster_logging: objects("clusterLogging", logSetup),
});

const identity = valueKind("aws_eks_identity", {
  oidc: text("oidc.issuer"),
});

const encryptionConfig = valueKind("aws_eks_encryption_config", {
  resources: texts("resources[*]"),
  provider: text("provider.keyArn"),
});

const connectorConfig = valueKind("aws_eks_connector_config", {
  activation_id: text("activationId"),
  activation_expiry: time("activationExpiry"),
  provider: text("provider"),
  role_arn: text("roleArn"),
});

/**
 * A Kubernetes cluster. The code that a cluster elsewhere is connected with is a
 * secret: it is not kept.
 */
export const CLUSTER: ResourceDeclaration = {
  kind: "aws_eks_cluster",
  bases: ["managed_kubernetes_cluster_provider"],
  description: "A Kubernetes cluster (EKS)",
  list: {
    service: "eks",
    operation: "ListClusters",
    input: { include: ["all"] },
    result: "clusters[*]",
    wrap: "name",
    pages: EKS_PAGES,
  },
  details: [{
    as: "$cluster",
    of: "name",
    service: "eks",
    operation: "DescribeCluster",
    askFor: ([name = ""]) => ({ name }),
    none: ["ResourceNotFoundException"],
  }],
  id: "$cluster.cluster.name",
  properties: {
    tags: tags("$cluster.cluster.tags"),
    name: text("$cluster.cluster.name"),
    ctime: time("$cluster.cluster.createdAt"),
    arn: text("$cluster.cluster.arn"),
    version: text("$cluster.cluster.version"),
    endpoint: text("$cluster.cluster.endpoint"),
    cluster_role_arn: text("$cluster.cluster.roleArn"),
    cluster_resources_vpc_config: object(
      "$cluster.cluster.resourcesVpcConfig",
      vpcConfigResponse,
    ),
    cluster_kubernetes_network_config: object(
      "$cluster.cluster.kubernetesNetworkConfig",
      kubernetesNetworkConfigResponse,
    ),
    cluster_logging: object("$cluster.cluster.logging", logging),
    cluster_identity: object("$cluster.cluster.identity", identity),
    cluster_status: text("$cluster.cluster.status"),
    cluster_certificate_authority: text(
      "$cluster.cluster.certificateAuthority.data",
    ),
    cluster_client_request_token: text("$cluster.cluster.clientRequestToken"),
    cluster_platform_version: text("$cluster.cluster.platformVersion"),
    cluster_encryption_config: objects(
      "$cluster.cluster.encryptionConfig",
      encryptionConfig,
    ),
    cluster_connector_config: object(
      "$cluster.cluster.connectorConfig",
      connectorConfig,
    ),
  },
  edges: [
    {
      predecessor: "aws_iam_role",
      id: "$cluster.cluster.roleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_vpc",
      id: "$cluster.cluster.resourcesVpcConfig.vpcId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "$cluster.cluster.resourcesVpcConfig.subnetIds[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "$cluster.cluster.resourcesVpcConfig.securityGroupIds[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_kms_key",
      id: "$cluster.cluster.encryptionConfig[*].provider.keyArn",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    refuse: ({ $cluster }) =>
      (($cluster as Item)["cluster"] as Item)["deletionProtection"] === true
        ? "it is protected against deletion"
        : undefined,
    calls: [{
      service: "eks",
      operation: "DeleteCluster",
      input: (_, { id }) => ({ name: id }),
    }],
    going: { of: "$cluster.cluster.status", states: ["DELETING"] },
    gone: ["ResourceNotFoundException"],
    later: ["ResourceInUseException"],
    withinSeconds: 1800,
  },
  tagging: EKS_TAGGING,
};
