/**
 * Files of this machine that a line names and core asks for.
 *
 * @module
 */

import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";

/** Files by the name that a line has for them. */
export type Files = ReadonlyMap<string, Blob>;

/** The names that core asks for, if that is what an error says. */
export function requestedNames(error: unknown): readonly string[] | undefined {
  if (!isSkymapError(error, "files_required")) return;
  const { files } = error.details;
  return Array.isArray(files) && files.every((each) => typeof each === "string")
    ? files
    : undefined;
}

/** Bytes that go with a line: this shell and core hold them in memory. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Whether a line has a word, with quotes around it or without. */
function hasWord(line: string, word: string): boolean {
  return word !== "" && [
    word,
    word.replaceAll(/[\\"]/g, "\\$&"),
    word.replaceAll("'", "\\'"),
  ].some((written) => stands(line, written));
}

function stands(line: string, word: string): boolean {
  for (
    let at = line.indexOf(word);
    at !== -1;
    at = line.indexOf(word, at + 1)
  ) {
    const before = line.charAt(at - 1);
    const behind = line.charAt(at + word.length);
    if (/^[\s"'=]?$/.test(before) && /^[\s"'|;]?$/.test(behind)) return true;
  }
  return false;
}

/** Reads a file, which may be a pipe without an end, up to so many bytes. */
async function readUpTo(name: string, mostBytes: number): Promise<Blob> {
  using file = await Deno.open(name);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const buffer = new Uint8Array(64 * 1024);
  let size = 0;
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return new Blob(pieces);
    size += count;
    if (size > mostBytes) {
      throw new SkymapError(
        "usage",
        `Cannot send file "${name}": it is too large, wanted at most ` +
          `${mostBytes} bytes with a line; POST it to the path of the API instead`,
      );
    }
    pieces.push(buffer.slice(0, count));
  }
}

/**
 * Reads files that were asked for. One that the line does not name is refused:
 * core has no business with it.
 *
 * @throws {SkymapError} `permission_denied`, `not_found` when it cannot be read, or
 * `usage` when they are too large.
 */
export async function readRequested(
  line: string,
  names: readonly string[],
  mostBytes = MOST_BYTES,
): Promise<Files> {
  const files = new Map<string, Blob>();
  let left = mostBytes;
  for (const name of names) {
    if (!hasWord(line, name)) {
      throw new SkymapError(
        "permission_denied",
        `Cannot send file ${JSON.stringify(name)}: core asks for it, but the ` +
          "line does not name it",
      );
    }
    try {
      const file = await readUpTo(name, left);
      left -= file.size;
      files.set(name, file);
    } catch (cause) {
      if (isSkymapError(cause)) throw cause;
      throw new SkymapError(
        "not_found",
        `Cannot send file "${name}": ${messageOf(cause)}`,
        { cause },
      );
    }
  }
  return files;
}
