import {
  flag,
  json,
  object,
  objects,
  text,
  valueKind,
} from "../../property.ts";

/** How objects are encrypted that say nothing of it. */
export const encryptionRule = valueKind("aws_s3_server_side_encryption_rule", {
  sse_algorithm: text("ApplyServerSideEncryptionByDefault.SSEAlgorithm"),
  kms_master_key_id: text("ApplyServerSideEncryptionByDefault.KMSMasterKeyID"),
  bucket_key_enabled: flag("BucketKeyEnabled"),
});

/** What keeps a bucket from being public. */
export const publicAccessBlock = valueKind(
  "aws_s3_public_access_block_configuration",
  {
    block_public_acls: flag("BlockPublicAcls"),
    ignore_public_acls: flag("IgnorePublicAcls"),
    block_public_policy: flag("BlockPublicPolicy"),
    restrict_public_buckets: flag("RestrictPublicBuckets"),
  },
);

const owner = valueKind("aws_s3_owner", {
  display_name: text("DisplayName"),
  id: text("ID"),
});

const grantee = valueKind("aws_s3_grantee", {
  display_name: text("DisplayName"),
  email_address: text("EmailAddress"),
  id: text("ID"),
  type: text("Type"),
  uri: text("URI"),
});

const grant = valueKind("aws_s3_grant", {
  grantee: object("Grantee", grantee),
  permission: text("Permission"),
});

/** Who may do what to a bucket, beside its policy. */
export const bucketAcl = valueKind("aws_s3_bucket_acl", {
  owner: object("Owner", owner),
  grants: objects("Grants", grant),
});

const targetGrant = valueKind("aws_s3_target_grant", {
  grantee: object("Grantee", grantee),
  permission: text("Permission"),
});

/** Where a bucket's requests are written down. */
export const logging = valueKind("aws_s3_logging", {
  target_bucket: text("TargetBucket"),
  target_grants: objects("TargetGrants", targetGrant),
  target_prefix: text("TargetPrefix"),
});

/** How a bucket answers browsers. */
export const website = valueKind("aws_s3_website", {
  index_document: text("IndexDocument.Suffix"),
  error_document: text("ErrorDocument.Key"),
  redirect_host: text("RedirectAllRequestsTo.HostName"),
  routing_rules: json("RoutingRules"),
});
