/**
 * A backup of everything: the control plane, and each graph with its past.
 *
 * It is lines of JSON, compressed: a head, rows of the control plane, then for
 * each graph a line that names it and its export, and an end with a checksum. The
 * control plane and each graph are as they were at a moment of their own, while
 * core goes on.
 *
 * @module
 */

import { createHash } from "node:crypto";
import type { Json } from "@skymap/lib/json";
import { VERSION } from "@skymap/lib/version";
import {
  type Database,
  keptTables,
  readSystemRows,
  toTypedJson,
} from "./db/mod.ts";
import type { Graphs } from "./graphs.ts";

/** Grows with every change that an older Skymap cannot read. */
export const BACKUP_VERSION = 1;

/** A line of a backup that is no line of a graph. */
export type BackupLine =
  | {
    readonly type: "skymap_backup";
    readonly version: number;
    readonly skymap: string;
    readonly created_at: string;
  }
  | { readonly type: "row"; readonly table: string; readonly row: Json }
  | { readonly type: "graph"; readonly name: string }
  | {
    readonly type: "backup_end";
    readonly graphs: number;
    readonly sha256: string;
  };

/** What is backed up. */
export interface BackupSource {
  readonly database: Database;
  readonly graphs: Graphs;
  /** Gives the time. */
  readonly now: () => Date;
  /** Gives it up. */
  readonly signal: AbortSignal;
}

/** The lines with their ends. */
async function* backupLines(
  { database, graphs, now, signal }: BackupSource,
): AsyncGenerator<string> {
  const hash = createHash("sha256");
  const text = (line: BackupLine): string => {
    signal.throwIfAborted();
    const json = `${JSON.stringify(line)}\n`;
    hash.update(json);
    return json;
  };
  yield text({
    type: "skymap_backup",
    version: BACKUP_VERSION,
    skymap: VERSION,
    created_at: now().toISOString(),
  });
  const { system } = database;
  for (const table of await keptTables(system)) {
    for await (const rows of readSystemRows(system, table)) {
      for (const row of rows) {
        yield text({ type: "row", table, row: toTypedJson(row) });
      }
    }
  }
  const names = graphs.names();
  for (const name of names) {
    yield text({ type: "graph", name });
    // Its own end says that it is whole.
    yield* graphs.get(name).export(signal);
  }
  const sha256 = hash.digest("hex");
  const end: BackupLine = { type: "backup_end", graphs: names.length, sha256 };
  yield `${JSON.stringify(end)}\n`;
}

/** The backup as the bytes of a file. */
export function backup(source: BackupSource): ReadableStream<Uint8Array> {
  return ReadableStream.from(backupLines(source))
    .pipeThrough(new TextEncoderStream())
    .pipeThrough(new CompressionStream("gzip"));
}
