/**
 * Names of files of this machine that begin as a word does.
 *
 * @module
 */

import type { CompletionJson } from "@skymap/lib/client";

/** How many are suggested at most. */
const MOST_NAMES = 200;

/** A path as a word of a line; one of a folder stays open, to be gone on with. */
function asWord(path: string, quote: string): string {
  if (quote === "" && /^[^\s\\"'`|;,=]+$/.test(path)) return path;
  const close = path.endsWith("/") ? "" : quote || '"';
  return quote === "'"
    ? `'${path.replaceAll("'", "\\'")}${close}`
    : `"${path.replaceAll(/[\\"]/g, "\\$&")}${close}`;
}

/**
 * Files and folders whose path begins as a word does, in the order of their
 * names; a quote that the word begins with stays.
 */
export async function localFiles(
  typed: string,
): Promise<readonly CompletionJson[]> {
  const [quote = ""] = /^["']/.exec(typed) ?? [];
  const begin = typed.slice(quote.length).replaceAll(/\\(["'\\])/g, "$1");
  const folder = begin.slice(0, begin.lastIndexOf("/") + 1);
  const name = begin.slice(folder.length);
  const found: CompletionJson[] = [];
  try {
    for await (const entry of Deno.readDir(folder === "" ? "." : folder)) {
      const isHidden = entry.name.startsWith(".") && !name.startsWith(".");
      if (isHidden || !entry.name.startsWith(name)) continue;
      const end = entry.isDirectory ? "/" : "";
      const text = asWord(folder + entry.name + end, quote);
      found.push({ type: "file", text });
    }
  } catch {
    // A folder that is not there, or not ours, has no files to suggest.
  }
  return found.sort((one, two) => one.text < two.text ? -1 : 1)
    .slice(0, MOST_NAMES);
}
