import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { athenaTagging, athenaTags } from "./athena_tagging.ts";
import {
  flag,
  integer,
  object,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";

const engineVersion = valueKind("aws_athena_engine_version", {
  selected_engine_version: text("SelectedEngineVersion"),
  effective_engine_version: text("EffectiveEngineVersion"),
});

const encryptionConfiguration = valueKind(
  "aws_athena_encryption_configuration",
  {
    encryption_option: text("EncryptionOption"),
    kms_key: text("KmsKey"),
  },
);

const resultConfiguration = valueKind("aws_athena_result_configuration", {
  output_location: text("OutputLocation"),
  encryption_configuration: object(
    "EncryptionConfiguration",
    encryptionConfiguration,
  ),
  expected_bucket_owner: text("ExpectedBucketOwner"),
});

const workGroupConfiguration = valueKind(
  "aws_athena_work_group_configuration",
  {
    result_configuration: object("ResultConfiguration", resultConfiguration),
    enforce_work_group_configuration: flag("EnforceWorkGroupConfiguration"),
    publish_cloud_watch_metrics_enabled: flag(
      "PublishCloudWatchMetricsEnabled",
    ),
    bytes_scanned_cutoff_per_query: integer("BytesScannedCutoffPerQuery"),
    requester_pays_enabled: flag("RequesterPaysEnabled"),
    engine_version: object("EngineVersion", engineVersion),
  },
);

/** The bucket of an address such as `s3://bucket/prefix`. */
function bucketOf(location: string): string | undefined {
  return /^s3:\/\/([^/]+)/.exec(location)?.[1];
}

/**
 * A work group of Athena. Only an empty one is deleted: saved queries and the
 * history of queries are not thrown away with it.
 */
export const WORK_GROUP: ResourceDeclaration = {
  kind: "aws_athena_work_group",
  description: "A group of users and limits for queries (Athena)",
  list: {
    service: "athena",
    operation: "ListWorkGroups",
    result: "WorkGroups[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 50],
    },
  },
  details: [
    {
      as: "$group",
      of: "Name",
      service: "athena",
      operation: "GetWorkGroup",
      askFor: ([name = ""]) => ({ WorkGroup: name }),
      result: "WorkGroup",
    },
    athenaTags("workgroup", "Name"),
  ],
  id: "Name",
  properties: {
    ctime: time("$group.CreationTime"),
    name: text("Name"),
    tags: tags("$tags"),
    workgroup_state: text("$group.State"),
    workgroup_configuration: object(
      "$group.Configuration",
      workGroupConfiguration,
    ),
    description: text("$group.Description"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id:
        "$group.Configuration.ResultConfiguration.EncryptionConfiguration.KmsKey",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      successor: "aws_s3_bucket",
      id: "$group.Configuration.ResultConfiguration.OutputLocation",
      read: bucketOf,
    },
  ],
  remove: {
    calls: [{
      service: "athena",
      operation: "DeleteWorkGroup",
      input: (_, { id }) => ({ WorkGroup: id, RecursiveDeleteOption: false }),
    }],
    refuse: ({ Name }) =>
      Name === "primary" ? "every account has this one" : undefined,
    gone: [],
  },
  tagging: athenaTagging("workgroup"),
};
