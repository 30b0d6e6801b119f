import type { ResourceDeclaration } from "../../declaration.ts";
import {
  decimal,
  flag,
  integer,
  object,
  objects,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

const responseHeadersPolicyCorsConfig = valueKind(
  "aws_cloudfront_response_headers_policy_cors_config",
  {
    access_control_allow_origins: texts("AccessControlAllowOrigins.Items[*]"),
    access_control_allow_headers: texts("AccessControlAllowHeaders.Items[*]"),
    access_control_allow_methods: texts("AccessControlAllowMethods.Items[*]"),
    access_control_allow_credentials: flag("AccessControlAllowCredentials"),
    access_control_expose_headers: texts("AccessControlExposeHeaders.Items[*]"),
    access_control_max_age_sec: integer("AccessControlMaxAgeSec"),
    origin_override: flag("OriginOverride"),
  },
);

const responseHeadersPolicyXSSProtection = valueKind(
  "aws_cloudfront_response_headers_policy_xss_protection",
  {
    override: flag("Override"),
    protection: flag("Protection"),
    mode_block: flag("ModeBlock"),
    report_uri: text("ReportUri"),
  },
);

const responseHeadersPolicyFrameOptions = valueKind(
  "aws_cloudfront_response_headers_policy_frame_options",
  {
    override: flag("Override"),
    frame_option: text("FrameOption"),
  },
);

const responseHeadersPolicyReferrerPolicy = valueKind(
  "aws_cloudfront_response_headers_policy_referrer_policy",
  {
    override: flag("Override"),
    referrer_policy: text("ReferrerPolicy"),
  },
);

const responseHeadersPolicyContentSecurityPolicy = valueKind(
  "aws_cloudfront_response_headers_policy_content_security_policy",
  {
    override: flag("Override"),
    content_security_policy: text("ContentSecurityPolicy"),
  },
);

const responseHeadersPolicyStrictTransportSecurity = valueKind(
  "aws_cloudfront_response_headers_policy_strict_transport_security",
  {
    override: flag("Override"),
    include_subdomains: flag("IncludeSubdomains"),
    preload: flag("Preload"),
    access_control_max_age_sec: integer("AccessControlMaxAgeSec"),
  },
);

const responseHeadersPolicySecurityHeadersConfig = valueKind(
  "aws_cloudfront_response_headers_policy_security_headers_config",
  {
    xss_protection: object("XSSProtection", responseHeadersPolicyXSSProtection),
    frame_options: object("FrameOptions", responseHeadersPolicyFrameOptions),
    referrer_policy: object(
      "ReferrerPolicy",
      responseHeadersPolicyReferrerPolicy,
    ),
    content_security_policy: object(
      "ContentSecurityPolicy",
      responseHeadersPolicyContentSecurityPolicy,
    ),
    content_type_options: flag("ContentTypeOptions.Override"),
    strict_transport_security: object(
      "StrictTransportSecurity",
      responseHeadersPolicyStrictTransportSecurity,
    ),
  },
);

const responseHeadersPolicyServerTimingHeadersConfig = valueKind(
  "aws_cloudfront_response_headers_policy_server_timing_headers_config",
  {
    enabled: flag("Enabled"),
    sampling_rate: decimal("SamplingRate"),
  },
);

const responseHeadersPolicyCustomHeader = valueKind(
  "aws_cloudfront_response_headers_policy_custom_header",
  {
    header: text("Header"),
    value: text("Value"),
    override: flag("Override"),
  },
);

const responseHeadersPolicyConfig = valueKind(
  "aws_cloudfront_response_headers_policy_config",
  {
    comment: text("Comment"),
    name: text("Name"),
    cors_config: object("CorsConfig", responseHeadersPolicyCorsConfig),
    security_headers_config: object(
      "SecurityHeadersConfig",
      responseHeadersPolicySecurityHeadersConfig,
    ),
    server_timing_headers_config: object(
      "ServerTimingHeadersConfig",
      responseHeadersPolicyServerTimingHeadersConfig,
    ),
    custom_headers_config: objects(
      "CustomHeadersConfig.Items",
      responseHeadersPolicyCustomHeader,
    ),
  },
);

/** Headers that are added to answers; AWS has some of its own. */
export const RESPONSE_HEADERS_POLICY: ResourceDeclaration = {
  kind: "aws_cloudfront_response_headers_policy",
  description: "Headers that are added to answers (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList(
    "ListResponseHeadersPolicies",
    "ResponseHeadersPolicyList",
  ),

  id: "ResponseHeadersPolicy.Id",
  properties: {
    name: text("ResponseHeadersPolicy.ResponseHeadersPolicyConfig.Name"),
    mtime: time("ResponseHeadersPolicy.LastModifiedTime"),
    response_headers_policy_type: text("Type"),
    response_headers_policy_config: object(
      "ResponseHeadersPolicy.ResponseHeadersPolicyConfig",
      responseHeadersPolicyConfig,
    ),
  },
  remove: {
    ...versionedRemoval(
      "ResponseHeadersPolicy",
      "NoSuchResponseHeadersPolicy",
      "ResponseHeadersPolicy.Id",
    ),
    refuse: ({ Type }) => Type === "managed" ? "it is one of AWS" : undefined,
  },
};
