import { OPENSEARCH_RESOURCES } from "../../../../plugins/aws/resources/opensearch/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of opensearch. */
export const OPENSEARCH_SUITE: KindsSuite = {
  module: "opensearch",
  resources: OPENSEARCH_RESOURCES,
  unlinked: {
    aws_opensearch_domain: { aws_vpc: "moto does not give the VPC" },
  },
  unset: {
    aws_opensearch_domain: notGiven(
      "endpoint_v2",
      "ip_address_type",
      "vpc_options.vpc_id",
      "vpc_options.availability_zones",
      "service_software_options",
      "advanced_security_options.anonymous_auth_disable_date",
      "auto_tune_options.error_message",
      "auto_tune_options.use_off_peak_window",
      "change_progress_details",
    ),
  },
};
