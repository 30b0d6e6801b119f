import { CLOUDFRONT_RESOURCES } from "../../../../plugins/aws/resources/cloudfront/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of cloudfront. */
export const CLOUDFRONT_SUITE: KindsSuite = {
  module: "cloudfront",
  resources: CLOUDFRONT_RESOURCES,
  notInMoto: {
    aws_cloudfront_realtime_log_config: "moto does not list them",
    aws_cloudfront_response_headers_policy: "moto does not list them",
    aws_cloudfront_streaming_distribution: "moto does not list them",
    aws_cloudfront_cache_policy: "moto does not list them",
    aws_cloudfront_field_level_encryption_config: "moto does not list them",
    aws_cloudfront_field_level_encryption_profile: "moto does not list them",
  },
  unlinked: {
    aws_cloudfront_distribution: {
      aws_cloudfront_cache_policy: "moto does not list them",
      aws_cloudfront_response_headers_policy: "moto does not list them",
      aws_cloudfront_field_level_encryption_config: "moto does not list them",
      aws_cloudfront_realtime_log_config: "moto does not list them",
      aws_cloudfront_origin_access_control: "moto does not give it",
      aws_cloudfront_function: "moto does not give it",
      aws_lambda_function: "moto does not give it",
      aws_s3_bucket: "core searches for the bucket",
    },
  },
  unset: {
    aws_cloudfront_distribution: notGiven(
      "distribution_active_trusted_signers.items",
      "distribution_active_trusted_key_groups.items",
      "distribution_config.origins.s3_origin_config",
      "distribution_config.origins.origin_access_control_id",
      "distribution_config.default_cache_behavior.lambda_function_associations",
      "distribution_config.default_cache_behavior.function_associations",
      "distribution_config.cache_behaviors.lambda_function_associations",
      "distribution_config.cache_behaviors.function_associations",
      "distribution_config.continuous_deployment_policy_id",
      "distribution_config.staging",
      "distribution_alias_icp_recordals",
    ),
  },
};
