/**
 * What the registry knows, and how that becomes something else: stored first,
 * then shown.
 *
 * @module
 */

import type {
  PluginGrantJson,
  PluginKeyJson,
  PluginLimits,
  PluginPolicyJson,
  PluginVersionJson,
} from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import type { Clock } from "../events/clock.ts";
import { Listeners } from "../events/listeners.ts";
import { AuditLog, type PluginEvent } from "./audit_log.ts";
import {
  loadRegistry,
  newestFirst,
  type StoredPlugin,
  type StoredRegistry,
  type StoredVersion,
} from "./plugin_record.ts";
import { activeVersion } from "./plugin_state.ts";
import { usualLimits } from "./policy.ts";
import { TextStore } from "./text_store.ts";
import { type TrustedSigners, trustedSigners } from "./trusted_signers.ts";
import type { WriteBatch } from "./write_batch.ts";

/** What a {@linkcode RegistryState} works with. */
export interface RegistryStateOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
}

/** What is otherwise once a transaction was stored. */
export interface RegistryChange {
  /** Plugins as they are from then on. */
  readonly plugins?: readonly StoredPlugin[];
  /** Name of a plugin that there is no more. */
  readonly removed?: string;
  /** What any plugin may get. */
  readonly policy?: PluginPolicyJson;
  /** Whose signatures are trusted, and who signed what by them. */
  readonly trust?: {
    readonly keys: ReadonlyMap<string, PluginKeyJson>;
    readonly signers: TrustedSigners;
  };
}

/** All of the registry, as it is stored. Changes come one after the other. */
export class RegistryState {
  /** Modules and locks. */
  readonly texts: TextStore;
  /** What happened to plugins, and what they did. */
  readonly audit: AuditLog;
  readonly #db: DbSession;
  readonly #clock: Clock;
  readonly #listeners = new Listeners<void>();
  #stored: StoredRegistry;
  #signers: TrustedSigners;
  #revision = randomId();

  private constructor(
    { db, clock }: RegistryStateOptions,
    stored: StoredRegistry,
    signers: TrustedSigners,
  ) {
    this.texts = new TextStore(db);
    this.audit = new AuditLog(db);
    this.#db = db;
    this.#clock = clock;
    this.#stored = stored;
    this.#signers = signers;
  }

  /** Reads what an earlier core kept. */
  static async load(options: RegistryStateOptions): Promise<RegistryState> {
    const stored = await loadRegistry(options.db);
    const { plugins, keys } = stored;
    const signers = await trustedSigners(plugins.values(), keys);
    return new RegistryState(options, stored, signers);
  }

  /** Everything that is stored. */
  get stored(): StoredRegistry {
    return this.#stored;
  }

  /** Another one whenever anything may have changed. */
  get revision(): string {
    return this.#revision;
  }

  /** What time it is. */
  now(): Date {
    return new Date(this.#clock.now());
  }

  /** Tells of each change, until it is disposed of. */
  onChange(callback: () => void): Disposable {
    return this.#listeners.add(callback);
  }

  /** A plugin; throws `plugin_unknown`. */
  plugin(name: string): StoredPlugin {
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

  /** A version of a plugin; throws `plugin_unknown`. */
  version(name: string, version: string): StoredVersion {
    const plugin = this.plugin(name);
    const found = plugin.versions.get(version);
    if (found !== undefined) return found;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot find version ${version} of plugin "${name}": there is ${
        newestFirst(plugin).map((each) => each.version).join(", ")
      }`,
    );
  }

  /** Id of the trusted key that signed a version, or undefined. */
  signer({ signature }: StoredVersion): string | undefined {
    return signature === undefined ? undefined : this.#signers.get(signature);
  }

  /** Notes whose signature a version carries; undefined for no trusted key. */
  setSigner({ signature }: StoredVersion, signer: string | undefined): void {
    if (signature === undefined || signer === undefined) return;
    this.#signers.set(signature, signer);
  }

  /** A version as others see it. */
  shown(version: StoredVersion): PluginVersionJson {
    const { signature: _signature, ...shown } = version;
    const signer = this.signer(version);
    return { ...shown, ...(signer !== undefined && { signed_by: signer }) };
  }

  /** Limits that a version gets when nobody names any: those it had. */
  usualLimits(plugin: StoredPlugin | undefined): PluginLimits {
    const active = plugin === undefined ? undefined : activeVersion(plugin);
    return active?.grant?.limits ?? usualLimits(this.#stored.policy);
  }

  /** What somebody approves now. */
  grant(
    wanted: Pick<PluginGrantJson, "permissions" | "limits">,
    by: string,
  ): PluginGrantJson {
    return {
      ...wanted,
      approved_by: by,
      approved_at: this.now().toISOString(),
    };
  }

  /** Adds what happens to a transaction. */
  event(batch: WriteBatch, event: PluginEvent): void {
    this.audit.add(batch, event, this.now());
  }

  /** Notes what was refused. */
  async refuse(
    { name, version }: Pick<StoredVersion, "name" | "version">,
    by: string,
    message: string,
  ): Promise<void> {
    const event = "refused";
    await this.audit.note(
      { plugin: name, version, event, by, message },
      this.now(),
    );
  }

  /** Stores, then shows: memory never says what the database does not. */
  async commit(batch: WriteBatch, change: RegistryChange): Promise<void> {
    await batch.run(this.#db);
    const { plugins = [], removed, policy, trust } = change;
    const next = new Map(this.#stored.plugins);
    for (const plugin of plugins) next.set(plugin.name, plugin);
    if (removed !== undefined) next.delete(removed);
    this.#stored = {
      plugins: next,
      policy: policy ?? this.#stored.policy,
      keys: trust?.keys ?? this.#stored.keys,
    };
    if (trust !== undefined) this.#signers = trust.signers;
    this.#revision = randomId();
    this.#listeners.tell();
    const told = [
      ...plugins.map(({ name }) => name),
      ...(removed === undefined ? [] : [removed]),
      ...(policy === undefined ? [] : ["policy"]),
      ...(trust === undefined ? [] : ["keys"]),
    ];
    for (const name of told) await this.audit.prune(name, "events");
  }
}
