/**
 * The plugins of this installation: what was added, what was approved, what
 * runs.
 *
 * Whatever runs was approved as it is: an approval names the hash of the code
 * and of the permissions that the operator saw, and a version that was added
 * never becomes another one. Plugins that came with Skymap are trusted as the
 * worker's own code is; they are approved as soon as a worker tells of them,
 * within the policy.
 *
 * @module
 */

import type {
  ActivePlugins,
  PluginAccessJson,
  PluginAdded,
  PluginAddition,
  PluginApproval,
  PluginAuditJson,
  PluginGrantJson,
  PluginJson,
  PluginKeyJson,
  PluginLimits,
  PluginPolicyJson,
  PluginPolicyResult,
  PluginSummaryJson,
  PluginVersionJson,
  RefusedPlugins,
  RegistryIndexJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { canonicalJson, type Json } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";
import { keyId, type PublishedPlugin } from "@skymap/lib/plugin_host";
import type { Clock } from "../events/clock.ts";
import { Listeners } from "../events/listeners.ts";
import { SerialQueue } from "../events/serial_queue.ts";
import { AuditLog, type PluginEvent } from "./audit_log.ts";
import { checkAddition, checkManifest } from "./check_addition.ts";
import { differenceOf } from "./difference.ts";
import {
  listPermissions,
  permissionsHash,
  permissionText,
} from "./permission_list.ts";
import {
  loadRegistry,
  newestFirst,
  putKey,
  putPlugin,
  putPolicy,
  putVersion,
  type StoredPlugin,
  type StoredRegistry,
  type StoredVersion,
} from "./plugin_record.ts";
import {
  activated,
  activeVersion,
  withoutVersions,
  withVersion,
} from "./plugin_state.ts";
import {
  checkLimits,
  grantWithin,
  policyExcess,
  usualLimits,
  type Wanted,
} from "./policy.ts";
import {
  checkCloud,
  checkSeen,
  checkSigned,
  misfitOf,
  takenCloud,
} from "./registry_rules.ts";
import { activeOf, indexOf, summariesOf } from "./registry_views.ts";
import { TextStore } from "./text_store.ts";
import { signerOf } from "./trusted_signers.ts";
import { compareVersions } from "@skymap/lib/plugin_host";
import { WriteBatch } from "./write_batch.ts";

/** What {@linkcode PluginRegistry.open} takes. */
export interface PluginRegistryOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Names of the plugins that came with Skymap. */
  readonly installed: ReadonlySet<string>;
}

/** The registry: kept in the database, answered from memory. */
export class PluginRegistry {
  readonly #options: PluginRegistryOptions;
  readonly #texts: TextStore;
  readonly #audit: AuditLog;
  readonly #writes = new SerialQueue();
  readonly #listeners = new Listeners<void>();
  readonly #signers = new Map<StoredVersion, string>();
  #stored: StoredRegistry;
  #revision = randomId();

  private constructor(options: PluginRegistryOptions, stored: StoredRegistry) {
    this.#options = options;
    this.#texts = new TextStore(options.db);
    this.#audit = new AuditLog(options.db);
    this.#stored = stored;
  }

