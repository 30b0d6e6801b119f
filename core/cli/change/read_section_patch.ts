/**
 * `name=value` as patches of a section of a node.
 *
 * @module
 */

import type { Json, JsonObject } from "@skymap/lib/json";
import type { Arguments } from "../arguments.ts";

/** A part of a path; what stands in backticks may hold dots. */
const PART = "`[^`]+`|[^.`]+";

const PARTS = new RegExp(PART, "g");

const PATH = new RegExp(`^(?:${PART})(?:\\.(?:${PART}))*$`);

/** A number as JSON writes it. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * JSON, or a text that is none. A number that would not stay what it is, such as
 * an id of twenty digits, is a text too.
 */
function readValue(text: string): Json {
  try {
    const value = JSON.parse(text) as Json;
    if (typeof value !== "number" || !NUMBER.test(text)) return value;
    const isExact = Number.isInteger(value)
      ? Number.isSafeInteger(value)
      : Number.isFinite(value);
    return isExact ? value : text;
  } catch {
    return text;
  }
}

/**
 * Reads all `name=value` of an argument: the value is JSON or a text, null takes
 * the name away, and a name with dots leads into objects. They count in their
 * order.
 *
 * @throws {SkymapError} `usage`
 */
export function readSectionPatches(
  args: Arguments,
  name: string,
): readonly JsonObject[] {
  return args.all(name).map((text) => {
    const at = text.indexOf("=");
    const path = text.slice(0, at);
    if (at < 1 || !PATH.test(path)) {
      throw args.fault(
        `it is ${JSON.stringify(text)}, wanted name=value such as ` +
          "owner=me or cost.limit=12",
        name,
      );
    }
    const parts = (path.match(PARTS) ?? []).map((part) =>
      part.replaceAll("`", "")
    );
    return parts.reduceRight<Json>(
      (value, part) => ({ [part]: value }),
      readValue(text.slice(at + 1)),
    ) as JsonObject;
  });
}
