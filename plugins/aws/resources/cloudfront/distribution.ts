import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { arnName } from "../../arn.ts";
import type { JsonObject } from "@skymap/lib/plugin";
import { cloudfrontList } from "./cloudfront_list.ts";
import { CLOUDFRONT_TAGGING } from "./cloudfront_tagging.ts";
import { CLOUDFRONT_TAGS } from "./cloudfront_tags.ts";
import { bucketOfHost } from "./bucket_of_host.ts";

const signer = valueKind("aws_cloudfront_signer", {
  aws_account_number: text("AwsAccountNumber"),
  key_pair_ids: texts("KeyPairIds.Items[*]"),
});

const activeTrustedSigners = valueKind(
  "aws_cloudfront_active_trusted_signers",
  {
    enabled: flag("Enabled"),
    quantity: integer("Quantity"),
    items: objects("Items", signer),
  },
);

const kGKeyPairIds = valueKind("aws_cloudfront_kg_key_pair_ids", {
  key_group_id: text("KeyGroupId"),
  key_pair_ids: texts("KeyPairIds.Items[*]"),
});

const activeTrustedKeyGroups = valueKind(
  "aws_cloudfront_active_trusted_key_groups",
  {
    enabled: flag("Enabled"),
    quantity: integer("Quantity"),
    items: objects("Items", kGKeyPairIds),
  },
);

const customOriginConfig = valueKind("aws_cloudfront_custom_origin_config", {
  http_port: integer("HTTPPort"),
  https_port: integer("HTTPSPort"),
  origin_protocol_policy: text("OriginProtocolPolicy"),
  origin_ssl_protocol: texts("OriginSslProtocols.Items[*]"),
  origin_read_timeout: integer("OriginReadTimeout"),
  origin_keepalive_timeout: integer("OriginKeepaliveTimeout"),
});

const originShield = valueKind("aws_cloudfront_origin_shield", {
  enabled: flag("Enabled"),
  origin_shield_region: text("OriginShieldRegion"),
});

const origin = valueKind("aws_cloudfront_origin", {
  id: text("Id"),
  domain_name: text("DomainName"),
  origin_path: text("OriginPath"),
  custom_header: texts("CustomHeaders.Items[*].HeaderName"),
  s3_origin_config: text("S3OriginConfig.OriginAccessIdentity"),
  custom_origin_config: object("CustomOriginConfig", customOriginConfig),
  connection_attempts: integer("ConnectionAttempts"),
  connection_timeout: integer("ConnectionTimeout"),
  origin_shield: object("OriginShield", originShield),
  origin_access_control_id: text("OriginAccessControlId"),
});

const originGroupFailoverCriteria = valueKind(
  "aws_cloudfront_origin_group_failover_criteria",
  {
    status_codes: texts("StatusCodes.Items[*]"),
  },
);

const originGroupMembers = valueKind("aws_cloudfront_origin_group_members", {
  origin_id: text("OriginId"),
});

const originGroup = valueKind("aws_cloudfront_origin_group", {
  id: text("Id"),
  failover_criteria: object("FailoverCriteria", originGroupFailoverCriteria),
  members: objects("Members.Items", originGroupMembers),
});

const lambdaFunctionAssociation = valueKind(
  "aws_cloudfront_lambda_function_association",
  {
    lambda_function_arn: text("LambdaFunctionARN"),
    event_type: text("EventType"),
    include_body: flag("IncludeBody"),
  },
);

const functionAssociation = valueKind("aws_cloudfront_function_association", {
  function_arn: text("FunctionARN"),
  event_type: text("EventType"),
});

const cookiePreference = valueKind("aws_cloudfront_cookie_preference", {
  forward: text("Forward"),
  whitelisted_names: texts("WhitelistedNames.Items[*]"),
});

const forwardedValues = valueKind("aws_cloudfront_forwarded_values", {
  query_string: flag("QueryString"),
  cookies: object("Cookies", cookiePreference),
  headers: texts("Headers.Items[*]"),
  query_string_cache_keys: texts("QueryStringCacheKeys.Items[*]"),
});

const defaultCacheBehavior = valueKind(
  "aws_cloudfront_default_cache_behavior",
  {
    target_origin_id: text("TargetOriginId"),
    trusted_signers: texts("TrustedSigners.Items[*]"),
    trusted_key_groups: texts("TrustedKeyGroups.Items[*]"),
    viewer_protocol_policy: text("ViewerProtocolPolicy"),
    allowed_methods: texts("AllowedMethods.Items[*]"),
    smooth_streaming: flag("SmoothStreaming"),
    compress: flag("Compress"),
    lambda_function_associations: objects(
      "LambdaFunctionAssociations.Items",
      lambdaFunctionAssociation,
    ),
    function_associations: objects(
      "FunctionAssociations.Items",
      functionAssociation,
    ),
    field_level_encryption_id: text("FieldLevelEncryptionId"),
    realtime_log_config_arn: text("RealtimeLogConfigArn"),
    cache_policy_id: text("CachePolicyId"),
    origin_request_policy_id: text("OriginRequestPolicyId"),
    response_headers_policy_id: text("ResponseHeadersPolicyId"),
    forwarded_values: object("ForwardedValues", forwardedValues),
    min_ttl: integer("MinTTL"),
    default_ttl: integer("DefaultTTL"),
    max_ttl: integer("MaxTTL"),
  },
);

