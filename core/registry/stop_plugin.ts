/**
 * How a plugin ends: it is disabled, or removed.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import {
  newestFirst,
  putPlugin,
  type StoredPlugin,
  type StoredVersion,
} from "./plugin_record.ts";
import { activeVersion, withoutVersions } from "./plugin_state.ts";
import { misfitOf, takenCloud } from "./registry_rules.ts";
import type { RegistryState } from "./registry_state.ts";
import { lockName, moduleName } from "./text_store.ts";
import { WriteBatch } from "./write_batch.ts";

/** Stops a plugin from running; throws `plugin_unknown`. */
export async function disablePlugin(
  state: RegistryState,
  name: string,
  by: string,
): Promise<void> {
  const { reason: _reason, ...plugin } = state.plugin(name);
  const next = { ...plugin, enabled: false };
  const batch = new WriteBatch();
  putPlugin(batch, next);
  state.event(batch, { plugin: name, event: "disabled", by });
  await state.commit(batch, { plugins: [next] });
}

/** What goes when a version is removed, or all that were added. */
function chosen(
  plugin: StoredPlugin,
  one: StoredVersion | undefined,
): readonly StoredVersion[] {
  const { name } = plugin;
  const gone = one === undefined
    ? newestFirst(plugin).filter(({ source }) => source === "published")
    : [one];
  const [first] = gone;
  if (first === undefined || first.source === "installation") {
    throw new SkymapError(
      "conflict",
      `Cannot remove plugin "${name}": it came with Skymap, wanted disable`,
    );
  }
  if (one !== undefined && one.version === plugin.active) {
    throw new SkymapError(
      "conflict",
      `Cannot remove plugin "${name}" ${one.version}: it is active, wanted ` +
        "another version in its place first, or all of the plugin",
    );
  }
  return gone;
}

/** What is left may take the place of what ran only if it may run itself. */
function checkedRest(
  state: RegistryState,
  rest: StoredPlugin | undefined,
): StoredPlugin | undefined {
  const active = rest?.enabled === true ? activeVersion(rest) : undefined;
  if (rest === undefined || active === undefined) return rest;
  const { plugins, policy } = state.stored;
  const reason = misfitOf(active, policy, state.signer(active)) ??
    takenCloud(active, plugins.values());
  return reason === undefined ? rest : { ...rest, enabled: false, reason };
}

function isHeld({ stored: { plugins } }: RegistryState, hash: string): boolean {
  return [...plugins.values()].some(({ versions }) =>
    [...versions.values()].some(({ sha256 }) => sha256 === hash)
  );
}

/**
 * Removes a version, or all that were added. What came with Skymap stays.
 *
 * @throws {SkymapError} `conflict`, if the version is active or came with
 * Skymap; `plugin_unknown`.
 */
export async function removePlugin(
  state: RegistryState,
  name: string,
  version: string | undefined,
  by: string,
): Promise<void> {
  const plugin = state.plugin(name);
  const one = version === undefined ? undefined : state.version(name, version);
  const gone = chosen(plugin, one);
  const batch = new WriteBatch();
  const versions = new Map(plugin.versions);
  for (const { version, sha256 } of gone) {
    versions.delete(version);
    batch.delete("plugin_version", [name, version]);
    state.event(batch, {
      plugin: name,
      version,
      event: "removed",
      by,
      message: `SHA-256 ${sha256}`,
    });
  }
  const rest = checkedRest(state, withoutVersions(plugin, versions));
  if (rest === undefined) {
    batch.delete("plugin", name);
    // Whoever adds it again is not told what changed meanwhile.
    batch.deleteWhere("plugin_reaction", "plugin", name);
  } else {
    putPlugin(batch, rest);
  }
  await state.commit(
    batch,
    rest === undefined ? { removed: name } : { plugins: [rest] },
  );
  for (const { version, sha256 = "" } of gone) {
    await state.texts.delete(lockName(name, version));
    if (!isHeld(state, sha256)) await state.texts.delete(moduleName(sha256));
  }
}
