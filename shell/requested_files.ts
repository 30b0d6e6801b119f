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

/** Whether a line has a word, with quotes around it or without. */
function hasWord(line: string, word: string): boolean {
  if (word === "") return false;
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

/**
 * Reads files that were asked for. One that the line does not name is refused:
 * core has no business with it.
 *
 * @throws {SkymapError} `permission_denied`, or `not_found` when it cannot be read.
 */
export async function readRequested(
  line: string,
  names: readonly string[],
): Promise<Files> {
  const files = new Map<string, Blob>();
  for (const name of names) {
    if (!hasWord(line, name)) {
      throw new SkymapError(
        "permission_denied",
        `Cannot send file ${JSON.stringify(name)}: core asks for it, but the ` +
          "line does not name it",
      );
    }
    try {
      files.set(name, new Blob([await Deno.readFile(name)]));
    } catch (cause) {
      throw new SkymapError(
        "not_found",
        `Cannot send file "${name}": ${messageOf(cause)}`,
        { cause },
      );
    }
  }
  return files;
}
