import type { Account, AccountList, AccountsContext } from "@skymap/lib/plugin";
import { type AwsCredentials, packAccess } from "./account_credentials.ts";
import { AwsCallError } from "./aws_error.ts";
import { AwsClient } from "./client.ts";
import { HOME_REGIONS, partitionOf } from "./partitions.ts";
import {
  joinProfiles,
  type ProfileChain,
  type ProfileFiles,
  resolveProfile,
} from "./profiles.ts";
import type { AwsConfig } from "./settings.ts";

/** Name of the sessions of assumed roles, as AWS shows it in its logs. */
const SESSION_NAME = "skymap";

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

  constructor(
    { config, signal }: AccountsContext<AwsConfig>,
    sources: AccountSources,
  ) {
    this.#config = config;
    this.#signal = signal;
    this.#sources = sources;
  }

  async list(): Promise<AccountList> {
    for (const login of await this.#logins()) {
      if (this.#config.account.length > 0) await this.#assumeEach(login);
      else await this.#own(login);
    }
    return {
      accounts: [...this.#found.values()],
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
    const { AccessKeyId, SecretAccessKey, SessionToken } =
      Credentials as Readonly<Record<string, string>>;
    return {
      accessKeyId: String(AccessKeyId),
      secretAccessKey: String(SecretAccessKey),
      sessionToken: String(SessionToken),
    };
  }

  /** Keys after every role of a profile was assumed. */
  async #climb(
    { credentials, roles, region }: ProfileChain,
  ): Promise<AwsCredentials> {
    let keys = credentials;
    for (const role of roles) {
      const home = region ?? this.#config.region[0] ?? homeOf(role.arn);
      keys = await this.#assume(keys, home, role);
    }
    return keys;
  }

  #add(
    id: string,
    credentials: AwsCredentials,
    region: string,
    { profile }: Login,
    role?: string,
  ): void {
    // Two profiles may lead to one account: the first one collects it.
    if (this.#found.has(id)) return;
    const named = this.#config.prefer_profile_as_account_name;
    this.#found.set(id, {
      id,
      ...(named && profile !== undefined && { name: profile }),
      credentials: packAccess({
        credentials,
        partition: partitionOf(region).id,
        profile,
        role,
      }),
    });
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
        chain.region ?? (last === undefined ? undefined : homeOf(last)),
      );
      this.#add(account, credentials, region, login, last?.split("/").at(-1));
    } catch (error) {
      this.#signal.throwIfAborted();
      this.#unreachable.push(unreachable(guessed, error));
    }
  }

  /** Every configured account, by the configured role. */
  async #assumeEach(login: Login): Promise<void> {
    const { account, role = "", external_id: externalId } = this.#config;
    let credentials: AwsCredentials;
    let region: string;
    try {
      credentials = await this.#climb(login.chain);
      ({ region } = await this.#identify(credentials, login.chain.region));
    } catch (error) {
      this.#signal.throwIfAborted();
      // Without keys to begin with, none of them can be reached.
      this.#unreachable.push(...account.map((id) => unreachable(id, error)));
      return;
    }
    const partition = partitionOf(region).id;
    for (const id of account) {
      const arn = `arn:${partition}:iam::${id}:role/${role}`;
      try {
        const keys = await this.#assume(credentials, region, {
          arn,
          ...(externalId !== undefined && { externalId }),
        });
        this.#add(id, keys, region, login, role);
      } catch (error) {
        this.#signal.throwIfAborted();
        this.#unreachable.push(unreachable(id, error));
      }
    }
  }
}

/** A region of the partition of an ARN. */
function homeOf(arn: string): string {
  const partition = arn.split(":")[1];
  return HOME_REGIONS.find((region) => partitionOf(region).id === partition) ??
    "us-east-1";
}

/** Lists the accounts that the configured credentials lead to. */
export function listAccounts(
  context: AccountsContext<AwsConfig>,
  sources: AccountSources,
): Promise<AccountList> {
  return new Accounts(context, sources).list();
}
