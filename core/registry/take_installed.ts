/**
 * How plugins that came with Skymap come into the registry.
 *
 * @module
 */

import type { RefusedPlugins } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import type { PluginManifest } from "@skymap/lib/plugin";
import { compareVersions } from "@skymap/lib/plugin_host";
import { checkManifest } from "./check_addition.ts";
import { manifestText } from "./manifest_text.ts";
import { permissionsHash } from "./permission_list.ts";
import {
  putPlugin,
  putVersion,
  type StoredPlugin,
  type StoredVersion,
} from "./plugin_record.ts";
import { activeVersion, withVersion } from "./plugin_state.ts";
import { excessText, policyExcess } from "./policy.ts";
import { takenCloud } from "./registry_rules.ts";
import type { RegistryState } from "./registry_state.ts";
import { WriteBatch } from "./write_batch.ts";

/** A plugin with a version that a worker has; why it may not run, if so. */
function afterTaking(
  plugin: StoredPlugin | undefined,
  taken: StoredVersion,
  reason: string | undefined,
): StoredPlugin {
  const { name, version, grant } = taken;
  if (plugin === undefined) {
    return {
      name,
      enabled: reason === undefined,
      ...(grant !== undefined && { active: version }),
      ...(reason !== undefined && { reason }),
      history: [],
      versions: new Map([[version, taken]]),
    };
  }
  const active = activeVersion(plugin);
  const next = withVersion(plugin, taken);
  const isNewer = active === undefined ||
    active.source === "installation" &&
      compareVersions(version, active.version) > 0;
  const after = isNewer && grant !== undefined
    ? { ...next, active: version }
    : next;
  return after.active === version && after.enabled && reason !== undefined
    ? { ...after, enabled: false, reason }
    : after;
}

async function takeOne(
  state: RegistryState,
  manifest: PluginManifest,
  by: string,
): Promise<void> {
  const { name, version, permissions } = manifest;
  const { plugins, policy } = state.stored;
  const plugin = plugins.get(name);
  const known = plugin?.versions.get(version);
  // A stranger's version of the same number stands as it was approved.
  if (known?.source === "published") return;
  if (
    known !== undefined &&
    manifestText(known.manifest) === manifestText(manifest)
  ) return;
  const limits = state.usualLimits(plugin);
  const excess = policyExcess({ permissions, limits }, policy);
  const isAllowed = excess.length === 0;
  const taken: StoredVersion = {
    name,
    version,
    source: "installation",
    has_lock: false,
    manifest,
    permissions_hash: permissionsHash(permissions),
    added_at: state.now().toISOString(),
    added_by: by,
    ...(isAllowed && {
      grant: state.grant({ permissions, limits }, "installation"),
    }),
  };
  const reason = isAllowed
    ? takenCloud(taken, plugins.values())
    : excessText(excess);
  const next = afterTaking(plugin, taken, reason);
  const batch = new WriteBatch();
  putPlugin(batch, next);
  putVersion(batch, taken);
  state.event(batch, {
    plugin: name,
    version,
    event: isAllowed ? "approved" : "refused",
    by,
    message: isAllowed ? "it came with Skymap" : excessText(excess),
  });
  await state.commit(batch, { plugins: [next] });
}

/**
 * Takes what a worker's installation has, as far as it came with this core
 * too. Says what it did not take: it may be a worker of another version.
 */
export async function takeInstalled(
  state: RegistryState,
  installed: ReadonlySet<string>,
  manifests: readonly PluginManifest[],
  by: string,
): Promise<RefusedPlugins> {
  const refused: { name: string; reason: string }[] = [];
  for (const manifest of manifests) {
    const { name } = manifest;
    if (!installed.has(name)) {
      refused.push({ name, reason: "it did not come with core's Skymap" });
      continue;
    }
    try {
      checkManifest(manifest);
    } catch (error) {
      if (!isSkymapError(error, "plugin_invalid")) throw error;
      refused.push({ name, reason: error.message });
      continue;
    }
    await takeOne(state, manifest, by);
  }
  return { refused };
}
