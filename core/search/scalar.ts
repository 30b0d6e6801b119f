/**
 * Values that are no lists and no objects.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";

/** Whether a value is a text, a number or a truth. */
export function isSimpleScalar(
  value: Json,
): value is string | number | boolean {
  return value !== null && typeof value !== "object";
}
