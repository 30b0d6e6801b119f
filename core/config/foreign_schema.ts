/**
 * The schema that somebody else wrote for a section: only what is understood is
 * taken of it, and nothing of it can harm who reads it.
 *
 * @module
 */

import { isObject, type Json } from "@skymap/lib/json";
import type { ConfigSchema } from "./config_schema.ts";

/** Schemas within schemas that are looked at. */
const MAX_DEPTH = 40;

/** Characters of a description that are kept. */
const MAX_CHARS = 1_000;

const TYPES: ReadonlySet<unknown> = new Set([
  "array",
  "boolean",
  "integer",
  "null",
  "number",
  "object",
  "string",
]);

/** Control characters, and what turns the direction of a terminal. */
const CONTROL =
  // deno-lint-ignore no-control-regex -- that is what is looked for
  /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** Keywords that hold one thing, with what it is. */
const KEYWORDS = {
  writeOnly: "boolean",
  minItems: "number",
  maxItems: "number",
  minLength: "number",
  maxLength: "number",
  minimum: "number",
  maximum: "number",
  exclusiveMinimum: "number",
  exclusiveMaximum: "number",
  format: "string",
} as const;

/** A text without what a terminal acts upon. */
export function plainWords(text: string): string {
  return text.slice(0, MAX_CHARS).toWellFormed().replaceAll(CONTROL, " ");
}

/**
 * The schema of a section. Its `$ref` are those of the document that the section
 * is part of; `pattern` is left out, for an expression of somebody else can keep
 * a process busy for ever.
 */
export function foreignSchema(
  name: string,
  description: string,
  schema: unknown,
): ConfigSchema {
  const { default: _none, ...known } = clean(schema, name, 0);
  return {
    ...known,
    type: "object",
    description: plainWords(description),
  };
}

function clean(raw: unknown, section: string, depth: number): ConfigSchema {
  if (!isObject(raw) || depth > MAX_DEPTH) return {};
  const inner = (each: unknown) => clean(each, section, depth + 1);
  const table = (each: unknown) =>
    isObject(each)
      ? Object.fromEntries(
        Object.entries(each).map(([name, one]) => [name, inner(one)]),
      )
      : undefined;
  const list = (each: unknown) =>
    Array.isArray(each) && each.length > 0 ? each.map(inner) : undefined;
  const flagOr = (each: unknown) =>
    typeof each === "boolean" ? each : isObject(each) ? inner(each) : undefined;
  const { $ref, description, type, enum: values } = raw;
  const properties = table(raw["properties"]);
  // A name that stands alone sets a section of ours, and not one of a plugin.
  const isEmptySection = properties !== undefined &&
    isObject(raw["default"]) && Object.keys(raw["default"]).length === 0;
  const types = [type ?? []].flat().filter((each) => TYPES.has(each));
  const parts: Record<string, unknown> = {
    $ref: typeof $ref === "string" && $ref.startsWith("#")
      ? `#/properties/${section}${$ref.slice(1)}`
      : undefined,
    $defs: table(raw["$defs"]),
    description: typeof description === "string"
      ? plainWords(description)
      : undefined,
    type: types.length > 1 ? types : types[0],
    default: isEmptySection ? undefined : raw["default"] as Json | undefined,
    const: raw["const"] as Json | undefined,
    enum: Array.isArray(values) && values.length > 0 ? values : undefined,
    properties,
    required: Array.isArray(raw["required"])
      ? raw["required"].filter((each) => typeof each === "string")
      : undefined,
    additionalProperties: flagOr(raw["additionalProperties"]),
    propertyNames: isObject(raw["propertyNames"])
      ? inner(raw["propertyNames"])
      : undefined,
    items: flagOr(raw["items"]),
    anyOf: list(raw["anyOf"]),
    oneOf: list(raw["oneOf"]),
    allOf: list(raw["allOf"]),
  };
  for (const [keyword, wanted] of Object.entries(KEYWORDS)) {
    const value = raw[keyword];
    const actual: string = typeof value;
    if (actual === wanted) parts[keyword] = value;
  }
  return Object.fromEntries(
    Object.entries(parts).filter(([, value]) => value !== undefined),
  );
}
