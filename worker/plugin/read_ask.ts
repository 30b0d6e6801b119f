import { isObject } from "@skymap/lib/json";
import { MAX_IDS, type PluginAsk } from "@skymap/lib/plugin_host";

/** Characters of an id of a node or an account at most. */
const MAX_ID = 500;

/** Characters of a search at most. */
const MAX_SEARCH = 100_000;

/** Characters of a reason at most. */
const MAX_REASON = 900;

/** Tags that are set at once at most, and characters of a key and a value. */
const MAX_TAGS = 100;
const MAX_KEY = 1_000;
const MAX_VALUE = 10_000;

function isText(value: unknown, maxChars: number): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxChars;
}

function isIds(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= MAX_IDS &&
    value.every((id) => isText(id, MAX_ID));
}

function isTags(value: unknown): value is Readonly<Record<string, string>> {
  if (!isObject(value)) return false;
  const tags = Object.entries(value);
  return tags.length > 0 && tags.length <= MAX_TAGS &&
    tags.every(([key, text]) =>
      isText(key, MAX_KEY) && typeof text === "string" &&
      text.length <= MAX_VALUE
    );
}

/** A question that a plugin wrote; undefined when it is none, or too large. */
export function readAsk(value: unknown): PluginAsk | undefined {
  if (!isObject(value)) return;
  const { what, id, text, complete, at, search, ids, reason, update } = value;
  switch (what) {
    case "account":
      return isText(id, MAX_ID) ? { what, id } : undefined;
    case "search":
      return isText(text, MAX_SEARCH) && typeof complete === "boolean" &&
          (at === undefined || isText(at, MAX_ID))
        ? { what, text, complete, ...(at !== undefined && { at }) }
        : undefined;
    case "next":
    case "stop":
      return typeof search === "number" ? { what, search } : undefined;
    case "clean":
      return isIds(ids) && isText(reason, MAX_REASON)
        ? { what, ids, reason }
        : undefined;
    case "keep":
    case "protect":
      return isIds(ids) ? { what, ids } : undefined;
    case "tag":
      return isIds(ids) && isTags(update) ? { what, ids, update } : undefined;
  }
}
