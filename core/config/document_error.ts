/**
 * What is wrong with a document, shown to who wrote it.
 *
 * @module
 */

import { isSecretName } from "@skymap/lib/config";
import { SkymapError } from "@skymap/lib/errors";
import type { ReadDocument } from "./read_document.ts";
import { type ConfigFault, pathText } from "./schema_faults.ts";

/** Faults that are told at once. */
const MAX_FAULTS = 50;

/** A fault with the place where it stands. */
export interface PlacedFault {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What is wrong. */
  readonly message: string;
}

/** The error that shows faults of a schema where they stand in the text. */
export function schemaError(
  id: string,
  faults: readonly ConfigFault[],
  text?: string,
  read?: ReadDocument,
): SkymapError {
  // To find each place of very many would take for ever.
  const told = faults.slice(0, MAX_FAULTS).map((fault) => {
    const path = pathText(fault.path);
    const at = read?.placeOf(fault.path, fault.isName);
    const message = `${path === "" ? "the document" : path} ${fault.message}`;
    return { path, message, ...at };
  });
  if (text !== undefined && read !== undefined) {
    return textError(id, text, told as PlacedFault[], faults.length);
  }
  return new SkymapError(
    "config_invalid",
    `Cannot take configuration "${id}": ${
      told.map(({ message }) => message).join("; ")
    }${moreText(faults.length - told.length, "; ")}`,
    { details: { faults: told } },
  );
}

/** The error that shows faults where they stand in the text; `count` are there. */
export function textError(
  id: string,
  text: string,
  faults: readonly PlacedFault[],
  count: number = faults.length,
): SkymapError {
  const rows = text.split(/\r?\n/);
  const sorted = [...faults].sort((one, two) =>
    one.line - two.line || one.column - two.column
  ).slice(0, MAX_FAULTS);
  const frames = sorted.map(({ line, column, message }) =>
    `line ${line}, column ${column}: ${message}\n${frame(rows, line, column)}`
  );
  return new SkymapError(
    "config_invalid",
    `Cannot read configuration "${id}":\n${frames.join("\n")}${
      moreText(count - sorted.length, "\n")
    }`,
    { details: { faults: sorted } },
  );
}

function moreText(count: number, divider: string): string {
  return count > 0
    ? `${divider}and ${count} ${count === 1 ? "fault" : "faults"} more`
    : "";
}

/** The line with a caret; of a line that may hold a secret the name alone. */
function frame(rows: readonly string[], line: number, column: number): string {
  const row = rows[line - 1] ?? "";
  const name = /^([^:]*):/.exec(row)?.[1] ?? row;
  const isSecret = isSecretName(row) || isSecretName(nameAbove(rows, line));
  const shown = isSecret
    ? `${isSecretName(name) && row.includes(":") ? `${name}:` : ""} …`
    : row.slice(0, 200);
  const prefix = `${String(line).padStart(4)} | `;
  const at = Math.min(column - 1, shown.length);
  return `${prefix}${shown}\n${" ".repeat(prefix.length + at)}^`;
}

/** The nearest row above that has a name: what follows may still be its text. */
function nameAbove(rows: readonly string[], line: number): string {
  return rows.slice(0, line).findLast((row) =>
    /^[\s-]*["']?[\w.-]+["']?\s*:/.test(row)
  ) ?? "";
}
