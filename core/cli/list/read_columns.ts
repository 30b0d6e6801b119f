/**
 * `prop [as name], …`: the columns that a person asks for.
 *
 * @module
 */

import type { Path } from "../../query/ast.ts";
import { readPath } from "../../query/literals.ts";
import type { Arguments } from "../arguments.ts";
import { unquote } from "../words.ts";
import { namesOf } from "./columns.ts";

/** A column that was asked for. */
export interface AskedColumn {
  /** What it is called. */
  readonly name: string;
  /** What it shows. */
  readonly path: Path;
}

/** Pieces between commas; those in backticks and quotes separate nothing. */
const PIECE = /(?:`[^`]*`|"[^"]*"|'[^']*'|[^,`"'])+/g;
const QUOTED = /`[^`]*`|"[^"]*"|'[^']*'/g;
const MISSING = /(?:^|,)\s*(?:,|$)/;
const AS = /^((?:`[^`]*`|[^\s`])*)\s+as\s+(.+)$/i;

/**
 * Reads the columns. Without a name a column is called as the last key of its
 * property, or as the whole property where two would be called the same.
 *
 * @throws {SkymapError} `usage`
 */
export function readColumns(
  args: Arguments,
  parameter: string,
): readonly AskedColumn[] {
  const text = args.get(parameter)?.trim() ?? "";
  if (text === "") return [];
  if (MISSING.test(text.replaceAll(QUOTED, "x"))) {
    throw args.fault(
      'a property is missing at a comma, wanted such as "name, tags.owner as owner"',
      parameter,
    );
  }
  const asked = (text.match(PIECE) ?? [""]).map((piece) => {
    const [, before, name] = AS.exec(piece.trim()) ?? [];
    const property = before ?? piece.trim();
    const path = readPath(property);
    if (path !== undefined) {
      return { path, name: name === undefined ? undefined : unquote(name) };
    }
    throw args.fault(
      `"${property}" is no property, wanted such as "name" or "tags.owner as owner"`,
      parameter,
    );
  });
  const given = asked.flatMap(({ name }) => name === undefined ? [] : [name]);
  const twice = given.find((name, at) => given.indexOf(name) < at);
  if (twice !== undefined) {
    throw args.fault(
      `two columns are called "${twice}", wanted a name for each`,
      parameter,
    );
  }
  const unnamed = asked.filter(({ name }) => name === undefined);
  const names = namesOf(unnamed.map(({ path }) => path), given);
  return asked.map(({ path, name }) => ({
    path,
    name: name ?? names[unnamed.findIndex((each) => each.path === path)] ?? "",
  }));
}
