import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  names,
  object,
  objects,
  policy,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { kmsKeyId } from "../../arn.ts";

const environmentError = valueKind("aws_lambda_environment_error", {
  error_code: text("ErrorCode"),
  message: text("Message"),
});

const environment = valueKind("aws_lambda_environment", {
  error: object("Error", environmentError),
  variable_names: names("Variables"),
});

const layer = valueKind("aws_lambda_layer", {
  arn: text("Arn"),
  code_size: integer("CodeSize"),
  signing_profile_version_arn: text("SigningProfileVersionArn"),
  signing_job_arn: text("SigningJobArn"),
});

const fileSystemConfig = valueKind("aws_lambda_file_system_config", {
  arn: text("Arn"),
  local_mount_path: text("LocalMountPath"),
});

const imageConfig = valueKind("aws_lambda_image_config", {
  entry_point: texts("EntryPoint[*]"),
  command: texts("Command[*]"),
  working_directory: text("WorkingDirectory"),
});

const imageConfigError = valueKind("aws_lambda_image_config_error", {
  error_code: text("ErrorCode"),
  message: text("Message"),
});

const imageConfigResponse = valueKind("aws_lambda_image_config_response", {
  image_config: object("ImageConfig", imageConfig),
  error: object("Error", imageConfigError),
});

const cors = valueKind("aws_lambda_cors", {
  allow_credentials: flag("AllowCredentials"),
  allow_headers: texts("AllowHeaders[*]"),
  allow_methods: texts("AllowMethods[*]"),
  allow_origins: texts("AllowOrigins[*]"),
  expose_headers: texts("ExposeHeaders[*]"),
  max_age: integer("MaxAge"),
});

const functionUrlConfig = valueKind("aws_lambda_function_url_config", {
  function_url: text("FunctionUrl"),
  function_arn: text("FunctionArn"),
  auth_type: text("AuthType"),
  cors: object("Cors", cors),
  creation_time: text("CreationTime"),
  last_modified_time: text("LastModifiedTime"),
});

/** An API of API Gateway in a policy: it may call the function. */
const API = /arn:[^:"]+:execute-api:[^:"]*:[^:"]*:([a-z0-9]+)\//g;

/** The APIs that a policy names. */
function apisOfPolicy(policy: string): string[] {
  return [...policy.matchAll(API)].flatMap(([, api]) => api ?? []);
}

/**
 * A function. Values of its environment may be secrets: only the names of the
 * variables are kept.
 */
export const FUNCTION: ResourceDeclaration = {
  kind: "aws_lambda_function",
  bases: ["serverless_function"],
  description: "A function (Lambda)",
  list: {
    service: "lambda",
    operation: "ListFunctions",
    result: "Functions[*]",
    pages: { input: "Marker", output: "NextMarker", size: ["MaxItems", 50] },
  },
  details: [
    {
      as: "$tags",
      of: "FunctionArn",
      service: "lambda",
      operation: "ListTags",
      askFor: ([arn = ""]) => ({ Resource: arn }),
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$url",
      of: "FunctionName",
      service: "lambda",
      operation: "GetFunctionUrlConfig",
      askFor: ([name = ""]) => ({ FunctionName: name }),
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$policy",
      of: "FunctionName",
      service: "lambda",
      operation: "GetPolicy",
      askFor: ([name = ""]) => ({ FunctionName: name }),
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "FunctionName",
  properties: {
    tags: tags("$tags.Tags"),
    name: text("FunctionName"),
    mtime: time("LastModified"),
    arn: text("FunctionArn"),
    function_runtime: text("Runtime"),
    function_role: text("Role"),
    function_handler: text("Handler"),
    function_code_size: integer("CodeSize"),
    function_description: text("Description"),
    function_timeout: integer("Timeout"),
    function_memory_size: integer("MemorySize"),
    function_code_sha256: text("CodeSha256"),
    function_version: text("Version"),
    function_dead_letter_config: text("DeadLetterConfig.TargetArn"),
    function_environment: object("Environment", environment),
    function_kms_key_arn: text("KMSKeyArn"),
    function_tracing_config: text("TracingConfig.Mode"),
    function_master_arn: text("MasterArn"),
    function_revision_id: text("RevisionId"),
    function_layers: objects("Layers", layer),
    function_state: text("State"),
    function_state_reason: text("StateReason"),
    function_state_reason_code: text("StateReasonCode"),
    function_last_update_status: text("LastUpdateStatus"),
    function_last_update_status_reason: text("LastUpdateStatusReason"),
    function_last_update_status_reason_code: text("LastUpdateStatusReasonCode"),
    function_file_system_configs: objects(
      "FileSystemConfigs",
      fileSystemConfig,
    ),
    function_package_type: text("PackageType"),
    function_image_config_response: object(
      "ImageConfigResponse",
      imageConfigResponse,
    ),
    function_signing_profile_version_arn: text("SigningProfileVersionArn"),
    function_signing_job_arn: text("SigningJobArn"),
    function_architectures: texts("Architectures[*]"),
    function_ephemeral_storage: integer("EphemeralStorage.Size"),
    memory_size: integer("MemorySize"),
    function_policy: policy("$policy.Policy"),
    function_url_config: object("$url", functionUrlConfig),
    function_vpc_id: text("VpcConfig.VpcId"),
  },
  edges: [
    {
      predecessor: "aws_iam_role",
      id: "Role",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_vpc",
      id: "VpcConfig.VpcId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "VpcConfig.SubnetIds[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "VpcConfig.SecurityGroupIds[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_kms_key",
      id: "KMSKeyArn",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      predecessor: "aws_apigateway_rest_api",
      id: "$policy.Policy",
      read: apisOfPolicy,
      deletedFirst: "other",
    },
  ],
  remove: {
    calls: [{
      service: "lambda",
      operation: "DeleteFunction",
      input: (_, { id }) => ({ FunctionName: id }),
    }],
    gone: ["ResourceNotFoundException"],
    // A function at the edge stays until CloudFront has taken away its copies.
    later: ["ResourceConflictException"],
  },
  tagging: {
    set: {
      service: "lambda",
      operation: "TagResource",
      input: ({ reported }, tags) => ({
        Resource: String(reported["arn"]),
        Tags: tags,
      }),
    },
    unset: {
      service: "lambda",
      operation: "UntagResource",
      input: ({ reported }, keys) => ({
        Resource: String(reported["arn"]),
        TagKeys: keys,
      }),
    },
  },
};
