/**
 * What a plugin asks for as lines, and as one hash that an approval names.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { PluginPermissions } from "@skymap/lib/client";
import type { GraphRight } from "@skymap/lib/plugin";
import { canonicalJson, type Json } from "@skymap/lib/json";
import {
  GRAPH_RIGHT_TEXTS,
  PERMISSION_NAMES,
  type PermissionName,
} from "@skymap/lib/plugin_host";

/** One thing that is asked for. */
export interface WantedPermission {
  /** What the plugin would be doing, such as `collect`. */
  readonly phase: string;
  /** What it would need. */
  readonly name: PermissionName;
  /** What it wants; of a host of its configuration the place in it. */
  readonly value: string;
  /** Whether the value is a place in the plugin's configuration. */
  readonly isConfigured: boolean;
}

/** Everything that is asked for, in one order. */
export function listPermissions(
  permissions: PluginPermissions,
): readonly WantedPermission[] {
  return Object.keys(permissions).sort().flatMap((phase) =>
    PERMISSION_NAMES.flatMap((name) =>
      (permissions[phase]?.[name] ?? []).map((value) => ({
        phase,
        name,
        value: typeof value === "string" ? value : value.config,
        isConfigured: typeof value !== "string",
      }))
    )
  );
}

/** One thing that is asked for, in words: `collect net api.example.com:443`. */
export function permissionText(wanted: WantedPermission): string {
  const { phase, name, value, isConfigured } = wanted;
  if (name === "graph") {
    return `${phase} graph ${value}: ${GRAPH_RIGHT_TEXTS[value as GraphRight]}`;
  }
  return `${phase} ${name} ${
    isConfigured ? `the host of "${value}" in the configuration` : value
  }`;
}

/**
 * The hash of what is asked for: the same for lists that differ in order or in
 * what they say twice.
 */
export function permissionsHash(permissions: PluginPermissions): string {
  const lines = new Set(
    listPermissions(permissions).map((wanted) =>
      canonicalJson(wanted as unknown as Json)
    ),
  );
  return createHash("sha256").update([...lines].sort().join("\n"))
    .digest("hex");
}
