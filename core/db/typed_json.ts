/**
 * Rows of the control plane as JSON that remembers what JSON cannot say.
 *
 * @module
 */

import { RecordId } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json } from "@skymap/lib/json";

/** Keys that say what a value is; an object that has one is wrapped. */
const RECORD = "$record";
const TIME = "$time";
const OBJECT = "$object";

/** A value of the database as JSON. */
export function toTypedJson(value: unknown): Json {
  if (value instanceof RecordId) {
    return { [RECORD]: [String(value.table), toTypedJson(value.id)] };
  }
  if (value instanceof Date) return { [TIME]: value.toISOString() };
  if (Array.isArray(value)) return value.map(toTypedJson);
  if (isObject(value)) {
    if (Object.getPrototypeOf(value) !== Object.prototype) {
      throw new SkymapError(
        "internal",
        `Cannot back up a value of type ${value.constructor?.name}`,
      );
    }
    const entries = Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, toTypedJson(part)] as const);
    const plain = Object.fromEntries(entries);
    return entries.some(([key]) => key.startsWith("$"))
      ? { [OBJECT]: plain }
      : plain;
  }
  return (value ?? null) as Json;
}

/** The value of the database that {@linkcode toTypedJson} was given. */
export function fromTypedJson(value: Json): unknown {
  if (Array.isArray(value)) return value.map(fromTypedJson);
  if (!isObject(value)) return value;
  const record = value[RECORD];
  if (Array.isArray(record) && record.length === 2) {
    return new RecordId(String(record[0]), fromTypedJson(record[1]) as never);
  }
  const time = value[TIME];
  if (typeof time === "string") return new Date(time);
  const plain = value[OBJECT];
  const object = isObject(plain) ? plain : value;
  return Object.fromEntries(
    Object.entries(object).map(([key, part]) => [
      key,
      fromTypedJson(part as Json),
    ]),
  );
}
