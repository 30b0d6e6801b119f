/**
 * Values of simple kinds, and what can safely be read as one.
 *
 * @module
 */

import { isDuration } from "@skymap/lib/duration";
import type { Json } from "@skymap/lib/json";
import type { SimpleKind } from "@skymap/lib/resource";

/** Gives the value in its one form, or undefined when it is none of the kind. */
export type Coerce = (value: Json) => Json | undefined;

const INTEGER = /^[+-]?\d{1,15}$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const UTC_SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const DATETIME =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)?)? ?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** Levels of objects and arrays that a value of kind `any` may have. */
const MAX_DEPTH = 64;

function integer(limit: number): Coerce {
  return (value) => {
    const number = typeof value === "string" && INTEGER.test(value)
      ? Number(value)
      : value;
    return typeof number === "number" && Number.isInteger(number) &&
        Math.abs(number) <= limit
      ? number
      : undefined;
  };
}

function float(value: Json): Json | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string" || !NUMBER.test(value)) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function boolean(value: Json): Json | undefined {
  if (typeof value === "boolean") return value;
  if (value === "true") return true;
  return value === "false" ? false : undefined;
}

/**
 * A time as `2026-01-31T23:59:59Z`: always of the same length, so that texts
 * compare as times do. Without an offset it is taken for UTC.
 */
export function normalizeDatetime(value: string): string | undefined {
  if (UTC_SECONDS.test(value)) {
    // The engine rolls days over: 31 February must not become 3 March.
    const time = new Date(value);
    const valid = !Number.isNaN(time.getTime()) &&
      time.getUTCDate() === Number(value.slice(8, 10));
    return valid ? value : undefined;
  }
  const [, date, time = "00:00", zone = "Z"] = DATETIME.exec(value) ?? [];
  if (
    date === undefined || normalizeDatetime(`${date}T00:00:00Z`) === undefined
  ) {
    return undefined;
  }
  const digits = zone.replace(":", "");
  const offset = /^z$/i.test(zone)
    ? "Z"
    : `${digits.slice(0, 3)}:${digits.slice(3).padEnd(2, "0")}`;
  const seconds = time.length === 5 ? `${time}:00` : time;
  const parsed = new Date(`${date}T${seconds}${offset}`);
  if (Number.isNaN(parsed.getTime())) return undefined;
  const text = `${parsed.toISOString().slice(0, 19)}Z`;
  return UTC_SECONDS.test(text) ? text : undefined;
}

function depth(value: Json): number {
  if (typeof value !== "object" || value === null) return 0;
  let deepest = 0;
  for (const part of Object.values(value)) {
    deepest = Math.max(deepest, depth(part as Json));
    if (deepest > MAX_DEPTH) break;
  }
  return deepest + 1;
}

/** How values of each simple kind are read. */
export const COERCE: Readonly<Record<SimpleKind, Coerce>> = {
  string: (value) => typeof value === "string" ? value : undefined,
  int32: integer(2 ** 31),
  int64: integer(Number.MAX_SAFE_INTEGER),
  float,
  double: float,
  boolean,
  date: (value) =>
    typeof value === "string" && DATE.test(value) &&
      normalizeDatetime(`${value}T00:00:00Z`) !== undefined
      ? value
      : undefined,
  datetime: (value) =>
    typeof value === "string" ? normalizeDatetime(value) : undefined,
  duration: (value) =>
    typeof value === "string" && isDuration(value) ? value : undefined,
  any: (value) => depth(value) <= MAX_DEPTH ? value : undefined,
};
