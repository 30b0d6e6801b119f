/**
 * The programs of the person at the terminal: what shows long texts, and what
 * edits files.
 *
 * @module
 */

/** Reads an environment variable. */
type Env = (name: string) => string | undefined;

/** A command as its words; the environment separates them by blanks. */
function words(text: string): readonly string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}

/**
 * The pager: `$PAGER`, else `less`. None when `$PAGER` is empty or `cat`, which
 * shows no pages.
 */
export function pagerCommand(env: Env): readonly string[] {
  const found = words(env("PAGER") ?? "less");
  return found.join(" ") === "cat" ? [] : found;
}

/** The editor: `$VISUAL`, else `$EDITOR`, else `vi`. */
export function editorCommand(env: Env): readonly string[] {
  return [env("VISUAL"), env("EDITOR")]
    .map((text) => words(text ?? ""))
    .find((found) => found.length > 0) ?? ["vi"];
}
