import type { PermissionRequest } from "@skymap/lib/plugin";

/** The services, and what the operator put in their place. */
const NET: NonNullable<PermissionRequest["net"]> = [
  "*.amazonaws.com:443",
  "*.amazonaws.com.cn:443",
  { config: "endpoint" },
];

/** What the SDK reads beside keys; it does not work without being let to. */
const SDK_ENV: readonly string[] = [
  "AWS_AUTH_SCHEME_PREFERENCE",
  "AWS_CONFIG_FILE",
  "AWS_DEFAULTS_MODE",
  "AWS_DISABLE_CLOCK_SKEW_CORRECTION",
  "AWS_ENABLE_DEFAULT_SOCKET_TIMEOUT_2026",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_BENCHMARK_MODE",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_MAX_CONCURRENCY",
  "AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA",
  "AWS_MAX_ATTEMPTS",
  "AWS_PROFILE",
  "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED",
  "AWS_SDK_UA_APP_ID",
  "AWS_SHARED_CREDENTIALS_FILE",
  "AWS_USE_DUALSTACK_ENDPOINT",
  "AWS_USE_FIPS_ENDPOINT",
  "HOME",
  "HOMEDRIVE",
  "HOMEPATH",
  "USERPROFILE",
  "_X_AMZN_TRACE_ID",
];

const SYS: readonly string[] = ["osRelease", "homedir", "uid"];

/** What finding the accounts may reach: the operator's own keys as well. */
export const ACCOUNTS_PERMISSIONS: PermissionRequest = {
  net: NET,
  env: [
    ...SDK_ENV,
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
  ],
  read: ["~/.aws/config", "~/.aws/credentials"],
  sys: SYS,
};

/** What collecting an account may reach: no keys but those it is given. */
export const COLLECT_PERMISSIONS: PermissionRequest = {
  net: NET,
  env: SDK_ENV,
  sys: SYS,
};

/** What the command `aws` may reach: the only account is found in the graph. */
export const COMMANDS_PERMISSIONS: PermissionRequest = {
  ...COLLECT_PERMISSIONS,
  graph: ["search"],
};
