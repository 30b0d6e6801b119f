/**
 * How a plugin becomes another one: as it is stored, nothing else.
 *
 * @module
 */

import {
  newestFirst,
  type StoredPlugin,
  type StoredVersion,
} from "./plugin_record.ts";

/** Versions that a roll back can return to. */
const MAX_HISTORY = 20;

/** The version of a plugin that runs, or would when it is enabled. */
export function activeVersion(plugin: StoredPlugin): StoredVersion | undefined {
  return plugin.versions.get(plugin.active ?? "");
}

/** A plugin with one version more, or another one in its place. */
export function withVersion(
  plugin: StoredPlugin,
  version: StoredVersion,
): StoredPlugin {
  const versions = new Map(plugin.versions).set(version.version, version);
  return { ...plugin, versions };
}

/** The plugin running a version; the one that ran before can be returned to. */
export function activated(
  { reason: _reason, ...plugin }: StoredPlugin,
  version: string,
): StoredPlugin {
  const { active, history } = plugin;
  return {
    ...plugin,
    enabled: true,
    active: version,
    history: active === undefined || active === version
      ? history
      : [...history, active].slice(-MAX_HISTORY),
  };
}

/** What is left of a plugin; undefined when nothing is. */
export function withoutVersions(
  { active, ...plugin }: StoredPlugin,
  versions: ReadonlyMap<string, StoredVersion>,
): StoredPlugin | undefined {
  const left = { ...plugin, versions };
  const [newest] = newestFirst(left);
  if (newest === undefined) return;
  const history = plugin.history.filter((each) => versions.has(each));
  if (active !== undefined && versions.has(active)) {
    return { ...left, active, history };
  }
  const next = newestFirst(left).find(({ source, grant }) =>
    source === "installation" && grant !== undefined
  );
  return next === undefined
    ? { ...left, enabled: false, history }
    : { ...left, active: next.version, history };
}
