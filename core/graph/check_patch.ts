/**
 * What a patch of a node may hold.
 *
 * @module
 */

import type { NodePatch } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { cleanText } from "./clean_text.ts";
import { MAX_LEVELS, nestingOf } from "./nesting.ts";

/** Sections that may be changed; `reported` is the provider's. */
export const PATCH_SECTIONS = ["desired", "metadata"] as const;

/** Characters of a section at most, as JSON: each version of a node has all. */
export const MAX_SECTION_CHARS = 262_144;

function refuse(id: unknown, problem: string): SkymapError {
  return new SkymapError(
    "body_invalid",
    `Cannot update node ${JSON.stringify(id) ?? "without an id"}: ${problem}`,
    { details: { id } },
  );
}

/**
 * Takes a value as a patch, with texts that databases can keep.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function checkPatch(value: unknown): NodePatch {
  if (!isObject(value)) {
    throw new SkymapError(
      "body_invalid",
      `Cannot update a node: the patch is ${
        JSON.stringify(value)?.slice(0, 60)
      }, wanted an object with "id" and "desired" or "metadata"`,
    );
  }
  const { id } = value;
  if (typeof id !== "string" || id === "") {
    throw refuse(id, 'its "id" is not a text, wanted the id of a node');
  }
  const wrong = Object.keys(value).find((key) =>
    key !== "id" && !(PATCH_SECTIONS as readonly string[]).includes(key)
  );
  if (wrong !== undefined) {
    throw refuse(
      id,
      `"${wrong}" cannot be changed, wanted "desired" or "metadata"`,
    );
  }
  const sections = PATCH_SECTIONS.flatMap((name) => {
    const section = value[name];
    if (section === undefined) return [];
    return [[name, section === null ? null : checkSection(id, name, section)]];
  });
  return { id, ...Object.fromEntries(sections) };
}

function checkSection(id: string, name: string, section: unknown): JsonObject {
  if (!isObject(section)) {
    throw refuse(id, `its "${name}" is no object, wanted one or null`);
  }
  let cleaned: { readonly value: JsonObject; readonly text: string };
  try {
    cleaned = cleanText(section as JsonObject);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw refuse(id, `its "${name}" is nested too deep`);
  }
  const { value, text } = cleaned;
  // JSON knows none: it would become null, which takes away.
  if (text.includes("null") && hasInfinity(value)) {
    throw refuse(id, `its "${name}" has a number that is too large to be kept`);
  }
  const levels = nestingOf(text);
  if (levels > MAX_LEVELS) {
    throw refuse(
      id,
      `its "${name}" has ${levels} levels, wanted at most ${MAX_LEVELS}`,
    );
  }
  if (text.includes('"__proto__":')) {
    throw refuse(
      id,
      `its "${name}" has a key "__proto__", which cannot be stored`,
    );
  }
  checkSize(id, name, text);
  return value;
}

function hasInfinity(value: Json): boolean {
  if (typeof value === "number") return !Number.isFinite(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some(hasInfinity);
}

/**
 * Refuses a section that is too large to be kept.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function checkSize(id: string, name: string, text: string): void {
  if (text.length <= MAX_SECTION_CHARS) return;
  throw refuse(
    id,
    `its "${name}" would have ${text.length} characters as JSON, wanted at ` +
      `most ${MAX_SECTION_CHARS}`,
  );
}
