/**
 * Hostile plugins in the registry of a real core.
 *
 * @module
 */

import {
  type CoreClient,
  PluginClient,
  type PluginLimits,
  unwrap,
} from "@skymap/lib/client";
import type { PluginManifest } from "@skymap/lib/plugin";
import { sha256Of } from "@skymap/lib/plugin_host";
import { PluginHost } from "../../worker/plugin/host.ts";
import { findInstallation } from "../../worker/plugin/source.ts";
import { evilModule, NEVER } from "./_attack.ts";

/** A hostile plugin of that name, whose second scope runs `collect`. */
export function pluginText(
  name: string,
  collect: string,
  { head = "", account = `{ id: "1" }`, permissions = "{}", version = "1.0.0" }:
    {
      readonly head?: string;
      readonly account?: string;
      readonly permissions?: string;
      readonly version?: string;
    } = {},
): string {
  return evilModule({ collect, head }).replaceAll("evil", name)
    .replace(`accounts: [{ id: "1" }]`, `accounts: [${account}]`)
    .replace(`version: "1.0.0"`, `version: "${version}"`)
    .replace("permissions: {}", `permissions: ${permissions}`);
}

/** What a text says of itself. */
export async function manifestOfText(text: string): Promise<PluginManifest> {
  return await new PluginHost({
    source: { spec: "described", sha256: await sha256Of(text), text },
    installation: await findInstallation(),
    approved: {},
    deno: Deno.execPath(),
    env: (name) => Deno.env.get(name),
    limits: {
      timeoutMs: 30_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 1_000_000,
    },
  }).describe(NEVER);
}

/** Adds a text to the registry and approves all that it asks for. */
export async function install(
  client: CoreClient,
  text: string,
  limits: Partial<PluginLimits> = {},
): Promise<void> {
  const manifest = await manifestOfText(text);
  const plugins = new PluginClient(client);
  const sha256 = await sha256Of(text);
  const { version } = unwrap(
    await plugins.add({ manifest, module: text, sha256 }),
  );
  const { permissions_hash } = version;
  unwrap(
    await plugins.approve(version.name, version.version, {
      sha256,
      permissions_hash,
      limits,
    }),
  );
}
