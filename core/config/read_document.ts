/**
 * Reads the text of a configuration, YAML or JSON, and where everything stands
 * in it.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
} from "yaml";
import { textError } from "./document_error.ts";
import type { ConfigPath } from "./schema_faults.ts";

/** A text that was read. */
export interface ReadDocument {
  /** What it says. */
  readonly config: JsonObject;
  /** Line and column of what stands at a path, or of what it stands in, from 1. */
  readonly placeOf: (
    path: ConfigPath,
    isName?: boolean,
  ) => { readonly line: number; readonly column: number };
}

/** Characters of a document at most. */
export const MAX_CHARS = 1_000_000;

/** Levels within levels at most. */
const MAX_DEPTH = 60;
const TOO_DEEP = `is nested more than ${MAX_DEPTH} levels deep`;

/**
 * Reads YAML, of which JSON is a part.
 *
 * @throws {SkymapError} `config_invalid`, with line, column and the line itself
 * of every place where it is no YAML or says what JSON cannot.
 */
export function readDocument(id: string, text: string): ReadDocument {
  if (text.length > MAX_CHARS) {
    throw new SkymapError(
      "config_invalid",
      `Cannot read configuration "${id}": it has ${text.length} characters, ` +
        `at most ${MAX_CHARS} are kept`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    intAsBigInt: true,
    // It would compare each name with all before it; the reader does better.
    uniqueKeys: false,
    // Silent, it would also leave out that there is a second document.
    logLevel: "error",
  });
  const faults = [...document.errors, ...document.warnings].map((
    { code, message, pos: [offset] },
  ) => ({ offset, message: plainMessage(code, message) }));
  const reader = new Reader(document);
  const value = faults.length === 0 ? reader.value(document.contents, 0) : null;
  const isDocument = value === null ||
    (typeof value === "object" && !Array.isArray(value));
  if (!isDocument) {
    reader.faults.push({
      offset: document.contents?.range?.[0] ?? 0,
      message: "is no list of properties, wanted lines such as name: value",
    });
  }
  faults.push(...reader.faults);
  if (faults.length > 0) {
    throw textError(
      id,
      text,
      faults.map(({ offset, message }) => ({
        ...place(lines, offset),
        message,
      })),
    );
  }
  return {
    config: (value ?? {}) as JsonObject,
    placeOf: (path, isName = false) =>
      place(lines, offsetOf(document, path, isName)),
  };
}

/** First line of a message of the parser, which may quote what follows. */
function plainMessage(code: string, message: string): string {
  if (code === "MULTIPLE_DOCS") return "begins a second document, wanted one";
  if (message.includes("call stack")) return TOO_DEEP;
  const [first = ""] = message.split("\n");
  return first.replace(/: *".*$/, "").replace(/:$/, "");
}

function place(
  lines: LineCounter,
  offset: number,
): { readonly line: number; readonly column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** Where the value of a path begins, or its name, or what it would be in. */
function offsetOf(
  document: Document,
  path: ConfigPath,
  isName: boolean,
): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] ?? 0 : 0;
  for (const [at, key] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) node = node.items[Number(key)];
    else if (isMap(node)) {
      const pair = node.items.find(({ key: name }) =>
        isScalar(name) && String(name.value) === String(key)
      );
      const name = pair?.key;
      if (isNode(name)) offset = name.range?.[0] ?? offset;
      if (isName && at === path.length - 1) return offset;
      node = pair?.value;
    } else return offset;
    if (!isNode(node)) return offset;
    offset = node.range?.[0] ?? offset;
  }
  return offset;
}

/** Turns nodes into JSON. */
class Reader {
  readonly #document: Document;
  readonly faults: { offset: number; message: string }[] = [];

  constructor(document: Document) {
    this.#document = document;
  }

  #fault(node: Node | null, message: string): null {
    this.faults.push({ offset: node?.range?.[0] ?? 0, message });
    return null;
  }

  value(node: unknown, depth: number): Json {
    if (!isNode(node)) return null;
    if (depth > MAX_DEPTH) {
      return this.#fault(node, TOO_DEEP);
    }
    if (isAlias(node)) {
      return this.#fault(
        node,
        "is an alias of another part, wanted it written out",
      );
    }
    if (isMap(node)) {
      const names = new Set<string>();
      return Object.fromEntries(node.items.map(({ key, value }) => [
        this.#key(key, names),
        this.value(value, depth + 1),
      ]));
    }
    if (isSeq(node)) {
      return node.items.map((each) => this.value(each, depth + 1));
    }
    return isScalar(node) ? this.#scalar(node, node.value) : null;
  }

  /** The name of a property; those that were there before it are kept. */
  #key(key: unknown, names: Set<string>): string {
    if (isScalar(key)) {
      const { value, source } = key;
      // A name is what was written: 012 stays 012.
      const name = typeof value === "string" ? value : source ?? String(value);
      if (names.has(name)) {
        this.#fault(key, "stands here for the second time, wanted it once");
      }
      names.add(name);
      return name;
    }
    this.#fault(isNode(key) ? key : null, "is no name of a property");
    return "";
  }

  #scalar(node: Node, value: unknown): Json {
    if (typeof value === "bigint") {
      const number = Number(value);
      return String(number) === String(value) ? number : this.#fault(
        node,
        "is a number that is too large to be kept as it is, wanted it in quotes",
      );
    }
    if (typeof value === "number" && !Number.isFinite(value)) {
      return this.#fault(node, "is no number that JSON knows");
    }
    if (
      value === null || typeof value === "string" ||
      typeof value === "number" || typeof value === "boolean"
    ) return value;
    return this.#fault(node, "is no text, number, true or false");
  }
}
