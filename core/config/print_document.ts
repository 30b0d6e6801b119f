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
    const indent = "  ".repeat(depth);
    const about = comment(schema, indent);
    const key = stringify(name, { lineWidth: 0 }).trimEnd();
    if (isSection(schema) && (isFrame(schema) || isObject(value))) {
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

  /** What is not set, as comments. */
  #unset(
    name: string,
    schema: ConfigSchema,
    path: ConfigPath,
    indent: string,
  ): string[] {
    const plain = new Printer(this.#root, undefined);
    const lines = isSection(schema)
      ? [
        `${stringify(name).trimEnd()}:`,
        ...plain.properties(schema, {}, path, 1),
      ]
      : schema.default === undefined
      ? [`${stringify(name).trimEnd()}:`]
      : entry(name, schema.default, "", undefined);
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

/** What a reader of YAML leaves out, or takes for the end of a line. */
const INVISIBLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

function yamlText(name: string, value: Json): string {
  const pair = { [name]: value };
  const options = { lineWidth: 0, aliasDuplicateObjects: false } as const;
  const text = stringify(pair, options).replace(/\n$/, "");
  if (text.search(INVISIBLE) >= 0) {
    // JSON is YAML too, and has a way to write each character.
    return `${JSON.stringify(name)}: ${JSON.stringify(value)}`.replaceAll(
      INVISIBLE,
      (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  // The end of such a block would reach up to whatever is written next.
  const isOpen = /[|>]\d?\+$/m.test(text);
  return isOpen
    ? stringify(pair, { ...options, blockQuote: false }).replace(/\n$/, "")
    : text;
}
