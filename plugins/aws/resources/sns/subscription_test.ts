import { strictEqual } from "node:assert/strict";
import { resourceId } from "../../resource_id.ts";
import { SUBSCRIPTION } from "./subscription.ts";

const TOPIC = "arn:aws:sns:eu-west-1:111111111111:alarms";

Deno.test("the id of a subscription is its ARN", () => {
  const item = {
    SubscriptionArn: `${TOPIC}:1`,
    TopicArn: TOPIC,
    Protocol: "sqs",
    Endpoint: "arn:aws:sqs:eu-west-1:111111111111:alarms",
  };
  strictEqual(resourceId(SUBSCRIPTION, item), `${TOPIC}:1`);
  strictEqual(SUBSCRIPTION.remove?.refuse?.(item), undefined);
});

Deno.test("subscriptions without an ARN have ids of their own, and stay", () => {
  for (const arn of ["PendingConfirmation", "Deleted"]) {
    const item = {
      SubscriptionArn: arn,
      TopicArn: TOPIC,
      Protocol: "email",
      Endpoint: "lukas@example.org",
    };
    strictEqual(
      resourceId(SUBSCRIPTION, item),
      `${TOPIC}:email:lukas@example.org`,
    );
    strictEqual(
      SUBSCRIPTION.remove?.refuse?.(item),
      `it has no ARN: AWS says ${arn}`,
    );
  }
});
