/**
 * A plugin for the tests of the registry.
 *
 * @module
 */

import type {
  PluginAddition,
  PluginPermissions,
  PluginVersionJson,
} from "@skymap/lib/client";
import type { PluginManifest } from "@skymap/lib/plugin";
import { sha256Of } from "@skymap/lib/plugin_host";
import { permissionsHash } from "./permission_list.ts";

/** What a manifest differs in from that of `fruit`. */
export type ManifestChange = Partial<Omit<PluginManifest, "permissions">> & {
  readonly permissions?: PluginPermissions;
};

/** A manifest. Default: version 1.0.0 of `fruit`, which asks for one host. */
export function testManifest(change: ManifestChange = {}): PluginManifest {
  const name = change.name ?? "fruit";
  const cloud = change.cloud ?? name;
  return {
    protocol: 1,
    name,
    version: "1.0.0",
    description: "Collects fruit",
    cloud,
    containers: { account: `${cloud}_account`, region: `${cloud}_region` },
    kinds: [
      { name: `${cloud}_account`, bases: ["account"] },
      { name: `${cloud}_region`, bases: ["region"] },
      { name: `${cloud}_apple`, properties: { colour: { kind: "string" } } },
    ],
    collects: true,
    actions: [],
    tasks: [],
    commands: [],
    reactions: [],
    ...change,
    permissions: {
      accounts: {},
      collect: { net: ["api.example.com:443"] },
      actions: {},
      tasks: {},
      commands: {},
      reactions: {},
      ...change.permissions,
    },
  };
}

/** A version as the registry has it. */
export function testVersion(
  change: ManifestChange = {},
  more: Partial<PluginVersionJson> = {},
): PluginVersionJson {
  const manifest = testManifest(change);
  return {
    name: manifest.name,
    version: manifest.version,
    source: "published",
    has_lock: false,
    manifest,
    permissions_hash: permissionsHash(manifest.permissions),
    added_at: "2026-01-01T00:00:00.000Z",
    added_by: "test",
    ...more,
  };
}

/** An addition whose hash is right. */
export async function testAddition(
  change: ManifestChange = {},
  module = `export default "${change.version ?? "1.0.0"}";`,
  more: Partial<PluginAddition> = {},
): Promise<PluginAddition> {
  return {
    manifest: testManifest(change),
    module,
    sha256: await sha256Of(module),
    ...more,
  };
}
