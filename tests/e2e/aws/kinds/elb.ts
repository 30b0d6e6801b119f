import { ELB_RESOURCES } from "../../../../plugins/aws/resources/elb/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of elb. */
export const ELB_SUITE: KindsSuite = {
  module: "elb",
  resources: ELB_RESOURCES,
  unset: {
    aws_elb: notGiven("elb_canonical_hosted_zone_name_id"),
  },
  unlinked: {
    aws_elb: {
      aws_iam_server_certificate: "its certificate is one of ACM",
    },
  },
};
