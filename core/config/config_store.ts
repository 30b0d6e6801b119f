/**
 * The documents of the configuration, each with its revisions.
 *
 * @module
 */

import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";

/** One state of a document. */
export interface StoredConfig {
  /** Counts from 1, without gaps, also over a deletion. */
  readonly revision: number;
  /** ISO time. */
  readonly updatedAt: string;
  /** Who made it. */
  readonly updatedBy: string;
  /** What was set; undefined in a revision that deleted the document. */
  readonly config?: JsonObject;
}

/** What {@linkcode ConfigStore.open} takes. */
export interface ConfigStoreOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** The present, in milliseconds. Default: the system's clock. */
  readonly nowMs?: () => number;
}

/** Revisions of a document that are kept. */
const KEPT_REVISIONS = 100;

interface Row {
  readonly document: string;
  readonly revision: number;
  readonly at: Date;
  readonly by: string;
  /** JSON: the database would tell numbers apart that JSON does not. */
  readonly text?: string;
}

// With names of fields in place of * the engine asks for a database to use.
const SELECT = "SELECT * FROM $ids";

/**
 * Revisions are added and never changed, so two writers cannot both make the
 * next one. The newest of each document is answered from memory.
 */
export class ConfigStore {
  readonly #db: DbSession;
  readonly #nowMs: () => number;
  readonly #newest = new Map<string, StoredConfig>();

  private constructor({ db, nowMs = Date.now }: ConfigStoreOptions) {
    this.#db = db;
    this.#nowMs = nowMs;
  }

  /** Reads what was stored. */
  static async open(options: ConfigStoreOptions): Promise<ConfigStore> {
    const store = new ConfigStore(options);
    const [ids] = await options.db.query<[string[]]>(
      "SELECT VALUE record::id(id) FROM config",
    );
    const newest = new Map<string, number>();
    for (const id of ids) {
      const at = id.lastIndexOf("@");
      const name = id.slice(0, at);
      const revision = Number(id.slice(at + 1));
      newest.set(name, Math.max(revision, newest.get(name) ?? 0));
    }
    const records = [...newest].map(([name, revision]) =>
      recordOf(name, revision)
    );
    for (const [name, stored] of await store.#read(records)) {
      store.#newest.set(name, stored);
    }
    return store;
  }

  /** Ids of the documents that are there, sorted. */
  ids(): readonly string[] {
    return [...this.#newest].filter(([, { config }]) => config !== undefined)
      .map(([id]) => id).sort();
  }

  /** The newest revision, also when it deleted the document. */
  newest(id: string): StoredConfig | undefined {
    return this.#newest.get(id);
  }

  /** A revision that is still kept, or undefined. */
  async revision(
    id: string,
    revision: number,
  ): Promise<StoredConfig | undefined> {
    const [found] = await this.#read([recordOf(id, revision)]);
    return found?.[1];
  }

  /** The revisions that are kept, the newest first. */
  async history(id: string): Promise<readonly StoredConfig[]> {
    const newest = this.#newest.get(id)?.revision ?? 0;
    const ids = Array.from(
      { length: Math.min(newest, KEPT_REVISIONS) },
      (_, back) => recordOf(id, newest - back),
    );
    return (await this.#read(ids)).map(([, stored]) => stored)
      .sort((one, two) => two.revision - one.revision);
  }

  /**
   * Adds a revision behind `base`; 0 where there was none.
   *
   * @throws {SkymapError} `conflict`, if another one stands behind it already.
   */
  async add(
    id: string,
    base: number,
    by: string,
    config: JsonObject | undefined,
  ): Promise<StoredConfig> {
    const newest = this.#newest.get(id)?.revision ?? 0;
    if (base !== newest) throw conflict(id, base, newest);
    const revision = base + 1;
    const at = new Date(this.#nowMs());
    try {
      await this.#db.query(
        `BEGIN;
        CREATE $record CONTENT $row RETURN NONE;
        DELETE $old RETURN NONE;
        COMMIT;`,
        {
          record: recordOf(id, revision),
          old: recordOf(id, revision - KEPT_REVISIONS),
          row: {
            document: id,
            revision,
            at,
            by,
            ...(config !== undefined && { text: JSON.stringify(config) }),
          },
        },
      );
    } catch (error) {
      const isTaken = isSkymapError(error, "database_failed") &&
        /already exists/i.test(error.message);
      if (!isTaken) throw error;
      // Another core has written it.
      const stored = await this.revision(id, revision);
      if (stored !== undefined) this.#newest.set(id, stored);
      throw conflict(id, base, revision);
    }
    const stored: StoredConfig = {
      revision,
      updatedAt: at.toISOString(),
      updatedBy: by,
      ...(config !== undefined && { config }),
    };
    this.#newest.set(id, stored);
    return stored;
  }

  async #read(
    ids: readonly RecordId[],
  ): Promise<readonly (readonly [string, StoredConfig])[]> {
    if (ids.length === 0) return [];
    const [rows] = await this.#db.query<[Row[]]>(SELECT, { ids });
    return rows.map(({ document, revision, at, by, text }) =>
      [document, {
        revision,
        updatedAt: at.toISOString(),
        updatedBy: by,
        ...(typeof text === "string" && {
          config: JSON.parse(text) as JsonObject,
        }),
      }] as const
    );
  }
}

function recordOf(id: string, revision: number): RecordId {
  return new RecordId("config", `${id}@${revision}`);
}

function conflict(id: string, base: number, newest: number): SkymapError {
  return new SkymapError(
    "conflict",
    `Cannot change configuration "${id}": it is based on revision ${base}, ` +
      `the newest is ${newest}; show it anew and make the change there`,
    { details: { revision: newest, based_on: base } },
  );
}
