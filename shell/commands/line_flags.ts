/**
 * Flags in front of a search: `--at 3d --count is(instance)`.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** What each flag takes, by its name without dashes. */
export type FlagTypes = Readonly<Record<string, "text" | "boolean">>;

/** The flags that were given. */
export type Flags<T extends FlagTypes> = {
  readonly [K in keyof T]?: T[K] extends "boolean" ? true : string;
};

const FLAG = /^\s*--([a-z-]+)(?:=("[^"]*"|'[^']*'|\S*))?(?=\s|$)/;
const VALUE = /^\s+(?!--)("[^"]*"|'[^']*'|\S+)/;

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}

/**
 * Reads the flags at the start of a text; the rest follows the last one. A
 * navigation such as `-->` is none.
 *
 * @throws {SkymapError} `usage`, if a flag is unknown, lacks its value or is
 * given one.
 */
export function readLineFlags<T extends FlagTypes>(
  command: string,
  text: string,
  types: T,
): { readonly flags: Flags<T>; readonly rest: string } {
  const flags: Record<string, string | true> = {};
  let rest = text;
  for (;;) {
    const match = FLAG.exec(rest);
    if (match === null) return { flags: flags as Flags<T>, rest: rest.trim() };
    const [all, name = "", given] = match;
    const fail = (why: string) =>
      new SkymapError("usage", `Cannot run "${command}": ${why}`);
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      const known = Object.keys(types).map((each) => `--${each}`).join(", ");
      throw fail(`there is no flag "--${name}", only ${known}`);
    }
    rest = rest.slice(all.length);
    if (type === "boolean") {
      if (given !== undefined) throw fail(`"--${name}" takes no value`);
      flags[name] = true;
      continue;
    }
    const value = given ?? VALUE.exec(rest)?.[1];
    if (value === undefined || value === "") {
      throw fail(`"--${name}" lacks its value`);
    }
    if (given === undefined) rest = rest.replace(VALUE, "");
    flags[name] = unquoted(value);
  }
}
