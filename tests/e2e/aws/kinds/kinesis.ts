import { KINESIS_RESOURCES } from "../../../../plugins/aws/resources/kinesis/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of kinesis. */
export const KINESIS_SUITE: KindsSuite = {
  module: "kinesis",
  resources: KINESIS_RESOURCES,
  unset: {
    aws_kinesis_stream: notGiven("kinesis_stream_mode_details"),
  },
};
