import type { ResourceDeclaration } from "../../declaration.ts";
import { arnName, kmsKeyId } from "../../arn.ts";
import { GLACIER_ACCOUNT } from "./glacier_account.ts";
import {
  dictionary,
  flag,
  integer,
  json,
  object,
  objects,
  text,
  time,
  valueKind,
} from "../../property.ts";

const inventoryRetrievalParameters = valueKind(
  "aws_glacier_job_inventory_retrieval_parameters",
  {
    output_format: text("Format"),
    start_date: text("StartDate"),
    end_date: text("EndDate"),
    limit: text("Limit"),
  },
);

const acl = valueKind("aws_glacier_acl", {
  grantee: json("Grantee"),
  permission: text("Permission"),
});

const bucketEncryption = valueKind("aws_glacier_bucket_encryption", {
  encryption_type: text("EncryptionType"),
  kms_key_id: text("KMSKeyId"),
  kms_context: text("KMSContext"),
});

const jobBucket = valueKind("aws_glacier_job_bucket", {
  bucket_name: text("BucketName"),
  prefix: text("Prefix"),
  encryption: object("Encryption", bucketEncryption),
  canned_acl: text("CannedACL"),
  access_control_list: objects("AccessControlList", acl),
  tagging: dictionary("Tagging"),
  user_metadata: dictionary("UserMetadata"),
  storage_class: text("StorageClass"),
});

const jobOutputLocation = valueKind("aws_glacier_job_output_location", {
  s3: object("S3", jobBucket),
});

const selectParameters = valueKind("aws_glacier_job_select_parameters", {
  input_serialization: json("InputSerialization"),
  expression_type: text("ExpressionType"),
  expression: text("Expression"),
  output_serialization: json("OutputSerialization"),
});

/** A job of Glacier; it is forgotten a day after it ended. */
export const JOB: ResourceDeclaration = {
  kind: "aws_glacier_job",
  description: "A retrieval of archives or of their inventory (S3 Glacier)",
  list: {
    service: "glacier",
    operation: "ListJobs",
    input: GLACIER_ACCOUNT,
    result: "JobList[*]",
    pages: { input: "marker", output: "Marker", size: ["limit", 50] },
    none: ["ResourceNotFoundException"],
    each: {
      kind: "aws_glacier_vault",
      path: "VaultName",
      batch: 1,
      input: ([name = ""]) => ({ vaultName: name }),
    },
  },
  id: "JobId",
  properties: {
    name: text("JobId"),
    ctime: time("CreationDate"),
    vault_arn: text("VaultARN"),
    description: text("JobDescription"),
    glacier_job_action: text("Action"),
    glacier_job_archive_id: text("ArchiveId"),
    glacier_job_vault_arn: text("VaultARN"),
    glacier_job_completed: flag("Completed"),
    glacier_job_status_code: text("StatusCode"),
    glacier_job_status_message: text("StatusMessage"),
    glacier_job_archive_size_in_bytes: integer("ArchiveSizeInBytes"),
    glacier_job_inventory_size_in_bytes: integer("InventorySizeInBytes"),
    glacier_job_sns_topic: text("SNSTopic"),
    glacier_job_completion_date: text("CompletionDate"),
    glacier_job_sha256_tree_hash: text("SHA256TreeHash"),
    glacier_job_archive_sha256_tree_hash: text("ArchiveSHA256TreeHash"),
    glacier_job_retrieval_byte_range: text("RetrievalByteRange"),
    glacier_job_tier: text("Tier"),
    glacier_job_inventory_retrieval_parameters: object(
      "InventoryRetrievalParameters",
      inventoryRetrievalParameters,
    ),
    glacier_job_output_path: text("JobOutputPath"),
    glacier_job_select_parameters: object("SelectParameters", selectParameters),
    glacier_job_output_location: object("OutputLocation", jobOutputLocation),
  },
  edges: [
    { predecessor: "aws_glacier_vault", id: "VaultARN", read: arnName },
    {
      successor: "aws_kms_key",
      id: "OutputLocation.S3.Encryption.KMSKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    { successor: "aws_sns_topic", id: "SNSTopic" },
  ],
};
