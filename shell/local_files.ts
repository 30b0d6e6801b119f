/**
 * Names of files of this machine that begin as a word does.
 *
 * @module
 */

import type { CompletionJson } from "@skymap/lib/client";

/** How many are suggested at most. */
const MOST_NAMES = 200;

/** Files and folders whose path begins so, in the order of their names. */
export async function localFiles(
  begin: string,
): Promise<readonly CompletionJson[]> {
  const folder = begin.slice(0, begin.lastIndexOf("/") + 1);
  const name = begin.slice(folder.length);
  const found: CompletionJson[] = [];
  try {
    for await (const entry of Deno.readDir(folder === "" ? "." : folder)) {
      const isHidden = entry.name.startsWith(".") && !name.startsWith(".");
      if (isHidden || !entry.name.startsWith(name)) continue;
      const end = entry.isDirectory ? "/" : "";
      found.push({ type: "file", text: folder + entry.name + end });
    }
  } catch {
    // A folder that is not there, or not ours, has no files to suggest.
  }
  return found.sort((one, two) => one.text < two.text ? -1 : 1)
    .slice(0, MOST_NAMES);
}
