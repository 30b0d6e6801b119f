/**
 * What may stand at a place, the most likely first.
 *
 * @module
 */

import type { CompletionJson } from "@skymap/lib/client";

/** Suggestions for the word that begins at a place. */
export interface Suggestions {
  /** Offset of the word. */
  readonly start: number;
  /** What may stand there. */
  readonly found: readonly CompletionJson[];
  /** Whether it is the name of a file of the caller. Default: no. */
  readonly isFile?: boolean;
}

/** How many are told at most. */
const MOST_SUGGESTIONS = 200;

/** How well a text goes with what is typed; the smallest is best. */
function distance(text: string, typed: string): number {
  if (text.startsWith(typed)) return 0;
  const lower = text.toLowerCase();
  const wanted = typed.toLowerCase();
  if (lower.startsWith(wanted)) return 1;
  // Behind a sign a new word begins: "instance" finds "aws_ec2_instance".
  const at = lower.indexOf(wanted);
  if (at === -1) return Infinity;
  return /[a-z0-9]/.test(lower.charAt(at - 1)) ? 3 : 2;
}

/**
 * Those that begin with what is typed; when none does, those that hold it, the
 * ones first in which a word begins with it.
 */
export function fitting(
  all: Iterable<CompletionJson>,
  typed: string,
): readonly CompletionJson[] {
  const known = new Map<string, CompletionJson>();
  for (const each of all) {
    if (!known.has(each.text)) known.set(each.text, each);
  }
  const measured = [...known.values()]
    .map((each) => ({ each, far: distance(each.text, typed) }))
    .filter(({ far }) => far < Infinity);
  const begun = measured.filter(({ far }) => far <= 1);
  return (begun.length > 0 ? begun : measured)
    .toSorted((one, two) => one.far - two.far)
    .slice(0, MOST_SUGGESTIONS)
    .map(({ each }) => each);
}

/** Plain words as suggestions. */
export function words(
  type: string,
  texts: Iterable<string>,
): readonly CompletionJson[] {
  return [...texts].map((text) => ({ type, text }));
}
