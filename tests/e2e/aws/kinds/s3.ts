import { S3_RESOURCES } from "../../../../plugins/aws/resources/s3/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of s3. */
export const S3_SUITE: KindsSuite = {
  module: "s3",
  resources: S3_RESOURCES,
  unset: {
    aws_s3_bucket: {
      "bucket_acl.grants.grantee.display_name": "moto names owners alone",
      "bucket_acl.grants.grantee.email_address": "AWS tells ids instead",
      "bucket_logging.target_grants.grantee.email_address":
        "AWS tells ids instead",
    },
  },
};
