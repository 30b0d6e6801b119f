import { canonicalJson, type Json } from "@skymap/lib/json";

/** What both databases cannot keep as it is. */
const UNCLEAN = /\\u0000|\\ud[89a-f]/;

// deno-lint-ignore no-control-regex -- that is what is looked for
const NUL = /\u0000/g;

function clean(text: string): string {
  return text.toWellFormed().replace(NUL, "\ufffd");
}

function cleanValue(value: Json): Json {
  if (typeof value === "string") return clean(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanValue);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [clean(key), cleanValue(part)]),
  );
}

/**
 * The value and its canonical JSON with U+FFFD in the place of what databases
 * refuse: the character 0, and halves of characters.
 */
export function cleanText<T extends Json>(
  value: T,
): { readonly value: T; readonly text: string } {
  const text = canonicalJson(value);
  if (!UNCLEAN.test(text)) return { value, text };
  const cleaned = cleanValue(value) as T;
  return { value: cleaned, text: canonicalJson(cleaned) };
}
