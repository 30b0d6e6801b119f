import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import {
  flag,
  integer,
  object,
  objects,
  policy,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";

const enhancedMetrics = valueKind("aws_kinesis_enhanced_metrics", {
  shard_level_metrics: texts("ShardLevelMetrics[*]"),
});

const hashKeyRange = valueKind("aws_kinesis_hash_key_range", {
  starting_hash_key: text("StartingHashKey"),
  ending_hash_key: text("EndingHashKey"),
});

const sequenceNumberRange = valueKind("aws_kinesis_sequence_number_range", {
  starting_sequence_number: text("StartingSequenceNumber"),
  ending_sequence_number: text("EndingSequenceNumber"),
});

const shard = valueKind("aws_kinesis_shard", {
  shard_id: text("ShardId"),
  parent_shard_id: text("ParentShardId"),
  adjacent_parent_shard_id: text("AdjacentParentShardId"),
  hash_key_range: object("HashKeyRange", hashKeyRange),
  sequence_number_range: object("SequenceNumberRange", sequenceNumberRange),
});

/**
 * A stream of Kinesis. It is deleted with its records; one that has registered
 * consumers is not.
 */
export const STREAM: ResourceDeclaration = {
  kind: "aws_kinesis_stream",
  description: "A stream of records (Kinesis)",
  list: {
    service: "kinesis",
    operation: "ListStreams",
    result: "StreamNames[*]",
    wrap: "StreamName",
    pages: { input: "NextToken", output: "NextToken", size: ["Limit", 100] },
  },
  details: [
    {
      as: "$stream",
      of: "StreamName",
      service: "kinesis",
      operation: "DescribeStream",
      askFor: ([name = ""]) => ({ StreamName: name }),
      result: "StreamDescription",
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$tags",
      of: "StreamName",
      many: true,
      service: "kinesis",
      operation: "ListTagsForStream",
      // A stream has no more.
      input: { Limit: 50 },
      askFor: ([name = ""]) => ({ StreamName: name }),
      result: "Tags[*]",
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$policy",
      of: "$stream.StreamARN",
      service: "kinesis",
      operation: "GetResourcePolicy",
      askFor: ([arn = ""]) => ({ ResourceARN: arn }),
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "$stream.StreamName",
  properties: {
    tags: tags("$tags"),
    name: text("StreamName"),
    ctime: time("$stream.StreamCreationTimestamp"),
    arn: text("$stream.StreamARN"),
    kinesis_stream_name: text("StreamName"),
    kinesis_stream_status: text("$stream.StreamStatus"),
    kinesis_stream_mode_details: text("$stream.StreamModeDetails.StreamMode"),
    kinesis_shards: objects("$stream.Shards", shard),
    kinesis_has_more_shards: flag("$stream.HasMoreShards"),
    kinesis_retention_period_hours: integer("$stream.RetentionPeriodHours"),
    kinesis_enhanced_monitoring: objects(
      "$stream.EnhancedMonitoring",
      enhancedMetrics,
    ),
    kinesis_encryption_type: text("$stream.EncryptionType"),
    kinesis_key_id: text("$stream.KeyId"),
    kinesis_policy: policy("$policy.Policy"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$stream.KeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "kinesis",
      operation: "DeleteStream",
      input: (_, { id }) => ({
        StreamName: id,
        EnforceConsumerDeletion: false,
      }),
    }],
    going: { of: "$stream.StreamStatus", states: ["DELETING"] },
    gone: ["ResourceNotFoundException"],
    later: ["ResourceInUseException", "LimitExceededException"],
    withinSeconds: 300,
  },
  tagging: {
    set: {
      service: "kinesis",
      operation: "AddTagsToStream",
      input: ({ id }, tags) => ({ StreamName: id, Tags: { ...tags } }),
    },
    unset: {
      service: "kinesis",
      operation: "RemoveTagsFromStream",
      input: ({ id }, keys) => ({ StreamName: id, TagKeys: [...keys] }),
    },
  },
};