  /** Reads what an earlier core kept. */
  static async open(options: PluginRegistryOptions): Promise<PluginRegistry> {
    const registry = new PluginRegistry(
      options,
      await loadRegistry(options.db),
    );
    await registry.#readSigners();
    registry.onChange(() => registry.#revision = randomId());
    return registry;
  }

  /** Every plugin in a few words, by name. */
  list(): readonly PluginSummaryJson[] {
    return summariesOf(this.#stored);
  }

  /**
   * All that is known of a plugin.
   *
   * @throws {SkymapError} `plugin_unknown`.
   */
  get(name: string): PluginJson {
    const plugin = this.#plugin(name);
    return {
      ...plugin,
      versions: newestFirst(plugin).map((each) => this.#shown(each)),
    };
  }

  /** One version of a plugin; throws `plugin_unknown`. */
  version(name: string, version: string): PluginVersionJson {
    return this.#shown(this.#version(name, version));
  }

  /** What a version is, for who fetches it; throws `plugin_unknown`. */
  published(name: string, version: string): PublishedPlugin {
    const { manifest, sha256, size = 0, has_lock, signature } = this
      .#fetched(name, version);
    return {
      format: 1,
      manifest,
      module: "module.js",
      sha256,
      size,
      ...(has_lock && { lock: "lock.json" }),
      ...(signature !== undefined && { signature }),
    };
  }

  /** A version whose module is kept here. */
  #fetched(
    name: string,
    version: string,
  ): StoredVersion & { readonly sha256: string } {
    const found = this.#version(name, version);
    const { sha256 } = found;
    if (sha256 !== undefined) return { ...found, sha256 };
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give plugin "${name}" ${version}: it came with Skymap`,
    );
  }

  /** Text of a module; throws `plugin_unknown`, also when it is a file. */
  async module(name: string, version: string): Promise<string> {
    const { sha256 } = this.#fetched(name, version);
    const text = await this.#texts.get(moduleName(sha256));
    if (text !== undefined) return text;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give the module of plugin "${name}" ${version}: it was removed`,
    );
  }

  /** The lock that a version was packed with; throws `plugin_unknown`. */
  async lock(name: string, version: string): Promise<string> {
    this.#version(name, version);
    const text = await this.#texts.get(lockName(name, version));
    if (text !== undefined) return text;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give the lock of plugin "${name}" ${version}: it came without one`,
    );
  }

  /** The versions that others may import from here. */
  index(): RegistryIndexJson {
    return indexOf(this.#stored);
  }

  /** What workers run. Of what came with Skymap a worker takes its own version. */
  active(): ActivePlugins {
    return { revision: this.#revision, ...activeOf(this.#stored) };
  }

  /** What happened to a plugin and what it did, the newest first. */
  async audit(
    name: string,
    limit: number,
    options: { readonly denied?: boolean } = {},
  ): Promise<readonly PluginAuditJson[]> {
    this.#plugin(name);
    return await this.#audit.list(name, limit, options);
  }

  /** What any plugin may get. */
  policy(): PluginPolicyJson {
    return this.#stored.policy;
  }

  /** Whose signatures are trusted, by id. */
  keys(): readonly PluginKeyJson[] {
    return [...this.#stored.keys.values()].sort((a, b) => a.id < b.id ? -1 : 1);
  }

  /** Tells of each change to what workers run, until it is disposed of. */
  onChange(callback: () => void): Disposable {
    return this.#listeners.add(callback);
  }

  /**
   * Adds a version; it waits for approval. One that is there already is given
   * as it is.
   *
   * @throws {SkymapError} `plugin_changed`, when a version that was added is to
   * become another one; `plugin_invalid` or `signature_invalid`.
   */
  add(addition: PluginAddition, by: string): Promise<PluginAdded> {
    return this.#writes.run(async () => {
      const size = await checkAddition(addition);
      const { manifest, module, sha256, url, lock, signature } = addition;
      const { name, version } = manifest;
      const plugin = this.#stored.plugins.get(name);
      const known = plugin?.versions.get(version);
      if (known !== undefined) {
        await this.#checkSame(known, addition, by);
        return { ...this.#compared(known), created: false };
      }
      const added: StoredVersion = {
        name,
        version,
        source: "published",
        sha256,
        size,
        ...(url !== undefined && { url }),
        has_lock: lock !== undefined,
        ...(signature !== undefined && { signature }),
        manifest,
        permissions_hash: permissionsHash(manifest.permissions),
        added_at: this.#now().toISOString(),
        added_by: by,
      };
      const signer = await signerOf(added, this.#stored.keys);
      await this.#texts.put(moduleName(sha256), module);
      if (lock !== undefined) {
        await this.#texts.put(lockName(name, version), lock);
      }
      const batch = new WriteBatch();
      const next = withVersion(
        plugin ?? { name, enabled: false, history: [], versions: new Map() },
        added,
      );
      putPlugin(batch, next);
      putVersion(batch, added);
      this.#event(batch, {
        plugin: name,
        version,
        event: "added",
        by,
        message: `SHA-256 ${sha256}${url === undefined ? "" : `, from ${url}`}`,
      });
      await this.#write(batch, next);
      if (signer !== undefined) this.#signers.set(added, signer);
      return { ...this.#compared(added), created: true };
    });
  }

  /** A version that was added never becomes another one. */
  async #checkSame(
    known: StoredVersion,
    addition: PluginAddition,
    by: string,
  ): Promise<void> {
    const { name, version } = known;
    const isSame = known.sha256 === addition.sha256 &&
      textOf(known.manifest) === textOf(addition.manifest);
    if (isSame) return;
    const message = known.sha256 === undefined
      ? "it came with Skymap"
      : known.sha256 === addition.sha256
      ? "its module is the same, but its manifest is another one"
      : `its module had SHA-256 ${known.sha256} when it was added, and now ` +
        `has ${addition.sha256}`;
    const batch = new WriteBatch();
    this.#event(batch, {
      plugin: name,
      version,
      event: "refused",
      by,
      message,
    });
    await batch.run(this.#options.db);
    throw new SkymapError(
      "plugin_changed",
      `Cannot add plugin "${name}" ${version}: ${message}; wanted a new version`,
      {
        details: {
          was: known.sha256 ?? "installation",
          is: addition.sha256,
        },
      },
    );
  }

  /**
   * Takes what a worker's installation has, as far as it came with this core
   * too. Says what it did not take: it may be a worker of another version.
   */
  announce(
    manifests: readonly PluginManifest[],
    by: string,
  ): Promise<RefusedPlugins> {
    return this.#writes.run(async () => {
      const refused: { name: string; reason: string }[] = [];
      for (const manifest of manifests) {
        const { name } = manifest;
        if (!this.#options.installed.has(name)) {
          refused.push({ name, reason: "it did not come with core's Skymap" });
          continue;
        }
        try {
          checkManifest(manifest);
        } catch (error) {
          if (!isSkymapError(error, "plugin_invalid")) throw error;
          refused.push({ name, reason: error.message });
          continue;
        }
        await this.#take(manifest, by);
      }
      return { refused };
    });
  }

  async #take(manifest: PluginManifest, by: string): Promise<void> {
    const { name, version } = manifest;
    const plugin = this.#stored.plugins.get(name);
    const known = plugin?.versions.get(version);
    // A stranger's version of the same number stands as it was approved.
    if (known?.source === "published") return;
    if (known !== undefined && textOf(known.manifest) === textOf(manifest)) {
      return;
    }
    const limits = this.#usualLimits(plugin);
    const { permissions } = manifest;
    const excess = policyExcess({ permissions, limits }, this.#stored.policy);
    const isAllowed = excess.length === 0;
    const taken: StoredVersion = {
      name,
      version,
      source: "installation",
      has_lock: false,
      manifest,
      permissions_hash: permissionsHash(permissions),
      added_at: this.#now().toISOString(),
      added_by: by,
      ...(isAllowed && {
        grant: this.#grant({ permissions, limits }, "installation"),
      }),
    };
    const reason = isAllowed
      ? takenCloud(taken, this.#stored.plugins.values())
      : `it asks for ${excess.join("; ")}`;
    const next = this.#afterTaking(plugin, taken, reason);
    const batch = new WriteBatch();
    putPlugin(batch, next);
    putVersion(batch, taken);
    this.#event(batch, {
      plugin: name,
      version,
      event: isAllowed ? "approved" : "refused",
      by,
      message: isAllowed ? "it came with Skymap" : excess.join("; "),
    });
    await this.#write(batch, next);
  }

  #afterTaking(
    plugin: StoredPlugin | undefined,
    taken: StoredVersion,
    reason: string | undefined,
  ): StoredPlugin {
    const { name, version, grant } = taken;
    const active = plugin === undefined ? undefined : activeVersion(plugin);
    if (plugin === undefined) {
      return {
        name,
        enabled: reason === undefined,
        ...(grant !== undefined && { active: version }),
        ...(reason !== undefined && { reason }),
        history: [],
        versions: new Map([[version, taken]]),
      };
    }
    const next = withVersion(plugin, taken);
    const isNewer = active === undefined ||
      active.source === "installation" &&
        compareVersions(version, active.version) > 0;
    return isNewer && grant !== undefined ? { ...next, active: version } : next;
  }

  /**
   * Approves a version as the operator saw it, and lets it run in the place of
   * the one that was active.
   *
   * @throws {SkymapError} `conflict`, if it is not what was seen or another
   * plugin collects its cloud; `plugin_refused` or `signature_invalid`, if the
   * policy forbids it; `plugin_unknown` or `body_invalid`.
   */
  approve(
    name: string,
    version: string,
    approval: PluginApproval,
    by: string,
  ): Promise<PluginJson> {
    return this.#writes.run(async () => {
      const plugin = this.#plugin(name);
      const found = this.#version(name, version);
      checkSeen(found, approval);
      const limits = {
        ...this.#usualLimits(plugin),
        ...found.grant?.limits,
        ...approval.limits,
      };
      checkLimits(limits);
      const { permissions } = found.manifest;
      try {
        const wanted = { permissions, limits };
        this.#check(found, wanted);
      } catch (error) {
        await this.#refuse(found, by, messageOf(error));
        throw error;
      }
      const approved: StoredVersion = {
        ...found,
        grant: this.#grant({ permissions, limits }, by),
      };
      const signer = this.#signers.get(found);
      if (signer !== undefined) this.#signers.set(approved, signer);
      const next = activated(withVersion(plugin, approved), version);
      const batch = new WriteBatch();
      putPlugin(batch, next);
      putVersion(batch, approved);
      this.#event(batch, {
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
      await this.#write(batch, next);
      return this.get(name);
    });
  }

  /**
   * Lets a plugin run: its active version, or the approved one that is named.
   *
   * @throws {SkymapError} `conflict`, `plugin_refused`, `signature_invalid` or
   * `plugin_unknown`.
   */
  enable(
    name: string,
    version: string | undefined,
    by: string,
  ): Promise<PluginJson> {
    return this.#writes.run(async () => {
      const plugin = this.#plugin(name);
      const wanted = version ?? plugin.active;
      if (wanted === undefined) {
        throw new SkymapError(
          "conflict",
          `Cannot enable plugin "${name}": no version of it was approved`,
        );
      }
      return await this.#activate(plugin, wanted, by, {
        event: "enabled",
        next: (each) => activated(each, wanted),
      });
    });
  }

  /** Returns to the version that was active before; throws as `enable` does. */
  rollback(name: string, by: string): Promise<PluginJson> {
    return this.#writes.run(async () => {
      const plugin = this.#plugin(name);
      const history = [...plugin.history];
      for (;;) {
        const version = history.pop();
        if (version === undefined) {
          throw new SkymapError(
            "conflict",
            `Cannot roll back plugin "${name}": no other version of it was ` +
              "active before",
          );
        }
        if (plugin.versions.get(version)?.grant === undefined) continue;
        return await this.#activate(plugin, version, by, {
          event: "rolled_back",
          next: (each) => ({ ...activated(each, version), history }),
        });
      }
    });
  }

  async #activate(
    plugin: StoredPlugin,
    version: string,
    by: string,
    { event, next }: {
      readonly event: "enabled" | "rolled_back";
      readonly next: (plugin: StoredPlugin) => StoredPlugin;
    },
  ): Promise<PluginJson> {
    const { name } = plugin;
    const found = this.#version(name, version);
    if (found.grant === undefined) {
      throw new SkymapError(
        "conflict",
        `Cannot enable plugin "${name}" ${version}: it waits for approval`,
      );
    }
    try {
      this.#check(found, found.grant);
    } catch (error) {
      await this.#refuse(found, by, messageOf(error));
      throw error;
    }
    const after = next(plugin);
    const batch = new WriteBatch();
    putPlugin(batch, after);
    this.#event(batch, { plugin: name, version, event, by });
    await this.#write(batch, after);
    return this.get(name);
  }

  /** Stops a plugin from running; throws `plugin_unknown`. */
  disable(name: string, by: string): Promise<PluginJson> {
    return this.#writes.run(async () => {
      const { reason: _reason, ...plugin } = this.#plugin(name);
      const next = { ...plugin, enabled: false };
      const batch = new WriteBatch();
      putPlugin(batch, next);
      this.#event(batch, { plugin: name, event: "disabled", by });
      await this.#write(batch, next);
      return this.get(name);
    });
  }

  /**
   * Removes a version, or all that were added. What came with Skymap stays.
   *
   * @throws {SkymapError} `conflict`, if the version is active or came with
   * Skymap; `plugin_unknown`.
   */
  remove(
    name: string,
    version: string | undefined,
    by: string,
  ): Promise<void> {
    return this.#writes.run(async () => {
      const plugin = this.#plugin(name);
      const gone = version === undefined
        ? newestFirst(plugin).filter(({ source }) => source === "published")
        : [this.#version(name, version)];
      const [first] = gone;
      if (first === undefined || first.source === "installation") {
        throw new SkymapError(
          "conflict",
          `Cannot remove plugin "${name}": it came with Skymap, wanted disable`,
        );
      }
      if (version !== undefined && version === plugin.active) {
        throw new SkymapError(
          "conflict",
          `Cannot remove plugin "${name}" ${version}: it is active, wanted ` +
            "another version in its place first, or all of the plugin",
        );
      }
      await this.#remove(plugin, gone, by);
    });
  }

  async #remove(
    plugin: StoredPlugin,
    gone: readonly StoredVersion[],
    by: string,
  ): Promise<void> {
    const { name } = plugin;
    const batch = new WriteBatch();
    const versions = new Map(plugin.versions);
    for (const { version, sha256 } of gone) {
      versions.delete(version);
      batch.delete("plugin_version", [name, version]);
      this.#event(batch, {
        plugin: name,
        version,
        event: "removed",
        by,
        message: `SHA-256 ${sha256}`,
      });
    }
    const next = withoutVersions(plugin, versions);
    if (next === undefined) batch.delete("plugin", name);
    else putPlugin(batch, next);
    await batch.run(this.#options.db);
    if (next === undefined) this.#stored.plugins.delete(name);
    else this.#stored.plugins.set(name, next);
    this.#listeners.tell();
    await this.#audit.prune(name, "events");
    for (const { version, sha256 = "" } of gone) {
      await this.#texts.delete(lockName(name, version));
      if (!this.#holds(sha256)) await this.#texts.delete(moduleName(sha256));
    }
  }

  /** Notes what plugins reached for, as a worker counted it. */
  async record(
    accesses: readonly PluginAccessJson[],
    worker: string,
  ): Promise<void> {
    // A worker cannot make entries for plugins that there are not.
    const known = accesses.filter(({ plugin }) =>
      this.#stored.plugins.has(plugin)
    );
    await this.#audit.record(known, worker);
  }

  /** Sets what any plugin may get, and stops those that have more. */
  setPolicy(policy: PluginPolicyJson, by: string): Promise<PluginPolicyResult> {
    return this.#writes.run(async () => {
      const batch = new WriteBatch();
      putPolicy(batch, policy);
      await batch.run(this.#options.db);
      this.#stored = { ...this.#stored, policy };
      const disabled = await this.#enforce(by);
      this.#listeners.tell();
      return { policy, disabled };
    });
  }

  /** Trusts a key; gives it with its id. */
  putKey(
    key: { readonly public_key: string; readonly comment: string },
    by: string,
  ): Promise<PluginKeyJson> {
    return this.#writes.run(async () => {
      const added = {
        id: await keyId(key.public_key),
        public_key: key.public_key,
        comment: key.comment,
        added_at: this.#now().toISOString(),
        added_by: by,
      };
      const batch = new WriteBatch();
      putKey(batch, added);
      await batch.run(this.#options.db);
      this.#stored.keys.set(added.id, added);
      await this.#readSigners();
      return added;
    });
  }

  /**
   * Trusts a key no more, and stops plugins that need its signature.
   *
   * @throws {SkymapError} `not_found`.
   */
  removeKey(id: string, by: string): Promise<PluginPolicyResult> {
    return this.#writes.run(async () => {
      if (!this.#stored.keys.has(id)) {
        throw new SkymapError("not_found", `Cannot find key "${id}"`);
      }
      const batch = new WriteBatch();
      batch.delete("plugin_key", id);
      await batch.run(this.#options.db);
      this.#stored.keys.delete(id);
      await this.#readSigners();
      const disabled = await this.#enforce(by);
      return { policy: this.#stored.policy, disabled };
    });
  }

  /** Stops every plugin that does not fit any more. */
  async #enforce(by: string): Promise<PluginPolicyResult["disabled"]> {
    const disabled: { name: string; reason: string }[] = [];
    for (const plugin of this.#stored.plugins.values()) {
      const active = plugin.enabled ? activeVersion(plugin) : undefined;
      const reason = active === undefined
        ? undefined
        : misfitOf(active, this.#stored.policy, this.#signers.get(active));
      if (active === undefined || reason === undefined) continue;
      const next = { ...plugin, enabled: false, reason };
      const batch = new WriteBatch();
      putPlugin(batch, next);
      this.#event(batch, {
        plugin: plugin.name,
        version: active.version,
        event: "disabled",
        by: `policy (${by})`,
        message: reason,
      });
      await this.#write(batch, next);
      disabled.push({ name: plugin.name, reason });
    }
    return disabled;
  }

  #now(): Date {
    return new Date(this.#options.clock.now());
  }

  #plugin(name: string): StoredPlugin {
    const plugin = this.#stored.plugins.get(name);
    if (plugin !== undefined) return plugin;
    const names = [...this.#stored.plugins.keys()].sort();
    throw new SkymapError(
      "plugin_unknown",
      `Cannot find plugin "${name}": there ${
        names.length === 0 ? "is none" : `is ${names.join(", ")}`
      }`,
    );
  }

  #version(name: string, version: string): StoredVersion {
    const plugin = this.#plugin(name);
    const found = plugin.versions.get(version);
    if (found !== undefined) return found;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot find version ${version} of plugin "${name}": there is ${
        newestFirst(plugin).map((each) => each.version).join(", ")
      }`,
    );
  }

