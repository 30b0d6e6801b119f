import type { Account, JsonObject } from "@skymap/lib/plugin";

/** Keys of one account. */
export interface AwsCredentials {
  /** Access key. */
  readonly accessKeyId: string;
  /** Its secret. */
  readonly secretAccessKey: string;
  /** Session token of a short-lived key. */
  readonly sessionToken?: string;
  /** When the session ends. Default: it does not. */
  readonly expiration?: Date;
}

/**
 * Gives keys that are good for a while; with `renew` others than before, for AWS
 * said that those have ended.
 */
export type CredentialsProvider = (
  options?: { readonly renew?: boolean },
) => Promise<AwsCredentials>;

/** How one account is reached, from its listing to its collect. */
export interface AccountAccess {
  /** Keys of this account alone. */
  readonly credentials: AwsCredentials;
  /** Its partition. */
  readonly partition: string;
  /** Profile the keys come from. */
  readonly profile?: string | undefined;
  /** Role they were got by. */
  readonly role?: string | undefined;
}

/** An account's access as what the worker carries from listing to collect. */
export function packAccess(
  { credentials, partition, profile, role }: AccountAccess,
): JsonObject {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } =
    credentials;
  return {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    ...(sessionToken !== undefined && { session_token: sessionToken }),
    ...(expiration !== undefined && { expires_at: expiration.toISOString() }),
    partition,
    ...(profile !== undefined && { profile }),
    ...(role !== undefined && { role }),
  };
}

/**
 * Reads what {@linkcode packAccess} made.
 *
 * @throws {TypeError} If the account carries no keys.
 */
export function unpackAccess({ id, credentials = {} }: Account): AccountAccess {
  const {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    session_token: sessionToken,
    expires_at: expiresAt,
    partition,
    profile,
    role,
  } = credentials as Readonly<Record<string, string | undefined>>;
  if (
    accessKeyId === undefined || secretAccessKey === undefined ||
    partition === undefined
  ) {
    throw new TypeError(
      `Cannot collect account "${id}": it carries no access key`,
    );
  }
  return {
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
      ...(expiresAt !== undefined && { expiration: new Date(expiresAt) }),
    },
    partition,
    profile,
    role,
  };
}

/** Sessions that end within this time are renewed before they are used. */
const RENEWED_BEFORE_MS = 5 * 60_000;
/** Keys that are so new are not renewed because of a call with older ones. */
const NEW_MS = 60_000;

/** Keys that stay as they are. */
export function constantCredentials(
  credentials: AwsCredentials,
): CredentialsProvider {
  return () => Promise.resolve(credentials);
}

/**
 * The keys of an account; those of a session that is about to end are replaced
 * by what `freshAccount` gives.
 */
export function freshCredentials(
  account: Account,
  freshAccount: () => Promise<Account>,
  now: () => number = Date.now,
): CredentialsProvider {
  let keys = Promise.resolve(unpackAccess(account).credentials);
  let renewedAt = -Infinity;
  async function renewed(): Promise<AwsCredentials> {
    return unpackAccess(await freshAccount()).credentials;
  }
  return async ({ renew = false } = {}) => {
    const { expiration } = await keys;
    const left = (expiration?.getTime() ?? Infinity) - now();
    const isNew = now() - renewedAt < NEW_MS;
    if (!isNew && (renew || left < RENEWED_BEFORE_MS)) {
      renewedAt = now();
      const before = keys;
      keys = renewed();
      // What could not be renewed may be good for a little longer.
      keys.catch(() => keys = before);
    }
    return await keys;
  };
}
