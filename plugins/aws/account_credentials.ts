import type { Account, JsonObject } from "@skymap/lib/plugin";
import type { AwsCredentials } from "./client.ts";

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
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    access_key_id: accessKeyId,
    secret_access_key: secretAccessKey,
    ...(sessionToken !== undefined && { session_token: sessionToken }),
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
    },
    partition,
    profile,
    role,
  };
}
