/**
 * Files that core sends, put into the folder for them and nowhere else.
 *
 * @module
 */

import { join } from "node:path";
import { messageOf, SkymapError } from "@skymap/lib/errors";

/** Where files go. */
export interface DownloadPlace {
  /** The folder. */
  readonly folder: string;
  /** Whether a file of the same name is replaced. */
  readonly isForced: boolean;
}

/**
 * The name of a file within the folder.
 *
 * @throws {SkymapError} `permission_denied`, if it would lie anywhere else.
 */
export function safeName(name: string): string {
  // deno-lint-ignore no-control-regex -- control characters are what it finds
  if (/^(?:\.{0,2})$|[/\\\x00-\x1f\x7f]/.test(name)) {
    throw new SkymapError(
      "permission_denied",
      `Cannot store file ${JSON.stringify(name)}: it is no plain name, ` +
        "wanted one without a folder",
    );
  }
  return name;
}

/** A file that is being received. It appears under its name once it is whole. */
export class ReceivedFile {
  /** Where it will be. */
  readonly path: string;
  readonly #part: string;
  readonly #file: Deno.FsFile;
  readonly #isForced: boolean;
  #size = 0;

  private constructor(
    path: string,
    part: string,
    file: Deno.FsFile,
    isForced: boolean,
  ) {
    this.path = path;
    this.#part = part;
    this.#file = file;
    this.#isForced = isForced;
  }

  /**
   * Begins a file.
   *
   * @throws {SkymapError} `conflict`, if there is one of that name;
   * `permission_denied`, if it cannot be written.
   */
  static async begin(
    name: string,
    { folder, isForced }: DownloadPlace,
  ): Promise<ReceivedFile> {
    const path = join(folder, safeName(name));
    if (!isForced && await exists(path)) throw taken(path);
    const part = join(folder, `.${name}.${crypto.randomUUID()}.part`);
    try {
      const file = await Deno.open(part, { write: true, createNew: true });
      return new ReceivedFile(path, part, file, isForced);
    } catch (cause) {
      throw new SkymapError(
        "permission_denied",
        `Cannot store file "${path}": ${messageOf(cause)}; ` +
          "name another folder with --download-dir",
        { cause },
      );
    }
  }

  /** Bytes that came. */
  get size(): number {
    return this.#size;
  }

  /** Adds a piece. */
  add(bytes: Uint8Array): void {
    this.#size += bytes.length;
    for (let at = 0; at < bytes.length;) {
      at += this.#file.writeSync(bytes.subarray(at));
    }
  }

  /**
   * Puts the whole file in its place.
   *
   * @throws {SkymapError} `conflict`, if somebody else made one meanwhile.
   */
  async end(): Promise<void> {
    this.#file.close();
    if (!this.#isForced && await exists(this.path)) {
      await Deno.remove(this.#part);
      throw taken(this.path);
    }
    await Deno.rename(this.#part, this.path);
  }

  /** Removes what came of it. */
  async cancel(): Promise<void> {
    this.#file.close();
    await Deno.remove(this.#part);
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}

function taken(path: string): SkymapError {
  return new SkymapError(
    "conflict",
    `Cannot store file "${path}": there is one already; remove it, name ` +
      "another folder with --download-dir, or replace it with --force",
  );
}
