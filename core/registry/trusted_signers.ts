/**
 * Whose signature a version carries.
 *
 * @module
 */

import type { PluginKeyJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { isSignedBy, type PluginSignature } from "@skymap/lib/plugin_host";
import type { StoredPlugin, StoredVersion } from "./plugin_record.ts";

/** Id of the trusted key that made a signature. */
export type TrustedSigners = WeakMap<PluginSignature, string>;

/**
 * Id of the trusted key that signed a version, or undefined when none did.
 *
 * @throws {SkymapError} `signature_invalid`, if it says that a trusted key did
 * and that is not so.
 */
export async function signerOf(
  version: StoredVersion,
  keys: ReadonlyMap<string, PluginKeyJson>,
): Promise<string | undefined> {
  const { name, manifest, sha256, signature } = version;
  const key = keys.get(signature?.key ?? "");
  if (signature === undefined || key === undefined || sha256 === undefined) {
    return;
  }
  const part = { manifest: manifest as unknown as Json, sha256 };
  if (await isSignedBy(part, signature, key.public_key)) return key.id;
  throw new SkymapError(
    "signature_invalid",
    `Cannot trust plugin "${name}" ${version.version}: its signature is not ` +
      `that of key ${key.id} (${key.comment}), wanted one that is`,
  );
}

/** Who signed what, by the keys that are trusted. */
export async function trustedSigners(
  plugins: Iterable<StoredPlugin>,
  keys: ReadonlyMap<string, PluginKeyJson>,
): Promise<TrustedSigners> {
  const signers: TrustedSigners = new WeakMap();
  for (const { versions } of plugins) {
    for (const version of versions.values()) {
      const signer = await signerOf(version, keys).catch(() => undefined);
      if (signer !== undefined && version.signature !== undefined) {
        signers.set(version.signature, signer);
      }
    }
  }
  return signers;
}
