/**
 * Plugins of a registry, for tests of the worker.
 *
 * @module
 */

import type { ActivePluginJson } from "@skymap/lib/client";
import type { PluginManifest } from "@skymap/lib/plugin";

/** A manifest that asks for nothing. */
export function testManifest(
  name: string,
  more: Partial<PluginManifest> = {},
): PluginManifest {
  return {
    protocol: 1,
    name,
    version: "1.0.0",
    description: name,
    cloud: name,
    containers: { account: `${name}_account`, region: `${name}_region` },
    kinds: [{ name: `${name}_account` }, { name: `${name}_region` }],
    collects: true,
    actions: [],
    tasks: [],
    commands: [],
    reactions: [],
    permissions: {
      accounts: {},
      collect: {},
      actions: {},
      tasks: {},
      commands: {},
      reactions: {},
    },
    ...more,
  };
}

/** A plugin that workers run. */
export function testActive(
  name: string,
  more: Partial<ActivePluginJson> = {},
  manifest: Partial<PluginManifest> = {},
): ActivePluginJson {
  const described = testManifest(name, manifest);
  return {
    name,
    version: described.version,
    source: "published",
    manifest: described,
    permissions: described.permissions,
    limits: { heap_mb: 512, memory_mb: 1_024, timeout_s: 60 },
    ...more,
  };
}
