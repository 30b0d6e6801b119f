import { type Field, field } from "@skymap/lib/plugin";

/** A number of OneLogin that stands for a word. */
export function numbered(
  from: string,
  words: Readonly<Record<string, string>>,
): Field {
  return {
    ...field("string", from),
    read: (value) => words[String(value)] ?? `unknown_${value}`,
  };
}

/** An id of OneLogin: a number there, a text here. */
export function reference(from: string, description: string): Field {
  return { ...field("string", from, description), read: String };
}
