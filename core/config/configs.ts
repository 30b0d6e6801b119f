/**
 * The configuration: documents that are checked, kept in revisions, overridden
 * and told to whoever works by them.
 *
 * @module
 */

import type {
  ActiveConfigJson,
  ConfigChangedJson,
  ConfigJson,
  ConfigRevisionJson,
  ConfigSummaryJson,
} from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { hashText } from "@skymap/lib/ids";
import { canonicalJson, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { mergePatch } from "../graph/merge_patch.ts";
import {
  changeNotes,
  type CheckedConfig,
  checkedConfig,
  type ConfigInput,
  newIdNotes,
} from "./checked_config.ts";
import type { CommandsDocument } from "./commands_document.ts";
import type { ConfigSchema } from "./config_schema.ts";
import type { ConfigStore, StoredConfig } from "./config_store.ts";
import type { CoreConfig } from "./core_document.ts";
import type { DocumentRules } from "./document_rules.ts";
import { overridden, type Overrides } from "./overrides.ts";
import { OwnDocuments } from "./own_documents.ts";
import { SecretMarks } from "./secrets.ts";
import {
  type ConfigView,
  printConfig,
  showConfig,
  stateOf,
} from "./show_config.ts";
import { unknownConfig, unknownRevision } from "./unknown_config.ts";

/** What {@linkcode Configs} work with. */
export interface ConfigsOptions {
  /** Keeps the documents. */
  readonly store: ConfigStore;
  /** Rules of the documents that Skymap knows. */
  readonly rules: readonly DocumentRules[];
  /** What counts in their place. */
  readonly overrides: Overrides;
  /** What is shown in the place of secrets. Default: marks of this process. */
  readonly marks?: SecretMarks | undefined;
}

export type { ConfigInput };

/** Who changes a document, and what the change is based on. */
export interface ConfigChange {
  /** Who. */
  readonly by: string;
  /** Revision that was seen. Default: whatever there is. */
  readonly revision?: number | undefined;
  /** Ends a trial of the document: who wants the change is gone. */
  readonly signal?: AbortSignal | undefined;
}

const log = logger("core/config");

/** The configuration of one core. */
export class Configs {
  readonly #store: ConfigStore;
  readonly #rules: ReadonlyMap<string, DocumentRules>;
  readonly #overrides: Overrides;
  readonly #listeners = new Set<(id: string) => unknown>();
  readonly #marks: SecretMarks;
  readonly #own = new OwnDocuments((id) => this.#ownDocument(id));
  #writing: Promise<unknown> = Promise.resolve();

  /** Takes its parts. */
  constructor(
    { store, rules, overrides, marks = new SecretMarks() }: ConfigsOptions,
  ) {
    this.#store = store;
    this.#rules = new Map(rules.map((each) => [each.id, each]));
    this.#overrides = overrides;
    this.#marks = marks;
  }

  /**
   * Calls with the id of each document that is not what it was. Who changes it
   * is answered when all that this gives is fulfilled.
   */
  onChange(callback: (id: string) => unknown): Disposable {
    this.#listeners.add(callback);
    return { [Symbol.dispose]: () => void this.#listeners.delete(callback) };
  }

  async #tell(id: string): Promise<void> {
    this.#own.forget(id);
    for (const callback of this.#listeners) {
      try {
        await callback(id);
      } catch (error) {
        log.error("Cannot take up configuration {id}: {reason}", {
          id,
          reason: messageOf(error),
        });
      }
    }
  }

  /** Reads files of overrides anew. */
  async refreshOverrides(): Promise<void> {
    for (const id of await this.#overrides.refresh()) {
      log.info("Overrides of configuration {id} have changed", { id });
      await this.#tell(id);
    }
  }

  /** Ids of all documents, sorted. */
  ids(): readonly string[] {
    return [
      ...new Set([
        ...this.#rules.keys(),
        ...this.#store.ids(),
        ...this.#overrides.ids(),
      ]),
    ].sort();
  }

  /** Every document in a few words. */
  list(): readonly ConfigSummaryJson[] {
    return this.ids().map((id) => {
      const rules = this.#rules.get(id);
      return {
        id,
        is_known: rules !== undefined,
        ...(rules !== undefined && { description: rules.brief }),
        ...stateOf(this.#store.newest(id)),
        overridden: this.#overrides.of(id).map(({ path }) => path.join(".")),
      };
    });
  }

  /** Refuses an id that stands for nothing. */
  #mustBe(id: string): void {
    const isThere = this.#rules.has(id) || this.#overrides.of(id).length > 0 ||
      this.#store.newest(id)?.config !== undefined;
    if (isThere) return;
    throw unknownConfig(id, this.ids());
  }

  #stored(id: string): JsonObject {
    return this.#store.newest(id)?.config ?? {};
  }

  /**
   * A document, or what it was in a revision.
   *
   * @throws {SkymapError} `config_unknown`.
   */
  async get(
    id: string,
    { revision, secrets = false }: {
      readonly revision?: number | undefined;
      readonly secrets?: boolean | undefined;
    } = {},
  ): Promise<ConfigJson> {
    return showConfig(
      this.#view(id),
      await this.#state(id, revision),
      secrets,
    );
  }

  #view(id: string): ConfigView {
    return {
      id,
      rules: this.#rules.get(id),
      overrides: this.#overrides.of(id),
      marks: this.#marks,
    };
  }

  /**
   * A document as YAML that explains itself. With `effective` it shows what
   * counts, and where each value is from.
   *
   * @throws {SkymapError} `config_unknown`.
   */
  async text(
    id: string,
    options: {
      readonly revision?: number | undefined;
      readonly secrets?: boolean | undefined;
      readonly effective?: boolean | undefined;
    } = {},
  ): Promise<string> {
    const { revision, effective = false, secrets = false } = options;
    return printConfig(this.#view(id), await this.#state(id, revision), {
      effective,
      secrets,
    });
  }

  /** The newest state of a document, or that of a revision. */
  async #state(
    id: string,
    revision: number | undefined,
  ): Promise<StoredConfig | undefined> {
    if (revision !== undefined) return await this.#mustHave(id, revision);
    this.#mustBe(id);
    return this.#store.newest(id);
  }

  /**
   * JSON schema of a document.
   *
   * @throws {SkymapError} `config_unknown`.
   */
  schema(id: string): ConfigSchema {
    this.#mustBe(id);
    return this.schemaOf(id);
  }

  /** What a document of this id may hold: of one of your own anything. */
  schemaOf(id: string): ConfigSchema {
    return this.#rules.get(id)?.schema() ?? { type: "object" };
  }

  /**
   * The revisions that are kept, the newest first; also of a document that was
   * deleted.
   */
  async history(id: string): Promise<readonly ConfigRevisionJson[]> {
    if (this.#store.newest(id) === undefined) this.#mustBe(id);
    return (await this.#store.history(id)).map((each) => ({
      revision: each.revision,
      updated_at: each.updatedAt,
      updated_by: each.updatedBy,
      deleted: each.config === undefined,
    }));
  }

  async #mustHave(id: string, revision: number): Promise<StoredConfig> {
    const found = await this.#store.revision(id, revision);
    if (found !== undefined) return found;
    throw unknownRevision(id, revision, await this.history(id));
  }

  /**
   * Says what setting the document would, without setting it.
   *
   * @throws {SkymapError} `config_invalid`, with every fault.
   */
  async validate(
    id: string,
    input: ConfigInput,
    signal?: AbortSignal,
  ): Promise<readonly string[]> {
    return this.#notes(id, await this.#checked(id, input, signal));
  }

  /**
   * Sets the whole document.
   *
   * @throws {SkymapError} `config_invalid` with every fault, `conflict`.
   */
  put(
    id: string,
    input: ConfigInput,
    change: ConfigChange,
  ): Promise<ConfigChangedJson> {
    return this.#exclusive(async () =>
      this.#write(id, await this.#checked(id, input, change.signal), change)
    );
  }

  /**
   * Changes parts of a document, as RFC 7396 says: null takes a part away.
   *
   * @throws {SkymapError} `config_invalid` with every fault, `conflict`.
   */
  patch(
    id: string,
    patch: JsonObject,
    change: ConfigChange,
  ): Promise<ConfigChangedJson> {
    return this.change(id, (config) => mergePatch(config, patch), change);
  }

  /**
   * Makes a document out of what it was.
   *
   * @throws {SkymapError} `config_invalid` with every fault, `conflict`, or what
   * `make` throws.
   */
  change(
    id: string,
    make: (config: JsonObject) => JsonObject,
    change: ConfigChange,
  ): Promise<ConfigChangedJson> {
    return this.#exclusive(async () =>
      this.#write(
        id,
        await this.#checked(id, make(this.#stored(id)), change.signal),
        change,
      )
    );
  }

  /**
   * Sets a new document to what another one is.
   *
   * @throws {SkymapError} `config_unknown`; `conflict`, if there is one already.
   */
  copy(from: string, to: string, by: string): Promise<ConfigChangedJson> {
    return this.#exclusive(async () => {
      this.#mustBe(from);
      if (this.#store.newest(to)?.config !== undefined) {
        throw new SkymapError(
          "conflict",
          `Cannot copy configuration "${from}" to "${to}": there is one ` +
            "already, wanted the id of a new one",
        );
      }
      return await this.#write(
        to,
        await this.#checked(to, this.#stored(from)),
        { by },
      );
    });
  }

  /**
   * Deletes a document: every default counts again. Its history is kept. Gives
   * whether anything was set.
   *
   * @throws {SkymapError} `config_unknown`, `conflict`.
   */
  async remove(id: string, change: ConfigChange): Promise<boolean> {
    return await this.#exclusive(async () => {
      this.#mustBe(id);
      const { revision: newest = 0, config } = this.#store.newest(id) ?? {};
      if (config === undefined) return false;
      await this.#store.add(
        id,
        change.revision ?? newest,
        change.by,
        undefined,
      );
      log.info("Configuration {id} was deleted by {by}", { id, by: change.by });
      await this.#tell(id);
      return true;
    });
  }

  /**
   * Sets a document to what it was in a revision.
   *
   * @throws {SkymapError} `config_unknown`; `config_invalid`, if it may not be
   * so any more.
   */
  rollback(
    id: string,
    revision: number,
    change: ConfigChange,
  ): Promise<ConfigChangedJson> {
    return this.#exclusive(async () => {
      const { config } = await this.#mustHave(id, revision);
      if (config === undefined) {
        throw new SkymapError(
          "config_unknown",
          `Cannot return configuration "${id}" to revision ${revision}: it was ` +
            "deleted by it, wanted one with content",
        );
      }
      return await this.#write(
        id,
        await this.#checked(id, config, change.signal),
        change,
      );
    });
  }

  /** What a process works with: it fills in defaults and references by itself. */
  active(id: string): ActiveConfigJson {
    this.#mustBe(id);
    const config = overridden(this.#stored(id), this.#overrides.of(id));
    return { version: hashText(canonicalJson(config)), config };
  }

  /** What core itself is configured with. */
  core(): CoreConfig {
    return this.#own.core();
  }

  /** The commands that are templates. */
  commands(): CommandsDocument {
    return this.#own.commands();
  }

  #ownDocument(id: string) {
    const rules = this.#rules.get(id);
    if (rules === undefined) throw new TypeError(`Cannot happen: no ${id}`);
    return {
      rules,
      stored: this.#stored(id),
      overrides: this.#overrides.of(id),
    };
  }

  #checked(
    id: string,
    input: ConfigInput,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<CheckedConfig> {
    return checkedConfig(this.#view(id), this.#stored(id), input, signal);
  }

  /** What the person who makes a change should know. */
  #notes(id: string, { config, notes }: CheckedConfig): readonly string[] {
    const isNew = !this.#rules.has(id) &&
      this.#store.newest(id)?.config === undefined;
    return [
      ...isNew ? newIdNotes(id, [...this.#rules.keys()]) : [],
      ...changeNotes(this.#view(id), this.#stored(id), config),
      ...notes,
    ];
  }

  async #write(
    id: string,
    checked: CheckedConfig,
    { by, revision }: ConfigChange,
  ): Promise<ConfigChangedJson> {
    const newest = this.#store.newest(id);
    const base = revision ?? newest?.revision ?? 0;
    const { config } = checked;
    const notes = this.#notes(id, checked);
    const isThere = newest?.config !== undefined || this.#rules.has(id);
    const isSame = canonicalJson(this.#stored(id)) ===
      canonicalJson(config);
    if (isThere && isSame && base === (newest?.revision ?? 0)) {
      return { ...showConfig(this.#view(id), newest), notes };
    }
    const stored = await this.#store.add(id, base, by, config);
    log.info("Configuration {id} has revision {revision}, set by {by}", {
      id,
      revision: stored.revision,
      by,
    });
    await this.#tell(id);
    return { ...showConfig(this.#view(id), stored), notes };
  }

  /** Changes of one core come one after the other. */
  #exclusive<T>(work: () => T | Promise<T>): Promise<T> {
    const result = this.#writing.then(work);
    this.#writing = result.catch(() => {});
    return result;
  }
}
