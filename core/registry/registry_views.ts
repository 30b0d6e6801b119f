/**
 * What the registry shows, out of what it keeps.
 *
 * @module
 */

import type {
  ActivePluginJson,
  ActivePlugins,
  PluginPolicyJson,
  PluginSummaryJson,
  RegistryIndexJson,
} from "@skymap/lib/client";
import {
  newestFirst,
  type StoredPlugin,
  type StoredRegistry,
} from "./plugin_record.ts";
import { activeVersion } from "./plugin_state.ts";
import { misfitOf } from "./registry_rules.ts";

function summaryOf(plugin: StoredPlugin): PluginSummaryJson {
  const { name, enabled, active, reason } = plugin;
  const versions = newestFirst(plugin);
  const running = activeVersion(plugin);
  const shown = running ?? versions[0];
  return {
    name,
    description: shown?.manifest.description ?? "",
    cloud: shown?.manifest.cloud ?? "",
    enabled,
    ...(active !== undefined && { active }),
    ...(running !== undefined && { source: running.source }),
    ...(reason !== undefined && { reason }),
    versions: versions.map(({ version, grant }) => ({
      version,
      state: grant === undefined ? "waiting" : "approved",
    })),
  };
}

/** Every plugin in a few words, by name. */
export function summariesOf(
  { plugins }: StoredRegistry,
): readonly PluginSummaryJson[] {
  return [...plugins.values()].map(summaryOf)
    .sort((a, b) => a.name < b.name ? -1 : 1);
}

/** The versions that others may import: what was approved, but not the files. */
export function indexOf({ plugins }: StoredRegistry): RegistryIndexJson {
  const listed = [...plugins.values()].map((plugin) => {
    const [newest] = newestFirst(plugin);
    const versions = newestFirst(plugin).flatMap((each) => {
      const { version, sha256, size = 0, has_lock, grant } = each;
      const folder = `${plugin.name}/${version}`;
      return sha256 === undefined || grant === undefined ? [] : [{
        version,
        sha256,
        size,
        manifest: `${folder}/manifest.json`,
        module: `${folder}/module.js`,
        ...(has_lock && { lock: `${folder}/lock.json` }),
      }];
    });
    const description = newest?.manifest.description ?? "";
    return { name: plugin.name, description, versions };
  });
  return { plugins: listed.filter(({ versions }) => versions.length > 0) };
}

/** What runs of a plugin: of what came with Skymap each version there is. */
function runningOf(
  plugin: StoredPlugin,
  policy: PluginPolicyJson,
): readonly ActivePluginJson[] {
  const active = plugin.enabled ? activeVersion(plugin) : undefined;
  if (active === undefined) return [];
  return newestFirst(plugin).flatMap((each): ActivePluginJson[] => {
    const isMeant = each === active ||
      active.source === "installation" && each.source === "installation" &&
        misfitOf(each, policy, undefined) === undefined;
    const { name, version, source, sha256, manifest, grant } = each;
    if (!isMeant || grant === undefined) return [];
    const { permissions, limits } = grant;
    return [{
      name,
      version,
      source,
      ...(sha256 !== undefined && { sha256 }),
      manifest,
      permissions,
      limits,
    }];
  });
}

/** What runs, and why the rest does not. */
export function activeOf(
  { plugins, policy }: StoredRegistry,
): Omit<ActivePlugins, "revision"> {
  const { net } = policy;
  const all = [...plugins.values()];
  return {
    plugins: all.flatMap((plugin) => runningOf(plugin, policy)),
    inactive: all.flatMap((plugin) => {
      const { name, reason, enabled } = plugin;
      const isApproved = activeVersion(plugin)?.grant !== undefined;
      const why = isApproved ? "it is disabled" : "it waits for approval";
      return enabled && isApproved ? [] : [{ name, reason: reason ?? why }];
    }),
    ...(net !== undefined && { net_cap: net }),
  };
}
