/**
 * When a version may run.
 *
 * @module
 */

import type { PluginApproval, PluginPolicyJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { StoredPlugin, StoredVersion } from "./plugin_record.ts";
import { activeVersion } from "./plugin_state.ts";
import { excessText, policyExcess } from "./policy.ts";

/**
 * Compares an approval with what it is for.
 *
 * @throws {SkymapError} `conflict`, if something else was seen.
 */
export function checkSeen(
  { name, version, sha256 = "none", permissions_hash }: StoredVersion,
  approval: PluginApproval,
): void {
  const seen = approval.sha256 ?? "none";
  const fault = sha256 !== seen
    ? `its module has SHA-256 ${sha256}, the approval names ${seen}`
    : permissions_hash !== approval.permissions_hash
    ? `its permissions have the hash ${permissions_hash}, the approval names ` +
      approval.permissions_hash
    : undefined;
  if (fault === undefined) return;
  throw new SkymapError(
    "conflict",
    `Cannot approve plugin "${name}" ${version}: ${fault}; look at it again`,
  );
}

/** Why the signature of a version is not enough, or undefined when it is. */
function signatureFault(
  { source, signature }: StoredVersion,
  policy: PluginPolicyJson,
  signer: string | undefined,
): string | undefined {
  if (
    policy.require_signature !== true || source === "installation" ||
    signer !== undefined
  ) return;
  const fault = signature === undefined
    ? "nobody signed it"
    : `key ${signature.key} signed it, which is not trusted`;
  return `${fault}, the policy wants the signature of a trusted key`;
}

/**
 * Wants the signature of a trusted key, if the policy does.
 *
 * @throws {SkymapError} `signature_invalid`.
 */
export function checkSigned(
  version: StoredVersion,
  policy: PluginPolicyJson,
  signer: string | undefined,
): void {
  const fault = signatureFault(version, policy, signer);
  if (fault === undefined) return;
  throw new SkymapError(
    "signature_invalid",
    `Cannot approve plugin "${version.name}" ${version.version}: ${fault}`,
  );
}

/** Why a version that was approved may not run any more, or undefined. */
export function misfitOf(
  version: StoredVersion,
  policy: PluginPolicyJson,
  signer: string | undefined,
): string | undefined {
  const { grant } = version;
  const excess = grant === undefined ? [] : policyExcess(grant, policy);
  return excess.length > 0
    ? excessText(excess)
    : signatureFault(version, policy, signer);
}

/** Why a version may not collect its cloud, or undefined when it may. */
export function takenCloud(
  { name, manifest }: StoredVersion,
  plugins: Iterable<StoredPlugin>,
): string | undefined {
  if (!manifest.collects) return;
  for (const other of plugins) {
    const active = other.enabled ? activeVersion(other) : undefined;
    if (
      active === undefined || other.name === name ||
      !active.manifest.collects || active.manifest.cloud !== manifest.cloud
    ) continue;
    return `"${other.name}" collects cloud "${manifest.cloud}" already`;
  }
}

/**
 * Two plugins of one cloud would delete what the other one found.
 *
 * @throws {SkymapError} `conflict`.
 */
export function checkCloud(
  version: StoredVersion,
  plugins: Iterable<StoredPlugin>,
): void {
  const reason = takenCloud(version, plugins);
  if (reason === undefined) return;
  throw new SkymapError(
    "conflict",
    `Cannot enable plugin "${version.name}": ${reason}, wanted it disabled first`,
  );
}
