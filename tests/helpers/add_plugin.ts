/**
 * Plugins of test files in the registry of a core.
 *
 * @module
 */

import {
  type CoreClient,
  PluginClient,
  type PluginLimits,
  type PluginVersionJson,
  unwrap,
} from "@skymap/lib/client";
import { packPlugin } from "../../worker/plugin_kit/pack_plugin.ts";

/** Packs a module, adds it and approves all that it asks for. */
export async function addPlugin(
  client: CoreClient,
  spec: string,
  limits: Partial<PluginLimits> = {},
): Promise<PluginVersionJson> {
  const { module, lock, published } = await packPlugin({
    spec,
    signal: AbortSignal.timeout(120_000),
  });
  const { manifest, sha256 } = published;
  const plugins = new PluginClient(client);
  const { version } = unwrap(
    await plugins.add({ manifest, module, sha256, lock }),
  );
  const { permissions_hash } = version;
  unwrap(
    await plugins.approve(version.name, version.version, {
      sha256,
      permissions_hash,
      limits,
    }),
  );
  return version;
}
