import type { ResourceDeclaration } from "../../declaration.ts";
import { arnName } from "../../arn.ts";
import { flag, text } from "../../property.ts";

/** The queue at an address, if it is one. */
function queueOf(endpoint: string): string | undefined {
  return endpoint.startsWith("arn:") && endpoint.split(":")[2] === "sqs"
    ? arnName(endpoint)
    : undefined;
}

/**
 * A subscription of SNS. AWS gives no ARN to one that nobody confirmed, nor to one
 * that is being deleted: its id is made of topic, protocol and address, and it
 * cannot be deleted.
 */
export const SUBSCRIPTION: ResourceDeclaration = {
  kind: "aws_sns_subscription",
  description: "An address that gets the messages of a topic (SNS)",
  list: {
    service: "sns",
    operation: "ListSubscriptions",
    result: "Subscriptions[*]",
    pages: { input: "NextToken", output: "NextToken" },
  },
  details: [{
    as: "$attributes",
    of: "SubscriptionArn",
    service: "sns",
    operation: "GetSubscriptionAttributes",
    askFor: ([arn = ""]) => ({ SubscriptionArn: arn }),
    result: "Attributes",
    none: [
      "NotFoundException",
      // What it says of an ARN that is none, see above.
      "InvalidParameterException",
    ],
  }],
  id: {
    of: ["SubscriptionArn", "TopicArn", "Protocol"],
    optional: ["Endpoint"],
    read: (arn, topic, protocol, endpoint = "") =>
      arn.startsWith("arn:") ? arn : `${topic}:${protocol}:${endpoint}`,
  },
  properties: {
    name: text("SubscriptionArn"),
    subscription_protocol: text("Protocol"),
    subscription_endpoint: text("Endpoint"),
    arn: text("$attributes.SubscriptionArn"),
    subscription_confirmation_was_authenticated: flag(
      "$attributes.ConfirmationWasAuthenticated",
    ),
    subscription_delivery_policy: text("$attributes.DeliveryPolicy"),
    subscription_effective_delivery_policy: text(
      "$attributes.EffectiveDeliveryPolicy",
    ),
    subscription_filter_policy: text("$attributes.FilterPolicy"),
    subscription_owner: text("Owner"),
    subscription_pending_confirmation: flag("$attributes.PendingConfirmation"),
    subscription_raw_message_delivery: flag("$attributes.RawMessageDelivery"),
    subscription_redrive_policy: text("$attributes.RedrivePolicy"),
    subscription_topic_arn: text("TopicArn"),
    subscription_role_arn: text("$attributes.SubscriptionRoleArn"),
  },
  edges: [
    { predecessor: "aws_sns_topic", id: "TopicArn" },
    {
      predecessor: "aws_iam_role",
      id: "$attributes.SubscriptionRoleArn",
      deletedFirst: "self",
    },
    { successor: "aws_sqs_queue", id: "Endpoint", read: queueOf },
  ],
  remove: {
    calls: [{
      service: "sns",
      operation: "Unsubscribe",
      input: (_, { id }) => ({ SubscriptionArn: id }),
    }],
    refuse: ({ SubscriptionArn: arn }) =>
      String(arn).startsWith("arn:")
        ? undefined
        : `it has no ARN: AWS says ${arn}`,
    gone: ["NotFoundException"],
  },
};
