import { SQS_RESOURCES } from "../../../../plugins/aws/resources/sqs/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of sqs. */
export const SQS_SUITE: KindsSuite = {
  module: "sqs",
  resources: SQS_RESOURCES,
  unset: {
    aws_sqs_queue: notGiven("sqs_redrive_allow_policy"),
  },
};
