import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type {
  PermissionPhase,
  PermissionRequest,
  PhasePermissions,
  PluginManifest,
} from "@skymap/lib/plugin";
import {
  type GrantedPermissions,
  permissionFlags,
  resolvePermissions,
} from "@skymap/lib/plugin_host";
import type { FileSource } from "./source.ts";

/** What decides which plugin gets what it asks for. */
export interface GrantPolicy {
  /** Plugins from elsewhere that the operator approved, as they are written. */
  readonly approved: readonly string[];
  /** The operator's home folder. */
  readonly home?: string | undefined;
}

/**
 * The permissions that a plugin gets. What came with Skymap gets what it asks
 * for; any other plugin gets it once the operator approved it.
 *
 * @throws {SkymapError} `permission_denied`, if nobody approved; also what
 * {@linkcode resolvePermissions} throws.
 */
export function grantPermissions(
  source: FileSource,
  request: PermissionRequest,
  config: JsonObject,
  policy: GrantPolicy,
): GrantedPermissions {
  const granted = resolvePermissions(request, { config, home: policy.home });
  const wanted = permissionFlags(granted);
  if (
    wanted.length > 0 && !source.bundled &&
    !policy.approved.includes(source.spec)
  ) {
    throw new SkymapError(
      "permission_denied",
      `Cannot run plugin "${source.spec}": it asks for ${
        wanted.map((flag) => flag.replace("--allow-", "")).join(" ")
      }, which nobody approved; approve it with --override 'worker.approve=["${source.spec}"]'`,
      { details: { wanted } },
    );
  }
  return granted;
}

/** Gives what a phase may reach; throws when that is not approved. */
export type Grant = (
  phase: PermissionPhase,
  manifest: PluginManifest,
  config: JsonObject,
) => GrantedPermissions;

/**
 * Grants what was approved, phase by phase, and no other: what the plugin asks
 * for does not matter any more.
 */
export function grantApproved(
  approved: PhasePermissions,
  home?: string,
): Grant {
  return (phase, _manifest, config) =>
    resolvePermissions(approved[phase] ?? {}, { config, home });
}

/** Grants what a policy approves. */
export function grantByPolicy(source: FileSource, policy: GrantPolicy): Grant {
  return (phase, manifest, config) =>
    grantPermissions(source, manifest.permissions[phase], config, policy);
}
