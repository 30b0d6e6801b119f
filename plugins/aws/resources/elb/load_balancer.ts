import type { ResourceDeclaration } from "../../declaration.ts";
import { ofService } from "../../arn.ts";
import {
  constant,
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
import {
  gatewayOf,
  isInternetFacing,
  throughGateway,
} from "../ec2/public_gateway.ts";
import {
  boundedBy,
  QUOTA_OF_CLASSIC_LOAD_BALANCERS,
} from "../quotas/quota_of.ts";

const listener = valueKind("aws_elb_listener", {
  protocol: text("Protocol"),
  load_balancer_port: integer("LoadBalancerPort"),
  instance_protocol: text("InstanceProtocol"),
  instance_port: integer("InstancePort"),
  ssl_certificate_id: text("SSLCertificateId"),
});

const listenerDescription = valueKind("aws_elb_listener_description", {
  listener: object("Listener", listener),
  policy_names: texts("PolicyNames[*]"),
});

const appCookieStickinessPolicy = valueKind(
  "aws_elb_app_cookie_stickiness_policy",
  {
    policy_name: text("PolicyName"),
    cookie_name: text("CookieName"),
  },
);

const lbCookieStickinessPolicy = valueKind(
  "aws_elb_lb_cookie_stickiness_policy",
  {
    policy_name: text("PolicyName"),
    cookie_expiration_period: integer("CookieExpirationPeriod"),
  },
);

const policies = valueKind("aws_elb_policies", {
  app_cookie_stickiness_policies: objects(
    "AppCookieStickinessPolicies",
    appCookieStickinessPolicy,
  ),
  lb_cookie_stickiness_policies: objects(
    "LBCookieStickinessPolicies",
    lbCookieStickinessPolicy,
  ),
  other_policies: texts("OtherPolicies[*]"),
});

const backendServerDescription = valueKind(
  "aws_elb_backend_server_description",
  {
    instance_port: integer("InstancePort"),
    policy_names: texts("PolicyNames[*]"),
  },
);

const healthCheck = valueKind("aws_elb_health_check", {
  target: text("Target"),
  interval: integer("Interval"),
  timeout: integer("Timeout"),
  unhealthy_threshold: integer("UnhealthyThreshold"),
  healthy_threshold: integer("HealthyThreshold"),
});

const sourceSecurityGroup = valueKind("aws_elb_source_security_group", {
  owner_alias: text("OwnerAlias"),
  group_name: text("GroupName"),
});

const accessLog = valueKind("aws_elb_access_log", {
  enabled: flag("Enabled"),
  s3_bucket_name: text("S3BucketName"),
  emit_interval: integer("EmitInterval"),
  s3_bucket_prefix: text("S3BucketPrefix"),
});

const connectionDraining = valueKind("aws_elb_connection_draining", {
  enabled: flag("Enabled"),
  timeout: integer("Timeout"),
});

const additionalAttribute = valueKind("aws_elb_additional_attribute", {
  key: text("Key"),
  value: text("Value"),
});

const loadBalancerAttributes = valueKind("aws_elb_load_balancer_attributes", {
  cross_zone_load_balancing: flag("CrossZoneLoadBalancing.Enabled"),
  access_log: object("AccessLog", accessLog),
  connection_draining: object("ConnectionDraining", connectionDraining),
  connection_settings: integer("ConnectionSettings.IdleTimeout"),
  additional_attributes: objects("AdditionalAttributes", additionalAttribute),
});

/** Codes that say that there is no such load balancer. */
const NOT_FOUND = ["AccessPointNotFoundException", "LoadBalancerNotFound"];

/** A classic load balancer. */
export const CLASSIC_LOAD_BALANCER: ResourceDeclaration = {
  kind: "aws_elb",
  bases: ["load_balancer"],
  description: "A load balancer of the first kind (classic)",
  list: {
    service: "elb",
    operation: "DescribeLoadBalancers",
    result: "LoadBalancerDescriptions[*]",
    pages: { input: "Marker", output: "NextMarker" },
  },
  one: ({ id }) => ({ LoadBalancerNames: [id] }),
  details: [
    gatewayOf("VPCId"),
    {
      as: "$tags",
      of: "LoadBalancerName",
      batch: 20,
      service: "elb",
      operation: "DescribeTags",
      askFor: (values) => ({ LoadBalancerNames: values }),
      result: "TagDescriptions[*]",
      match: "LoadBalancerName",
      // Others of its batch are asked for one by one then.
      none: NOT_FOUND,
    },
    {
      as: "$attributes",
      of: "LoadBalancerName",
      service: "elb",
      operation: "DescribeLoadBalancerAttributes",
      askFor: ([name = ""]) => ({ LoadBalancerName: name }),
      none: NOT_FOUND,
    },
  ],
  id: "LoadBalancerName",
  properties: {
    name: text("LoadBalancerName"),
    lb_type: constant("elb"),
    ctime: time("CreatedTime"),
    backends: unordered(texts("Instances[*].InstanceId")),
    elb_canonical_hosted_zone_name: text("CanonicalHostedZoneName"),
    elb_canonical_hosted_zone_name_id: text("CanonicalHostedZoneNameID"),
    elb_listener_descriptions: unordered(
      objects("ListenerDescriptions", listenerDescription),
    ),
    elb_policies: object("Policies", policies),
    elb_backend_server_descriptions: objects(
      "BackendServerDescriptions",
      backendServerDescription,
    ),
    elb_availability_zones: unordered(texts("AvailabilityZones[*]")),
    elb_health_check: object("HealthCheck", healthCheck),
    elb_source_security_group: object(
      "SourceSecurityGroup",
      sourceSecurityGroup,
    ),
    scheme: text("Scheme"),
    tags: tags("$tags.Tags"),
    elb_attributes: object(
      "$attributes.LoadBalancerAttributes",
      loadBalancerAttributes,
    ),
    elb_dns_name: text("DNSName"),
  },
  edges: [
    throughGateway("Scheme", { isPublic: isInternetFacing }),
    boundedBy("LoadBalancerName", () => QUOTA_OF_CLASSIC_LOAD_BALANCERS),
    { predecessor: "aws_vpc", id: "VPCId", deletedFirst: "self" },
    { predecessor: "aws_ec2_subnet", id: "Subnets[*]", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_security_group",
      id: "SecurityGroups[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_ec2_instance",
      id: "Instances[*].InstanceId",
      deletedFirst: "self",
    },
    {
      successor: "aws_acm_certificate",
      id: "ListenerDescriptions[*].Listener.SSLCertificateId",
      read: ofService("acm"),
      deletedFirst: "self",
    },
    {
      successor: "aws_iam_server_certificate",
      id: "ListenerDescriptions[*].Listener.SSLCertificateId",
      read: ofService("iam"),
      deletedFirst: "self",
    },
    {
      successor: "aws_s3_bucket",
      id: "$attributes.LoadBalancerAttributes.AccessLog.S3BucketName",
    },
  ],
  remove: {
    calls: [{
      service: "elb",
      operation: "DeleteLoadBalancer",
      input: (_item, { id }) => ({ LoadBalancerName: id }),
    }],
    gone: NOT_FOUND,
    withinSeconds: 300,
    follows: {
      backends: "less",
    },
  },
  tagging: {
    set: {
      service: "elb",
      operation: "AddTags",
      input: ({ id }, tags) => ({
        LoadBalancerNames: [id],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    unset: {
      service: "elb",
      operation: "RemoveTags",
      input: ({ id }, keys) => ({
        LoadBalancerNames: [id],
        Tags: keys.map((Key) => ({ Key })),
      }),
    },
  },
};
