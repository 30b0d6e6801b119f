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

/**
 * The values of a document as one lower-case text, one blank between and at both
 * ends; keys are left out. A phrase is in it when ` phrase ` is.
 */
export function searchText(value: Json): string {
  const parts: string[] = [""];
  collect(value, parts);
  parts.push("");
  const text = parts.join(" ").toLowerCase();
  return /[^\S ]| {2}/.test(text) ? text.replace(/\s+/g, " ") : text;
}
