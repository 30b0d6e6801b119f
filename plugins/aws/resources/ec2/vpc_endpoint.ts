import type {
  DeletedFirst,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";

const dnsEntry = valueKind("aws_ec2_dns_entry", {
  dns_name: text("DnsName"),
  hosted_zone_id: text("HostedZoneId"),
});

const lastError = valueKind("aws_ec2_last_error", {
  message: text("Message"),
  code: text("Code"),
});

function isDeleted(item: Item): boolean {
  // AWS says "Available" and "deleted".
  return String(item["State"]).toLowerCase() === "deleted";
}

/** One that is deleted is still listed for a while, and holds nothing. */
function unlessDeleted(item: Item): DeletedFirst | undefined {
  return isDeleted(item) ? undefined : "self";
}

/** A private way from a VPC to a service. */
export const VPC_ENDPOINT: ResourceDeclaration = {
  kind: "aws_vpc_endpoint",
  bases: ["endpoint"],
  description: "A private way from a VPC to a service (VPC endpoint)",
  list: {
    service: "ec2",
    operation: "DescribeVpcEndpoints",
    result: "VpcEndpoints[*]",
    pages: EC2_PAGES,
  },
  id: "VpcEndpointId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    vpc_endpoint_type: text("VpcEndpointType"),
    endpoint_service_name: text("ServiceName"),
    endpoint_state: text("State"),
    endpoint_policy_document: text("PolicyDocument"),
    endpoint_ip_address_type: text("IpAddressType"),
    endpoint_dns_options: text("DnsOptions.DnsRecordIpType"),
    endpoint_private_dns_enabled: flag("PrivateDnsEnabled"),
    endpoint_requester_managed: flag("RequesterManaged"),
    endpoint_dns_entries: objects("DnsEntries", dnsEntry),
    endpoint_creation_timestamp: time("CreationTimestamp"),
    endpoint_owner_id: text("OwnerId"),
    endpoint_last_error: object("LastError", lastError),
    ctime: time("CreationTimestamp"),
  },
  edges: [
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: unlessDeleted },
    {
      predecessor: "aws_ec2_route_table",
      id: "RouteTableIds[*]",
      deletedFirst: unlessDeleted,
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "SubnetIds[*]",
      deletedFirst: unlessDeleted,
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "Groups[*].GroupId",
      deletedFirst: unlessDeleted,
    },
    {
      successor: "aws_ec2_network_interface",
      id: "NetworkInterfaceIds[*]",
      deletedFirst: unlessDeleted,
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteVpcEndpoints",
      input: (_item, { id }) => ({ VpcEndpointIds: [id] }),
    }],
    refuse: (item) =>
      item["RequesterManaged"] === true
        ? "a service of AWS manages it"
        : undefined,
    isGone: isDeleted,
    going: { of: "State", states: ["deleting"] },
    gone: ["InvalidVpcEndpoint.NotFound", "InvalidVpcEndpointId.NotFound"],
    withinSeconds: 600,
  },
  tagging: ec2Tagging(),
};
