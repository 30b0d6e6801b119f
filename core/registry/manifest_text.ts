import { canonicalJson, type Json } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";

/** A manifest as one text: the same for manifests that say the same. */
export function manifestText(manifest: PluginManifest): string {
  return canonicalJson(manifest as unknown as Json);
}
