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

/** JSON, or a text that is none. */
function readValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
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
