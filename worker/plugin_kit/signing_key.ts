import { messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import {
  createSigningKey,
  keyId,
  type SigningKeyPair,
} from "@skymap/lib/plugin_host";

/**
 * Makes a key pair and writes it into a file that only its owner may read.
 *
 * @throws {SkymapError} `conflict`, if the file is there: a key that is
 * overwritten is lost.
 */
export async function writeSigningKey(path: string): Promise<SigningKeyPair> {
  const pair = await createSigningKey();
  try {
    await Deno.writeTextFile(path, `${JSON.stringify(pair, null, 2)}\n`, {
      createNew: true,
      mode: 0o600,
    });
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new SkymapError(
      "conflict",
      `Cannot write key "${path}": the file exists, wanted a new one`,
      { cause },
    );
  }
  return pair;
}

/**
 * Reads a key pair.
 *
 * @throws {SkymapError} `signature_invalid`, if the file holds none.
 */
export async function readSigningKey(path: string): Promise<SigningKeyPair> {
  try {
    const pair: unknown = JSON.parse(await Deno.readTextFile(path));
    if (
      isObject(pair) && typeof pair["privateKey"] === "string" &&
      typeof pair["publicKey"] === "string" &&
      pair["id"] === await keyId(pair["publicKey"])
    ) return pair as unknown as SigningKeyPair;
  } catch (cause) {
    throw new SkymapError(
      "signature_invalid",
      `Cannot read key "${path}": ${messageOf(cause)}`,
      { cause },
    );
  }
  throw new SkymapError(
    "signature_invalid",
    `Cannot read key "${path}": it is no key pair, make one with skymap plugin key`,
  );
}
