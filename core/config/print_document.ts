/**
 * Writes a configuration as YAML that explains itself.
 *
 * @module
 */

import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { stringify } from "yaml";
import { type ConfigSchema, dereference, isSection } from "./config_schema.ts";
import type { ConfigPath } from "./schema_faults.ts";

/** How a document is written. */
export interface PrintOptions {
  /** What it may hold. Default: anything; nothing is explained. */
  readonly schema?: ConfigSchema;
  /** Lines of comment above it. */
  readonly head?: readonly string[];
  /**
   * Says where the value at a path is from. With it every default is written
   * as a value, and not as a comment.
   */
  readonly originOf?: (path: ConfigPath) => string;
}

/** Properties that are explained at most: a schema that refers to itself has no end. */
const MAX_EXPLAINED = 5_000;

/** Levels below which nothing is explained. */
const MAX_LEVELS = 20;

/** Widest line of a comment. */
const WIDTH = 78;

/**
 * The document as YAML. Each property stands under its description; one that is
 * not set stands there as a comment, with its default: take the `#` away to set
 * it. Reading it gives the document back.
 */
export function printDocument(
  config: JsonObject,
  options: PrintOptions = {},
): string {
  const { schema = {}, head = [] } = options;
  const printer = new Printer(schema, options.originOf);
  const lines = [
    ...head.map((line) => `# ${line}`.trimEnd()),
    ...(head.length > 0 ? [""] : []),
    ...printer.properties(dereference(schema, schema), config, [], 0),
  ];
  const isEmpty = schema.properties === undefined &&
    Object.keys(config).length === 0;
  return `${[...lines, ...(isEmpty ? ["{}"] : [])].join("\n")}\n`;
}

/** What limits a value has, for people; empty when it has none. */
export function limitsText(schema: ConfigSchema): string {
  const { enum: values, minimum, maximum, exclusiveMinimum } = schema;
  if (values !== undefined) {
    return `one of ${values.map((each) => JSON.stringify(each)).join(", ")}`;
  }
  const upper = maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
    ? maximum
    : undefined;
  const lower = minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER
    ? minimum
    : undefined;
  if (lower !== undefined && upper !== undefined) return `${lower} to ${upper}`;
  if (lower !== undefined) return `at least ${lower}`;
  if (upper !== undefined) return `at most ${upper}`;
  return exclusiveMinimum === undefined ? "" : `more than ${exclusiveMinimum}`;
}

/** Whether it is there as soon as the document is: its name alone sets nothing. */
function isFrame(schema: ConfigSchema): boolean {
  return isSection(schema) && schema.default !== undefined;
}

class Printer {
  readonly #root: ConfigSchema;
  readonly #originOf: PrintOptions["originOf"];
  #explained = 0;

  constructor(root: ConfigSchema, originOf: PrintOptions["originOf"]) {
    this.#root = root;
    this.#originOf = originOf;
  }

  /** Lines of an object's properties. */
  properties(
    schema: ConfigSchema,
    value: JsonObject,
    path: ConfigPath,
    depth: number,
  ): string[] {
    const { properties = {} } = schema;
    const names = [
      ...Object.keys(properties),
      ...Object.keys(value).filter((name) => !Object.hasOwn(properties, name)),
    ];
    return names.flatMap((name, at) => {
      const known = Object.hasOwn(properties, name)
        ? dereference(properties[name] ?? {}, this.#root)
        : undefined;
      const each = Object.hasOwn(value, name) ? value[name] : undefined;
      const lines = this.#property(name, known, each, [...path, name], depth);
      const isExplained = known?.description !== undefined;
      return at > 0 && isExplained ? ["", ...lines] : lines;
    });
  }

  #property(
    name: string,
    schema: ConfigSchema = {},
    value: Json | undefined,
    path: ConfigPath,
    depth: number,
  ): string[] {
    this.#explained++;
    const indent = "  ".repeat(depth);
    const about = comment(schema, indent);
    const key = nameText(name);
    const isOpen = isObject(value)
      // Below a section an empty one is another thing than one that is not set.
      ? isFrame(schema) || depth === 0 || Object.keys(value).length > 0
      : value === undefined && isFrame(schema) && this.#goesOn(path);
    if (isSection(schema) && isOpen) {
      const inner = isObject(value) ? value as JsonObject : {};
      return [
        ...about,
        `${indent}${key}:`,
        ...this.properties(schema, inner, path, depth + 1),
      ];
    }
    if (value !== undefined) {
      const origin = this.#originOf?.(path);
      return [...about, ...entry(name, value, indent, origin)];
    }
    const isShown = this.#originOf !== undefined &&
      schema.default !== undefined;
    if (isShown) {
      return [
        ...about,
        ...entry(name, schema.default ?? null, indent, "default"),
      ];
    }
    return [...about, ...this.#unset(name, schema, path, indent)];
  }

  /** Whether there is room to explain what is not set. */
  #goesOn(path: ConfigPath): boolean {
    return path.length < MAX_LEVELS && this.#explained < MAX_EXPLAINED;
  }

  /** What is not set, as comments. */
  #unset(
    name: string,
    schema: ConfigSchema,
    path: ConfigPath,
    indent: string,
  ): string[] {
    const plain = new Printer(this.#root, undefined);
    plain.#explained = this.#explained;
    const lines = isSection(schema) && this.#goesOn(path)
      ? [
        `${nameText(name)}:`,
        ...plain.properties(schema, {}, path, 1),
      ]
      : schema.default === undefined
      ? [`${nameText(name)}:`]
      : entry(name, schema.default, "", undefined);
    this.#explained = plain.#explained;
    return lines.map((line) => `${indent}#${line}`);
  }
}

function comment(schema: ConfigSchema, indent: string): string[] {
  const { description } = schema;
  if (description === undefined) return [];
  const limits = limitsText(schema);
  const text = limits === "" ? description : `${description} (${limits})`;
  return wrap(text, WIDTH - indent.length).map((line) => `${indent}# ${line}`);
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + word.length + 3 > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** `name: value`, on as many lines as it needs. */
function entry(
  name: string,
  value: Json,
  indent: string,
  origin: string | undefined,
): string[] {
  const [first = "", ...rest] = yamlText(name, value).split("\n");
  return [
    ...(origin !== undefined && rest.length > 0
      ? [`${indent}# from: ${origin}`]
      : []),
    `${indent}${first}${
      origin !== undefined && rest.length === 0 ? `  # ${origin}` : ""
    }`,
    ...rest.map((line) => line === "" ? "" : `${indent}${line}`),
  ];
}

/**
 * What a reader of YAML leaves out or takes for the end of a line, and what a
 * terminal acts upon.
 */
const INVISIBLE =
  // deno-lint-ignore no-control-regex -- that is what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

function escaped(json: string): string {
  return json.replaceAll(
    INVISIBLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function nameText(name: string): string {
  return name.search(INVISIBLE) >= 0 || /[\n\t]/.test(name)
    ? escaped(JSON.stringify(name))
    : stringify(name, { lineWidth: 0 }).trimEnd();
}

function yamlText(name: string, value: Json): string {
  const pair = { [name]: value };
  const options = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  const text = stringify(pair, options).replace(/\n$/, "");
  if (text.search(INVISIBLE) >= 0) {
    // JSON is YAML too, and has a way to write each character.
    return escaped(`${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  }
  // The end of such a block would reach up to whatever is written next.
  const isOpen = /[|>]\d?\+$/m.test(text);
  return isOpen
    ? stringify(pair, { ...options, blockQuote: false }).replace(/\n$/, "")
    : text;
}
