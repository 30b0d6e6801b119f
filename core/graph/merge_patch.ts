import { isObject, type Json, type JsonObject } from "@skymap/lib/json";

/**
 * The object with a patch applied as RFC 7396 says: objects are merged key by
 * key, null takes a key away, anything else takes the place of what was there.
 */
export function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else if (isObject(value)) {
      const before = merged.get(key);
      merged.set(
        key,
        mergePatch(
          isObject(before) ? before as JsonObject : {},
          value as JsonObject,
        ),
      );
    } else merged.set(key, value as Json);
  }
  return Object.fromEntries(merged);
}
