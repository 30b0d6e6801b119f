/**
 * The pre-shared key, and the short-lived tokens derived from it.
 *
 * @module
 */

import { errors as joseErrors, jwtVerify, SignJWT } from "jose";
import { randomBytes } from "node:crypto";
import { escapeIdent } from "./db/statement.ts";
import { messageOf, SkymapError } from "./errors.ts";

/** What the holder of a token may do; a scraper reads core's `/metrics` alone. */
export type Role = "operator" | "worker" | "metrics" | "scraper";

const ROLES: readonly string[] = ["operator", "worker", "metrics", "scraper"];

/** Roles whose tokens open the database too. */
const IN_DATABASE: readonly Role[] = ["worker", "metrics"];

/** Namespace and database that a token of a worker or of metrics opens. */
export const DATABASE_SCOPE = {
  /** Namespace of everything Skymap stores. */
  namespace: "skymap",
  /** Database of the control plane. */
  database: "system",
  /** Name of the access method, and table of its records. */
  access: "worker",
} as const;

/** What a token says, once it was checked. */
export interface TokenClaims {
  /** Who: the id of a worker or of metrics, or a name for an operator. */
  readonly subject: string;
  /** What the holder may do. */
  readonly role: Role;
  /** From when on the token is worth nothing. */
  readonly expiresAt: Date;
}

/** What {@linkcode createToken} puts into a token. */
export interface TokenOptions {
  /** Who: 1 to 128 characters, none of them a control character. */
  readonly subject: string;
  /** What the holder may do. */
  readonly role: Role;
  /** Seconds until it expires. Default: 300. */
  readonly ttlSeconds?: number;
}

/** Name of the key file in the data directory. */
const KEY_FILE = "psk";

/** A key of fewer characters could be guessed from one token. */
const MIN_KEY_LENGTH = 16;

/**
 * The key as it is, when it is long enough; `where` says whence it came.
 *
 * @throws SkymapError `config_invalid`.
 */
export function checkKey(key: string, where: string): string {
  if (key.length >= MIN_KEY_LENGTH) return key;
  throw new SkymapError(
    "config_invalid",
    `Cannot use the key in "${where}": it has ${key.length} characters, ` +
      `${MIN_KEY_LENGTH} or more are wanted`,
  );
}

/**
 * Writes a new key beside the key file and links it into place: whoever comes
 * second finds a whole key, never an empty file.
 */
