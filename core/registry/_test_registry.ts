/**
 * A registry of its own for each test file.
 *
 * @module
 */

import type { PluginVersionJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { FakeClock } from "@skymap/lib/testing";
import { openTestDatabase } from "../db/test_database.ts";
import { testAddition } from "./_test_plugin.ts";
import { PluginRegistry } from "./registry.ts";

/** The database of this test file. */
export const db: DbSession = (await openTestDatabase()).db.system;

const clock = new FakeClock();
const INSTALLED = new Set(["demo", "aws"]);

/** The registry as a core that starts again finds it. */
export function reopen(): Promise<PluginRegistry> {
  return PluginRegistry.open({ db, clock, installed: INSTALLED });
}

/** An empty registry. */
export async function open(): Promise<PluginRegistry> {
  await db.query(
    `DELETE plugin; DELETE plugin_version; DELETE plugin_text;
    DELETE plugin_policy; DELETE plugin_key; DELETE plugin_audit`,
  );
  return await reopen();
}

/** One version of a plugin, as the registry shows it. */
export function versionOf(
  registry: PluginRegistry,
  name: string,
  version: string,
): PluginVersionJson {
  const found = registry.get(name).versions.find((each) =>
    each.version === version
  );
  if (found === undefined) throw new Error(`no ${name} ${version}`);
  return found;
}

/** What an approval names. */
export function seen({ sha256, permissions_hash }: PluginVersionJson) {
  return { ...(sha256 !== undefined && { sha256 }), permissions_hash };
}

/** Adds a version and approves it. */
export async function addApproved(
  registry: PluginRegistry,
  ...args: Parameters<typeof testAddition>
): Promise<void> {
  const { version } = await registry.add(await testAddition(...args), "me");
  await registry.approve(version.name, version.version, seen(version), "me");
}

/** Name and version of what workers run. */
export function running(registry: PluginRegistry): string[] {
  return registry.active().plugins.map(({ name, version }) =>
    `${name}@${version}`
  );
}

/** What was done to a plugin, by the alphabet. */
export async function events(
  registry: PluginRegistry,
  name: string,
): Promise<string[]> {
  return (await registry.audit(name, 100)).map(({ event }) => event).sort();
}
