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
  PluginJson,
  PluginKeyJson,
  PluginPolicyJson,
  PluginPolicyResult,
  PluginSummaryJson,
  RefusedPlugins,
  RegistryIndexJson,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { PluginManifest } from "@skymap/lib/plugin";
import type { PublishedPlugin } from "@skymap/lib/plugin_host";
import { SerialQueue } from "../events/serial_queue.ts";
import { approveVersion, enablePlugin, rollBack } from "./activate_version.ts";
import { addVersion } from "./add_version.ts";
import { changePolicy, distrustKey, trustKey } from "./change_policy.ts";
import { RESERVED } from "./check_addition.ts";
import { newestFirst, type StoredVersion } from "./plugin_record.ts";
import { RegistryState, type RegistryStateOptions } from "./registry_state.ts";
import { activeOf, indexOf, summariesOf } from "./registry_views.ts";
import { disablePlugin, removePlugin } from "./stop_plugin.ts";
import { takeInstalled } from "./take_installed.ts";
import { lockName, moduleName } from "./text_store.ts";

/** What {@linkcode PluginRegistry.open} takes. */
export interface PluginRegistryOptions extends RegistryStateOptions {
  /** Names of the plugins that came with Skymap. */
  readonly installed: ReadonlySet<string>;
  /** Told what plugins reached for, as workers tell it. Default: nobody is. */
  readonly onAccess?: (accesses: readonly PluginAccessJson[]) => void;
}

/** The registry: kept in the database, answered from memory. */
export class PluginRegistry {
  readonly #installed: ReadonlySet<string>;
  readonly #state: RegistryState;
  readonly #writes = new SerialQueue();

  readonly #onAccess: PluginRegistryOptions["onAccess"];

  private constructor(
    state: RegistryState,
    { installed, onAccess }: PluginRegistryOptions,
  ) {
    this.#state = state;
    this.#installed = installed;
    this.#onAccess = onAccess;
  }

  /** Reads what an earlier core kept. */
  static async open(options: PluginRegistryOptions): Promise<PluginRegistry> {
    const state = await RegistryState.load(options);
    return new PluginRegistry(state, options);
  }

