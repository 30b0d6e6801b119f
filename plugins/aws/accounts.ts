import {
  type Account,
  type AccountList,
  type AccountsContext,
  mapConcurrent,
} from "@skymap/lib/plugin";
import { type AwsCredentials, packAccess } from "./account_credentials.ts";
import { accountAlias } from "./account_facts.ts";
import { AwsCallError } from "./aws_error.ts";
import { AwsClient } from "./client.ts";
import {
  type OrganizationAccount,
  organizationAccounts,
} from "./organization_accounts.ts";
import { HOME_REGIONS, homeOf, partitionOf } from "./partitions.ts";
import {
  joinProfiles,
  type ProfileChain,
  type ProfileFiles,
  resolveProfile,
} from "./profiles.ts";
import type { AwsConfig } from "./settings.ts";

/** Name of the sessions of assumed roles, as AWS shows it in its logs. */
const SESSION_NAME = "skymap";

/** Accounts that are asked for keys side by side. */
const SIDE_BY_SIDE = 10;

/** Codes that say that a call is not allowed. */
const DENIED = /^(AccessDenied|UnauthorizedOperation)/;

/** Reads what the listing of accounts may see of the machine. */
export interface AccountSources {
  /** A variable of the environment. */
  readonly env: (name: string) => string | undefined;
  /** A file below the home folder; empty when there is none. */
  readonly readHome: (path: string) => Promise<string>;
}

/** Keys that were found, and how. */
interface Login {
  readonly chain: ProfileChain;
  readonly profile?: string;
}

/** Keys that other accounts are reached by. */
interface Base {
  readonly login: Login;
  readonly credentials: AwsCredentials;
  /** The account that they belong to. */
  readonly account: string;
  readonly region: string;
}

/** How an account was come by. */
interface Origin {
  readonly login: Login;
  /** Role that was assumed in it. */
  readonly role?: string | undefined;
  /** What its organisation calls it. */
  readonly name?: string | undefined;
}

type Unreachable = NonNullable<AccountList["unreachable"]>[number];

/** Keys of the environment, or undefined. */
function environmentKeys(
  env: AccountSources["env"],
): AwsCredentials | undefined {
  const accessKeyId = env("AWS_ACCESS_KEY_ID");
  const secretAccessKey = env("AWS_SECRET_ACCESS_KEY");
  const sessionToken = env("AWS_SESSION_TOKEN");
  if (!accessKeyId || !secretAccessKey) return;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken && { sessionToken }),
  };
}

function keysOf(
  { access_key_id, secret_access_key, session_token }: AwsConfig,
): AwsCredentials | undefined {
  if (access_key_id === undefined || secret_access_key === undefined) return;
  return {
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    ...(session_token !== undefined && { sessionToken: session_token }),
  };
}

function withoutRoles(credentials: AwsCredentials): Login {
  return { chain: { credentials, roles: [] } };
}

function unreachable(id: string, thrown: unknown): Unreachable {
  const { message } = thrown as Error;
  if (!(thrown instanceof AwsCallError)) {
    return { id, code: "credentials_unusable", message };
  }
  const { code, permission } = thrown;
  return { id, code, message, permission };
}

/** Lists the accounts of one configuration. */
class Accounts {
  readonly #config: AwsConfig;
  readonly #signal: AbortSignal;
  readonly #sources: AccountSources;
  readonly #found = new Map<string, Account>();
  readonly #unreachable: Unreachable[] = [];
  /** Ids of every account of the organisations. */
  readonly #all = new Set<string>();
  /** Whether every organisation told all of its accounts. */
  #isComplete = true;

  constructor(
    { config, signal }: AccountsContext<AwsConfig>,
    sources: AccountSources,
  ) {
    this.#config = config;
    this.#signal = signal;
    this.#sources = sources;
  }

  async list(): Promise<AccountList> {
    const { account, scrape_org } = this.#config;
    for (const login of await this.#logins()) {
      if (scrape_org) await this.#organization(login);
      else if (account.length > 0) await this.#configured(login);
      else await this.#own(login);
    }
    return {
      accounts: [...this.#found.values()],
      ...(scrape_org && this.#isComplete && { all: [...this.#all] }),
      unreachable: this.#unreachable,
    };
  }

  #client(credentials: AwsCredentials): AwsClient {
    return new AwsClient({
      credentials,
      endpoint: this.#config.endpoint,
      signal: this.#signal,
    });
  }

  /** The files of `~/.aws`. */
  async #files(): Promise<ProfileFiles> {
    const { readHome } = this.#sources;
    return joinProfiles({
      config: await readHome(".aws/config"),
      credentials: await readHome(".aws/credentials"),
    });
  }

