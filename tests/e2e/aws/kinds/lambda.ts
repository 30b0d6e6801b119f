import { LAMBDA_RESOURCES } from "../../../../plugins/aws/resources/lambda/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of awslambda. */
export const LAMBDA_SUITE: KindsSuite = {
  module: "awslambda",
  resources: LAMBDA_RESOURCES,
  unlinked: {
    aws_lambda_function: { aws_vpc: "moto gives a VPC of its own making" },
  },
  unset: {
    aws_lambda_function: notGiven(
      "function_dead_letter_config",
      "function_environment.error",
      "function_master_arn",
      "function_revision_id",
      "function_layers.signing_profile_version_arn",
      "function_layers.signing_job_arn",
      "function_state_reason",
      "function_state_reason_code",
      "function_last_update_status_reason",
      "function_last_update_status_reason_code",
      "function_file_system_configs",
      "function_image_config_response.error",
      "function_signing_profile_version_arn",
      "function_signing_job_arn",
    ),
  },
};
