/**
 * What is stored of a plugin.
 *
 * @module
 */

import type {
  PluginJson,
  PluginKeyJson,
  PluginPolicyJson,
  PluginVersionJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import type { PluginSignature } from "@skymap/lib/plugin_host";
import { compareVersions } from "@skymap/lib/plugin_host";
import type { WriteBatch } from "./write_batch.ts";

/** A version as it is stored: who signed it depends on the trusted keys. */
export interface StoredVersion extends Omit<PluginVersionJson, "signed_by"> {
  /** The signature that came with it. */
  readonly signature?: PluginSignature;
}

/** A plugin as it is stored, with its versions. */
export interface StoredPlugin extends Omit<PluginJson, "versions"> {
  /** By version. */
  readonly versions: ReadonlyMap<string, StoredVersion>;
}

/** Everything that the registry keeps in memory. */
export interface StoredRegistry {
  /** By name. */
  readonly plugins: ReadonlyMap<string, StoredPlugin>;
  /** By id. */
  readonly keys: ReadonlyMap<string, PluginKeyJson>;
  /** What any plugin may get. */
  readonly policy: PluginPolicyJson;
}

/** Rows hold texts: what is hashed and compared comes back as it was. */
interface Row {
  readonly document: string;
}

type PluginRow = Omit<StoredPlugin, "versions">;

/** A plugin's versions, the newest first. */
export function newestFirst(plugin: StoredPlugin): readonly StoredVersion[] {
  return [...plugin.versions.values()].sort((a, b) =>
    compareVersions(b.version, a.version)
  );
}

/** Reads everything. */
export async function loadRegistry(db: DbSession): Promise<StoredRegistry> {
  const [plugins, versions, keys, [policy]] = await db.query<
    [Row[], Row[], Row[], Row[]]
  >(
    `SELECT document FROM plugin; SELECT document FROM plugin_version;
    SELECT document FROM plugin_key; SELECT document FROM plugin_policy`,
  );
  const read = <T>(row: Row) => JSON.parse(row.document) as T;
  const byName = Map.groupBy(
    versions.map((row) => read<StoredVersion>(row)),
    ({ name }) => name,
  );
  return {
    plugins: new Map(
      plugins.map((row) => read<PluginRow>(row)).map((plugin) => [plugin.name, {
        ...plugin,
        versions: new Map(
          byName.get(plugin.name)?.map((each) => [each.version, each]),
        ),
      }]),
    ),
    keys: new Map(
      keys.map((row) => read<PluginKeyJson>(row)).map((key) => [key.id, key]),
    ),
    policy: policy === undefined ? {} : read(policy),
  };
}

/** Adds a plugin, without its versions, to a transaction. */
export function putPlugin(batch: WriteBatch, plugin: StoredPlugin): void {
  const { versions: _versions, ...row } = plugin;
  batch.put("plugin", plugin.name, { document: JSON.stringify(row) });
}

/** Adds a version to a transaction. */
export function putVersion(batch: WriteBatch, version: StoredVersion): void {
  batch.put("plugin_version", [version.name, version.version], {
    document: JSON.stringify(version),
  });
}

/** Adds a key to a transaction. */
export function putKey(batch: WriteBatch, key: PluginKeyJson): void {
  batch.put("plugin_key", key.id, { document: JSON.stringify(key) });
}

/** Adds the policy to a transaction. */
export function putPolicy(batch: WriteBatch, policy: PluginPolicyJson): void {
  batch.put("plugin_policy", "current", { document: JSON.stringify(policy) });
}
