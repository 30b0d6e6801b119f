/**
 * Every kind of resources that is collected: one folder for each service.
 *
 * @module
 */

import type { ResourceDeclaration } from "../declaration.ts";
import { ACM_RESOURCES } from "./acm/mod.ts";
import { AUTOSCALING_RESOURCES } from "./autoscaling/mod.ts";
import { CLOUDTRAIL_RESOURCES } from "./cloudtrail/mod.ts";
import { CLOUDWATCH_RESOURCES } from "./cloudwatch/mod.ts";
import { CONFIG_RESOURCES } from "./config/mod.ts";
import { EC2_RESOURCES } from "./ec2/mod.ts";
import { ECR_RESOURCES } from "./ecr/mod.ts";
import { ECS_RESOURCES } from "./ecs/mod.ts";
import { EKS_RESOURCES } from "./eks/mod.ts";
import { ELBV2_RESOURCES } from "./elbv2/mod.ts";
import { ELB_RESOURCES } from "./elb/mod.ts";
import { IAM_RESOURCES } from "./iam/mod.ts";
import { KMS_RESOURCES } from "./kms/mod.ts";
import { LAMBDA_RESOURCES } from "./lambda/mod.ts";
import { LOGS_RESOURCES } from "./logs/mod.ts";
import { QUOTAS_RESOURCES } from "./quotas/mod.ts";
import { SECRETSMANAGER_RESOURCES } from "./secretsmanager/mod.ts";
import { SSM_RESOURCES } from "./ssm/mod.ts";

/** The declarations, in no order that means anything. */
export const RESOURCES: readonly ResourceDeclaration[] = [
  ...ACM_RESOURCES,
  ...AUTOSCALING_RESOURCES,
  ...CLOUDTRAIL_RESOURCES,
  ...CLOUDWATCH_RESOURCES,
  ...CONFIG_RESOURCES,
  ...EC2_RESOURCES,
  ...ECR_RESOURCES,
  ...ECS_RESOURCES,
  ...EKS_RESOURCES,
  ...ELBV2_RESOURCES,
  ...ELB_RESOURCES,
  ...IAM_RESOURCES,
  ...KMS_RESOURCES,
  ...LAMBDA_RESOURCES,
  ...LOGS_RESOURCES,
  ...QUOTAS_RESOURCES,
  ...SECRETSMANAGER_RESOURCES,
  ...SSM_RESOURCES,
];
