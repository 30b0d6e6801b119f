/**
 * Every kind of resources that is collected: one folder for each service.
 *
 * @module
 */

import type { ResourceDeclaration } from "../declaration.ts";
import { ACM_RESOURCES } from "./acm/mod.ts";
import { APIGATEWAY_RESOURCES } from "./apigateway/mod.ts";
import { ATHENA_RESOURCES } from "./athena/mod.ts";
import { AUTOSCALING_RESOURCES } from "./autoscaling/mod.ts";
import { CLOUDFORMATION_RESOURCES } from "./cloudformation/mod.ts";
import { CLOUDFRONT_RESOURCES } from "./cloudfront/mod.ts";
import { CLOUDTRAIL_RESOURCES } from "./cloudtrail/mod.ts";
import { CLOUDWATCH_RESOURCES } from "./cloudwatch/mod.ts";
import { CONFIG_RESOURCES } from "./config/mod.ts";
import { DYNAMODB_RESOURCES } from "./dynamodb/mod.ts";
import { EC2_RESOURCES } from "./ec2/mod.ts";
import { ECR_RESOURCES } from "./ecr/mod.ts";
import { ECS_RESOURCES } from "./ecs/mod.ts";
import { EFS_RESOURCES } from "./efs/mod.ts";
import { EKS_RESOURCES } from "./eks/mod.ts";
import { ELASTICACHE_RESOURCES } from "./elasticache/mod.ts";
import { ELBV2_RESOURCES } from "./elbv2/mod.ts";
import { ELB_RESOURCES } from "./elb/mod.ts";
import { GLACIER_RESOURCES } from "./glacier/mod.ts";
import { IAM_RESOURCES } from "./iam/mod.ts";
import { KINESIS_RESOURCES } from "./kinesis/mod.ts";
import { KMS_RESOURCES } from "./kms/mod.ts";
import { LAMBDA_RESOURCES } from "./lambda/mod.ts";
import { LOGS_RESOURCES } from "./logs/mod.ts";
import { OPENSEARCH_RESOURCES } from "./opensearch/mod.ts";
import { QUOTAS_RESOURCES } from "./quotas/mod.ts";
import { RDS_RESOURCES } from "./rds/mod.ts";
import { REDSHIFT_RESOURCES } from "./redshift/mod.ts";
import { ROUTE53_RESOURCES } from "./route53/mod.ts";
import { S3_RESOURCES } from "./s3/mod.ts";
import { SECRETSMANAGER_RESOURCES } from "./secretsmanager/mod.ts";
import { SNS_RESOURCES } from "./sns/mod.ts";
import { SQS_RESOURCES } from "./sqs/mod.ts";
import { SSM_RESOURCES } from "./ssm/mod.ts";

/** The declarations, in no order that means anything. */
export const RESOURCES: readonly ResourceDeclaration[] = [
  ...ACM_RESOURCES,
  ...APIGATEWAY_RESOURCES,
  ...ATHENA_RESOURCES,
  ...AUTOSCALING_RESOURCES,
  ...CLOUDFORMATION_RESOURCES,
  ...CLOUDFRONT_RESOURCES,
  ...CLOUDTRAIL_RESOURCES,
  ...CLOUDWATCH_RESOURCES,
  ...CONFIG_RESOURCES,
  ...DYNAMODB_RESOURCES,
  ...EC2_RESOURCES,
  ...ECR_RESOURCES,
  ...ECS_RESOURCES,
  ...EFS_RESOURCES,
  ...EKS_RESOURCES,
  ...ELASTICACHE_RESOURCES,
  ...ELBV2_RESOURCES,
  ...ELB_RESOURCES,
  ...GLACIER_RESOURCES,
  ...IAM_RESOURCES,
  ...KINESIS_RESOURCES,
  ...KMS_RESOURCES,
  ...LAMBDA_RESOURCES,
  ...LOGS_RESOURCES,
  ...OPENSEARCH_RESOURCES,
  ...QUOTAS_RESOURCES,
  ...RDS_RESOURCES,
  ...REDSHIFT_RESOURCES,
  ...ROUTE53_RESOURCES,
  ...S3_RESOURCES,
  ...SECRETSMANAGER_RESOURCES,
  ...SNS_RESOURCES,
  ...SQS_RESOURCES,
  ...SSM_RESOURCES,
];
