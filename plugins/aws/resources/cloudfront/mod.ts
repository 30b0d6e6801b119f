import type { ResourceDeclaration } from "../../declaration.ts";
import { CACHE_POLICY } from "./cache_policy.ts";
import { DISTRIBUTION } from "./distribution.ts";
import { FIELD_LEVEL_ENCRYPTION_CONFIG } from "./field_level_encryption_config.ts";
import { FIELD_LEVEL_ENCRYPTION_PROFILE } from "./field_level_encryption_profile.ts";
import { FUNCTION } from "./function.ts";
import { ORIGIN_ACCESS_CONTROL } from "./origin_access_control.ts";
import { PUBLIC_KEY } from "./public_key.ts";
import { REALTIME_LOG_CONFIG } from "./realtime_log_config.ts";
import { RESPONSE_HEADERS_POLICY } from "./response_headers_policy.ts";
import { STREAMING_DISTRIBUTION } from "./streaming_distribution.ts";

/** The kinds of CloudFront, in no order that means anything. */
export const CLOUDFRONT_RESOURCES: readonly ResourceDeclaration[] = [
  CACHE_POLICY,
  DISTRIBUTION,
  FIELD_LEVEL_ENCRYPTION_CONFIG,
  FIELD_LEVEL_ENCRYPTION_PROFILE,
  FUNCTION,
  ORIGIN_ACCESS_CONTROL,
  PUBLIC_KEY,
  REALTIME_LOG_CONFIG,
  RESPONSE_HEADERS_POLICY,
  STREAMING_DISTRIBUTION,
];
