import { arnName } from "../../arn.ts";
import type {
  EdgeDeclaration,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
import {
  flag,
  object,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { parsePath, readFirst } from "../../path.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

const vpcPeeringConnectionOptionsDescription = valueKind(
  "aws_vpc_peering_connection_options_description",
  {
    allow_dns_resolution_from_remote_vpc: flag(
      "AllowDnsResolutionFromRemoteVpc",
    ),
    allow_egress_from_local_classic_link_to_remote_vpc: flag(
      "AllowEgressFromLocalClassicLinkToRemoteVpc",
    ),
    allow_egress_from_local_vpc_to_remote_classic_link: flag(
      "AllowEgressFromLocalVpcToRemoteClassicLink",
    ),
  },
);

const vpcPeeringConnectionVpcInfo = valueKind(
  "aws_vpc_peering_connection_vpc_info",
  {
    cidr_block: text("CidrBlock"),
    ipv6_cidr_block_set: texts("Ipv6CidrBlockSet[*].Ipv6CidrBlock"),
    cidr_block_set: texts("CidrBlockSet[*].CidrBlock"),
    owner_id: text("OwnerId"),
    peering_options: object(
      "PeeringOptions",
      vpcPeeringConnectionOptionsDescription,
    ),
    vpc_id: text("VpcId"),
    region: text("Region"),
  },
);

const vpcPeeringConnectionStateReason = valueKind(
  "aws_vpc_peering_connection_state_reason",
  {
    code: text("Code"),
    message: text("Message"),
  },
);

/** States that nothing leads out of; AWS shows them for a while. */
const OVER = ["deleted", "expired", "failed", "rejected"];

const CODE = parsePath("Status.Code");

function isOver(item: Item): boolean {
  return OVER.includes(String(readFirst(CODE, item)));
}

/** The VPC at one end, which may lie in another region or account. */
function withVpc(end: string): EdgeDeclaration {
  return {
    predecessor: "aws_vpc",
    id: {
      of: [`${end}.VpcId`],
      optional: [`${end}.OwnerId`, `${end}.Region`, "$partition"],
      read: (vpc, owner = "", region = "", partition = "") =>
        `arn:${partition}:ec2:${region}:${owner}:vpc/${vpc}`,
    },
    read: arnName,
    deletedFirst: (item) => isOver(item) ? undefined : "self",
  };
}

/** A connection between two VPCs. */
export const VPC_PEERING_CONNECTION: ResourceDeclaration = {
  kind: "aws_vpc_peering_connection",
  bases: ["peering_connection"],
  description: "A connection between two VPCs, of this account or another",
  list: {
    service: "ec2",
    operation: "DescribeVpcPeeringConnections",
    result: "VpcPeeringConnections[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("vpc-peering-connection-id"),
  id: "VpcPeeringConnectionId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    connection_accepter_vpc_info: object(
      "AccepterVpcInfo",
      vpcPeeringConnectionVpcInfo,
    ),
    connection_expiration_time: time("ExpirationTime"),
    connection_requester_vpc_info: object(
      "RequesterVpcInfo",
      vpcPeeringConnectionVpcInfo,
    ),
    peering_connection_status: object(
      "Status",
      vpcPeeringConnectionStateReason,
    ),
  },
  edges: [withVpc("RequesterVpcInfo"), withVpc("AccepterVpcInfo")],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteVpcPeeringConnection",
      input: (_item, { id }) => ({ VpcPeeringConnectionId: id }),
    }],
    isGone: isOver,
    gone: ["InvalidVpcPeeringConnectionID.NotFound"],
  },
  tagging: ec2Tagging(),
};
