/**
 * The door to the AWS SDK: no other file imports it.
 *
 * @module
 */

/** What we use of a client of the SDK. */
export interface SdkClient {
  /** Makes a call. */
  send(
    command: unknown,
    options: { readonly abortSignal: AbortSignal },
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Closes its connections. */
  destroy(): void;
}

/** A service's part of the SDK. */
export interface SdkModule {
  /** Its client. */
  readonly Client: new (
    options: Readonly<Record<string, unknown>>,
  ) => SdkClient;
  /** All that it exports: commands and their schemas. */
  readonly exports: Readonly<Record<string, unknown>>;
}

/** A service of AWS. */
interface Service {
  /** What the IAM actions of its calls begin with. */
  readonly iam: string;
  /** Name of its client in the SDK. */
  readonly client: string;
  /** Imports its part of the SDK. */
  readonly load: () => Promise<object>;
}

/**
 * The services by the names that the AWS CLI has for them. Each is imported when
 * it is first called: it is much code, and it reads the environment, which a
 * process that only describes the plugin may not. Its types, which are as much,
 * are not read at all: declarations are compared with its schemas.
 */
export const SERVICES = {
  acm: {
    iam: "acm",
    client: "ACMClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-acm"),
  },
  apigateway: {
    iam: "apigateway",
    client: "APIGatewayClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-api-gateway"),
  },
  apigatewayv2: {
    iam: "apigateway",
    client: "ApiGatewayV2Client",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-apigatewayv2"),
  },
  athena: {
    iam: "athena",
    client: "AthenaClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-athena"),
  },
  autoscaling: {
    iam: "autoscaling",
    client: "AutoScalingClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-auto-scaling"),
  },
  cloudformation: {
    iam: "cloudformation",
    client: "CloudFormationClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-cloudformation"),
  },
  cloudfront: {
    iam: "cloudfront",
    client: "CloudFrontClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-cloudfront"),
  },
  cloudtrail: {
    iam: "cloudtrail",
    client: "CloudTrailClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-cloudtrail"),
  },
  cloudwatch: {
    iam: "cloudwatch",
    client: "CloudWatchClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-cloudwatch"),
  },
  configservice: {
    iam: "config",
    client: "ConfigServiceClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-config-service"),
  },
  dynamodb: {
    iam: "dynamodb",
    client: "DynamoDBClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-dynamodb"),
  },
  ec2: {
    iam: "ec2",
    client: "EC2Client",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-ec2"),
  },
  ecr: {
    iam: "ecr",
    client: "ECRClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-ecr"),
  },
  ecs: {
    iam: "ecs",
    client: "ECSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-ecs"),
  },
  efs: {
    iam: "elasticfilesystem",
    client: "EFSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-efs"),
  },
  eks: {
    iam: "eks",
    client: "EKSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-eks"),
  },
  elasticache: {
    iam: "elasticache",
    client: "ElastiCacheClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-elasticache"),
  },
  elb: {
    iam: "elasticloadbalancing",
    client: "ElasticLoadBalancingClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-elastic-load-balancing"),
  },
  elbv2: {
    iam: "elasticloadbalancing",
    client: "ElasticLoadBalancingV2Client",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-elastic-load-balancing-v2"),
  },
  glacier: {
    iam: "glacier",
    client: "GlacierClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-glacier"),
  },
  iam: {
    iam: "iam",
    client: "IAMClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-iam"),
  },
  kinesis: {
    iam: "kinesis",
    client: "KinesisClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-kinesis"),
  },
  kms: {
    iam: "kms",
    client: "KMSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-kms"),
  },
  lambda: {
    iam: "lambda",
    client: "LambdaClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-lambda"),
  },
  logs: {
    iam: "logs",
    client: "CloudWatchLogsClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-cloudwatch-logs"),
  },
  opensearch: {
    iam: "es",
    client: "OpenSearchClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-opensearch"),
  },
  organizations: {
    iam: "organizations",
    client: "OrganizationsClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-organizations"),
  },
  pricing: {
    iam: "pricing",
    client: "PricingClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-pricing"),
  },
  rds: {
    iam: "rds",
    client: "RDSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-rds"),
  },
  redshift: {
    iam: "redshift",
    client: "RedshiftClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-redshift"),
  },
  route53: {
    iam: "route53",
    client: "Route53Client",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-route-53"),
  },
  s3: {
    iam: "s3",
    client: "S3Client",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-s3"),
  },
  secretsmanager: {
    iam: "secretsmanager",
    client: "SecretsManagerClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-secrets-manager"),
  },
  "service-quotas": {
    iam: "servicequotas",
    client: "ServiceQuotasClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-service-quotas"),
  },
  sns: {
    iam: "sns",
    client: "SNSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-sns"),
  },
  sqs: {
    iam: "sqs",
    client: "SQSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-sqs"),
  },
  ssm: {
    iam: "ssm",
    client: "SSMClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-ssm"),
  },
  sts: {
    iam: "sts",
    client: "STSClient",
    load: () =>
      // @ts-types="./sdk_module.d.ts"
      import("@aws-sdk/client-sts"),
  },
} as const satisfies Readonly<Record<string, Service>>;

/** Services that can be called. */
export type ServiceName = keyof typeof SERVICES;

/** Imports a service's part of the SDK. */
export async function loadService(name: ServiceName): Promise<SdkModule> {
  const { client, load } = SERVICES[name];
  const exports = await load() as Readonly<Record<string, unknown>>;
  return { Client: exports[client] as SdkModule["Client"], exports };
}
