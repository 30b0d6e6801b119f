/**
 * Values of the search language: JSON with unquoted words.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import { setItemOffsets } from "./positions.ts";

/** A value that was read, and where it ended. */
export interface ScannedValue {
  /** The value. */
  readonly value: Json;
  /** Offset of the first character after it. */
  readonly end: number;
}

/** Why no value could be read. */
export interface ScanProblem {
  /** Where it goes wrong. */
  readonly offset: number;
  /** What is wrong there. */
  readonly problem: string;
  /** What could stand there. */
  readonly expected: readonly string[];
}

/** Arrays and objects inside of each other at most. */
const MAX_DEPTH = 100;

// A word ends before a navigation: `a = b--> is(x)`.
const WORD = /(?:[A-Za-z0-9_:/.+]|-(?!-?>|[[{]))+/y;
const NO_WORD = /--|-(?:default|delete|iam)/y;
// Exponents need a sign: "12e4" is an id more often than a number.
const NUMBER = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]\d+)?$/;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const BLANK = /\s*/y;

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Offset of the first character that is not white space. */
export function skipBlank(text: string, at: number): number {
  BLANK.lastIndex = at;
  BLANK.exec(text);
  return BLANK.lastIndex;
}

/** Whether a scan found a value. */
export function isScanned(
  result: ScannedValue | ScanProblem,
): result is ScannedValue {
  return "end" in result;
}

/**
 * Reads a double quoted string. `\\`, `\/`, `\"` and `\'` are escapes; every
 * other backslash stands for itself, so that patterns need no doubling.
 */
export function scanQuoted(
  text: string,
  at: number,
): (ScannedValue & { readonly value: string }) | ScanProblem {
  QUOTED.lastIndex = at;
  const body = QUOTED.exec(text)?.[1];
  if (body === undefined) {
    return {
      offset: at,
      problem: "the string has no end",
      expected: ['a closing "'],
    };
  }
  return { value: body.replace(/\\([\\/"'])/g, "$1"), end: QUOTED.lastIndex };
}

/** The text of an unquoted word at an offset, or undefined. */
function scanWord(text: string, at: number): string | undefined {
  if (matchAt(NO_WORD, text, at) !== undefined) return undefined;
  return matchAt(WORD, text, at);
}

/** What an unquoted word stands for. */
function wordValue(word: string): Json {
  if (word === "true") return true;
  if (word === "false") return false;
  if (word === "null") return null;
  if (!NUMBER.test(word)) return word;
  const number = Number(word);
  // Account numbers and the like must not lose digits.
  const exact = Number.isFinite(number) &&
    (!Number.isInteger(number) || Number.isSafeInteger(number) ||
      word.includes("e"));
  return exact ? (Object.is(number, -0) ? 0 : number) : word;
}

/** Reads a value at an offset that is not white space. */
export function scanValue(
  text: string,
  at: number,
  depth: number = 0,
): ScannedValue | ScanProblem {
  if (depth > MAX_DEPTH) {
    return {
      offset: at,
      problem: "the value is nested too deep",
      expected: [],
    };
  }
  switch (text[at]) {
    case '"':
      return scanQuoted(text, at);
    case "[":
      return scanArray(text, at, depth);
    case "{":
      return scanObject(text, at, depth);
  }
  const word = scanWord(text, at);
  if (word === undefined) {
    return { offset: at, problem: "there is no value", expected: ["a value"] };
  }
  return { value: wordValue(word), end: at + word.length };
}

function scanArray(
  text: string,
  start: number,
  depth: number,
): ScannedValue | ScanProblem {
  const values: Json[] = [];
  const offsets: number[] = [];
  let at = skipBlank(text, start + 1);
  if (text[at] === "]") return { value: Object.freeze(values), end: at + 1 };
  for (;;) {
    const item = scanValue(text, at, depth + 1);
    if (!isScanned(item)) return item;
    values.push(item.value);
    offsets.push(at);
    at = skipBlank(text, item.end);
    if (text[at] === "]") {
      setItemOffsets(values, offsets);
      return { value: Object.freeze(values), end: at + 1 };
    }
    if (text[at] !== ",") {
      return {
        offset: at,
        problem: "the list has no end",
        expected: ['","', '"]"'],
      };
    }
    at = skipBlank(text, at + 1);
  }
}

const KEY = /[A-Za-z0-9_\-./]+/y;

function scanObject(
  text: string,
  start: number,
  depth: number,
): ScannedValue | ScanProblem {
  const entries: [string, Json][] = [];
  let at = skipBlank(text, start + 1);
  if (text[at] === "}") return { value: freezeEntries(entries), end: at + 1 };
  for (;;) {
    const quoted = text[at] === '"' ? scanQuoted(text, at) : undefined;
    if (quoted !== undefined && !isScanned(quoted)) return quoted;
    const key = quoted?.value ?? matchAt(KEY, text, at);
    if (key === undefined) {
      return { offset: at, problem: "there is no key", expected: ["a key"] };
    }
    at = skipBlank(text, quoted?.end ?? at + key.length);
    if (text[at] !== ":") {
      return { offset: at, problem: "the key has no value", expected: ['":"'] };
    }
    const item = scanValue(text, skipBlank(text, at + 1), depth + 1);
    if (!isScanned(item)) return item;
    entries.push([key, item.value]);
    at = skipBlank(text, item.end);
    if (text[at] === "}") return { value: freezeEntries(entries), end: at + 1 };
    if (text[at] !== ",") {
      return {
        offset: at,
        problem: "the object has no end",
        expected: ['","', '"}"'],
      };
    }
    at = skipBlank(text, at + 1);
  }
}

/** Entries, not assignment: a key named "__proto__" must stay a key. */
function freezeEntries(entries: readonly (readonly [string, Json])[]): Json {
  return Object.freeze(Object.fromEntries(entries));
}

/** A string in double quotes, as {@linkcode scanQuoted} reads it. */
export function printString(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A value as {@linkcode scanValue} reads it. */
export function printValue(value: Json): string {
  if (typeof value === "string") return printString(value);
  if (Array.isArray(value)) return `[${value.map(printValue).join(", ")}]`;
  if (isObject(value)) {
    const entries = Object.entries(value as Readonly<Record<string, Json>>);
    return `{${
      entries.map(([key, item]) => `${printString(key)}: ${printValue(item)}`)
        .join(", ")
    }}`;
  }
  // Long rows of digits are read as texts, such as the numbers of accounts.
  return typeof value === "number" && Number.isInteger(value) &&
      !Number.isSafeInteger(value)
    ? value.toExponential()
    : String(value);
}
