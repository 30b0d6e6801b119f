import type { ResourceDeclaration } from "../../declaration.ts";
import { arnName, kmsKeyId } from "../../arn.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { flag, integer, policy, tags, text, volatile } from "../../property.ts";

/** A topic of SNS. Its subscriptions go with it. */
export const TOPIC: ResourceDeclaration = {
  kind: "aws_sns_topic",
  description: "A topic that messages are published to (SNS)",
  list: {
    service: "sns",
    operation: "ListTopics",
    result: "Topics[*]",
    pages: { input: "NextToken", output: "NextToken" },
  },
  details: [
    {
      as: "$attributes",
      of: "TopicArn",
      service: "sns",
      operation: "GetTopicAttributes",
      askFor: ([arn = ""]) => ({ TopicArn: arn }),
      result: "Attributes",
      none: ["NotFoundException"],
    },
    {
      as: "$tags",
      of: "TopicArn",
      many: true,
      service: "sns",
      operation: "ListTagsForResource",
      askFor: ([arn = ""]) => ({ ResourceArn: arn }),
      result: "Tags[*]",
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "$attributes.TopicArn",
  properties: {
    name: { ...text("TopicArn"), convert: (arn) => arnName(String(arn)) },
    tags: tags("$tags"),
    topic_display_name: text("$attributes.DisplayName"),
    arn: text("TopicArn"),
    topic_subscriptions_confirmed: volatile(
      integer("$attributes.SubscriptionsConfirmed"),
    ),
    topic_subscriptions_deleted: volatile(
      integer("$attributes.SubscriptionsDeleted"),
    ),
    topic_subscriptions_pending: volatile(
      integer("$attributes.SubscriptionsPending"),
    ),
    topic_policy: policy("$attributes.Policy"),
    topic_delivery_policy: text("$attributes.DeliveryPolicy"),
    topic_effective_delivery_policy: text(
      "$attributes.EffectiveDeliveryPolicy",
    ),
    topic_owner: text("$attributes.Owner"),
    topic_kms_master_key_id: text("$attributes.KmsMasterKeyId"),
    topic_fifo_topic: flag("$attributes.FifoTopic"),
    topic_content_based_deduplication: flag(
      "$attributes.ContentBasedDeduplication",
    ),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "$attributes.KmsMasterKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "sns",
      operation: "DeleteTopic",
      input: (_, { id }) => ({ TopicArn: id }),
    }],
    gone: ["NotFoundException"],
  },
  tagging: {
    set: {
      service: "sns",
      operation: "TagResource",
      input: ({ id }, tags) => ({
        ResourceArn: id,
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "sns",
      operation: "UntagResource",
      input: ({ id }, keys) => ({ ResourceArn: id, TagKeys: [...keys] }),
    },
  },
};