  /** Every plugin in a few words, by name. */
  list(): readonly PluginSummaryJson[] {
    return summariesOf(this.#state.stored);
  }

  /**
   * All that is known of a plugin.
   *
   * @throws {SkymapError} `plugin_unknown`.
   */
  get(name: string): PluginJson {
    const plugin = this.#state.plugin(name);
    return {
      ...plugin,
      versions: newestFirst(plugin).map((each) => this.#state.shown(each)),
    };
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
    const found = this.#state.version(name, version);
    const { sha256 } = found;
    if (sha256 !== undefined) return { ...found, sha256 };
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give plugin "${name}" ${version}: it came with Skymap, wanted ` +
        "one that was added",
    );
  }

  /** Text of a module; throws `plugin_unknown`, also when it is a file. */
  async module(name: string, version: string): Promise<string> {
    const { sha256 } = this.#fetched(name, version);
    const text = await this.#state.texts.get(moduleName(sha256));
    if (text !== undefined) return text;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give the module of plugin "${name}" ${version}: it was removed`,
    );
  }

  /** The lock that a version was packed with; throws `plugin_unknown`. */
  async lock(name: string, version: string): Promise<string> {
    const { has_lock } = this.#state.version(name, version);
    const text = has_lock
      ? await this.#state.texts.get(lockName(name, version))
      : undefined;
    if (text !== undefined) return text;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot give the lock of plugin "${name}" ${version}: it came without one`,
    );
  }

  /** The versions that others may import from here. */
  index(): RegistryIndexJson {
    return indexOf(this.#state.stored);
  }

  /** What workers run. Of what came with Skymap a worker takes its own version. */
  active(): ActivePlugins {
    const { revision, stored } = this.#state;
    return { revision, ...activeOf(stored) };
  }

  /**
   * What happened to a plugin and what it did, the newest first; also to one
   * that was removed. Under the names `policy` and `keys`: how these changed.
   *
   * @throws {SkymapError} `plugin_unknown`, if there never was such a plugin.
   */
  async audit(
    name: string,
    limit: number,
    options: { readonly denied?: boolean } = {},
  ): Promise<readonly PluginAuditJson[]> {
    const { audit } = this.#state;
    const entries = await audit.list(name, limit, options);
    const isKnown = entries.length > 0 || RESERVED.has(name) ||
      (await audit.list(name, 1)).length > 0;
    if (!isKnown) this.#state.plugin(name);
    return entries;
  }

  /** What any plugin may get. */
  policy(): PluginPolicyJson {
    return this.#state.stored.policy;
  }

  /** Whose signatures are trusted, by id. */
  keys(): readonly PluginKeyJson[] {
    return [...this.#state.stored.keys.values()]
      .sort((a, b) => a.id < b.id ? -1 : 1);
  }

  /** Tells of each change to what workers run, until it is disposed of. */
  onChange(callback: () => void): Disposable {
    return this.#state.onChange(callback);
  }

  /** Adds a version, which waits for approval; see {@linkcode addVersion}. */
  add(addition: PluginAddition, by: string): Promise<PluginAdded> {
    return this.#writes.run(() => addVersion(this.#state, addition, by));
  }

  /** Takes what a worker's installation has; see {@linkcode takeInstalled}. */
  announce(
    manifests: readonly PluginManifest[],
    by: string,
  ): Promise<RefusedPlugins> {
    return this.#writes.run(() =>
      takeInstalled(this.#state, this.#installed, manifests, by)
    );
  }

  /** Approves a version as it was seen; see {@linkcode approveVersion}. */
  approve(
    name: string,
    version: string,
    approval: PluginApproval,
    by: string,
  ): Promise<PluginJson> {
    return this.#change(name, () => {
      const found = this.#state.version(name, version);
      return approveVersion(this.#state, found, approval, by);
    });
  }

  /** Lets a plugin run; see {@linkcode enablePlugin}. */
  enable(
    name: string,
    version: string | undefined,
    by: string,
  ): Promise<PluginJson> {
    return this.#change(
      name,
      () => enablePlugin(this.#state, name, version, by),
    );
  }

  /** Returns to the version before; see {@linkcode rollBack}. */
  rollback(name: string, by: string): Promise<PluginJson> {
    return this.#change(name, () => rollBack(this.#state, name, by));
  }

  /** Stops a plugin from running; throws `plugin_unknown`. */
  disable(name: string, by: string): Promise<PluginJson> {
    return this.#change(name, () => disablePlugin(this.#state, name, by));
  }

  /** Removes a version, or all that were added; see {@linkcode removePlugin}. */
  remove(
    name: string,
    version: string | undefined,
    by: string,
  ): Promise<void> {
    return this.#writes.run(() => removePlugin(this.#state, name, version, by));
  }

  /** Notes what plugins reached for, as a worker counted it. */
  async record(
    accesses: readonly PluginAccessJson[],
    worker: string,
  ): Promise<void> {
    // A worker cannot make entries for plugins that there are not.
    const known = accesses.filter(({ plugin }) =>
      this.#state.stored.plugins.has(plugin)
    );
    await this.#state.audit.record(known, worker);
    this.#onAccess?.(known);
  }

  /** Sets what any plugin may get, and stops those that have more. */
  setPolicy(policy: PluginPolicyJson, by: string): Promise<PluginPolicyResult> {
    return this.#writes.run(() => changePolicy(this.#state, policy, by));
  }

  /** Trusts a key; gives it with its id. */
  putKey(
    key: Pick<PluginKeyJson, "public_key" | "comment">,
    by: string,
  ): Promise<PluginKeyJson> {
    return this.#writes.run(() => trustKey(this.#state, key, by));
  }

  /** Trusts a key no more; see {@linkcode distrustKey}. */
  removeKey(id: string, by: string): Promise<PluginPolicyResult> {
    return this.#writes.run(() => distrustKey(this.#state, id, by));
  }

  /** Changes a plugin after all that was asked for before; gives it. */
  #change(name: string, change: () => Promise<void>): Promise<PluginJson> {
    return this.#writes.run(async () => {
      await change();
      return this.get(name);
    });
  }
}
