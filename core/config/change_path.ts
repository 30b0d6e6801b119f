/**
 * Sets and takes away parts of a document by their path.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { parseOverride } from "@skymap/lib/settings";
import { type ConfigSchema, schemaAt } from "./config_schema.ts";

/** A value and where it belongs. */
export interface Assignment {
  /** Names of properties; a number is a place in a list that is there. */
  readonly path: readonly string[];
  /** The value. */
  readonly value: Json;
}

/**
 * Reads `a.b=c`. The value is JSON, a list of bare words such as `[a, b]`, or
 * text; where the schema wants a text it is one, also when it looks like a
 * number.
 *
 * @throws {SkymapError} `usage`
 */
export function readAssignment(
  text: string,
  schema: ConfigSchema,
): Assignment {
  const { path, value } = parseOverride(text);
  const wanted = schemaAt(schema, path)?.type;
  const isText = wanted === "string" &&
    (typeof value === "number" || typeof value === "boolean");
  return { path, value: isText ? text.slice(text.indexOf("=") + 1) : value };
}

/** Reads `a.b`. */
export function readPath(text: string): readonly string[] {
  const path = text.trim().split(".");
  if (path.every((part) => part !== "")) return path;
  throw new SkymapError(
    "usage",
    `Cannot read path "${text}": a part of it is empty, wanted a form such as ` +
      '"worker.pool_size"',
  );
}

/**
 * The document with a value at a path.
 *
 * @throws {SkymapError} `config_invalid`, if the path leads through what has no
 * properties.
 */
export function setPath(
  config: JsonObject,
  { path, value }: Assignment,
): JsonObject {
  return change(config, path, path, () => value) as JsonObject;
}

/**
 * The document without what stands at a path; the same if there is nothing.
 *
 * @throws {SkymapError} `config_invalid`, as {@linkcode setPath}.
 */
export function unsetPath(
  config: JsonObject,
  path: readonly string[],
): JsonObject {
  if (!hasPath(config, path)) return config;
  return change(config, path, path, () => undefined) as JsonObject;
}

function hasPath(value: Json | undefined, path: readonly string[]): boolean {
  const [head, ...rest] = path;
  if (head === undefined) return value !== undefined;
  if (Array.isArray(value)) return hasPath(value[Number(head)], rest);
  return isObject(value) && Object.hasOwn(value, head) &&
    hasPath((value as JsonObject)[head], rest);
}

function change(
  target: Json | undefined,
  rest: readonly string[],
  path: readonly string[],
  make: () => Json | undefined,
): Json | undefined {
  const [head, ...tail] = rest;
  if (head === undefined) return make();
  if (Array.isArray(target)) {
    const at = Number(head);
    if (!/^\d+$/.test(head) || at >= target.length) {
      throw blocked(path, rest, `is a list of ${target.length} elements`);
    }
    const next = change(target[at], tail, path, make);
    return next === undefined ? target.toSpliced(at, 1) : target.with(at, next);
  }
  if (target !== undefined && target !== null && !isObject(target)) {
    throw blocked(path, rest, "is a value without properties");
  }
  const before = new Map(Object.entries((target ?? {}) as JsonObject));
  const next = change(before.get(head), tail, path, make);
  if (next === undefined) before.delete(head);
  else before.set(head, next);
  return Object.fromEntries(before);
}

function blocked(
  path: readonly string[],
  rest: readonly string[],
  is: string,
): SkymapError {
  const parent = path.slice(0, path.length - rest.length).join(".");
  return new SkymapError(
    "config_invalid",
    `Cannot change "${path.join(".")}": ${parent} ${is}, wanted a path that ` +
      `leads through properties, or the whole of ${parent}`,
  );
}
