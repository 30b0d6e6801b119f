/**
 * Which nodes a command is to change.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json } from "@skymap/lib/json";
import type { Batches } from "../batch.ts";

/** The node that an element is, or is the id of; undefined for an edge. */
function idOf(element: Json, name: string): string | undefined {
  if (typeof element === "string" && element.trim() !== "") {
    return element.trim();
  }
  if (isObject(element)) {
    if (element.type === "edge") return undefined;
    if (typeof element.id === "string") return element.id;
  }
  throw new SkymapError(
    "usage",
    `Cannot run "${name}": an element is ${
      JSON.stringify(element).slice(0, 60)
    }, wanted nodes or their ids`,
  );
}

/** Ids of the elements, so many at a time. */
export async function* nodeIds(
  batches: Batches,
  { name, atOnce }: {
    /** Name of the command, for messages. */
    readonly name: string;
    readonly atOnce: number;
  },
): AsyncGenerator<readonly string[], void> {
  let ids: string[] = [];
  for await (const { values } of batches) {
    for (const value of values) {
      const id = idOf(value, name);
      if (id === undefined) continue;
      ids.push(id);
      if (ids.length < atOnce) continue;
      yield ids;
      ids = [];
    }
  }
  if (ids.length > 0) yield ids;
}
