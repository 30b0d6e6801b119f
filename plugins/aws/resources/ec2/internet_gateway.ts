import type { ResourceDeclaration } from "../../declaration.ts";
import { objects, tags, text, valueKind } from "../../property.ts";
import { parsePath, readAll } from "../../path.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

const internetGatewayAttachment = valueKind(
  "aws_ec2_internet_gateway_attachment",
  {
    state: text("State"),
    vpc_id: text("VpcId"),
  },
);

const VPCS = parsePath("Attachments[*].VpcId");

/** A gateway between a VPC and the internet. */
export const INTERNET_GATEWAY: ResourceDeclaration = {
  kind: "aws_ec2_internet_gateway",
  bases: ["gateway"],
  description: "A gateway between a VPC and the internet",
  list: {
    service: "ec2",
    operation: "DescribeInternetGateways",
    result: "InternetGateways[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("internet-gateway-id"),
  id: "InternetGatewayId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    gateway_attachments: objects("Attachments", internetGatewayAttachment),
  },
  edges: [{
    predecessor: "aws_vpc",
    id: "Attachments[*].VpcId",
    deletedFirst: "self",
  }],
  remove: {
    calls: [
      {
        service: "ec2",
        operation: "DetachInternetGateway",
        input: (item, { id }) =>
          readAll(VPCS, item).map((vpc) => ({
            InternetGatewayId: id,
            VpcId: String(vpc),
          })),
        done: ["Gateway.NotAttached"],
      },
      {
        service: "ec2",
        operation: "DeleteInternetGateway",
        input: (_item, { id }) => ({ InternetGatewayId: id }),
      },
    ],
    // Its first calls take these away.
    follows: { gateway_attachments: "less" },
    gone: ["InvalidInternetGatewayID.NotFound"],
    // Public addresses are let go minutes after what had them.
    later: ["DependencyViolation"],
    withinSeconds: 900,
  },
  tagging: ec2Tagging(),
};
