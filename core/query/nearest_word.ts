/**
 * The word that a misspelt one was meant to be.
 *
 * @module
 */

import { nearestNames } from "../model/nearest_names.ts";

/** The nearest of the words, if one is near; a word itself is not its own. */
export function nearestWord(
  word: string,
  words: readonly string[],
): string | undefined {
  const lower = word.toLowerCase();
  if (lower.length < 2 || words.includes(lower)) return undefined;
  return nearestNames(lower, words)
    // Short words are near to each other without meaning the same.
    .find((known) => known[0] === lower[0]);
}
