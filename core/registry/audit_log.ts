/**
 * What happened to plugins and what they did, without ever filling the disk.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { PluginAccessJson, PluginAuditJson } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { randomId } from "@skymap/lib/ids";
import { rowId, WriteBatch } from "./write_batch.ts";

/** What is kept of each plugin: the newest entries. */
export interface AuditBounds {
  /** Different things that it reached for. */
  readonly accesses: number;
  /** Things that were done to it. */
  readonly events: number;
}

const BOUNDS: AuditBounds = { accesses: 9_000, events: 1_000 };

/** Longest value that is kept, in characters. */
const MAX_VALUE = 500;

type Shelf = keyof AuditBounds;

interface AuditRow extends Omit<PluginAuditJson, "at" | "first_at"> {
  readonly shelf: Shelf;
  readonly at: Date;
  readonly first_at?: Date;
}

function fromRow({ at, first_at, ...row }: AuditRow): PluginAuditJson {
  const { id: _id, shelf: _shelf, ...rest } = row as typeof row & {
    readonly id?: unknown;
  };
  return {
    at: at.toISOString(),
    ...rest,
    ...(first_at !== undefined && { first_at: first_at.toISOString() }),
  };
}

/** One thing that was done to a plugin. */
export type PluginEvent = Omit<PluginAuditJson, "at"> & {
  readonly event: Exclude<PluginAuditJson["event"], "access">;
};

/** The entries of all plugins: kept in the database. */
export class AuditLog {
  readonly #db: DbSession;
  readonly #bounds: AuditBounds;

  /** Makes a log over the database `system`. */
  constructor(db: DbSession, bounds: AuditBounds = BOUNDS) {
    this.#db = db;
    this.#bounds = bounds;
  }

  /** Adds what was done to a plugin to a transaction. */
  add(batch: WriteBatch, event: PluginEvent, at: Date): void {
    batch.put("plugin_audit", [event.plugin, "events", randomId()], {
      ...event,
      shelf: "events",
      at,
    });
  }

  /** Adds what was done to a plugin at once. */
  async note(event: PluginEvent, at: Date): Promise<void> {
    const batch = new WriteBatch();
    this.add(batch, event, at);
    await batch.run(this.#db);
    await this.prune(event.plugin, "events");
  }

  /**
   * Counts what plugins reached for. The same thing again is the same entry,
   * with a higher count.
   */
  async record(
    accesses: readonly PluginAccessJson[],
    worker: string,
  ): Promise<void> {
    if (accesses.length === 0) return;
    const rows = accesses.map(({ last_at, first_at, ...access }) => {
      const value = access.value.slice(0, MAX_VALUE);
      const { version, phase = "", account = "", permission, allowed } = access;
      const key = createHash("sha256").update(
        JSON.stringify([version, phase, account, permission, value, allowed]),
      ).digest("hex");
      return {
        id: rowId("plugin_audit", [access.plugin, "accesses", key]),
        ...access,
        value,
        event: "access",
        by: worker,
        shelf: "accesses",
        at: new Date(last_at),
        first_at: new Date(first_at),
      };
    });
    await this.#db.query(
      `INSERT INTO plugin_audit $rows ON DUPLICATE KEY UPDATE
      count += $input.count, at = $input.at, by = $input.by RETURN NONE`,
      { rows },
    );
    for (const plugin of new Set(accesses.map((each) => each.plugin))) {
      await this.prune(plugin, "accesses");
    }
  }

  /** Removes the oldest entries of a plugin that are too many. */
  async prune(plugin: string, shelf: Shelf): Promise<void> {
    const [counted] = await this.#db.query<[number[]]>(
      `SELECT VALUE count() FROM plugin_audit
      WHERE plugin = $plugin AND shelf = $shelf GROUP ALL`,
      { plugin, shelf },
    );
    const excess = (counted[0] ?? 0) - this.#bounds[shelf];
    if (excess <= 0) return;
    await this.#db.query(
      `LET $old = (SELECT id, at FROM plugin_audit
        WHERE plugin = $plugin AND shelf = $shelf ORDER BY at LIMIT $excess);
      DELETE $old.id RETURN NONE`,
      { plugin, shelf, excess },
    );
  }

  /** Entries of a plugin, the newest first. */
  async list(
    plugin: string,
    limit: number,
    options: { readonly denied?: boolean } = {},
  ): Promise<readonly PluginAuditJson[]> {
    const [rows] = await this.#db.query<[AuditRow[]]>(
      `SELECT * FROM plugin_audit WHERE plugin = $plugin
      ${options.denied === true ? "AND allowed = false" : ""}
      ORDER BY at DESC LIMIT $limit`,
      { plugin, limit },
    );
    return rows.map(fromRow);
  }
}