  #holds(sha256: string): boolean {
    return [...this.#stored.plugins.values()].some(({ versions }) =>
      [...versions.values()].some((each) => each.sha256 === sha256)
    );
  }

  #shown(version: StoredVersion): PluginVersionJson {
    const { signature: _signature, ...shown } = version;
    const signer = this.#signers.get(version);
    return { ...shown, ...(signer !== undefined && { signed_by: signer }) };
  }

  /** A version, and how it differs from the active one. */
  #compared(version: StoredVersion): Omit<PluginAdded, "created"> {
    const shown = this.#shown(version);
    const plugin = this.#plugin(version.name);
    const active = activeVersion(plugin);
    if (active === undefined || active.version === version.version) {
      return { version: shown };
    }
    const limits = this.#usualLimits(plugin);
    return {
      version: shown,
      difference: differenceOf(
        {
          version: this.#shown(active),
          limits: active.grant?.limits ?? limits,
        },
        { version: shown, limits: version.grant?.limits ?? limits },
      ),
    };
  }

  /** Limits that a version gets when nobody names any: those it had. */
  #usualLimits(plugin: StoredPlugin | undefined): PluginLimits {
    const active = plugin === undefined ? undefined : activeVersion(plugin);
    return active?.grant?.limits ?? usualLimits(this.#stored.policy);
  }

  #grant(
    wanted: Pick<PluginGrantJson, "permissions" | "limits">,
    by: string,
  ): PluginGrantJson {
    return {
      ...wanted,
      approved_by: by,
      approved_at: this.#now().toISOString(),
    };
  }

  /** Whether a version may run with what it would get. */
  #check(version: StoredVersion, wanted: Wanted): void {
    const { policy, plugins } = this.#stored;
    grantWithin(version.name, wanted, policy);
    checkSigned(version, policy, this.#signers.get(version));
    checkCloud(version, plugins.values());
  }

  async #refuse(
    { name, version }: StoredVersion,
    by: string,
    message: string,
  ): Promise<void> {
    const batch = new WriteBatch();
    this.#event(batch, {
      plugin: name,
      version,
      event: "refused",
      by,
      message,
    });
    await batch.run(this.#options.db);
  }

  /** Who signed what, by the keys that are trusted now. */
  async #readSigners(): Promise<void> {
    this.#signers.clear();
    for (const { versions } of this.#stored.plugins.values()) {
      for (const version of versions.values()) {
        const signer = await signerOf(version, this.#stored.keys)
          .catch(() => undefined);
        if (signer !== undefined) this.#signers.set(version, signer);
      }
    }
  }

  #event(batch: WriteBatch, event: PluginEvent): void {
    this.#audit.add(batch, event, this.#now());
  }

  /** Stores, then shows: memory never says what the database does not. */
  async #write(batch: WriteBatch, plugin: StoredPlugin): Promise<void> {
    await batch.run(this.#options.db);
    this.#stored.plugins.set(plugin.name, plugin);
    this.#listeners.tell();
    await this.#audit.prune(plugin.name, "events");
  }
}

function moduleName(sha256: string): string {
  return `module ${sha256}`;
}

function lockName(name: string, version: string): string {
  return `lock ${name} ${version}`;
}

function textOf(manifest: PluginManifest): string {
  return canonicalJson(manifest as unknown as Json);
}
