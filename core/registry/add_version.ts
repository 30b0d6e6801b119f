/**
 * How a version comes into the registry.
 *
 * @module
 */

import type { PluginAdded, PluginAddition } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { checkAddition } from "./check_addition.ts";
import { differenceOf } from "./difference.ts";
import { manifestText } from "./manifest_text.ts";
import { permissionsHash } from "./permission_list.ts";
import { putPlugin, putVersion, type StoredVersion } from "./plugin_record.ts";
import { activeVersion, withVersion } from "./plugin_state.ts";
import type { RegistryState } from "./registry_state.ts";
import { lockName, moduleName } from "./text_store.ts";
import { signerOf } from "./trusted_signers.ts";
import { WriteBatch } from "./write_batch.ts";

/** A version that was added never becomes another one. */
async function checkSame(
  state: RegistryState,
  known: StoredVersion,
  addition: PluginAddition,
  by: string,
): Promise<void> {
  const { name, version } = known;
  const isSame = known.sha256 === addition.sha256 &&
    manifestText(known.manifest) === manifestText(addition.manifest);
  if (isSame) return;
  const message = known.sha256 === undefined
    ? "it came with Skymap"
    : known.sha256 === addition.sha256
    ? "its module is the same, but its manifest is another one"
    : `its module had SHA-256 ${known.sha256} when it was added, and now ` +
      `has ${addition.sha256}`;
  await state.refuse(known, by, message);
  throw new SkymapError(
    "plugin_changed",
    `Cannot add plugin "${name}" ${version}: ${message}; wanted a new version`,
    {
      details: {
        was: known.sha256 ?? "installation",
        is: addition.sha256,
      },
    },
  );
}

/** A version, and how it differs from the active one. */
function compared(
  state: RegistryState,
  version: StoredVersion,
): Omit<PluginAdded, "created"> {
  const shown = state.shown(version);
  const plugin = state.plugin(version.name);
  const active = activeVersion(plugin);
  if (active === undefined || active.version === version.version) {
    return { version: shown };
  }
  const limits = state.usualLimits(plugin);
  return {
    version: shown,
    difference: differenceOf(
      {
        version: state.shown(active),
        limits: active.grant?.limits ?? limits,
      },
      { version: shown, limits: version.grant?.limits ?? limits },
    ),
  };
}

/** The version that an addition makes. */
function storedVersion(
  { manifest, sha256, url, lock, signature }: PluginAddition,
  { size, at, by }: {
    readonly size: number;
    readonly at: Date;
    readonly by: string;
  },
): StoredVersion {
  return {
    name: manifest.name,
    version: manifest.version,
    source: "published",
    sha256,
    size,
    ...(url !== undefined && { url }),
    has_lock: lock !== undefined,
    ...(signature !== undefined && { signature }),
    manifest,
    permissions_hash: permissionsHash(manifest.permissions),
    added_at: at.toISOString(),
    added_by: by,
  };
}

/**
 * Adds a version; it waits for approval. One that is there already is given as
 * it is, but for a signature that it did not have.
 *
 * @throws {SkymapError} `plugin_changed`, when a version that was added is to
 * become another one; `plugin_invalid` or `signature_invalid`.
 */
export async function addVersion(
  state: RegistryState,
  addition: PluginAddition,
  by: string,
): Promise<PluginAdded> {
  const size = await checkAddition(addition);
  const { module, sha256, url, lock, signature } = addition;
  const { name, version } = addition.manifest;
  const plugin = state.stored.plugins.get(name);
  const known = plugin?.versions.get(version);
  if (known !== undefined) await checkSame(state, known, addition, by);
  const isSigned = known?.signature === undefined && signature !== undefined;
  if (known !== undefined && !isSigned) {
    return { ...compared(state, known), created: false };
  }
  const added = known === undefined || signature === undefined
    ? storedVersion(addition, { size, at: state.now(), by })
    : { ...known, signature };
  const signer = await signerOf(added, state.stored.keys).catch(
    async (error) => {
      await state.refuse(added, by, messageOf(error));
      throw error;
    },
  );
  if (known === undefined) {
    await state.texts.put(moduleName(sha256), module);
    if (lock !== undefined) {
      await state.texts.put(lockName(name, version), lock);
    }
  }
  const batch = new WriteBatch();
  const next = withVersion(
    plugin ?? { name, enabled: false, history: [], versions: new Map() },
    added,
  );
  putPlugin(batch, next);
  putVersion(batch, added);
  state.event(batch, {
    plugin: name,
    version,
    event: "added",
    by,
    message: known === undefined
      ? `SHA-256 ${sha256}${url === undefined ? "" : `, from ${url}`}`
      : `the signature of key ${signature?.key}`,
  });
  state.setSigner(added, signer);
  await state.commit(batch, { plugins: [next] });
  return { ...compared(state, added), created: known === undefined };
}
