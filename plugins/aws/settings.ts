import { z } from "zod";

/** One text or a list of them, as people write it. */
const texts = z.union([z.string().min(1), z.array(z.string().min(1))])
  .nullish().transform((value) => [value ?? []].flat());
/** Account ids: twelve digits, which a terse configuration reads as a number. */
const accountId = z.union([
  z.string(),
  z.number().transform((number) => String(number).padStart(12, "0")),
]);
const accountIds = z.union([accountId, z.array(accountId)])
  .nullish().transform((value) => [value ?? []].flat());
const optionalText = z.string().min(1).nullish()
  .transform((value) => value ?? undefined);
const poolSize = z.number().int().min(1).max(1000);

/** The shape of the configuration; unknown names are refused. */
const shape = z.strictObject({
  access_key_id: optionalText.describe(
    "Access key. Default: profiles, or AWS_ACCESS_KEY_ID of the worker",
  ),
  secret_access_key: optionalText.describe("Secret of the access key"),
  session_token: optionalText.describe("Session token of a short-lived key"),
  profiles: texts.describe(
    "Profiles of ~/.aws/config and ~/.aws/credentials. Default: all of the latter, without any other credentials",
  ),
  role: optionalText.describe("Name of the role to assume in each account"),
  external_id: optionalText.describe("External id that the role asks for"),
  account: accountIds.describe("Ids of the accounts to assume the role in"),
  scrape_org: z.boolean().default(false).describe(
    "Whether the role is assumed in every account of the organisation",
  ),
  scrape_org_role_arn: optionalText.describe(
    "ARN of the role that may list the organisation. Default: none is needed",
  ),
  scrape_exclude_account: accountIds.describe(
    "Accounts of the organisation that are left out",
  ),
  assume_current: z.boolean().default(false).describe(
    "Whether the role is assumed in the account of the keys as well; needs do_not_scrape_current",
  ),
  do_not_scrape_current: z.boolean().default(false).describe(
    "Whether the account of the keys is not collected with those keys",
  ),
  region: texts.describe("Regions to collect. Default: all that are enabled"),
  endpoint: z.url({ protocol: /^https?$/ }).nullish()
    .transform((value) => value ?? undefined)
    .describe("Address that takes all calls. Default: that of AWS"),
  collect: texts.describe("Kinds to collect, with * and ?. Default: all"),
  no_collect: texts.describe("Kinds not to collect; stronger than collect"),
  collect_instance_user_data: z.boolean().default(true).describe(
    "Whether the user data of each instance is read, one call each",
  ),
  prefer_profile_as_account_name: z.boolean().default(false).describe(
    "Whether an account is named after its profile",
  ),
  resource_pool_size: poolSize.default(64).describe(
    "Scopes of one account that are listed side by side",
  ),
  resource_pool_tasks_per_service_default: poolSize.default(20).describe(
    "Calls of one service in one region side by side",
  ),
  resource_pool_tasks_per_service: z.record(z.string(), poolSize).default({})
    .describe("The same by service, such as ec2"),
});

