import { KINESIS_RESOURCES } from "../../../plugins/aws/resources/kinesis/mod.ts";
import { kindsSuite } from "../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../helpers/moto/not_given.ts";

await kindsSuite({
  module: "kinesis",
  resources: KINESIS_RESOURCES,
  unset: {
    aws_kinesis_stream: notGiven("kinesis_stream_mode_details"),
  },
});
