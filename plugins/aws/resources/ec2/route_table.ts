import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  tags,
  text,
  texts,
  unordered,
  valueKind,
} from "../../property.ts";
import { parsePath, readAll } from "../../path.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { sharedBy } from "./shared_by.ts";
import { onlyOne } from "./only_one.ts";

const routeTableAssociationState = valueKind(
  "aws_ec2_route_table_association_state",
  {
    state: text("State"),
    status_message: text("StatusMessage"),
  },
);

const routeTableAssociation = valueKind("aws_ec2_route_table_association", {
  main: flag("Main"),
  route_table_association_id: text("RouteTableAssociationId"),
  route_table_id: text("RouteTableId"),
  subnet_id: text("SubnetId"),
  gateway_id: text("GatewayId"),
  association_state: object("AssociationState", routeTableAssociationState),
});

const route = valueKind("aws_ec2_route", {
  destination_cidr_block: text("DestinationCidrBlock"),
  destination_ipv6_cidr_block: text("DestinationIpv6CidrBlock"),
  destination_prefix_list_id: text("DestinationPrefixListId"),
  egress_only_internet_gateway_id: text("EgressOnlyInternetGatewayId"),
  gateway_id: text("GatewayId"),
  instance_id: text("InstanceId"),
  instance_owner_id: text("InstanceOwnerId"),
  nat_gateway_id: text("NatGatewayId"),
  transit_gateway_id: text("TransitGatewayId"),
  local_gateway_id: text("LocalGatewayId"),
  carrier_gateway_id: text("CarrierGatewayId"),
  network_interface_id: text("NetworkInterfaceId"),
  origin: text("Origin"),
  state: text("State"),
  vpc_peering_connection_id: text("VpcPeeringConnectionId"),
  core_network_arn: text("CoreNetworkArn"),
});

const MAIN = parsePath("Associations[*].Main");
const ASSOCIATIONS = parsePath("Associations[*].RouteTableAssociationId");

function isMain(item: Item): boolean {
  return readAll(MAIN, item).includes(true);
}

/** Ids of other gateways, and the word for the VPC itself, are no edge. */
function internetGateway(id: string): string | undefined {
  return id.startsWith("igw-") ? id : undefined;
}

/** A route table of a VPC. */
export const ROUTE_TABLE: ResourceDeclaration = {
  kind: "aws_ec2_route_table",
  bases: ["routing_table"],
  description: "A route table of a VPC",
  list: {
    service: "ec2",
    operation: "DescribeRouteTables",
    result: "RouteTables[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("route-table-id"),
  id: "RouteTableId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    route_table_associations: unordered(
      objects("Associations", routeTableAssociation),
    ),
    route_table_propagating_vgws: texts("PropagatingVgws[*].GatewayId"),
    route_table_routes: unordered(objects("Routes", route)),
    owner_id: text("OwnerId"),
  },
  edges: [
    {
      predecessor: "aws_vpc",
      id: "VpcId",
      // The main one goes with its VPC, and not before.
      deletedFirst: (item) => isMain(item) ? "other" : "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "Associations[*].SubnetId",
      deletedFirst: (item) => isMain(item) ? undefined : "other",
    },
    { successor: "aws_ec2_nat_gateway", id: "Routes[*].NatGatewayId" },
    {
      successor: "aws_ec2_internet_gateway",
      id: "Routes[*].GatewayId",
      read: internetGateway,
    },
    {
      successor: "aws_vpc_peering_connection",
      id: "Routes[*].VpcPeeringConnectionId",
    },
  ],
  remove: {
    calls: [
      {
        service: "ec2",
        operation: "DisassociateRouteTable",
        input: (item) =>
          readAll(ASSOCIATIONS, item).map((id) => ({
            AssociationId: String(id),
          })),
        done: ["InvalidAssociationID.NotFound"],
      },
      {
        service: "ec2",
        operation: "DeleteRouteTable",
        input: (_item, { id }) => ({ RouteTableId: id }),
      },
    ],
    refuse: (item) =>
      isMain(item)
        ? "it is the main route table of its VPC, which goes with it"
        : sharedBy(item),
    gone: ["InvalidRouteTableID.NotFound"],
    later: ["DependencyViolation"],
    follows: {
      route_table_associations: "less",
      route_table_routes: "any",
    },
  },
  tagging: ec2Tagging(),
};