async function writeKey(path: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await Deno.writeTextFile(
      draft,
      randomBytes(32).toString("base64url") + "\n",
      { mode: 0o600, createNew: true },
    );
    await Deno.link(draft, path);
  } catch (error) {
    if (error instanceof Deno.errors.AlreadyExists) return;
    throw new SkymapError(
      "data_dir_unusable",
      `Cannot write key file "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await Deno.remove(draft).catch(() => {});
  }
}

/**
 * The pre-shared key of a data directory. With `create` a missing key file is
 * made, with mode 0600; several processes that start together get one key.
 *
 * @throws SkymapError `token_missing` when there is none and none is made.
 */
export async function loadKey(
  dataDir: string,
  options: { readonly create?: boolean } = {},
): Promise<string> {
  const path = `${dataDir}/${KEY_FILE}`;
  for (let attempt = 0;; attempt++) {
    try {
      return checkKey((await Deno.readTextFile(path)).trim(), path);
    } catch (error) {
      if (error instanceof SkymapError) throw error;
      if (!(error instanceof Deno.errors.NotFound)) {
        throw new SkymapError(
          "data_dir_unusable",
          `Cannot read key file "${path}": ${messageOf(error)}`,
          { cause: error },
        );
      }
      if (options.create !== true || attempt > 0) {
        throw new SkymapError(
          "token_missing",
          `Cannot read key file "${path}": there is none, wanted the one ` +
            "that core makes at its first start, or a key given by option",
          { cause: error },
        );
      }
    }
    await writeKey(path);
  }
}

const signingKeys = new Map<string, Promise<string>>();

async function deriveSigningKey(psk: string): Promise<string> {
  const encoder = new TextEncoder();
  const secret = await crypto.subtle.importKey(
    "raw",
    encoder.encode(psk),
    "HKDF",
    false,
    ["deriveBits"],
  );
  const bits = await crypto.subtle.deriveBits(
    {
      name: "HKDF",
      hash: "SHA-256",
      salt: encoder.encode("skymap"),
      info: encoder.encode("skymap token key 1"),
    },
    secret,
    256,
  );
  return new Uint8Array(bits).toHex();
}

/**
 * The key that signs tokens, as 64 hexadecimal digits, derived from the
 * pre-shared key. The database's access method gets it as text, and the bytes
 * of that text are what signs.
 */
export function signingKey(psk: string): Promise<string> {
  let key = signingKeys.get(psk);
  if (key === undefined) {
    key = deriveSigningKey(psk);
    signingKeys.set(psk, key);
  }
  return key;
}

/** The claims that the database's access method reads. */
function databaseClaims(subject: string): Record<string, string> {
  return {
    ns: DATABASE_SCOPE.namespace,
    db: DATABASE_SCOPE.database,
    ac: DATABASE_SCOPE.access,
    id: `${DATABASE_SCOPE.access}:${escapeIdent(subject)}`,
  };
}

// deno-lint-ignore no-control-regex -- control characters are what it refuses
const SUBJECT = /^[^\u0000-\u001f\u007f]{1,128}$/;

/**
 * A signed token. It serves HTTP (`Authorization: Bearer …`) and, for a worker
 * or metrics, the database, where it stands for the record `worker:⟨subject⟩`.
 */
export async function createToken(
  psk: string,
  options: TokenOptions,
): Promise<string> {
  const { subject, role, ttlSeconds = 300 } = options;
  if (!SUBJECT.test(subject)) {
    throw new RangeError(
      `Cannot create token for ${JSON.stringify(subject)}: wanted 1 to 128 ` +
        "characters and no control character",
    );
  }
  const issuedAt = Math.floor(Date.now() / 1000);
  const claims = IN_DATABASE.includes(role) ? databaseClaims(subject) : {};
  return await new SignJWT({ role, ...claims })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(subject)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + ttlSeconds)
    .sign(new TextEncoder().encode(await signingKey(psk)));
}

function invalid(reason: string, cause?: unknown): SkymapError {
  return new SkymapError(
    "token_invalid",
    `Cannot accept token: ${reason}`,
    cause === undefined ? {} : { cause },
  );
}

/**
 * Checks signature, time and role.
 *
 * @throws SkymapError `token_expired` for a token that was valid, and
 * `token_invalid` for everything else.
 */
export async function verifyToken(
  psk: string,
  token: string,
): Promise<TokenClaims> {
  const key = new TextEncoder().encode(await signingKey(psk));
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ["HS256"],
      requiredClaims: ["exp", "sub", "role"],
    });
    const { sub = "", exp = 0, role } = payload;
    if (!SUBJECT.test(sub)) throw invalid("its subject is not a name");
    if (!ROLES.includes(String(role))) {
      throw invalid(`its role is unknown, wanted one of ${ROLES.join(", ")}`);
    }
    if (IN_DATABASE.includes(role as Role)) {
      for (const [name, value] of Object.entries(databaseClaims(sub))) {
        if (payload[name] !== value) {
          throw invalid(`its claim "${name}" does not fit its subject`);
        }
      }
    }
    return {
      subject: sub,
      role: role as Role,
      expiresAt: new Date(exp * 1000),
    };
  } catch (error) {
    if (error instanceof SkymapError) throw error;
    if (error instanceof joseErrors.JWTExpired) {
      throw new SkymapError(
        "token_expired",
        "Cannot accept token: it has expired, wanted a fresh one",
        { cause: error },
      );
    }
    throw invalid(messageOf(error), error);
  }
}
