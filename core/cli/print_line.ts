/**
 * Writes a line in its one canonical form.
 *
 * @module
 */

import type { ParsedLine } from "./parse_lines.ts";
import { quoteWord, readWords } from "./words.ts";

/** What is printed of a line. */
export type PrintableLine = {
  /** Variables in front of it. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** Its commands with their arguments, as they were written. */
  readonly stages: readonly string[];
};

/** What a line that was read says. */
export function printable({ assignments, stages }: ParsedLine): PrintableLine {
  return {
    environment: assignments.map(({ name, value }) => [
      name,
      readWords(value.text)[0]?.value ?? "",
    ]),
    stages: stages.map(({ text }) => text),
  };
}

/** A line; `parseLines` reads it back as it was. */
export function printLine({ environment, stages }: PrintableLine): string {
  return [
    ...environment.map(([name, value]) => `${name}=${quoteWord(value)}`),
    stages.join(" | "),
  ].join(" ");
}
