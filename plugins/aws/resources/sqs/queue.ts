import type { ResourceDeclaration } from "../../declaration.ts";
import { arnName, kmsKeyId } from "../../arn.ts";
import {
  flag,
  integer,
  jsonObject,
  policy,
  tags,
  text,
  time,
  valueKind,
  volatile,
} from "../../property.ts";

const redrivePolicy = valueKind("aws_sqs_redrive_policy", {
  dead_letter_target_arn: text("deadLetterTargetArn"),
  max_receive_count: integer("maxReceiveCount"),
});

/** What SQS says of a queue that is gone. */
const NO_QUEUE = [
  "QueueDoesNotExist",
];

/** The type of a queue by its address: only first-in-first-out ones end so. */
function typeOf(url: unknown): string {
  return String(url).endsWith(".fifo") ? "fifo" : "standard";
}

/** Seconds of a day. */
const DAY = 86_400;

/** The queue that messages go to which nobody could handle. */
function deadLetters(policy: string): string | undefined {
  const { deadLetterTargetArn: arn } = JSON.parse(policy);
  return typeof arn === "string" ? arnName(arn) : undefined;
}

/** A queue of SQS. It is deleted with its messages. */
export const QUEUE: ResourceDeclaration = {
  kind: "aws_sqs_queue",
  bases: ["queue"],
  description: "A queue of messages (SQS)",
  list: {
    service: "sqs",
    operation: "ListQueues",
    result: "QueueUrls[*]",
    omitsEmpty: true,
    wrap: "QueueUrl",
    pages: {
      input: "NextToken",
      output: "NextToken",
      // Without a size there are no pages, and no more than 1,000 queues.
      size: ["MaxResults", 1000],
    },
  },
  one: ({ id }) => ({ QueueNamePrefix: id }),
  details: [
    {
      as: "$attributes",
      of: "QueueUrl",
      service: "sqs",
      operation: "GetQueueAttributes",
      input: { AttributeNames: ["All"] },
      askFor: ([url = ""]) => ({ QueueUrl: url }),
      result: "Attributes",
      none: NO_QUEUE,
    },
    {
      as: "$tags",
      of: "QueueUrl",
      service: "sqs",
      operation: "ListQueueTags",
      askFor: ([url = ""]) => ({ QueueUrl: url }),
      none: NO_QUEUE,
    },
  ],
  id: { of: ["$attributes.QueueArn"], read: arnName },
  properties: {
    name: {
      ...text("$attributes.QueueArn"),
      convert: (arn) => arnName(String(arn)),
    },
    queue_type: { ...text("QueueUrl"), kind: "queue_type", convert: typeOf },
    tags: tags("$tags.Tags"),
    ctime: time("$attributes.CreatedTimestamp"),
    mtime: time("$attributes.LastModifiedTimestamp"),
    arn: text("$attributes.QueueArn"),
    sqs_queue_url: text("QueueUrl"),
    sqs_approximate_number_of_messages: volatile(
      integer("$attributes.ApproximateNumberOfMessages"),
    ),
    sqs_approximate_number_of_messages_not_visible: volatile(
      integer("$attributes.ApproximateNumberOfMessagesNotVisible"),
    ),
    sqs_approximate_number_of_messages_delayed: volatile(
      integer("$attributes.ApproximateNumberOfMessagesDelayed"),
    ),
    sqs_policy: policy("$attributes.Policy"),
    sqs_redrive_policy: jsonObject("$attributes.RedrivePolicy", redrivePolicy),
    sqs_fifo_queue: flag("$attributes.FifoQueue"),
    sqs_content_based_deduplication: flag(
      "$attributes.ContentBasedDeduplication",
    ),
    sqs_kms_master_key_id: text("$attributes.KmsMasterKeyId"),
    sqs_kms_data_key_reuse_period_seconds: integer(
      "$attributes.KmsDataKeyReusePeriodSeconds",
    ),
    sqs_deduplication_scope: text("$attributes.DeduplicationScope"),
    sqs_fifo_throughput_limit: text("$attributes.FifoThroughputLimit"),
    sqs_redrive_allow_policy: {
      ...text("$attributes.RedriveAllowPolicy"),
      convert: (policy) => JSON.parse(String(policy)).redrivePermission,
    },
    sqs_visibility_timeout: integer("$attributes.VisibilityTimeout"),
    sqs_maximum_message_size: integer("$attributes.MaximumMessageSize"),
    sqs_message_retention_period: integer("$attributes.MessageRetentionPeriod"),
    sqs_delay_seconds: integer("$attributes.DelaySeconds"),
    sqs_receive_message_wait_time_seconds: integer(
      "$attributes.ReceiveMessageWaitTimeSeconds",
    ),
    sqs_managed_sse_enabled: flag("$attributes.SqsManagedSseEnabled"),
    message_retention_period_days: {
      ...integer("$attributes.MessageRetentionPeriod"),
      convert: (seconds) => Math.floor(Number(seconds) / DAY),
    },
    approximate_message_count: volatile(
      integer("$attributes.ApproximateNumberOfMessages"),
    ),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$attributes.KmsMasterKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      successor: "aws_sqs_queue",
      id: "$attributes.RedrivePolicy",
      read: deadLetters,
    },
  ],
  remove: {
    calls: [{
      service: "sqs",
      operation: "DeleteQueue",
      input: ({ QueueUrl }) => ({ QueueUrl: String(QueueUrl) }),
    }],
    gone: NO_QUEUE,
    withinSeconds: 90,
  },
  tagging: {
    set: {
      service: "sqs",
      operation: "TagQueue",
      input: ({ reported }, tags) => ({
        QueueUrl: String(reported["sqs_queue_url"]),
        Tags: { ...tags },
      }),
    },
    unset: {
      service: "sqs",
      operation: "UntagQueue",
      input: ({ reported }, keys) => ({
        QueueUrl: String(reported["sqs_queue_url"]),
        TagKeys: [...keys],
      }),
    },
  },
};
