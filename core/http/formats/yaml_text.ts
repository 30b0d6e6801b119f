/**
 * JSON values as YAML, some twenty times as fast as the library does it: an
 * answer has many thousands of them.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";

/** What needs no quotes, but for the words below. */
const PLAIN = /^[A-Za-z_][\w./@+-]*(?: [\w./@+-]+)*$/;

/** Words that some version of YAML takes for another type. */
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n)$/i;

/** What JSON lets stand in quotes and YAML does not, or folds. */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Characters of a key that fits on a line with its colon. */
const MAX_KEY_CHARS = 1_000;

/** JSON text on one line, whichever version of YAML reads it. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    UNPRINTABLE,
    (character) =>
      `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A scalar on a line; every escape of JSON is one of YAML too. */
function scalar(value: Json): string {
  const isPlain = typeof value !== "string" ||
    PLAIN.test(value) && !WORDS.test(value);
  return isPlain ? String(value) : jsonLine(value);
}

/** What fits on the line of its key or dash, or undefined. */
function inline(value: Json): string | undefined {
  if (typeof value !== "object" || value === null) return scalar(value);
  if (Object.keys(value).length > 0) return undefined;
  return Array.isArray(value) ? "[]" : "{}";
}

/** Lines of a value that is not inline; the first one is not indented. */
function block(value: object, indent: string): string {
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    return value.map((item: Json) =>
      `- ${inline(item) ?? block(item as object, inner)}`
    ).join(`\n${indent}`);
  }
  return Object.entries(value as Record<string, Json>).map(([name, item]) => {
    const key = scalar(name);
    const head = key.length > MAX_KEY_CHARS
      ? `? ${key}\n${indent}:`
      : `${key}:`;
    const short = inline(item);
    return short === undefined
      ? `${head}\n${inner}${block(item as object, inner)}`
      : `${head} ${short}`;
  }).join(`\n${indent}`);
}

/** A value as YAML of version 1.2, with a line end. */
export function yamlText(value: Json): string {
  return `${inline(value) ?? block(value as object, "")}\n`;
}
