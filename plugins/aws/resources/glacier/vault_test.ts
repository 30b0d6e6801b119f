import { deepStrictEqual } from "node:assert/strict";
import { reportedOf } from "../../reported_of.ts";
import { JOB } from "./job.ts";
import { VAULT } from "./vault.ts";

// Moto lists vaults, but neither their tags nor their policies.
Deno.test("a vault is what Glacier says of it", () => {
  const item = {
    CreationDate: "2026-01-02T03:04:05.000Z",
    LastInventoryDate: "2026-01-03T00:00:00.000Z",
    NumberOfArchives: 2,
    SizeInBytes: 78_088_912,
    VaultARN: "arn:aws:glacier:eu-west-1:111111111111:vaults/tapes",
    VaultName: "tapes",
    $tags: { Tags: { owner: "lukas" } },
    $policy: { policy: { Policy: '{"Version":"2012-10-17"}' } },
  };
  deepStrictEqual(reportedOf(VAULT, "tapes", item), {
    name: "tapes",
    tags: { owner: "lukas" },
    ctime: "2026-01-02T03:04:05Z",
    arn: "arn:aws:glacier:eu-west-1:111111111111:vaults/tapes",
    glacier_last_inventory_date: "2026-01-03T00:00:00.000Z",
    glacier_number_of_archives: 2,
    glacier_size_in_bytes: 78_088_912,
    glacier_access_policy: { Version: "2012-10-17" },
  });
});

Deno.test("a job is what Glacier says of it", () => {
  const item = {
    JobId: "job-1",
    Action: "Select",
    ArchiveId: "archive-1",
    VaultARN: "arn:aws:glacier:eu-west-1:111111111111:vaults/tapes",
    CreationDate: "2026-01-02T03:04:05Z",
    Completed: false,
    StatusCode: "InProgress",
    InventoryRetrievalParameters: { Format: "CSV", Limit: "10" },
    SelectParameters: {
      InputSerialization: { csv: { FileHeaderInfo: "USE" } },
    },
    OutputLocation: {
      S3: {
        BucketName: "results",
        Encryption: { EncryptionType: "aws:kms", KMSKeyId: "key-1" },
        AccessControlList: [{ Grantee: { Type: "Group" }, Permission: "READ" }],
        Tagging: { owner: "lukas" },
      },
    },
  };
  deepStrictEqual(reportedOf(JOB, "job-1", item), {
    name: "job-1",
    ctime: "2026-01-02T03:04:05Z",
    vault_arn: "arn:aws:glacier:eu-west-1:111111111111:vaults/tapes",
    glacier_job_action: "Select",
    glacier_job_archive_id: "archive-1",
    glacier_job_vault_arn:
      "arn:aws:glacier:eu-west-1:111111111111:vaults/tapes",
    glacier_job_completed: false,
    glacier_job_status_code: "InProgress",
    glacier_job_inventory_retrieval_parameters: {
      output_format: "CSV",
      limit: "10",
    },
    glacier_job_select_parameters: {
      input_serialization: { csv: { FileHeaderInfo: "USE" } },
    },
    glacier_job_output_location: {
      s3: {
        bucket_name: "results",
        encryption: { encryption_type: "aws:kms", kms_key_id: "key-1" },
        access_control_list: [
          { grantee: { Type: "Group" }, permission: "READ" },
        ],
        tagging: { owner: "lukas" },
      },
    },
  });
});
