import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  valueKind,
  volatile,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { sharedBy } from "./shared_by.ts";
import { onlyOne } from "./only_one.ts";

const privateDnsNameOptionsOnLaunch = valueKind(
  "aws_ec2_private_dns_name_options_on_launch",
  {
    hostname_type: text("HostnameType"),
    enable_resource_name_dns_a_record: flag("EnableResourceNameDnsARecord"),
    enable_resource_name_dns_aaaa_record: flag(
      "EnableResourceNameDnsAAAARecord",
    ),
  },
);

const subnetCidrBlockState = valueKind("aws_ec2_subnet_cidr_block_state", {
  state: text("State"),
  status_message: text("StatusMessage"),
});

const subnetIpv6CidrBlockAssociation = valueKind(
  "aws_ec2_subnet_ipv6_cidr_block_association",
  {
    association_id: text("AssociationId"),
    ipv6_cidr_block: text("Ipv6CidrBlock"),
    ipv6_cidr_block_state: object("Ipv6CidrBlockState", subnetCidrBlockState),
  },
);

/** A subnet of a VPC. */
export const SUBNET: ResourceDeclaration = {
  kind: "aws_ec2_subnet",
  bases: ["subnet"],
  description: "A subnet of a VPC",
  list: {
    service: "ec2",
    operation: "DescribeSubnets",
    result: "Subnets[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("subnet-id"),
  id: "SubnetId",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    subnet_availability_zone: text("AvailabilityZone"),
    subnet_availability_zone_id: text("AvailabilityZoneId"),
    subnet_available_ip_address_count: volatile(
      integer("AvailableIpAddressCount"),
    ),
    subnet_cidr_block: text("CidrBlock"),
    subnet_default_for_az: flag("DefaultForAz"),
    subnet_enable_lni_at_device_index: integer("EnableLniAtDeviceIndex"),
    subnet_map_public_ip_on_launch: flag("MapPublicIpOnLaunch"),
    subnet_map_customer_owned_ip_on_launch: flag("MapCustomerOwnedIpOnLaunch"),
    subnet_customer_owned_ipv4_pool: text("CustomerOwnedIpv4Pool"),
    subnet_state: text("State"),
    subnet_assign_ipv6_address_on_creation: flag("AssignIpv6AddressOnCreation"),
    subnet_ipv6_cidr_block_association_set: objects(
      "Ipv6CidrBlockAssociationSet",
      subnetIpv6CidrBlockAssociation,
    ),
    arn: text("SubnetArn"),
    subnet_outpost_arn: text("OutpostArn"),
    subnet_enable_dns64: flag("EnableDns64"),
    subnet_ipv6_native: flag("Ipv6Native"),
    subnet_private_dns_name_options_on_launch: object(
      "PrivateDnsNameOptionsOnLaunch",
      privateDnsNameOptionsOnLaunch,
    ),
    cidr_block: text("CidrBlock"),
  },
  edges: [{ predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" }],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteSubnet",
      input: (_item, { id }) => ({ SubnetId: id }),
    }],
    refuse: sharedBy,
    gone: ["InvalidSubnetID.NotFound"],
    // Interfaces that services of AWS leave behind go minutes later.
    later: ["DependencyViolation"],
    withinSeconds: 600,
  },
  tagging: ec2Tagging(),
};
