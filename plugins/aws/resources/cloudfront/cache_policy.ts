import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

const cachePolicyHeadersConfig = valueKind(
  "aws_cloudfront_cache_policy_headers_config",
  {
    header_behavior: text("HeaderBehavior"),
    headers: texts("Headers.Items[*]"),
  },
);

const cachePolicyCookiesConfig = valueKind(
  "aws_cloudfront_cache_policy_cookies_config",
  {
    cookie_behavior: text("CookieBehavior"),
    cookies: texts("Cookies.Items[*]"),
  },
);

const cachePolicyQueryStringsConfig = valueKind(
  "aws_cloudfront_cache_policy_query_strings_config",
  {
    query_string_behavior: text("QueryStringBehavior"),
    query_strings: texts("QueryStrings.Items[*]"),
  },
);

const parametersInCacheKeyAndForwardedToOrigin = valueKind(
  "aws_cloudfront_parameters_in_cache_key_and_forwarded_to_origin",
  {
    enable_accept_encoding_gzip: flag("EnableAcceptEncodingGzip"),
    enable_accept_encoding_brotli: flag("EnableAcceptEncodingBrotli"),
    headers_config: object("HeadersConfig", cachePolicyHeadersConfig),
    cookies_config: object("CookiesConfig", cachePolicyCookiesConfig),
    query_strings_config: object(
      "QueryStringsConfig",
      cachePolicyQueryStringsConfig,
    ),
  },
);

const cachePolicyConfig = valueKind("aws_cloudfront_cache_policy_config", {
  comment: text("Comment"),
  name: text("Name"),
  default_ttl: integer("DefaultTTL"),
  max_ttl: integer("MaxTTL"),
  min_ttl: integer("MinTTL"),
  parameters_in_cache_key_and_forwarded_to_origin: object(
    "ParametersInCacheKeyAndForwardedToOrigin",
    parametersInCacheKeyAndForwardedToOrigin,
  ),
});

/** What is cached, and for how long; AWS has some of its own. */
export const CACHE_POLICY: ResourceDeclaration = {
  kind: "aws_cloudfront_cache_policy",
  description: "What is cached, and for how long (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList("ListCachePolicies", "CachePolicyList"),

  id: "CachePolicy.Id",
  properties: {
    name: text("CachePolicy.CachePolicyConfig.Name"),
    mtime: time("CachePolicy.LastModifiedTime"),
    cache_policy_config: object(
      "CachePolicy.CachePolicyConfig",
      cachePolicyConfig,
    ),
  },
  remove: {
    ...versionedRemoval("CachePolicy", "NoSuchCachePolicy", "CachePolicy.Id"),
    refuse: ({ Type }) => Type === "managed" ? "it is one of AWS" : undefined,
  },
};