const cacheBehavior = valueKind("aws_cloudfront_cache_behavior", {
  path_pattern: text("PathPattern"),
  target_origin_id: text("TargetOriginId"),
  trusted_signers: texts("TrustedSigners.Items[*]"),
  trusted_key_groups: texts("TrustedKeyGroups.Items[*]"),
  viewer_protocol_policy: text("ViewerProtocolPolicy"),
  allowed_methods: texts("AllowedMethods.Items[*]"),
  smooth_streaming: flag("SmoothStreaming"),
  compress: flag("Compress"),
  lambda_function_associations: objects(
    "LambdaFunctionAssociations.Items",
    lambdaFunctionAssociation,
  ),
  function_associations: objects(
    "FunctionAssociations.Items",
    functionAssociation,
  ),
  field_level_encryption_id: text("FieldLevelEncryptionId"),
  realtime_log_config_arn: text("RealtimeLogConfigArn"),
  cache_policy_id: text("CachePolicyId"),
  origin_request_policy_id: text("OriginRequestPolicyId"),
  response_headers_policy_id: text("ResponseHeadersPolicyId"),
  forwarded_values: object("ForwardedValues", forwardedValues),
  min_ttl: integer("MinTTL"),
  default_ttl: integer("DefaultTTL"),
  max_ttl: integer("MaxTTL"),
});

const customErrorResponse = valueKind("aws_cloudfront_custom_error_response", {
  error_code: integer("ErrorCode"),
  response_page_path: text("ResponsePagePath"),
  response_code: text("ResponseCode"),
  error_caching_min_ttl: integer("ErrorCachingMinTTL"),
});

const loggingConfig = valueKind("aws_cloudfront_logging_config", {
  enabled: flag("Enabled"),
  include_cookies: flag("IncludeCookies"),
  bucket: text("Bucket"),
  prefix: text("Prefix"),
});

const viewerCertificate = valueKind("aws_cloudfront_viewer_certificate", {
  cloudfront_default_certificate: flag("CloudFrontDefaultCertificate"),
  iam_certificate_id: text("IAMCertificateId"),
  acm_certificate_arn: text("ACMCertificateArn"),
  ssl_support_method: text("SSLSupportMethod"),
  minimum_protocol_version: text("MinimumProtocolVersion"),
  certificate: text("Certificate"),
  certificate_source: text("CertificateSource"),
});

const restrictions = valueKind("aws_cloudfront_restrictions", {
  geo_restriction: texts("GeoRestriction.Items[*]"),
});

const distributionConfig = valueKind("aws_cloudfront_distribution_config", {
  caller_reference: text("CallerReference"),
  aliases: texts("Aliases.Items[*]"),
  default_root_object: text("DefaultRootObject"),
  origins: objects("Origins.Items", origin),
  origin_groups: objects("OriginGroups.Items", originGroup),
  default_cache_behavior: object("DefaultCacheBehavior", defaultCacheBehavior),
  cache_behaviors: objects("CacheBehaviors.Items", cacheBehavior),
  custom_error_responses: objects(
    "CustomErrorResponses.Items",
    customErrorResponse,
  ),
  comment: text("Comment"),
  logging: object("Logging", loggingConfig),
  price_class: text("PriceClass"),
  enabled: flag("Enabled"),
  viewer_certificate: object("ViewerCertificate", viewerCertificate),
  restrictions: object("Restrictions", restrictions),
  web_acl_id: text("WebACLId"),
  http_version: text("HttpVersion"),
  is_ipv6_enabled: flag("IsIPV6Enabled"),
  continuous_deployment_policy_id: text("ContinuousDeploymentPolicyId"),
  staging: flag("Staging"),
});

const aliasICPRecordal = valueKind("aws_cloudfront_alias_icp_recordal", {
  cname: text("CNAME"),
  icp_recordal_status: text("ICPRecordalStatus"),
});

/** What disables a distribution, or undefined where it is disabled. */
function disabled(distribution: unknown, id: string): JsonObject | undefined {
  const { ETag, Distribution } = distribution as Item;
  const config = (Distribution as Item)["DistributionConfig"] as JsonObject;
  if (config["Enabled"] === false) return;
  return {
    Id: id,
    IfMatch: String(ETag),
    DistributionConfig: { ...config, Enabled: false },
  };
}

