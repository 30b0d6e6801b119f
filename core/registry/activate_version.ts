/**
 * How a version begins to run: it is approved, enabled or returned to.
 *
 * @module
 */

import type { PluginApproval } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { listPermissions, permissionText } from "./permission_list.ts";
import {
  putPlugin,
  putVersion,
  type StoredPlugin,
  type StoredVersion,
} from "./plugin_record.ts";
import { activated, withVersion } from "./plugin_state.ts";
import { checkLimits, grantWithin, type Wanted } from "./policy.ts";
import { checkCloud, checkSeen, checkSigned } from "./registry_rules.ts";
import type { RegistryState } from "./registry_state.ts";
import { WriteBatch } from "./write_batch.ts";

/** Notes it when a version is refused. */
async function checked(
  state: RegistryState,
  version: StoredVersion,
  by: string,
  check: () => void,
): Promise<void> {
  try {
    check();
  } catch (error) {
    await state.refuse(version, by, messageOf(error));
    throw error;
  }
}

/** Whether a version may run with what it would get. */
function checkMayRun(
  state: RegistryState,
  version: StoredVersion,
  wanted: Wanted,
): void {
  const { policy, plugins } = state.stored;
  grantWithin(version.name, wanted, policy);
  checkSigned(version, policy, state.signer(version));
  checkCloud(version, plugins.values());
}

/**
 * Approves a version as the operator saw it, and lets it run in the place of
 * the one that was active.
 *
 * @throws {SkymapError} `conflict`, if it is not what was seen or another
 * plugin collects its cloud; `plugin_refused` or `signature_invalid`, if the
 * policy forbids it; `plugin_unknown` or `body_invalid`.
 */
export async function approveVersion(
  state: RegistryState,
  found: StoredVersion,
  approval: PluginApproval,
  by: string,
): Promise<void> {
  const { name, version } = found;
  const plugin = state.plugin(name);
  await checked(state, found, by, () => checkSeen(found, approval));
  const limits = {
    ...state.usualLimits(plugin),
    ...found.grant?.limits,
    ...approval.limits,
  };
  checkLimits(limits);
  const { permissions } = found.manifest;
  await checked(
    state,
    found,
    by,
    () => checkMayRun(state, found, { permissions, limits }),
  );
  const approved: StoredVersion = {
    ...found,
    grant: state.grant({ permissions, limits }, by),
  };
  const next = activated(withVersion(plugin, approved), version);
  const batch = new WriteBatch();
  putPlugin(batch, next);
  putVersion(batch, approved);
  state.event(batch, {
    plugin: name,
    version,
    event: "approved",
    by,
    message: [
      ...listPermissions(permissions).map(permissionText),
      `heap ${limits.heap_mb} MB`,
      `memory ${limits.memory_mb} MB`,
      `time ${limits.timeout_s} s`,
    ].join("; "),
  });
  await state.commit(batch, { plugins: [next] });
}

async function activate(
  state: RegistryState,
  found: StoredVersion,
  by: string,
  { event, next }: {
    readonly event: "enabled" | "rolled_back";
    readonly next: StoredPlugin;
  },
): Promise<void> {
  const { name, version, grant } = found;
  if (grant === undefined) {
    throw new SkymapError(
      "conflict",
      `Cannot enable plugin "${name}" ${version}: it waits for approval, ` +
        "wanted it approved first",
    );
  }
  await checked(state, found, by, () => checkMayRun(state, found, grant));
  const batch = new WriteBatch();
  putPlugin(batch, next);
  state.event(batch, { plugin: name, version, event, by });
  await state.commit(batch, { plugins: [next] });
}

/**
 * Lets a plugin run: its active version, or the approved one that is named.
 *
 * @throws {SkymapError} `conflict`, `plugin_refused`, `signature_invalid` or
 * `plugin_unknown`.
 */
export async function enablePlugin(
  state: RegistryState,
  name: string,
  version: string | undefined,
  by: string,
): Promise<void> {
  const plugin = state.plugin(name);
  const wanted = version ?? plugin.active;
  if (wanted === undefined) {
    throw new SkymapError(
      "conflict",
      `Cannot enable plugin "${name}": no version of it was approved, wanted ` +
        "one approved first",
    );
  }
  await activate(state, state.version(name, wanted), by, {
    event: "enabled",
    next: activated(plugin, wanted),
  });
}

/**
 * Returns to the version that was active before; throws as
 * {@linkcode enablePlugin} does.
 */
export async function rollBack(
  state: RegistryState,
  name: string,
  by: string,
): Promise<void> {
  const plugin = state.plugin(name);
  const at = plugin.history.findLastIndex((version) =>
    plugin.versions.get(version)?.grant !== undefined
  );
  const version = plugin.history[at];
  if (version === undefined) {
    throw new SkymapError(
      "conflict",
      `Cannot roll back plugin "${name}": no other version of it was active ` +
        "before, wanted one that was",
    );
  }
  const history = plugin.history.slice(0, at);
  await activate(state, state.version(name, version), by, {
    event: "rolled_back",
    next: { ...activated(plugin, version), history },
  });
}