const schema = shape.check((context) => {
  const config = context.value;
  const fault = (path: string, message: string) =>
    context.issues.push({
      code: "custom",
      path: [path],
      message,
      input: config,
    });
  const scrapesOrg = config.scrape_org;
  const hasKey = config.access_key_id !== undefined;
  if (hasKey !== (config.secret_access_key !== undefined)) {
    fault("secret_access_key", "access_key_id and it only work together");
  }
  if (config.session_token !== undefined && !hasKey) {
    fault("session_token", "needs access_key_id");
  }
  if (hasKey && config.profiles.length > 0) {
    fault("profiles", "access_key_id names other credentials");
  }
  if (config.account.length > 0 && config.role === undefined) {
    fault("account", "needs role, which is assumed in each account");
  }
  if (config.account.length > 0 && config.profiles.length > 1) {
    fault("account", "may be given with one profile, not with several");
  }
  if (config.role !== undefined && config.account.length === 0 && !scrapesOrg) {
    fault("role", "needs account, the accounts to assume it in, or scrape_org");
  }
  if (scrapesOrg && config.role === undefined) {
    fault("scrape_org", "needs role, which is assumed in each account");
  }
  if (scrapesOrg && config.account.length > 0) {
    fault("account", "scrape_org finds the accounts");
  }
  const ofOrg = [
    ["scrape_org_role_arn", config.scrape_org_role_arn !== undefined],
    ["scrape_exclude_account", config.scrape_exclude_account.length > 0],
    ["assume_current", config.assume_current],
    ["do_not_scrape_current", config.do_not_scrape_current],
  ] as const;
  for (const [name, isSet] of ofOrg) {
    if (isSet && !scrapesOrg) fault(name, "needs scrape_org");
  }
  if (config.assume_current && !config.do_not_scrape_current) {
    fault(
      "assume_current",
      "needs do_not_scrape_current, or the account is collected twice",
    );
  }
  if (config.external_id !== undefined && config.role === undefined) {
    fault("external_id", "needs role");
  }
  for (const name of ["account", "scrape_exclude_account"] as const) {
    for (const id of config[name]) {
      if (!/^\d{12}$/.test(id)) fault(name, `"${id}" is no account id`);
    }
  }
});

/** Configuration of the plugin, with every default filled in. */
export interface AwsConfig {
  /** Access key. */
  readonly access_key_id?: string | undefined;
  /** Its secret. */
  readonly secret_access_key?: string | undefined;
  /** Session token of a short-lived key. */
  readonly session_token?: string | undefined;
  /** Profiles to use. */
  readonly profiles: readonly string[];
  /** Name of the role to assume. */
  readonly role?: string | undefined;
  /** External id that the role asks for. */
  readonly external_id?: string | undefined;
  /** Accounts to assume the role in. */
  readonly account: readonly string[];
  /** Whether the role is assumed in every account of the organisation. */
  readonly scrape_org: boolean;
  /** ARN of the role that may list the organisation. */
  readonly scrape_org_role_arn?: string | undefined;
  /** Accounts of the organisation that are left out. */
  readonly scrape_exclude_account: readonly string[];
  /** Whether the role is assumed in the account of the keys as well. */
  readonly assume_current: boolean;
  /** Whether the account of the keys is not collected with those keys. */
  readonly do_not_scrape_current: boolean;
  /** Regions to collect; none for all. */
  readonly region: readonly string[];
  /** Address that takes all calls. */
  readonly endpoint?: string | undefined;
  /** Kinds to collect; none for all. */
  readonly collect: readonly string[];
  /** Kinds not to collect. */
  readonly no_collect: readonly string[];
  /** Whether user data is read. */
  readonly collect_instance_user_data: boolean;
  /** Whether an account is named after its profile. */
  readonly prefer_profile_as_account_name: boolean;
  /** Scopes side by side. */
  readonly resource_pool_size: number;
  /** Calls of a service in a region side by side. */
  readonly resource_pool_tasks_per_service_default: number;
  /** The same by service. */
  readonly resource_pool_tasks_per_service: Readonly<Record<string, number>>;
}

/** The configuration as a JSON schema, for people and editors. */
export const CONFIG_SCHEMA: Record<string, unknown> = z.toJSONSchema(shape, {
  io: "input",
});

/**
 * Reads the configuration.
 *
 * @throws {TypeError} With every fault in it.
 */
export function readConfig(value: unknown): AwsConfig {
  const read = schema.safeParse(value ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join(".")}: ${message}` : message
  );
  throw new TypeError(`Cannot read configuration: ${faults.join("; ")}`);
}

/** Whether credentials or accounts are named, so that AWS is wanted. */
export function isConfigured(config: AwsConfig): boolean {
  return config.access_key_id !== undefined || config.role !== undefined ||
    config.profiles.length > 0;
}
