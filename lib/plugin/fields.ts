import type { Json, JsonObject } from "../json.ts";
import type { PropertyDeclaration } from "../resource/kind.ts";
import { valueAt } from "./json_value.ts";

/** A property: what is declared of it, and how it is read from an item. */
export interface Field extends PropertyDeclaration {
  /** Where an item of the API has it: names with dots between them. */
  readonly from: string;
  /** Makes its value of the item's. Default: as it is. */
  readonly read?: (value: Json) => Json | undefined;
}

/** The properties of a kind that are read from items of an API, by name. */
export type Fields = Readonly<Record<string, Field>>;

/** A property of a kind of value, where it is, and what it means. */
export function field(kind: string, from: string, description?: string): Field {
  return { kind, from, ...(description !== undefined && { description }) };
}

/** What a kind declares of its fields. */
export function fieldProperties(
  fields: Fields,
): Record<string, PropertyDeclaration> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { from: _, read: __, ...declared }]) => [
      name,
      declared,
    ]),
  );
}

function isThere(value: Json | undefined): value is Json {
  return value !== undefined && value !== null && value !== "";
}

/**
 * The properties that an item has, and more; what is null or empty text is not
 * there.
 *
 * @example
 * ```ts
 * import { field, readFields } from "@skymap/lib/plugin";
 * import { deepStrictEqual } from "node:assert/strict";
 *
 * const fields = {
 *   city: field("string", "place.city"),
 *   owner: { ...field("string", "owner_id"), read: String },
 *   note: field("string", "note"),
 * };
 * const item = { owner_id: 7, place: { city: "Bern" }, note: null };
 * deepStrictEqual(readFields(item, fields, { name: "a" }), {
 *   city: "Bern",
 *   owner: "7",
 *   name: "a",
 * });
 * ```
 */
export function readFields(
  item: JsonObject,
  fields: Fields,
  more: Readonly<Record<string, Json | undefined>> = {},
): JsonObject {
  const found = Object.entries(fields).map(
    ([name, { from, read }]): [string, Json | undefined] => {
      const value = valueAt(item, from);
      return [name, isThere(value) && read !== undefined ? read(value) : value];
    },
  );
  return Object.fromEntries(
    [...found, ...Object.entries(more)]
      .filter((entry): entry is [string, Json] => isThere(entry[1])),
  );
}
