import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  present,
  tags,
  text,
  texts,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { sharedBy } from "./shared_by.ts";
import { onlyOne } from "./only_one.ts";
import { boundedBy, QUOTA_OF_VPCS } from "../quotas/quota_of.ts";

const vpcCidrBlockState = valueKind("aws_vpc_cidr_block_state", {
  state: text("State"),
  status_message: text("StatusMessage"),
});

const vpcCidrBlockAssociation = valueKind("aws_vpc_cidr_block_association", {
  association_id: text("AssociationId"),
  cidr_block: text("CidrBlock"),
  cidr_block_state: object("CidrBlockState", vpcCidrBlockState),
});

const vpcIpv6CidrBlockAssociation = valueKind(
  "aws_vpc_ipv6_cidr_block_association",
  {
    association_id: text("AssociationId"),
    ipv6_cidr_block: text("Ipv6CidrBlock"),
    ipv6_cidr_block_state: object("Ipv6CidrBlockState", vpcCidrBlockState),
    network_border_group: text("NetworkBorderGroup"),
    ipv6_pool: text("Ipv6Pool"),
  },
);

/** A virtual network. */
export const VPC: ResourceDeclaration = {
  kind: "aws_vpc",
  bases: ["network"],
  description: "A virtual network (VPC)",
  list: {
    service: "ec2",
    operation: "DescribeVpcs",
    result: "Vpcs[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("vpc-id"),
  details: [{
    as: "$interface",
    of: "VpcId",
    service: "ec2",
    operation: "DescribeNetworkInterfaces",
    askFor: (values) => ({ Filters: [{ Name: "vpc-id", Values: values }] }),
    result: "NetworkInterfaces[*]",
    // One is enough to know that the VPC is in use.
    pages: { ...EC2_PAGES, size: ["MaxResults", 5] },
  }],
  id: "VpcId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    vpc_cidr_block: text("CidrBlock"),
    vpc_dhcp_options_id: text("DhcpOptionsId"),
    vpc_state: text("State"),
    vpc_instance_tenancy: text("InstanceTenancy"),
    vpc_ipv6_cidr_block_association_set: objects(
      "Ipv6CidrBlockAssociationSet",
      vpcIpv6CidrBlockAssociation,
    ),
    vpc_cidr_block_association_set: objects(
      "CidrBlockAssociationSet",
      vpcCidrBlockAssociation,
    ),
    vpc_is_default: flag("IsDefault"),
    cidr_blocks: texts("CidrBlockAssociationSet[*].CidrBlock"),
    vpc_in_use: present("$interface.NetworkInterfaceId"),
  },
  edges: [
    boundedBy("VpcId", () => QUOTA_OF_VPCS),
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteVpc",
      input: (_item, { id }) => ({ VpcId: id }),
    }],
    refuse: (item) =>
      item["IsDefault"] === true
        ? "it is the default VPC of its region"
        : sharedBy(item),
    gone: ["InvalidVpcID.NotFound"],
    later: ["DependencyViolation"],
    withinSeconds: 300,
    follows: {
      vpc_in_use: "any",
    },
  },
  tagging: ec2Tagging(),
};
