import { AUTOSCALING_RESOURCES } from "../../../../plugins/aws/resources/autoscaling/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of autoscaling. */
export const AUTOSCALING_SUITE: KindsSuite = {
  module: "autoscaling",
  resources: AUTOSCALING_RESOURCES,
  unset: {
    aws_autoscaling_group: notGiven(
      "autoscaling_mixed_instances_policy.launch_template.overrides.launch_template_specification.launch_template_name",
      "autoscaling_predicted_capacity",
      "autoscaling_instances.launch_configuration_name",
      "autoscaling_instances.weighted_capacity",
      "autoscaling_status",
      "autoscaling_max_instance_lifetime",
      "autoscaling_warm_pool_configuration.status",
      "autoscaling_warm_pool_size",
      "autoscaling_context",
      "autoscaling_desired_capacity_type",
      "autoscaling_default_instance_warmup",
    ),
  },
};
