import { ROUTE53_RESOURCES } from "../../../../plugins/aws/resources/route53/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of route53. */
export const ROUTE53_SUITE: KindsSuite = {
  module: "route53",
  resources: ROUTE53_RESOURCES,
  goesAlong: {
    aws_route53_resource_record: "it is one value of a set",
    aws_route53_resource_record_set:
      "those of name servers and of the authority go with their zone",
  },
  unset: {
    aws_route53_resource_record: {
      record_serial: "moto writes the start of authority in its own way",
      record_minimum: "moto writes the start of authority in its own way",
    },
    aws_route53_resource_record_set: notGiven(
      "record_traffic_policy_instance_id",
      "record_cidr_routing_config",
    ),
    aws_route53_zone: notGiven("zone_linked_service"),
  },
};
