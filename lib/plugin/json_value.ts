import { isObject, type Json, type JsonObject } from "../json.ts";

/** Whether a value that came as JSON is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return isObject(value);
}

/** A text; undefined for an empty one and for any other value. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An id as a text: APIs write it as a text or a number. */
export function idOf(value: unknown): string | undefined {
  return Number.isSafeInteger(value) ? String(value) : textOf(value);
}

/** The value at a path of names with dots between them, if there is one. */
export function valueAt(item: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = item;
  for (const step of path.split(".")) {
    value = isJsonObject(value) && Object.hasOwn(value, step)
      ? value[step]
      : undefined;
  }
  return value;
}

/** The body of an answer as JSON; undefined when it is none. */
export async function jsonOf(answer: Response): Promise<unknown> {
  const body = await answer.text();
  try {
    return JSON.parse(body);
  } catch (error) {
    // What is no JSON is not told: nobody knows what it holds.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
