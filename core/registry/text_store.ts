/**
 * Texts of many megabytes, in rows that the engine likes.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { rowId } from "./write_batch.ts";

/** Characters of one row. */
const ROW_CHARS = 1_000_000;

/** The text in pieces; none ends between the halves of a character. */
export function cutText(text: string, chars: number = ROW_CHARS): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(at + chars, text.length);
    const last = text.charCodeAt(end - 1);
    const isHalf = end < text.length && last >= 0xd800 && last < 0xdc00;
    if (isHalf) end += end - at === 1 ? 1 : -1;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** Name of the text of a module. */
export function moduleName(sha256: string): string {
  return `module ${sha256}`;
}

/** Name of the lock that a version was packed with. */
export function lockName(name: string, version: string): string {
  return `lock ${name} ${version}`;
}

/** Keeps texts under names that never mean another text. */
export class TextStore {
  readonly #db: DbSession;

  /** Makes a store over the database `system`. */
  constructor(db: DbSession) {
    this.#db = db;
  }

  /** Stores a text; one that is there already is written again, as it is. */
  async put(name: string, text: string): Promise<void> {
    const pieces = cutText(text);
    for (const [at, piece] of pieces.entries()) {
      await this.#db.query("UPSERT $id CONTENT $row RETURN NONE", {
        id: rowId("plugin_text", [name, String(at)]),
        row: { text: piece, pieces: pieces.length },
      });
    }
  }

  /** The text, or undefined when it is not there as a whole. */
  async get(name: string): Promise<string | undefined> {
    let text = "";
    let pieces = 1;
    for (let at = 0; at < pieces; at++) {
      const [[row]] = await this.#db.query<
        [{ readonly text: string; readonly pieces: number }[]]
      >("SELECT text, pieces FROM $id", {
        id: rowId("plugin_text", [name, String(at)]),
      });
      if (row === undefined) return;
      pieces = row.pieces;
      text += row.text;
    }
    return text;
  }

  /** Removes a text, if it is there. */
  async delete(name: string): Promise<void> {
    for (let at = 0;; at++) {
      const [gone] = await this.#db.query<[unknown[]]>(
        "DELETE $id RETURN BEFORE",
        { id: rowId("plugin_text", [name, String(at)]) },
      );
      if (gone.length === 0) return;
    }
  }
}
