import { SSM_RESOURCES } from "../../../../plugins/aws/resources/ssm/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of ssm. */
export const SSM_SUITE: KindsSuite = {
  module: "ssm",
  resources: SSM_RESOURCES,
  unset: {
    aws_ssm_document: {
      sha1: "moto has newer hashes alone",
      display_name: "moto does not keep it",
      status_information: "nothing fails in moto",
      attachments_information: "moto keeps no attachments",
      requires: "moto does not keep it",
      author: "moto does not keep it",
      review_information: "moto reviews nothing",
      approved_version: "moto reviews nothing",
      pending_review_version: "moto reviews nothing",
      review_status: "moto reviews nothing",
      category: "moto does not keep it",
      category_enum: "moto does not keep it",
    },
    aws_ssm_parameter: {
      arn: "moto tells it with the value alone",
      parameter_policies: "moto does not keep them",
    },
  },
  notInMoto: { aws_ssm_instance: "it has no DescribeInstanceInformation" },
};
