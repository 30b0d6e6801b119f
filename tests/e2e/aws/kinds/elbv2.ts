import { ELBV2_RESOURCES } from "../../../../plugins/aws/resources/elbv2/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of elbv2. */
export const ELBV2_SUITE: KindsSuite = {
  module: "elbv2",
  resources: ELBV2_RESOURCES,
  unset: {
    aws_alb: notGiven(
      "public_ip_address",
      "alb_state.reason",
      "alb_availability_zones.outpost_id",
      "alb_availability_zones.load_balancer_addresses",
      "alb_customer_owned_ipv4_pool",
      "alb_listener.certificates.is_default",
      "alb_listener.default_actions.authenticate_oidc_config.use_existing_client_secret",
    ),
    aws_alb_target_group: notGiven(
      "alb_target_health.target.availability_zone",
      "alb_target_health.target_health.reason",
      "alb_target_health.target_health.description",
    ),
  },
  unlinked: {
    aws_alb: {
      aws_ec2_elastic_ip: "moto does not say the addresses",
      aws_iam_server_certificate: "its certificates are those of ACM",
    },
  },
};