/** The name of a function by the ARN of one of its versions. */
function functionOfVersion(arn: string): string | undefined {
  return arn.split(":")[6];
}

/**
 * A distribution. Values of headers that it adds for an origin are often secrets
 * that the origin knows it by: only their names are kept. It is disabled first, and
 * deleted when no edge serves it any more.
 */
export const DISTRIBUTION: ResourceDeclaration = {
  kind: "aws_cloudfront_distribution",
  description: "What serves files and APIs from the edge (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList("ListDistributions", "DistributionList"),
  details: [
    {
      as: "$distribution",
      of: "Id",
      service: "cloudfront",
      operation: "GetDistribution",
      askFor: ([Id = ""]) => ({ Id }),
      none: ["NoSuchDistribution"],
    },
    CLOUDFRONT_TAGS,
  ],
  id: "$distribution.Distribution.Id",
  properties: {
    tags: tags("$tags.Tags.Items"),
    name: text("$distribution.Distribution.DomainName"),
    mtime: time("$distribution.Distribution.LastModifiedTime"),
    arn: text("$distribution.Distribution.ARN"),
    distribution_status: text("$distribution.Distribution.Status"),
    distribution_in_progress_invalidation_batches: volatile(
      integer("$distribution.Distribution.InProgressInvalidationBatches"),
    ),
    distribution_active_trusted_signers: object(
      "$distribution.Distribution.ActiveTrustedSigners",
      activeTrustedSigners,
    ),
    distribution_active_trusted_key_groups: object(
      "$distribution.Distribution.ActiveTrustedKeyGroups",
      activeTrustedKeyGroups,
    ),
    distribution_config: object(
      "$distribution.Distribution.DistributionConfig",
      distributionConfig,
    ),
    distribution_alias_icp_recordals: objects(
      "$distribution.Distribution.AliasICPRecordals",
      aliasICPRecordal,
    ),
  },
  edges: [
    {
      successor: "aws_acm_certificate",
      id:
        "$distribution.Distribution.DistributionConfig.ViewerCertificate.ACMCertificateArn",
      deletedFirst: "self",
    },
    {
      successor: "aws_s3_bucket",
      id:
        "$distribution.Distribution.DistributionConfig.Origins.Items[*].DomainName",
      read: bucketOfHost,
      anywhere: true,
    },
    {
      successor: "aws_cloudfront_origin_access_control",
      id:
        "$distribution.Distribution.DistributionConfig.Origins.Items[*].OriginAccessControlId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_cache_policy",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.CachePolicyId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_cache_policy",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].CachePolicyId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_response_headers_policy",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.ResponseHeadersPolicyId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_response_headers_policy",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].ResponseHeadersPolicyId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_field_level_encryption_config",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.FieldLevelEncryptionId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_field_level_encryption_config",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].FieldLevelEncryptionId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_realtime_log_config",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.RealtimeLogConfigArn",
      read: arnName,
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_realtime_log_config",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].RealtimeLogConfigArn",
      read: arnName,
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_function",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.FunctionAssociations.Items[*].FunctionARN",
      read: arnName,
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_function",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].FunctionAssociations.Items[*].FunctionARN",
      read: arnName,
      deletedFirst: "self",
    },
    {
      successor: "aws_lambda_function",
      id:
        "$distribution.Distribution.DistributionConfig.DefaultCacheBehavior.LambdaFunctionAssociations.Items[*].LambdaFunctionARN",
      read: functionOfVersion,
      deletedFirst: "self",
    },
    {
      successor: "aws_lambda_function",
      id:
        "$distribution.Distribution.DistributionConfig.CacheBehaviors.Items[*].LambdaFunctionAssociations.Items[*].LambdaFunctionARN",
      read: functionOfVersion,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [
      {
        service: "cloudfront",
        operation: "UpdateDistribution",
        input: ({ $distribution }, { id }) => disabled($distribution, id),
      },
      {
        service: "cloudfront",
        operation: "DeleteDistribution",
        input: ({ $distribution }, { id }) => ({
          Id: id,
          IfMatch: String(($distribution as Item)["ETag"]),
        }),
      },
    ],
    // Its first calls take these away.
    follows: {
      mtime: "any",
      distribution_status: "any",
      "distribution_config.enabled": "less",
    },
    gone: ["NoSuchDistribution"],
    // Until what was disabled has come to all edges.
    later: [
      "DistributionNotDisabled",
      "InvalidIfMatchVersion",
      "PreconditionFailed",
    ],
    withinSeconds: 3600,
  },
  tagging: CLOUDFRONT_TAGGING,
};
