/**
 * Wrong searches and the messages they have to get, kept as text files.
 *
 * @module
 */

/** A wrong search and its message. */
export interface WrongSearch {
  /** The search. */
  readonly text: string;
  /** All of the message. */
  readonly message: string;
}

/** Reads a file: cases are apart by an empty line, searches start with "> ". */
export async function readWrongSearches(
  file: URL,
): Promise<readonly WrongSearch[]> {
  const text = await Deno.readTextFile(file);
  return text.trimEnd().split("\n\n").map((block) => {
    const lines = block.split("\n");
    const isSearch = (line: string) => line.startsWith("> ");
    return {
      text: lines.filter(isSearch).map((line) => line.slice(2)).join("\n"),
      message: lines.filter((line) => !isSearch(line)).join("\n"),
    };
  });
}
