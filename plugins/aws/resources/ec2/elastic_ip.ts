import type { Item, ResourceDeclaration } from "../../declaration.ts";
import { constant, tags, text } from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { goesWithOwner } from "./interface_owner.ts";
import { onlyOne } from "./only_one.ts";

/** A public address that an account keeps. */
export const ELASTIC_IP: ResourceDeclaration = {
  kind: "aws_ec2_elastic_ip",
  bases: ["ip_address"],
  description: "A public IP address that the account keeps",
  list: {
    service: "ec2",
    operation: "DescribeAddresses",
    result: "Addresses[*]",
  },
  one: onlyOne("public-ip"),
  details: [{
    as: "$interface",
    of: "NetworkInterfaceId",
    batch: 200,
    service: "ec2",
    operation: "DescribeNetworkInterfaces",
    askFor: (values) => ({
      Filters: [{ Name: "network-interface-id", Values: values }],
    }),
    result: "NetworkInterfaces[*]",
    pages: EC2_PAGES,
    match: "NetworkInterfaceId",
  }],
  id: "PublicIp",
  properties: {
    tags: tags("Tags"),
    name: text("InstanceId", "Tags[Name]", "NetworkInterfaceId"),
    ip_address: text("PublicIp", "PrivateIpAddress"),
    ip_address_family: constant("ipv4"),
    private_ip_address: text("PrivateIpAddress"),
    public_ip: text("PublicIp"),
    ip_allocation_id: text("AllocationId"),
    ip_association_id: text("AssociationId"),
    ip_domain: text("Domain"),
    ip_network_interface_id: text("NetworkInterfaceId"),
    ip_network_interface_type: text("$interface.InterfaceType"),
    ip_public_ipv4_pool: text("PublicIpv4Pool"),
    ip_network_border_group: text("NetworkBorderGroup"),
    ip_customer_owned_ip: text("CustomerOwnedIp"),
    ip_customer_owned_ipv4_pool: text("CustomerOwnedIpv4Pool"),
    ip_carrier_ip: text("CarrierIp"),
  },
  edges: [
    {
      predecessor: "aws_ec2_instance",
      id: "InstanceId",
      deletedFirst: "other",
    },
    {
      predecessor: "aws_ec2_network_interface",
      id: "NetworkInterfaceId",
      // The one of a NAT gateway or a load balancer goes with it.
      deletedFirst: (item) =>
        goesWithOwner(item["$interface"] as Item | undefined)
          ? undefined
          : "other",
    },
  ],
  remove: {
    calls: [
      {
        service: "ec2",
        operation: "DisassociateAddress",
        input: ({ AssociationId }) =>
          typeof AssociationId === "string" ? { AssociationId } : undefined,
        done: ["InvalidAssociationID.NotFound"],
      },
      {
        service: "ec2",
        operation: "ReleaseAddress",
        input: ({ AllocationId }, { id }) =>
          typeof AllocationId === "string" ? { AllocationId } : {
            PublicIp: id,
          },
      },
    ],
    refuse: ({ ServiceManaged: service }) =>
      typeof service === "string" ? `${service} of AWS manages it` : undefined,
    gone: ["InvalidAddress.NotFound", "InvalidAllocationID.NotFound"],
    later: ["InvalidIPAddress.InUse"],
    withinSeconds: 300,
    follows: {
      ip_association_id: "less",
      ip_network_interface_id: "less",
      ip_network_interface_type: "less",
      name: "any",
      private_ip_address: "less",
    },
  },
  tagging: ec2Tagging(({ id, reported }) =>
    String(reported["ip_allocation_id"] ?? id)
  ),
};
