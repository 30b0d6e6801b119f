import { endOfTime, type Json, type JsonObject } from "@skymap/lib/plugin";
import { isJsonText } from "./fill_word.ts";
import { plainName } from "./find_operation.ts";
import { elementOf, memberOf, membersOf, shapeOf } from "../schema_shape.ts";

/** A value as the SDK takes it: times are dates, and bytes are bytes. */
type Value = unknown;

/** What a value is called in messages: `--tags` or `--tags.Key`. */
type Where = string;

/** Fills the gaps of what is written, once it is known what stands where. */
export interface Fill {
  /** Of a word, or a part of one. */
  word(text: string): string;
  /** Of a text in JSON. */
  jsonText(text: string): string;
}

function wrong(where: Where, text: string, wanted: string): TypeError {
  return new TypeError(`${where}: "${text}" is no value, wanted ${wanted}`);
}

/** Splits at commas that stand in no brackets: `a=1,b=[2,3]`. */
function parts(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "[" || char === "{") depth++;
    else if (char === "]" || char === "}") depth--;
    else if (char === "," && depth === 0) {
      found.push(text.slice(from, at));
      from = at + 1;
    }
  }
  found.push(text.slice(from));
  return found;
}

/** Name and value pairs of a text such as `Key=owner,Value=lukas`. */
function pairs(where: Where, text: string): [string, string][] {
  const found: [string, string][] = [];
  for (const part of parts(text)) {
    const at = part.indexOf("=");
    const last = found.at(-1);
    if (at > 0) found.push([part.slice(0, at), part.slice(at + 1)]);
    // More values of the one before: `Name=vpc-id,Values=a,b`.
    else if (last !== undefined) last[1] += `,${part}`;
    else throw wrong(where, text, "JSON or Name=value,Name=value");
  }
  return found;
}

/** A simple value. */
function simple(where: Where, schema: unknown, text: string): Value {
  switch (shapeOf(schema)) {
    case "number": {
      const number = Number(text);
      if (text.trim() !== "" && Number.isFinite(number)) return number;
      throw wrong(where, text, "a number");
    }
    case "boolean":
      if (text === "true" || text === "false") return text === "true";
      throw wrong(where, text, "true or false");
    case "time": {
      const time = Date.parse(text);
      // Days and times alone: JavaScript reads "1" as the year 2001.
      if (endOfTime(text) !== undefined && !Number.isNaN(time)) {
        return new Date(time);
      }
      throw wrong(where, text, "a time such as 2026-01-31T12:00:00Z");
    }
    case "bytes":
      return new TextEncoder().encode(text);
    default:
      return text;
  }
}

/** Shapes of single values. */
const SIMPLE: readonly string[] = [
  "text",
  "number",
  "boolean",
  "time",
  "bytes",
];

/** One value of a schema, from its text. */
function value(
  where: Where,
  schema: unknown,
  text: string,
  fill: Fill,
): Value {
  if (isJsonText(text)) {
    const shape = shapeOf(schema);
    // The document of a policy, or what a function is called with.
    return shape === "text" || shape === "bytes"
      ? simple(where, schema, fill.jsonText(text))
      : checked(where, schema, JSON.parse(text), fill);
  }
  switch (shapeOf(schema)) {
    case "structure":
      return Object.fromEntries(
        pairs(where, text).map(([name, each]) => {
          const member = memberName(where, schema, name);
          const inner = memberOf(schema, member);
          return [member, value(`${where}.${member}`, inner, each, fill)];
        }),
      );
    case "map":
      return Object.fromEntries(
        pairs(where, text).map(([name, each]) => [
          fill.word(name),
          value(`${where}.${name}`, memberOf(schema, name), each, fill),
        ]),
      );
    case "list":
      return parts(text.replace(/^\[([^]*)\]$/, "$1")).map((each) =>
        value(where, elementOf(schema), each, fill)
      );
    default:
      return simple(where, schema, fill.word(text));
  }
}

/** JSON whose names are checked, so that no misspelt one is left out silently. */
function checked(
  where: Where,
  schema: unknown,
  json: Json,
  fill: Fill,
): Value {
  const shape = shapeOf(schema);
  if (shape === "structure" && isPlain(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([name, each]) => {
        const member = memberName(where, schema, name);
        return [
          member,
          checked(`${where}.${member}`, memberOf(schema, member), each, fill),
        ];
      }),
    );
  }
  if (shape === "list" && Array.isArray(json)) {
    return json.map((each) => checked(where, elementOf(schema), each, fill));
  }
  if (shape === "map" && isPlain(json)) {
    return Object.fromEntries(
      Object.entries(json).map(([name, each]) => [
        fill.jsonText(name),
        checked(`${where}.${name}`, memberOf(schema, name), each, fill),
      ]),
    );
  }
  if (shape === "structure" || shape === "list" || shape === "map") {
    throw wrong(
      where,
      JSON.stringify(json),
      shape === "list" ? "a list" : "an object",
    );
  }
  const isText = typeof json === "string";
  if (shape === "text" && !isText) {
    throw wrong(where, JSON.stringify(json), "a text");
  }
  const isSimple = isText || typeof json === "number" ||
    typeof json === "boolean";
  if (SIMPLE.includes(shape) && isSimple) {
    const text = isText ? fill.jsonText(json) : String(json);
    return simple(where, schema, text);
  }
  if (SIMPLE.includes(shape)) {
    throw wrong(where, JSON.stringify(json), "a single value");
  }
  return json;
}

function isPlain(json: Json): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** The member of that name, however it is spelt. */
function memberName(where: Where, schema: unknown, name: string): string {
  const members = membersOf(schema);
  const wanted = plainName(name);
  const found = members.find((each) => plainName(each) === wanted);
  if (found !== undefined) return found;
  throw new TypeError(
    `${where}: there is no "${name}", wanted one of ${members.join(", ")}`,
  );
}

/**
 * What a call is given, from the words of its parameters: a number, a text,
 * `true`, JSON, or `Key=a,Value=b`; several words are a list. A flag has none,
 * and `--no-flag` says false.
 *
 * @throws {TypeError} If the call takes no such parameter or value.
 */
export function readInput(
  schema: unknown,
  parameters: ReadonlyMap<string, readonly string[]>,
  fill: Fill,
): Readonly<Record<string, Value>> {
  const input: Record<string, Value> = {};
  const members = membersOf(schema);
  for (const [name, words] of parameters) {
    const where = `--${name}`;
    const isKnown = (text: string) =>
      members.some((each) => plainName(each) === plainName(text));
    const isNo = name.startsWith("no-") && words.length === 0 &&
      !isKnown(name) && isKnown(name.slice(3));
    if (members.length === 0) {
      throw new TypeError(`${where}: the call takes no parameters`);
    }
    const member = memberName("the call", schema, isNo ? name.slice(3) : name);
    if (Object.hasOwn(input, member)) {
      throw new TypeError(`${where}: "${member}" is given twice`);
    }
    const inner = memberOf(schema, member);
    const [first, ...more] = words;
    if (first === undefined) {
      if (shapeOf(inner) !== "boolean") {
        // Also what could be read otherwise is no empty list by accident.
        throw new TypeError(`${where} has no value`);
      }
      input[member] = !isNo;
    } else if (shapeOf(inner) === "list" && !first.startsWith("[")) {
      input[member] = words.map((word) =>
        value(where, elementOf(inner), word, fill)
      );
    } else if (more.length > 0) {
      throw new TypeError(`${where} has ${words.length} values, wanted one`);
    } else input[member] = value(where, inner, first, fill);
  }
  return input;
}
