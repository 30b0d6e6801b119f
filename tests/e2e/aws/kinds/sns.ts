import { SNS_RESOURCES } from "../../../../plugins/aws/resources/sns/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of sns. */
export const SNS_SUITE: KindsSuite = {
  module: "sns",
  resources: SNS_RESOURCES,
  unset: {
    aws_sns_platform_application: notGiven(
      "application_apple_certificate_expiry_date",
    ),
    aws_sns_subscription: notGiven("subscription_effective_delivery_policy"),
  },
};
