/**
 * Every kind of resources that is collected: one folder for each service.
 *
 * @module
 */

import type { ResourceDeclaration } from "../declaration.ts";
import { AUTOSCALING_RESOURCES } from "./autoscaling/mod.ts";
import { EC2_RESOURCES } from "./ec2/mod.ts";
import { ELBV2_RESOURCES } from "./elbv2/mod.ts";
import { ELB_RESOURCES } from "./elb/mod.ts";
import { IAM_RESOURCES } from "./iam/mod.ts";

/** The declarations, in no order that means anything. */
export const RESOURCES: readonly ResourceDeclaration[] = [
  ...AUTOSCALING_RESOURCES,
  ...EC2_RESOURCES,
  ...ELBV2_RESOURCES,
  ...ELB_RESOURCES,
  ...IAM_RESOURCES,
];
