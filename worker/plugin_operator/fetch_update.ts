import type { PluginAddition, PluginVersionJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { compareVersions } from "@skymap/lib/plugin_host";
import {
  fetchNamed,
  type FetchOptions,
  fetchPlugin,
  isThere,
} from "./fetch_plugin.ts";

/** The newest version: out of the index beside it, or at its own address. */
async function fetchNewest(
  { name, url }: PluginVersionJson,
  options: FetchOptions,
): Promise<PluginAddition> {
  const { registry } = options;
  if (registry !== undefined) {
    return await fetchNamed(name, undefined, registry, options);
  }
  if (url === undefined) {
    throw new SkymapError(
      "plugin_unreachable",
      `Cannot update plugin "${name}": it was added without an address, ` +
        "wanted --registry URL or skymap plugin add",
    );
  }
  const index = new URL("index.json", url).href;
  const isPublished = new URL(url).pathname.endsWith(".json");
  if (isPublished && await isThere(index, options)) {
    return await fetchNamed(name, undefined, index, options);
  }
  return await fetchPlugin(url, options);
}

/**
 * What is published of a plugin now. An address that gives another plugin, or
 * an older version, which may be one with known holes, is not followed.
 *
 * @throws {SkymapError} `plugin_changed`, or what {@linkcode fetchPlugin}
 * throws.
 */
export async function fetchUpdate(
  active: PluginVersionJson,
  options: FetchOptions,
): Promise<PluginAddition> {
  const addition = await fetchNewest(active, options);
  const { name, version } = addition.manifest;
  const fault = name !== active.name
    ? `${addition.url} is plugin "${name}" now, wanted "${active.name}"`
    : compareVersions(version, active.version) < 0
    ? `${addition.url} is ${version}, wanted ${active.version} or newer`
    : undefined;
  if (fault === undefined) return addition;
  throw new SkymapError(
    "plugin_changed",
    `Cannot update plugin "${active.name}": ${fault}`,
  );
}
