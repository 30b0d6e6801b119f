/**
 * What lies in the data directory.
 *
 * @module
 */

import { statfs } from "node:fs/promises";

/** Bytes on disk. */
export interface DiskUse {
  /** Of the record; 0 when a server has it. */
  readonly record: number;
  /** Of the search indexes. */
  readonly index: number;
  /** That are left; undefined when that cannot be found out. */
  readonly free: number | undefined;
}

/** For so long what was counted is told again. */
const KEEP_MS = 30_000;

/** Bytes of the files in a folder; of those that vanish meanwhile, none. */
async function bytesIn(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      if (isDirectory) bytes += await bytesIn(path);
      else if (isFile) bytes += (await Deno.stat(path)).size;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return bytes;
}

async function bytesFree(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Counts what lies on disk, now and then. */
export class DiskWatch {
  readonly #dataDir: string;
  readonly #now: () => number;
  #known: DiskUse | undefined;
  #knownAt = -Infinity;
  #counting: Promise<DiskUse> | undefined;

  /** Watches a data directory; `now` gives milliseconds. Default: the clock. */
  constructor(dataDir: string, now: () => number = () => performance.now()) {
    this.#dataDir = dataDir;
    this.#now = now;
  }

  /**
   * What was counted last. Nobody but the first waits for the count; what is old
   * is counted anew for the next one who asks.
   */
  async read(): Promise<DiskUse> {
    if (this.#now() - this.#knownAt >= KEEP_MS) this.#count();
    return this.#known ?? await this.#count();
  }

  #count(): Promise<DiskUse> {
    this.#counting ??= this.#measure().finally(() =>
      this.#counting = undefined
    );
    this.#counting.catch(() => {});
    return this.#counting;
  }

  async #measure(): Promise<DiskUse> {
    const [record, index, free] = await Promise.all([
      bytesIn(`${this.#dataDir}/db`),
      bytesIn(`${this.#dataDir}/index`),
      bytesFree(this.#dataDir),
    ]);
    this.#knownAt = this.#now();
    return this.#known = { record, index, free };
  }
}
