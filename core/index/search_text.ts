import type { Json } from "@skymap/lib/json";

function collect(value: Json, parts: string[]): void {
  if (typeof value === "string") {
    parts.push(value);
  } else if (typeof value === "number" || typeof value === "boolean") {
    parts.push(String(value));
  } else if (Array.isArray(value)) {
    for (const item of value) collect(item, parts);
  } else if (value !== null) {
    for (const item of Object.values(value)) collect(item, parts);
  }
}

/** What words are split at, as in Resoto's text index. */
const SEPARATORS = /[\s_\-@:/.]+/g;

/**
 * The values of a document as one lower-case text: words with one blank between
 * and at both ends; keys are left out. A phrase is in it when
 * {@linkcode searchPhrase} of it is.
 */
export function searchText(value: Json): string {
  const parts: string[] = [""];
  collect(value, parts);
  parts.push("");
  return parts.join(" ").toLowerCase().replace(SEPARATORS, " ");
}

/** A phrase as it stands in the text of a document that holds it. */
export function searchPhrase(phrase: string): string {
  return ` ${phrase} `.toLowerCase().replace(SEPARATORS, " ");
}
