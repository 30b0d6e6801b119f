/**
 * The search index of one graph, whatever file holds it at the moment.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { messageOf } from "@skymap/lib/errors";
import {
  IndexFile,
  type IndexIdentity,
  type IndexPosition,
  type IndexSettings,
} from "./open.ts";

/** Where the index of a graph lies. */
export interface IndexPlace extends IndexSettings, IndexIdentity {
  /** Directory of this graph's index alone. */
  readonly directory: string;
}

/** An index that was found, or why it has to be made from the record. */
export type FoundIndex =
  | { readonly index: SearchIndex; readonly position: IndexPosition }
  | { readonly reason: string };

/** The reason when there is no index at all, as for a new graph. */
export const NO_INDEX = "there is none";

/** Below this a file is not worth compacting. */
const MIN_COMPACT_BYTES = 32_000_000;

const FILE_NAME = /^(\d+)\.duckdb$/;

/**
 * The search index of one graph. It lies in files `<number>.duckdb` of which the
 * highest counts: a new one is built beside the old one, and takes its place
 * while searches that read the old one go on.
 */
export class SearchIndex implements Disposable {
  readonly #place: IndexPlace;
  #file: IndexFile;
  #generation: number;
  #openings = 1;

  private constructor(place: IndexPlace, file: IndexFile, generation: number) {
    this.#place = place;
    this.#file = file;
    this.#generation = generation;
  }

  /** Opens the index that is there, if it can be used. */
  static async open(place: IndexPlace): Promise<FoundIndex> {
    await Deno.mkdir(place.directory, { recursive: true });
    const generations = await generationsIn(place.directory);
    const newest = generations.at(-1);
    await removeOthers(place.directory, newest);
    if (newest === undefined) return { reason: NO_INDEX };
    const path = pathOf(place.directory, newest);
    let file: IndexFile | undefined;
    try {
      file = await IndexFile.open(path, place);
      const position = await file.position(place);
      await file.check();
      return { index: new SearchIndex(place, file, newest), position };
    } catch (error) {
      file?.[Symbol.dispose]();
      return { reason: messageOf(error) };
    }
  }

  /** Makes an index in the place of what is there. */
  static async build(
    place: IndexPlace,
    fill: (file: IndexFile) => Promise<void>,
  ): Promise<SearchIndex> {
    await Deno.mkdir(place.directory, { recursive: true });
    const generations = await generationsIn(place.directory);
    const next = (generations.at(-1) ?? 0) + 1;
    const file = await buildFile(place, next, fill);
    await removeOthers(place.directory, next);
    return new SearchIndex(place, file, next);
  }

  /**
   * Changes whenever another file or engine takes over; older connections read
   * the past.
   */
  get generation(): number {
    return this.#openings;
  }

  /** Where the present file is. */
  get path(): string {
    return this.#file.path;
  }

  /**
   * A new connection to the present file; the caller closes it by `closeSync()`.
   * Streams need one each: a second statement on a connection ends an open
   * stream silently.
   */
  connect(): Promise<DuckDBConnection> {
    return this.#file.connect();
  }

  /** Folds the log into the file; waits for nothing but the disk. */
  checkpoint(): Promise<void> {
    return this.#file.checkpoint();
  }

  /**
   * Opens the same file anew after a fatal error of its engine. Only then: an
   * engine that is sound would write to the file when it ends.
   *
   * @returns how far it is.
   */
  async reopen(): Promise<IndexPosition> {
    this.#file[Symbol.dispose]();
    this.#file = await IndexFile.open(this.#file.path, this.#place);
    this.#openings++;
    return await this.#file.position(this.#place);
  }

  /**
   * Builds a new file and lets it take over. The caller sees to it that nothing
   * is written meanwhile.
   */
  async replace(fill: (file: IndexFile) => Promise<void>): Promise<void> {
    const next = this.#generation + 1;
    await this.#take(await buildFile(this.#place, next, fill), next);
  }

  async #take(file: IndexFile, generation: number): Promise<void> {
    const old = this.#file;
    this.#file = file;
    this.#generation = generation;
    this.#openings++;
    old[Symbol.dispose]();
    await removeOthers(this.#place.directory, generation);
  }

  /**
   * Writes the file anew, sorted and without what was deleted, and lets it take
   * over. The caller sees to it that nothing is written meanwhile.
   */
  async compact(): Promise<void> {
    const { directory } = this.#place;
    const draft = await emptyDraft(directory);
    await this.#file.copySorted(draft);
    const next = this.#generation + 1;
    const path = pathOf(directory, next);
    await Deno.rename(draft, path);
    const file = await IndexFile.open(path, this.#place);
    await file.setCompacted((await Deno.stat(path)).size);
    await this.#take(file, next);
  }

  /** Whether the file is more than twice as large as it was when compacted. */
  async isGrown(): Promise<boolean> {
    const compacted = await this.#file.compactedBytes();
    return await this.size() > 2 * Math.max(compacted, MIN_COMPACT_BYTES);
  }

  /** Reads all of the present file; throws when it is damaged. */
  check(): Promise<void> {
    return this.#file.check();
  }

  /** How far the present file is. */
  position(): Promise<IndexPosition> {
    return this.#file.position(this.#place);
  }

  /** Bytes of the present file and its log. */
  async size(): Promise<number> {
    let bytes = 0;
    for (const path of [this.#file.path, `${this.#file.path}.wal`]) {
      bytes += await Deno.stat(path).then(({ size }) => size, () => 0);
    }
    return bytes;
  }

  /** Ends the engine once the last connection is closed. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

function pathOf(directory: string, generation: number): string {
  return `${directory}/${generation}.duckdb`;
}

async function generationsIn(directory: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name } of Deno.readDir(directory)) {
    const digits = FILE_NAME.exec(name)?.[1];
    if (digits !== undefined) found.push(Number(digits));
  }
  return found.sort((one, two) => one - two);
}

/** Removes older files and what was left half-built; open ones live on. */
async function removeOthers(
  directory: string,
  keep: number | undefined,
): Promise<void> {
  for await (const { name } of Deno.readDir(directory)) {
    if (keep !== undefined && name.startsWith(`${keep}.duckdb`)) continue;
    if (!/^(\d+|new)\.duckdb/.test(name)) continue;
    await Deno.remove(`${directory}/${name}`, { recursive: true })
      .catch(() => {});
  }
}

/** Path of a file that is being built; what was left of an older one is gone. */
async function emptyDraft(directory: string): Promise<string> {
  const draft = `${directory}/new.duckdb`;
  for (const path of [draft, `${draft}.wal`]) {
    await Deno.remove(path).catch(() => {});
  }
  return draft;
}

/**
 * Builds a file under another name and moves it to its own when it is whole: a
 * file of the right name is never a half-built one.
 */
async function buildFile(
  place: IndexPlace,
  generation: number,
  fill: (file: IndexFile) => Promise<void>,
): Promise<IndexFile> {
  const draft = await emptyDraft(place.directory);
  {
    using file = await IndexFile.open(draft, place);
    await file.createTables(place);
    await fill(file);
    await file.checkpoint();
  }
  const path = pathOf(place.directory, generation);
  await Deno.rename(draft, path);
  await Deno.remove(`${draft}.wal`).catch(() => {});
  return await IndexFile.open(path, place);
}
