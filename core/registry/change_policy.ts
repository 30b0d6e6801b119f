/**
 * What any plugin may get, and whose signatures count: each change stops what
 * does not fit any more, in the same transaction.
 *
 * @module
 */

import type {
  PluginKeyJson,
  PluginPolicyJson,
  PluginPolicyResult,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { keyId } from "@skymap/lib/plugin_host";
import {
  putKey,
  putPlugin,
  putPolicy,
  type StoredPlugin,
} from "./plugin_record.ts";
import { activeVersion } from "./plugin_state.ts";
import { misfitOf } from "./registry_rules.ts";
import type { RegistryChange, RegistryState } from "./registry_state.ts";
import { trustedSigners } from "./trusted_signers.ts";
import { WriteBatch } from "./write_batch.ts";

/** Stores a change of the rules, and stops every plugin that breaks them. */
async function enforce(
  state: RegistryState,
  batch: WriteBatch,
  change: Pick<RegistryChange, "policy" | "trust">,
  by: string,
): Promise<PluginPolicyResult> {
  const { policy = state.stored.policy, trust } = change;
  const disabled: { name: string; reason: string }[] = [];
  const plugins: StoredPlugin[] = [];
  for (const plugin of state.stored.plugins.values()) {
    const active = plugin.enabled ? activeVersion(plugin) : undefined;
    if (active === undefined) continue;
    const { name, version, signature } = active;
    const signer = trust === undefined || signature === undefined
      ? state.signer(active)
      : trust.signers.get(signature);
    const reason = misfitOf(active, policy, signer);
    if (reason === undefined) continue;
    const next = { ...plugin, enabled: false, reason };
    putPlugin(batch, next);
    state.event(batch, {
      plugin: name,
      version,
      event: "disabled",
      by: `policy (${by})`,
      message: reason,
    });
    plugins.push(next);
    disabled.push({ name, reason });
  }
  await state.commit(batch, { ...change, plugins });
  return { policy, disabled };
}

function policyText(policy: PluginPolicyJson): string {
  const caps = Object.entries(policy).map(([name, cap]) =>
    `${name} ${Array.isArray(cap) ? cap.join(", ") || "none" : String(cap)}`
  );
  return caps.join("; ") || "no caps";
}

/** Sets what any plugin may get, and stops those that have more. */
export async function changePolicy(
  state: RegistryState,
  policy: PluginPolicyJson,
  by: string,
): Promise<PluginPolicyResult> {
  const batch = new WriteBatch();
  putPolicy(batch, policy);
  state.event(batch, {
    plugin: "policy",
    event: "changed",
    by,
    message: policyText(policy),
  });
  return await enforce(state, batch, { policy }, by);
}

/** Trusts a key; gives it with its id. */
export async function trustKey(
  state: RegistryState,
  { public_key, comment }: Pick<PluginKeyJson, "public_key" | "comment">,
  by: string,
): Promise<PluginKeyJson> {
  const { plugins, keys } = state.stored;
  const added: PluginKeyJson = {
    id: await keyId(public_key),
    public_key,
    comment,
    added_at: state.now().toISOString(),
    added_by: by,
  };
  const batch = new WriteBatch();
  putKey(batch, added);
  state.event(batch, {
    plugin: "keys",
    event: "changed",
    by,
    message: `key ${added.id} (${comment}) is trusted`,
  });
  const next = new Map(keys).set(added.id, added);
  const signers = await trustedSigners(plugins.values(), next);
  await state.commit(batch, { trust: { keys: next, signers } });
  return added;
}

/**
 * Trusts a key no more, and stops plugins that need its signature.
 *
 * @throws {SkymapError} `not_found`.
 */
export async function distrustKey(
  state: RegistryState,
  id: string,
  by: string,
): Promise<PluginPolicyResult> {
  const { plugins, keys } = state.stored;
  const next = new Map(keys);
  if (!next.delete(id)) {
    throw new SkymapError(
      "not_found",
      `Cannot find key "${id}": there is ${
        [...keys.keys()].join(", ") || "none"
      }`,
    );
  }
  const batch = new WriteBatch();
  batch.delete("plugin_key", id);
  state.event(batch, {
    plugin: "keys",
    event: "changed",
    by,
    message: `key ${id} (${keys.get(id)?.comment}) is trusted no more`,
  });
  const signers = await trustedSigners(plugins.values(), next);
  return await enforce(state, batch, { trust: { keys: next, signers } }, by);
}
