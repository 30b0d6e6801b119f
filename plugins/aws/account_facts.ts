import type { Json } from "@skymap/lib/plugin";
import { AwsCallError } from "./aws_error.ts";
import type { AwsClient } from "./client.ts";
import { actionOf, type CallName } from "./declaration.ts";
import { parsePath, readFirst } from "./path.ts";
import { flag, integer, mapProperties, type Properties } from "./property.ts";

/** A call about the account itself. */
interface AccountCall extends CallName {
  /** Path of what it tells. */
  readonly result: string;
  /** Codes that say that there is nothing to tell. */
  readonly none: readonly string[];
  /** What is read of it. */
  readonly properties: Properties;
}

/** Says what the account is called. */
export const ALIASES_CALL: CallName = {
  service: "iam",
  operation: "ListAccountAliases",
};

/** Says which organisation the account belongs to. */
export const ORGANIZATION_CALL: CallName = {
  service: "organizations",
  operation: "DescribeOrganization",
};

/** Says that the account belongs to no organisation. */
export const NO_ORGANIZATION = "AWSOrganizationsNotInUseException";

const SUMMARY: Properties = {
  users: integer("Users"),
  groups: integer("Groups"),
  account_mfa_enabled: integer("AccountMFAEnabled"),
  account_access_keys_present: integer("AccountAccessKeysPresent"),
  account_signing_certificates_present: integer(
    "AccountSigningCertificatesPresent",
  ),
  mfa_devices: integer("MFADevices"),
  mfa_devices_in_use: integer("MFADevicesInUse"),
  policies: integer("Policies"),
  policy_versions_in_use: integer("PolicyVersionsInUse"),
  global_endpoint_token_version: integer("GlobalEndpointTokenVersion"),
  server_certificates: integer("ServerCertificates"),
};

const PASSWORD_POLICY: Properties = {
  minimum_password_length: integer("MinimumPasswordLength"),
  require_symbols: flag("RequireSymbols"),
  require_numbers: flag("RequireNumbers"),
  require_uppercase_characters: flag("RequireUppercaseCharacters"),
  require_lowercase_characters: flag("RequireLowercaseCharacters"),
  allow_users_to_change_password: flag("AllowUsersToChangePassword"),
  expire_passwords: flag("ExpirePasswords"),
  max_password_age: integer("MaxPasswordAge"),
  password_reuse_prevention: integer("PasswordReusePrevention"),
  hard_expiry: flag("HardExpiry"),
};

const CALLS: readonly AccountCall[] = [
  {
    service: "iam",
    operation: "GetAccountSummary",
    result: "SummaryMap",
    none: [],
    properties: SUMMARY,
  },
  {
    service: "iam",
    operation: "GetAccountPasswordPolicy",
    result: "PasswordPolicy",
    none: ["NoSuchEntity", "NoSuchEntityException"],
    properties: PASSWORD_POLICY,
  },
];

/** The calls that tell what is known of an account. */
export const ACCOUNT_CALLS: readonly CallName[] = [
  ALIASES_CALL,
  ORGANIZATION_CALL,
  ...CALLS,
];

/** What the kind of accounts has beside its name, by what AWS tells of it. */
export const ACCOUNT_PROPERTIES: Properties = {
  ...SUMMARY,
  ...PASSWORD_POLICY,
};

/** The answer to a call without input; undefined for a code that says so. */
async function ask(
  client: AwsClient,
  region: string,
  call: CallName,
  none: readonly string[],
): Promise<Readonly<Record<string, unknown>> | undefined> {
  try {
    return await client.call(region, call, {});
  } catch (error) {
    if (error instanceof AwsCallError && none.includes(error.code)) return;
    throw error;
  }
}

/** The alias that people gave to an account, if they did. */
export async function accountAlias(
  client: AwsClient,
  region: string,
): Promise<string | undefined> {
  const answer = await client.call(region, ALIASES_CALL, {});
  const alias = readFirst(parsePath("AccountAliases[*]"), answer);
  return alias === undefined ? undefined : String(alias);
}

/** The organisation that an account belongs to, if it does. */
export interface Organization {
  /** Its id. */
  readonly id: string;
  /** Its ARN. */
  readonly arn: string;
  /** The account that manages it. */
  readonly master: string;
}

/** Asks for the organisation of an account. */
export async function organizationOf(
  client: AwsClient,
  region: string,
): Promise<Organization | undefined> {
  const answer = await ask(client, region, ORGANIZATION_CALL, [
    NO_ORGANIZATION,
  ]);
  if (answer === undefined) return;
  const told = answer["Organization"] as
    | Readonly<Record<string, unknown>>
    | undefined;
  const { Id, Arn, MasterAccountId } = told ?? {};
  if (Id === undefined || MasterAccountId === undefined) {
    throw new AwsCallError({
      code: "answer_incomplete",
      message: "the answer has no Organization",
      permission: actionOf(ORGANIZATION_CALL),
      region,
    });
  }
  return { id: String(Id), arn: String(Arn), master: String(MasterAccountId) };
}

/** What AWS tells of an account: its alias, counts, password policy. */
export async function accountFacts(
  client: AwsClient,
  region: string,
  account: string,
  organization: Organization | undefined,
): Promise<Record<string, Json>> {
  const alias = await accountAlias(client, region);
  const facts: Record<string, Json> = {
    ...(alias !== undefined && { account_alias: alias }),
    is_organization_member: organization !== undefined,
    is_organization_master: organization?.master === account,
    ...(organization !== undefined && {
      organization_id: organization.id,
      organization_arn: organization.arn,
    }),
  };
  for (const call of CALLS) {
    const answer = await ask(client, region, call, call.none);
    const told = answer?.[call.result];
    if (answer !== undefined && told === undefined) {
      throw new AwsCallError({
        code: "answer_incomplete",
        message: `the answer has no ${call.result}`,
        permission: actionOf(call),
        region,
      });
    }
    Object.assign(facts, mapProperties(call.properties, told));
  }
  return facts;
}
