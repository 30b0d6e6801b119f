import { ACM_SUITE } from "./kinds/acm.ts";
import { APIGATEWAY_SUITE, REST_APIS_SUITE } from "./kinds/apigateway.ts";
import { ATHENA_SUITE } from "./kinds/athena.ts";
import { AUDIT_SUITE } from "./kinds/audit.ts";
import { AUTOSCALING_SUITE } from "./kinds/autoscaling.ts";
import { CLOUDFORMATION_SUITE } from "./kinds/cloudformation.ts";
import { CLOUDFRONT_SUITE } from "./kinds/cloudfront.ts";
import { CLOUDWATCH_SUITE } from "./kinds/cloudwatch.ts";
import { DYNAMODB_SUITE } from "./kinds/dynamodb.ts";
import { EC2_MORE_SUITE } from "./kinds/ec2_more.ts";
import { ECR_SUITE } from "./kinds/ecr.ts";
import { ECS_SUITE } from "./kinds/ecs.ts";
import { EFS_SUITE } from "./kinds/efs.ts";
import { EKS_CLUSTERS_SUITE, EKS_SUITE } from "./kinds/eks.ts";
import { ELASTICACHE_SUITE } from "./kinds/elasticache.ts";
import { ELB_SUITE } from "./kinds/elb.ts";
import { ELBV2_SUITE } from "./kinds/elbv2.ts";
import { IAM_SUITE } from "./kinds/iam.ts";
import { KINESIS_SUITE } from "./kinds/kinesis.ts";
import { KMS_SUITE } from "./kinds/kms.ts";
import { LAMBDA_SUITE } from "./kinds/lambda.ts";
import { OPENSEARCH_SUITE } from "./kinds/opensearch.ts";
import { RDS_SUITE } from "./kinds/rds.ts";
import { REDSHIFT_SUITE } from "./kinds/redshift.ts";
import { ROUTE53_SUITE } from "./kinds/route53.ts";
import { S3_SUITE } from "./kinds/s3.ts";
import { SECRETSMANAGER_SUITE } from "./kinds/secretsmanager.ts";
import { SNS_SUITE } from "./kinds/sns.ts";
import { SQS_SUITE } from "./kinds/sqs.ts";
import { SSM_SUITE } from "./kinds/ssm.ts";
import { kindsSuites } from "../../helpers/moto/kinds_suite.ts";

await kindsSuites([
  ACM_SUITE,
  APIGATEWAY_SUITE,
  REST_APIS_SUITE,
  ATHENA_SUITE,
  AUDIT_SUITE,
  AUTOSCALING_SUITE,
  CLOUDFORMATION_SUITE,
  CLOUDFRONT_SUITE,
  CLOUDWATCH_SUITE,
  DYNAMODB_SUITE,
  EC2_MORE_SUITE,
  ECR_SUITE,
  ECS_SUITE,
  EFS_SUITE,
  EKS_SUITE,
  EKS_CLUSTERS_SUITE,
  ELASTICACHE_SUITE,
  ELB_SUITE,
  ELBV2_SUITE,
  IAM_SUITE,
  KINESIS_SUITE,
  KMS_SUITE,
  LAMBDA_SUITE,
  OPENSEARCH_SUITE,
  RDS_SUITE,
  REDSHIFT_SUITE,
  ROUTE53_SUITE,
  S3_SUITE,
  SECRETSMANAGER_SUITE,
  SNS_SUITE,
  SQS_SUITE,
  SSM_SUITE,
]);
