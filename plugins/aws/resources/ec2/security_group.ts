import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, objects, tags, text, valueKind } from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";

const ipRange = valueKind("aws_ec2_ip_range", {
  cidr_ip: text("CidrIp"),
  description: text("Description"),
});

const ipv6Range = valueKind("aws_ec2_ipv6_range", {
  cidr_ipv6: text("CidrIpv6"),
  description: text("Description"),
});

const prefixListId = valueKind("aws_ec2_prefix_list_id", {
  description: text("Description"),
  prefix_list_id: text("PrefixListId"),
});

const userIdGroupPair = valueKind("aws_ec2_user_id_group_pair", {
  description: text("Description"),
  group_id: text("GroupId"),
  group_name: text("GroupName"),
  peering_status: text("PeeringStatus"),
  user_id: text("UserId"),
  vpc_id: text("VpcId"),
  vpc_peering_connection_id: text("VpcPeeringConnectionId"),
});

const ipPermission = valueKind("aws_ec2_ip_permission", {
  from_port: integer("FromPort"),
  ip_protocol: text("IpProtocol"),
  ip_ranges: objects("IpRanges", ipRange),
  ipv6_ranges: objects("Ipv6Ranges", ipv6Range),
  prefix_list_ids: objects("PrefixListIds", prefixListId),
  to_port: integer("ToPort"),
  user_id_group_pairs: objects("UserIdGroupPairs", userIdGroupPair),
});

/** A security group of a VPC. */
export const SECURITY_GROUP: ResourceDeclaration = {
  kind: "aws_ec2_security_group",
  bases: ["security_group"],
  description: "A set of firewall rules (security group)",
  list: {
    service: "ec2",
    operation: "DescribeSecurityGroups",
    result: "SecurityGroups[*]",
    pages: EC2_PAGES,
  },
  id: "GroupId",
  properties: {
    tags: tags("Tags"),
    name: text("GroupName"),
    description: text("Description"),
    group_ip_permissions: objects("IpPermissions", ipPermission),
    group_ip_permissions_egress: objects("IpPermissionsEgress", ipPermission),
  },
  edges: [{ predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" }],
};
