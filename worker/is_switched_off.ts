import { isObject, type JsonObject } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";

/**
 * Whether a plugin takes no part in steps of a run: it is off by default, as the
 * schema of its configuration says of `enabled`, and nobody switched it on.
 */
export function isSwitchedOff(
  { configSchema }: Pick<PluginManifest, "configSchema">,
  section: JsonObject,
): boolean {
  const properties = configSchema?.["properties"];
  const enabled = isObject(properties) ? properties["enabled"] : undefined;
  return isObject(enabled) && enabled["default"] === false &&
    section["enabled"] !== true;
}
