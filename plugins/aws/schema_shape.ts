import type { PathStep } from "./path.ts";

/** What the SDK says that there is at a path. */
export type SchemaShape =
  | "text"
  | "number"
  | "boolean"
  | "time"
  | "bytes"
  | "structure"
  | "list"
  | "map"
  | "anything"
  | "other";

/** First element of the schemas that have parts. */
const NAMED = 0;
const LIST = 1;
const MAP = 2;
const STRUCTURE = 3;
/** Bits of a number that stands for a list or a map of simple values. */
const LIST_BIT = 64;
const MAP_BIT = 128;

/** The schema of what only our own code can read: anything may be there. */
export const ANYTHING = Symbol("anything");

/** The schema of a text. */
export const TEXT = 0;

/** The schema of a list of what a schema describes. */
export function listOf(schema: unknown): unknown {
  return [LIST, "", "", 0, schema];
}

/** The schema of a structure with one member. */
export function structureOf(name: string, schema: unknown): unknown {
  return [STRUCTURE, "", "", 0, [name], [schema]];
}

/** A schema behind its reference and without its traits. */
export function open(reference: unknown): unknown {
  let schema = reference;
  for (;;) {
    if (typeof schema === "function") schema = schema();
    // A pair of a schema and its traits.
    else if (Array.isArray(schema) && schema.length === 2) schema = schema[0];
    // A simple value that has a name, such as a text that is sensitive.
    else if (Array.isArray(schema) && schema[0] === NAMED) schema = schema[4];
    else return schema;
  }
}

/** The schema of the values of a map, or undefined for what is none. */
export function valuesOf(schema: unknown): unknown {
  if (typeof schema === "number" && (schema & MAP_BIT) !== 0) {
    return schema & ~MAP_BIT;
  }
  return Array.isArray(schema) && schema[0] === MAP
    ? open(schema[5])
    : undefined;
}

/** The schema of a member of a structure, or of the values of a map. */
export function memberOf(schema: unknown, name: string): unknown {
  const values = valuesOf(schema);
  if (values !== undefined) return values;
  if (!Array.isArray(schema) || schema[0] !== STRUCTURE) return;
  const at = schema[4].indexOf(name);
  return at === -1 ? undefined : open(schema[5][at]);
}

/** The schema of the elements of a list, or undefined for what is none. */
export function elementOf(schema: unknown): unknown {
  if (typeof schema === "number" && (schema & LIST_BIT) !== 0) {
    return schema & ~LIST_BIT;
  }
  return Array.isArray(schema) && schema[0] === LIST
    ? open(schema[4])
    : undefined;
}

/** The schema at a path, or undefined when there is nothing. */
export function schemaAt(
  schema: unknown,
  steps: readonly PathStep[],
): unknown {
  let at: unknown = open(schema);
  if (at === ANYTHING) return ANYTHING;
  for (const step of steps) {
    if (step.type === "member") at = memberOf(at, step.name);
    else if (step.type === "each") at = elementOf(at) ?? valuesOf(at);
    else {
      const tag = elementOf(at);
      at = valuesOf(at) ?? memberOf(tag, "Value") ?? memberOf(tag, "value");
    }
    if (at === undefined) return;
  }
  return at;
}

/** Names of the members of a structure. */
export function membersOf(schema: unknown): readonly string[] {
  const opened = open(schema);
  return Array.isArray(opened) && opened[0] === STRUCTURE ? opened[4] : [];
}

/** What kind of value a schema describes. */
export function shapeOf(schema: unknown): SchemaShape {
  if (schema === ANYTHING) return "anything";
  if (Array.isArray(schema)) {
    if (schema[0] === STRUCTURE) return "structure";
    if (schema[0] === MAP) return "map";
    return schema[0] === LIST ? "list" : "other";
  }
  if (typeof schema !== "number") return "other";
  if ((schema & LIST_BIT) !== 0) return "list";
  if ((schema & MAP_BIT) !== 0) return "map";
  if (schema === TEXT) return "text";
  if (schema === 1 || schema === 17 || schema === 19) return "number";
  if (schema === 2) return "boolean";
  if (schema === 21 || schema === 42) return "bytes";
  return schema >= 4 && schema <= 7 ? "time" : "other";
}
