import type { ResourceDeclaration } from "../../declaration.ts";
import { ofService } from "../../arn.ts";
import {
  choice,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import {
  gatewayOf,
  isInternetFacing,
  throughGateway,
} from "../ec2/public_gateway.ts";
import { ELBV2_TAGGING, elbv2Tags } from "./elbv2_tags.ts";
import { listener } from "./listener.ts";
import { boundedBy, quotaOfLoadBalancer } from "../quotas/quota_of.ts";

const loadBalancerState = valueKind("aws_alb_load_balancer_state", {
  code: text("Code"),
  reason: text("Reason"),
});

const loadBalancerAddress = valueKind("aws_alb_load_balancer_address", {
  ip_address: text("IpAddress"),
  allocation_id: text("AllocationId"),
  private_i_pv4_address: text("PrivateIPv4Address"),
  i_pv6_address: text("IPv6Address"),
});

const availabilityZone = valueKind("aws_alb_availability_zone", {
  zone_name: text("ZoneName"),
  subnet_id: text("SubnetId"),
  outpost_id: text("OutpostId"),
  load_balancer_addresses: objects(
    "LoadBalancerAddresses",
    loadBalancerAddress,
  ),
});

/** Our words for the types of load balancers. */
const TYPES = { application: "alb", gateway: "gwlb", network: "nlb" };

/** Codes that say that there is no such load balancer. */
const NOT_FOUND = ["LoadBalancerNotFound", "LoadBalancerNotFoundException"];

/** A load balancer for applications, networks or gateways. */
export const LOAD_BALANCER: ResourceDeclaration = {
  kind: "aws_alb",
  bases: ["load_balancer"],
  description: "A load balancer for applications, networks or gateways",
  list: {
    service: "elbv2",
    operation: "DescribeLoadBalancers",
    result: "LoadBalancers[*]",
    pages: { input: "Marker", output: "NextMarker" },
  },
  one: ({ id }) => ({ LoadBalancerArns: [id] }),
  details: [
    gatewayOf("VpcId"),
    elbv2Tags("LoadBalancerArn"),
    {
      as: "$listeners",
      of: "LoadBalancerArn",
      service: "elbv2",
      operation: "DescribeListeners",
      askFor: ([arn = ""]) => ({ LoadBalancerArn: arn }),
      result: "Listeners[*]",
      pages: { input: "Marker", output: "NextMarker" },
      many: true,
      none: NOT_FOUND,
    },
  ],
  id: "LoadBalancerArn",
  properties: {
    name: text("LoadBalancerName"),
    ctime: time("CreatedTime"),
    arn: text("LoadBalancerArn"),
    public_ip_address: text(
      "AvailabilityZones[*].LoadBalancerAddresses[*].IpAddress",
    ),
    alb_dns_name: text("DNSName"),
    alb_canonical_hosted_zone_id: text("CanonicalHostedZoneId"),
    alb_scheme: text("Scheme"),
    alb_state: object("State", loadBalancerState),
    alb_type: text("Type"),
    lb_type: choice("string", "Type", TYPES, "alb"),
    alb_availability_zones: unordered(
      objects("AvailabilityZones", availabilityZone),
    ),
    alb_security_groups: unordered(texts("SecurityGroups[*]")),
    alb_ip_address_type: text("IpAddressType"),
    alb_customer_owned_ipv4_pool: text("CustomerOwnedIpv4Pool"),
    tags: tags("$tags.Tags"),
    alb_listener: unordered(objects("$listeners", listener)),
  },
  edges: [
    throughGateway("Scheme", { isPublic: isInternetFacing }),
    boundedBy("Type", quotaOfLoadBalancer),
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_subnet",
      id: "AvailabilityZones[*].SubnetId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "SecurityGroups[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_acm_certificate",
      id: "$listeners[*].Certificates[*].CertificateArn",
      read: ofService("acm"),
      deletedFirst: "self",
    },
    {
      successor: "aws_iam_server_certificate",
      id: "$listeners[*].Certificates[*].CertificateArn",
      read: ofService("iam"),
      deletedFirst: "self",
    },
    {
      successor: "aws_ec2_elastic_ip",
      id: "AvailabilityZones[*].LoadBalancerAddresses[*].IpAddress",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "elbv2",
      operation: "DeleteLoadBalancer",
      input: (_item, { id }) => ({ LoadBalancerArn: id }),
    }],
    gone: NOT_FOUND,
    withinSeconds: 300,
  },
  tagging: ELBV2_TAGGING,
};
