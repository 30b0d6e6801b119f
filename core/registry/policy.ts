/**
 * What a policy allows. A grant is what was asked for, or there is none: it is
 * never narrowed in silence.
 *
 * @module
 */

import type {
  PluginLimits,
  PluginPermissions,
  PluginPolicyJson,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { coversPermission } from "@skymap/lib/plugin_host";
import {
  listPermissions,
  permissionText,
  type WantedPermission,
} from "./permission_list.ts";

/** What a plugin would get. */
export interface Wanted {
  /** What it may reach. */
  readonly permissions: PluginPermissions;
  /** What it may use. */
  readonly limits: PluginLimits;
}

/** What a plugin gets when nobody says anything else. */
export const DEFAULT_LIMITS: PluginLimits = Object.freeze({
  heap_mb: 512,
  memory_mb: 1_024,
  timeout_s: 3_600,
});

/** The least that a plugin can work with. */
const LEAST_LIMITS: PluginLimits = Object.freeze({
  heap_mb: 32,
  memory_mb: 64,
  timeout_s: 1,
});

const LIMITS = [
  ["heap_mb", "max_heap_mb"],
  ["memory_mb", "max_memory_mb"],
  ["timeout_s", "max_timeout_s"],
] as const;

/** The limits that a plugin gets under a policy when nobody names any. */
export function usualLimits(policy: PluginPolicyJson): PluginLimits {
  const { max_heap_mb, max_memory_mb, max_timeout_s } = policy;
  return {
    heap_mb: Math.min(DEFAULT_LIMITS.heap_mb, max_heap_mb ?? Infinity),
    memory_mb: Math.min(DEFAULT_LIMITS.memory_mb, max_memory_mb ?? Infinity),
    timeout_s: Math.min(DEFAULT_LIMITS.timeout_s, max_timeout_s ?? Infinity),
  };
}

function excessOf(
  wanted: WantedPermission,
  policy: PluginPolicyJson,
): string | undefined {
  const { name, value, isConfigured } = wanted;
  const caps = policy[name];
  // The host is known to the worker alone, which compares it with the cap.
  if (caps === undefined || isConfigured) return;
  if (caps.some((cap) => coversPermission(name, cap, value))) return;
  return `${permissionText(wanted)}, the policy allows ${
    caps.length === 0 ? `no ${name}` : `${name} ${caps.join(", ")}`
  }`;
}

/** Each thing that a policy does not allow; none when all of it fits. */
export function policyExcess(
  { permissions, limits }: Wanted,
  policy: PluginPolicyJson,
): readonly string[] {
  const reached = listPermissions(permissions).flatMap((wanted) =>
    excessOf(wanted, policy) ?? []
  );
  const used = LIMITS.flatMap(([name, cap]) => {
    const most = policy[cap];
    return most === undefined || limits[name] <= most
      ? []
      : [`${name} ${limits[name]}, the policy allows ${most}`];
  });
  return [...reached, ...used];
}

/** What is too much, in words. */
export function excessText(excess: readonly string[]): string {
  return `it asks for ${excess.join("; ")}`;
}

/**
 * What a plugin gets: all that it asks for.
 *
 * @throws {SkymapError} `plugin_refused`, with everything that is too much.
 */
export function grantWithin(
  plugin: string,
  wanted: Wanted,
  policy: PluginPolicyJson,
): Wanted {
  const excess = policyExcess(wanted, policy);
  if (excess.length === 0) return wanted;
  throw new SkymapError(
    "plugin_refused",
    `Cannot approve plugin "${plugin}": ${excessText(excess)}`,
    { details: { excess } },
  );
}

/**
 * Refuses limits that no plugin can work with.
 *
 * @throws {SkymapError} `body_invalid`.
 */
export function checkLimits(limits: PluginLimits): void {
  for (const [name] of LIMITS) {
    if (limits[name] >= LEAST_LIMITS[name]) continue;
    throw new SkymapError(
      "body_invalid",
      `Cannot approve: ${name} is ${limits[name]}, ${
        LEAST_LIMITS[name]
      } or more are wanted`,
    );
  }
}