  /** Every set of keys to begin with; what cannot be used is unreachable. */
  async #logins(): Promise<Login[]> {
    const { profiles } = this.#config;
    const { env } = this.#sources;
    const configured = keysOf(this.#config);
    if (configured !== undefined) return [withoutRoles(configured)];
    const environment = environmentKeys(env);
    if (profiles.length === 0 && environment !== undefined) {
      return [withoutRoles(environment)];
    }
    const files = await this.#files();
    const one = env("AWS_PROFILE");
    const names = profiles.length > 0
      ? profiles
      : one
      ? [one]
      : files.withCredentials;
    if (names.length === 0) {
      throw new TypeError(
        "Cannot find credentials: none in the configuration (access_key_id, profiles), in the environment (AWS_ACCESS_KEY_ID, AWS_PROFILE) or in ~/.aws/credentials",
      );
    }
    const logins: Login[] = [];
    for (const profile of names) {
      try {
        logins.push({
          chain: resolveProfile(files, profile, environment),
          profile,
        });
      } catch (error) {
        this.#isComplete = false;
        this.#unreachable.push(unreachable(`profile:${profile}`, error));
      }
    }
    return logins;
  }

  /** Who these keys belong to, and in which partition. */
  async #identify(
    credentials: AwsCredentials,
    region: string | undefined,
  ): Promise<{ readonly account: string; readonly region: string }> {
    const known = this.#config.region[0] ?? region;
    // Keys of one partition are unknown in the others: ask each of them.
    const regions = known === undefined ? HOME_REGIONS : [known];
    using client = this.#client(credentials);
    let first: unknown;
    for (const each of regions) {
      try {
        const { Account } = await client.call(
          each,
          { service: "sts", operation: "GetCallerIdentity" },
          {},
        );
        return { account: String(Account), region: each };
      } catch (error) {
        this.#signal.throwIfAborted();
        first ??= error;
        const { code } = error as AwsCallError;
        if (!/^(InvalidClientTokenId|UnrecognizedClient)/.test(code)) break;
      }
    }
    throw first;
  }

  async #assume(
    credentials: AwsCredentials,
    region: string,
    role: ProfileChain["roles"][number],
  ): Promise<AwsCredentials> {
    const { arn, externalId, sessionName = SESSION_NAME } = role;
    using client = this.#client(credentials);
    const { Credentials } = await client.call(
      region,
      { service: "sts", operation: "AssumeRole" },
      {
        RoleArn: arn,
        RoleSessionName: sessionName,
        ...(externalId !== undefined && { ExternalId: externalId }),
      },
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } =
      Credentials as Readonly<Record<string, unknown>>;
    return {
      accessKeyId: String(AccessKeyId),
      secretAccessKey: String(SecretAccessKey),
      sessionToken: String(SessionToken),
      ...(Expiration instanceof Date && { expiration: Expiration }),
    };
  }

  /** Keys after every role of a profile was assumed. */
  async #climb(
    { credentials, roles, region }: ProfileChain,
  ): Promise<AwsCredentials> {
    let keys = credentials;
    for (const role of roles) {
      const home = region ?? this.#config.region[0] ?? regionOf(role.arn);
      keys = await this.#assume(keys, home, role);
    }
    return keys;
  }

  /**
   * What people call an account: the name of its profile where that is wanted,
   * its alias, or else what its organisation calls it.
   */
  async #name(
    credentials: AwsCredentials,
    region: string,
    { profile, name }: { readonly profile?: string; readonly name?: string },
  ): Promise<string | undefined> {
    const named = this.#config.prefer_profile_as_account_name;
    if (named && profile !== undefined) return profile;
    using client = this.#client(credentials);
    try {
      const home = homeOf(partitionOf(region).id);
      return await accountAlias(client, home) ?? name;
    } catch (error) {
      // Whoever may not ask for the alias has none to show.
      if (error instanceof AwsCallError && DENIED.test(error.code)) return name;
      throw error;
    }
  }

  /** An account with keys of its own. */
  async #withKeys(
    id: string,
    credentials: AwsCredentials,
    region: string,
    { login: { profile }, role, name }: Origin,
  ): Promise<Account> {
    const called = await this.#name(credentials, region, {
      ...(profile !== undefined && { profile }),
      ...(name !== undefined && { name }),
    });
    return {
      id,
      ...(called !== undefined && { name: called }),
      credentials: packAccess({
        credentials,
        partition: partitionOf(region).id,
        profile,
        role,
      }),
    };
  }

  #add(account: Account): void {
    // Two profiles may lead to one account: the first one collects it.
    if (!this.#found.has(account.id)) this.#found.set(account.id, account);
  }

  /** The account that the keys themselves belong to. */
  async #own(login: Login): Promise<void> {
    const { chain, profile } = login;
    const last = chain.roles.at(-1)?.arn;
    const guessed = last?.split(":")[4] ??
      (profile === undefined ? "default" : `profile:${profile}`);
    try {
      const credentials = await this.#climb(chain);
      const { account, region } = await this.#identify(
        credentials,
        chain.region ?? (last === undefined ? undefined : regionOf(last)),
      );
      if (this.#found.has(account)) return;
      const role = last?.split("/").at(-1);
      this.#add(
        await this.#withKeys(account, credentials, region, { login, role }),
      );
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#unreachable.push(unreachable(guessed, error));
    }
  }

  /** Keys to assume roles with, whom they belong to, and where. */
  async #base(login: Login): Promise<Base> {
    const credentials = await this.#climb(login.chain);
    return {
      login,
      credentials,
      ...await this.#identify(credentials, login.chain.region),
    };
  }

  /** Every configured account, by the configured role. */
  async #configured(login: Login): Promise<void> {
    const { account } = this.#config;
    let base: Base;
    try {
      base = await this.#base(login);
    } catch (error) {
      this.#signal.throwIfAborted();
      // Without keys to begin with, none of them can be reached.
      this.#unreachable.push(...account.map((id) => unreachable(id, error)));
      return;
    }
    await this.#assumeEach(base, account.map((id) => ({ id })));
  }

  /** Every account of the organisation, and the one that the keys belong to. */
  async #organization(login: Login): Promise<void> {
    const {
      assume_current,
      do_not_scrape_current,
      scrape_exclude_account: excluded,
    } = this.#config;
    const { profile } = login;
    let members: readonly OrganizationAccount[] = [];
    let base: Base | undefined;
    try {
      base = await this.#base(login);
      members = await this.#members(base);
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#isComplete = false;
      const which = profile === undefined ? "" : `:${profile}`;
      this.#unreachable.push(unreachable(`organization${which}`, error));
    }
    for (const { id } of members) this.#all.add(id);
    if (base === undefined) return;
    const { account: own, credentials, region } = base;
    this.#all.add(own);
    if (!do_not_scrape_current && !excluded.includes(own)) {
      const name = members.find(({ id }) => id === own)?.name;
      try {
        this.#add(
          await this.#withKeys(own, credentials, region, { login, name }),
        );
      } catch (error) {
        this.#signal.throwIfAborted();
        this.#unreachable.push(unreachable(own, error));
      }
    }
    const wanted = members.filter(({ id }) =>
      !excluded.includes(id) && (id !== own || assume_current)
    );
    for (const { id, isActive } of wanted) {
      if (isActive) continue;
      this.#unreachable.push({
        id,
        code: "account_suspended",
        message:
          `Cannot collect account "${id}": its organisation suspended it`,
      });
    }
    await this.#assumeEach(base, wanted.filter(({ isActive }) => isActive));
  }

  /** The accounts of the organisation, by the role that may list them. */
  async #members(
    { credentials, region }: Base,
  ): Promise<OrganizationAccount[]> {
    const { scrape_org_role_arn: arn } = this.#config;
    const keys = arn === undefined
      ? credentials
      : await this.#assume(credentials, region, { arn });
    using client = this.#client(keys);
    return await organizationAccounts(client, homeOf(partitionOf(region).id));
  }

  /** Accounts by the configured role, some side by side. */
  async #assumeEach(
    { login, credentials, region }: Base,
    accounts: readonly Pick<OrganizationAccount, "id" | "name">[],
  ): Promise<void> {
    const { role = "", external_id: externalId } = this.#config;
    const partition = partitionOf(region).id;
    const found = await mapConcurrent(accounts, async ({ id, name }) => {
      const arn = `arn:${partition}:iam::${id}:role/${role}`;
      try {
        const keys = await this.#assume(credentials, region, {
          arn,
          ...(externalId !== undefined && { externalId }),
        });
        return await this.#withKeys(id, keys, region, { login, name, role });
      } catch (error) {
        this.#signal.throwIfAborted();
        return unreachable(id, error);
      }
    }, { limit: SIDE_BY_SIDE, signal: this.#signal });
    for (const each of found) {
      if ("code" in each) this.#unreachable.push(each);
      else this.#add(each);
    }
  }
}

/** A region of the partition of an ARN. */
function regionOf(arn: string): string {
  return homeOf(arn.split(":")[1] ?? "");
}

/** Lists the accounts that the configured credentials lead to. */
export function listAccounts(
  context: AccountsContext<AwsConfig>,
  sources: AccountSources,
): Promise<AccountList> {
  return new Accounts(context, sources).list();
}
