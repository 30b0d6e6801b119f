import type { JsonObject } from "@skymap/lib/json";
import type { PermissionPhase, PhasePermissions } from "@skymap/lib/plugin";
import {
  type GrantedPermissions,
  resolvePermissions,
} from "@skymap/lib/plugin_host";

/** Gives what a phase may reach with a configuration. */
export type Grant = (
  phase: PermissionPhase,
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
  return (phase, config) =>
    resolvePermissions(approved[phase] ?? {}, { config, home });
}
