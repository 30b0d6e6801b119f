import { kmsKeyId } from "../../arn.ts";
import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  equals,
  flag,
  json,
  made,
  object,
  objects,
  policy,
  present,
  tags,
  text,
  time,
} from "../../property.ts";
import { bucketSetting } from "./bucket_setting.ts";
import { BUCKET_TAGGING, NO_TAGS } from "./bucket_tagging.ts";
import {
  bucketAcl,
  encryptionRule,
  logging,
  publicAccessBlock,
  website,
} from "./shared_values.ts";

/** Versions of objects that are counted before a bucket is deleted. */
const MAX_COUNTED = 1000;

/** Why a bucket is not empty, or undefined; versions that nobody sees count. */
function contentOf({ $content }: Item): string | undefined {
  const { Versions = [], DeleteMarkers = [], IsTruncated = false } =
    ($content ?? {}) as {
      readonly Versions?: readonly unknown[];
      readonly DeleteMarkers?: readonly unknown[];
      readonly IsTruncated?: boolean;
    };
  const count = Versions.length + DeleteMarkers.length;
  if (count === 0) return;
  const held = IsTruncated ? `more than ${count}` : `${count}`;
  return `it is not empty: it holds ${held} ${
    count === 1 ? "version" : "versions"
  } of objects`;
}

const ENCRYPTION = "$encryption.ServerSideEncryptionConfiguration.Rules";

/** A bucket, in the scope of the region that it lies in. */
export const BUCKET: ResourceDeclaration = {
  kind: "aws_s3_bucket",
  bases: ["bucket"],
  description: "A bucket of objects",
  list: {
    service: "s3",
    operation: "ListBuckets",
    action: "s3:ListAllMyBuckets",
    inputs: (region) => [{ BucketRegion: region }],
    result: "Buckets[*]",
    pages: {
      input: "ContinuationToken",
      output: "ContinuationToken",
      size: ["MaxBuckets", 1000],
    },
    where: ({ BucketRegion }, region) =>
      BucketRegion === undefined || BucketRegion === region,
  },
  one: ({ id }) => ({ Prefix: id }),
  details: [
    bucketSetting("$tags", "GetBucketTagging", { none: NO_TAGS }),
    bucketSetting("$encryption", "GetBucketEncryption", {
      action: "s3:GetEncryptionConfiguration",
      none: ["ServerSideEncryptionConfigurationNotFoundError"],
    }),
    bucketSetting("$policy", "GetBucketPolicy", {
      none: ["NoSuchBucketPolicy"],
    }),
    bucketSetting("$policyStatus", "GetBucketPolicyStatus", {
      none: ["NoSuchBucketPolicy"],
    }),
    bucketSetting("$versioning", "GetBucketVersioning"),
    bucketSetting("$publicAccess", "GetPublicAccessBlock", {
      action: "s3:GetBucketPublicAccessBlock",
      none: ["NoSuchPublicAccessBlockConfiguration"],
    }),
    bucketSetting("$acl", "GetBucketAcl"),
    bucketSetting("$logging", "GetBucketLogging"),
    bucketSetting("$lifecycle", "GetBucketLifecycleConfiguration", {
      action: "s3:GetLifecycleConfiguration",
      none: ["NoSuchLifecycleConfiguration"],
    }),
    bucketSetting("$website", "GetBucketWebsite", {
      none: ["NoSuchWebsiteConfiguration"],
    }),
    bucketSetting("$replication", "GetBucketReplication", {
      action: "s3:GetReplicationConfiguration",
      none: ["ReplicationConfigurationNotFoundError"],
    }),
  ],
  id: "Name",
  properties: {
    tags: tags("$tags.TagSet"),
    name: text("Name"),
    ctime: time("CreationDate"),
    arn: made("arn:{$partition}:s3:::{Name}"),
    encryption_enabled: present(`${ENCRYPTION}[*]`),
    versioning_enabled: equals("$versioning.Status", "Enabled"),
    bucket_encryption_rules: objects(ENCRYPTION, encryptionRule),
    bucket_policy: policy("$policy.Policy"),
    bucket_policy_is_public: flag("$policyStatus.PolicyStatus.IsPublic"),
    bucket_versioning: equals("$versioning.Status", "Enabled"),
    bucket_mfa_delete: equals("$versioning.MFADelete", "Enabled"),
    bucket_public_access_block_configuration: object(
      "$publicAccess.PublicAccessBlockConfiguration",
      publicAccessBlock,
    ),
    bucket_acl: object("$acl", bucketAcl),
    bucket_logging: object("$logging.LoggingEnabled", logging),
    bucket_location: text("$region"),
    bucket_lifecycle_policy: json("$lifecycle.Rules"),
    bucket_website: object("$website", website),
    bucket_replication: json("$replication.ReplicationConfiguration"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: `${ENCRYPTION}[*].ApplyServerSideEncryptionByDefault.KMSMasterKeyID`,
      read: kmsKeyId,
      deletedFirst: "self",
    },
    { successor: "aws_s3_bucket", id: "$logging.LoggingEnabled.TargetBucket" },
  ],
  remove: {
    details: [
      {
        ...bucketSetting("$content", "ListObjectVersions", {
          action: "s3:ListBucketVersions",
        }),
        input: { MaxKeys: MAX_COUNTED },
      },
    ],
    // S3 refuses it too, when an object comes in between.
    refuse: contentOf,
    calls: [
      {
        service: "s3",
        operation: "DeleteBucket",
        input: (_item, { id }) => ({ Bucket: id }),
      },
    ],
    // S3 lists a bucket that is gone for a while; it always has a versioning.
    isGone: ({ $versioning }) => $versioning === undefined,
    gone: ["NoSuchBucket"],
  },
  tagging: BUCKET_TAGGING,
};
