import type {
  DeletedFirst,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
import {
  object,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";
import { gatewayOf, throughGateway } from "./public_gateway.ts";

const natGatewayAddress = valueKind("aws_ec2_nat_gateway_address", {
  allocation_id: text("AllocationId"),
  network_interface_id: text("NetworkInterfaceId"),
  private_ip: text("PrivateIp"),
  public_ip: text("PublicIp"),
});

const provisionedBandwidth = valueKind("aws_ec2_provisioned_bandwidth", {
  provision_time: time("ProvisionTime"),
  provisioned: text("Provisioned"),
  request_time: time("RequestTime"),
  requested: text("Requested"),
  status: text("Status"),
});

function isDeleted(item: Item): boolean {
  return item["State"] === "deleted";
}

/** One that is deleted is still listed for an hour, and holds nothing. */
function unlessDeleted(item: Item): DeletedFirst | undefined {
  return isDeleted(item) ? undefined : "self";
}

/** A gateway that lets private addresses reach out. */
export const NAT_GATEWAY: ResourceDeclaration = {
  kind: "aws_ec2_nat_gateway",
  bases: ["gateway"],
  description: "A gateway that lets private addresses reach out (NAT)",
  list: {
    service: "ec2",
    operation: "DescribeNatGateways",
    result: "NatGateways[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("nat-gateway-id", "Filter"),
  details: [gatewayOf("VpcId")],
  id: "NatGatewayId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    ctime: time("CreateTime"),
    nat_delete_time: time("DeleteTime"),
    nat_failure_code: text("FailureCode"),
    nat_failure_message: text("FailureMessage"),
    nat_gateway_addresses: objects("NatGatewayAddresses", natGatewayAddress),
    nat_provisioned_bandwidth: object(
      "ProvisionedBandwidth",
      provisionedBandwidth,
    ),
    nat_state: text("State"),
    nat_connectivity_type: text("ConnectivityType"),
  },
  edges: [
    throughGateway("NatGatewayAddresses[*].PublicIp", {
      deletedFirst: unlessDeleted,
    }),
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: unlessDeleted },
    {
      predecessor: "aws_ec2_subnet",
      id: "SubnetId",
      deletedFirst: unlessDeleted,
    },
    {
      successor: "aws_ec2_network_interface",
      id: "NatGatewayAddresses[*].NetworkInterfaceId",
      deletedFirst: unlessDeleted,
    },
    {
      successor: "aws_ec2_elastic_ip",
      id: "NatGatewayAddresses[*].PublicIp",
      deletedFirst: unlessDeleted,
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteNatGateway",
      input: (_item, { id }) => ({ NatGatewayId: id }),
    }],
    isGone: isDeleted,
    going: { of: "State", states: ["deleting"] },
    gone: ["InvalidNatGatewayID.NotFound", "NatGatewayNotFound"],
    withinSeconds: 600,
  },
  tagging: ec2Tagging(),
};
