import type { DetailCall, EdgeDeclaration } from "../../declaration.ts";
import { EC2_PAGES } from "./ec2_pages.ts";

/** A detail call for the internet gateway of the VPC at a path. */
export function gatewayOf(of: string): DetailCall {
  return {
    as: "$gateway",
    of,
    batch: 200,
    service: "ec2",
    operation: "DescribeInternetGateways",
    askFor: (values) => ({
      Filters: [{ Name: "attachment.vpc-id", Values: values }],
    }),
    result: "InternetGateways[*]",
    pages: EC2_PAGES,
    match: "Attachments[*].VpcId",
  };
}

/**
 * The edge to the internet gateway of what has something public at a path: the
 * gateway cannot be taken away before it.
 */
export function throughGateway(
  path: string,
  {
    isPublic = () => true,
    deletedFirst = "self",
  }: {
    readonly isPublic?: (value: string) => boolean;
    readonly deletedFirst?: EdgeDeclaration["deletedFirst"];
  } = {},
): EdgeDeclaration {
  return {
    successor: "aws_ec2_internet_gateway",
    id: {
      of: [path, "$gateway.InternetGatewayId"],
      read: (value = "", gateway) => isPublic(value) ? gateway : undefined,
    },
    deletedFirst,
  };
}

/** Whether the scheme of a load balancer makes it public. */
export function isInternetFacing(scheme: string): boolean {
  return scheme === "internet-facing";
}
