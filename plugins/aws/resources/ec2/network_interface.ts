import type {
  DeletedFirst,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
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
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { goesWithOwner, isManaged } from "./interface_owner.ts";
import { onlyOne } from "./only_one.ts";
import { sharedBy } from "./shared_by.ts";
import { gatewayOf, throughGateway } from "./public_gateway.ts";
import { groupIdentifier } from "./shared_values.ts";

const networkInterfaceAssociation = valueKind(
  "aws_ec2_network_interface_association",
  {
    allocation_id: text("AllocationId"),
    association_id: text("AssociationId"),
    public_dns_name: text("PublicDnsName"),
    public_ip: text("PublicIp"),
    customer_owned_ip: text("CustomerOwnedIp"),
    carrier_ip: text("CarrierIp"),
  },
);

const networkInterfaceAttachment = valueKind(
  "aws_ec2_network_interface_attachment",
  {
    attach_time: time("AttachTime"),
    attachment_id: text("AttachmentId"),
    delete_on_termination: flag("DeleteOnTermination"),
    device_index: integer("DeviceIndex"),
    network_card_index: integer("NetworkCardIndex"),
    instance_id: text("InstanceId"),
    status: text("Status"),
  },
);

const networkInterfacePrivateIpAddress = valueKind(
  "aws_ec2_network_interface_private_ip_address",
  {
    association: object("Association", networkInterfaceAssociation),
    primary: flag("Primary"),
    private_dns_name: text("PrivateDnsName"),
    private_ip_address: text("PrivateIpAddress"),
  },
);

const tag = valueKind("aws_ec2_tag", {
  key: text("Key"),
  value: text("Value"),
});

/** What goes by itself holds up nothing. */
function unlessOwned(item: Item): DeletedFirst | undefined {
  return goesWithOwner(item) ? undefined : "self";
}

/** A network interface, attached or not. */
export const NETWORK_INTERFACE: ResourceDeclaration = {
  kind: "aws_ec2_network_interface",
  bases: ["network_interface"],
  description: "A network interface of a VPC, attached to an instance or not",
  list: {
    service: "ec2",
    operation: "DescribeNetworkInterfaces",
    result: "NetworkInterfaces[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("network-interface-id"),
  details: [gatewayOf("VpcId")],
  id: "NetworkInterfaceId",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("TagSet"),
    name: text("TagSet[Name]"),
    network_interface_type: text("InterfaceType"),
    network_interface_status: text("Status"),
    private_ips: texts("PrivateIpAddresses[*].PrivateIpAddress"),
    public_ips: texts("PrivateIpAddresses[*].Association.PublicIp"),
    mac: text("MacAddress"),
    v6_ips: texts("Ipv6Addresses[*].Ipv6Address"),
    description: text("Description"),
    nic_association: object("Association", networkInterfaceAssociation),
    nic_attachment: object("Attachment", networkInterfaceAttachment),
    nic_availability_zone: text("AvailabilityZone"),
    nic_groups: unordered(objects("Groups", groupIdentifier)),
    nic_outpost_arn: text("OutpostArn"),
    nic_private_dns_name: text("PrivateDnsName"),
    nic_private_ip_address: text("PrivateIpAddress"),
    nic_private_ip_addresses: objects(
      "PrivateIpAddresses",
      networkInterfacePrivateIpAddress,
    ),
    nic_ipv4_prefixes: texts("Ipv4Prefixes[*].Ipv4Prefix"),
    nic_ipv6_prefixes: texts("Ipv6Prefixes[*].Ipv6Prefix"),
    nic_requester_id: text("RequesterId"),
    nic_requester_managed: flag("RequesterManaged"),
    nic_source_dest_check: flag("SourceDestCheck"),
    nic_subnet_id: text("SubnetId"),
    nic_tag_set: unordered(objects("TagSet", tag)),
    nic_deny_all_igw_traffic: flag("DenyAllIgwTraffic"),
    nic_ipv6_native: flag("Ipv6Native"),
    nic_ipv6_address: text("Ipv6Address"),
  },
  edges: [
    throughGateway("Association.PublicIp", { deletedFirst: unlessOwned }),
    {
      predecessor: "aws_vpc",
      id: "VpcId",
      // One that a service made can only wait for all of it to go.
      deletedFirst: (item) => isManaged(item) ? "other" : unlessOwned(item),
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "SubnetId",
      deletedFirst: unlessOwned,
    },
    {
      predecessor: "aws_ec2_instance",
      id: "Attachment.InstanceId",
      deletedFirst: "other",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "Groups[*].GroupId",
      deletedFirst: unlessOwned,
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteNetworkInterface",
      input: (_item, { id }) => ({ NetworkInterfaceId: id }),
    }],
    refuse: (item) =>
      isManaged(item)
        ? `${item["RequesterId"] ?? item["InterfaceType"]} of AWS manages it`
        : sharedBy(item),
    gone: ["InvalidNetworkInterfaceID.NotFound"],
    // Until the instance that it was attached to has let go of it.
    later: ["InvalidNetworkInterface.InUse"],
    withinSeconds: 300,
    follows: {
      network_interface_status: "any",
      nic_association: "less",
      nic_attachment: "less",
      nic_private_ip_addresses: "less",
      public_ips: "less",
    },
  },
  tagging: ec2Tagging(),
};
