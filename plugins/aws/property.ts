import type { Json, JsonObject, ValueKind } from "@skymap/lib/plugin";
import { hasList, parsePath, type Path, readAll, readFirst } from "./path.ts";

/** A property of a kind, and where its value comes from. */
export interface Property {
  /** The kind of its value. */
  readonly kind: ValueKind;
  /** Where the value is; the first path that has one counts. */
  readonly paths: readonly Path[];
  /** Takes the first value, all as a list, whether there is any, or each path's. */
  readonly take: "first" | "all" | "any" | "joined";
  /** Which values count. Default: all. */
  readonly where?: (value: unknown) => boolean;
  /** What the API gives, where its kind does not tell. */
  readonly from?: "list" | "text";
  /** Makes one value fit the kind; undefined leaves it out. */
  readonly convert: (value: unknown) => Json | undefined;
  /** The kind of values inside, when it is declared with the property. */
  readonly values?: ValueDeclaration;
  /** Whether it changes by itself, as what {@linkcode volatile} makes. */
  readonly volatile?: true;
  /** Whether the order of its list means nothing; see {@linkcode unordered}. */
  readonly unordered?: true;
}

/** Properties by name. */
export type Properties = Readonly<Record<string, Property>>;

/** A kind of values inside of resources. */
export interface ValueDeclaration {
  /** Unique name of the kind. */
  readonly kind: string;
  /** What it has. */
  readonly properties: Properties;
}

type Convert = Property["convert"];

function property(
  kind: ValueKind,
  paths: readonly string[],
  convert: Convert,
): Property {
  return { kind, paths: paths.map(parsePath), take: "first", convert };
}

function list(kind: ValueKind, path: string, convert: Convert): Property {
  return { kind: `${kind}[]`, paths: [parsePath(path)], take: "all", convert };
}

const toText: Convert = (value) =>
  value instanceof Date ? value.toISOString() : String(value);

const toNumber: Convert = (value) => {
  const number = typeof value === "bigint" || typeof value === "string"
    ? Number(value)
    : value;
  return typeof number === "number" && Number.isFinite(number)
    ? number
    : undefined;
};

const toFlag: Convert = (value) => {
  if (value === "true" || value === "false") return value === "true";
  return typeof value === "boolean" ? value : undefined;
};

/** Seconds since 1970, or milliseconds, which some services write as text. */
const SINCE_1970 = /^\d{9,}(\.\d+)?$/;

/** Seconds of the year 5138: what is more must be milliseconds. */
const MOST_SECONDS = 1e11;

function since1970(value: number): Date {
  return new Date(value < MOST_SECONDS ? value * 1000 : value);
}

const toTime: Convert = (value) => {
  const time = value instanceof Date
    ? value
    : SINCE_1970.test(String(value))
    ? since1970(Number(value))
    : new Date(`${value}`);
  if (Number.isNaN(time.getTime())) return;
  return time.toISOString().replace(".000Z", "Z");
};

/** A text; further paths are asked when the first has none or an empty one. */
export function text(...paths: [string, ...string[]]): Property {
  return property("string", paths, toText);
}

/** The texts of a list. */
export function texts(path: string): Property {
  return list("string", path, toText);
}

/** A whole number. */
export function integer(...paths: [string, ...string[]]): Property {
  return property("int64", paths, toNumber);
}

/** The whole numbers of a list. */
export function integers(path: string): Property {
  return list("int64", path, toNumber);
}

/** A number, divided by `per` if given. */
export function decimal(
  paths: string | readonly string[],
  { per = 1 }: { readonly per?: number } = {},
): Property {
  return property("double", [paths].flat(), (value) => {
    const number = toNumber(value);
    return typeof number === "number" ? number / per : undefined;
  });
}

/** Bytes as whole GiB, rounded up. */
export function gibibytes(path: string): Property {
  return property("int64", [path], (value) => {
    const bytes = toNumber(value);
    return typeof bytes === "number" ? Math.ceil(bytes / 1024 ** 3) : undefined;
  });
}

/** Texts put together, if all of them are there. */
export function joined(
  paths: readonly string[],
  separator: string,
): Property {
  const convert: Convert = (values) =>
    (values as readonly unknown[]).map(toText).join(separator);
  return { ...property("string", paths, convert), take: "joined" };
}

/**
 * A text made of a pattern with paths in braces, if all of them are there:
 * `made("arn:{$partition}:ec2:{$region}:{$account}:volume/{VolumeId}")`.
 */
export function made(pattern: string): Property {
  const parts = pattern.split(/\{([^}]*)\}/);
  const paths = parts.filter((_, at) => at % 2 === 1);
  const convert: Convert = (values) =>
    parts.map((part, at) =>
      at % 2 === 0 ? part : String((values as unknown[])[(at - 1) / 2])
    ).join("");
  return { ...property("string", paths, convert), take: "joined" };
}

/** True or false, also as the texts of these words. */
export function flag(path: string): Property {
  return property("boolean", [path], toFlag);
}

/** True or false by what the API calls it; other words leave it out. */
export function flagOf(
  path: string,
  words: Readonly<Record<string, boolean>>,
): Property {
  const known = new Map(Object.entries(words));
  const convert: Convert = (value) => known.get(String(value));
  return { ...property("boolean", [path], convert), from: "text" };
}

/** Whether there is anything at a path. */
export function present(path: string): Property {
  return { ...flag(path), take: "any" };
}

/** Whether there is a certain text at a path. */
export function equals(path: string, text: string): Property {
  return { ...present(path), where: (value) => value === text };
}

/** A point in time. */
export function time(...paths: [string, ...string[]]): Property {
  return property("datetime", paths, toTime);
}

/** A text that is the same for every resource. */
export function constant(value: string): Property {
  return { kind: "string", paths: [], take: "first", convert: () => value };
}

/**
 * A property that changes by itself, such as when something was last used:
 * a change of it alone makes no history, and does not count as one.
 */
export function volatile(property: Property): Property {
  return { ...property, volatile: true };
}

/**
 * A list that a service gives in any order: it is sorted, or else every collect
 * would find it changed.
 */
export function unordered(property: Property): Property {
  return { ...property, unordered: true };
}

/** Base64 as the text that it encodes; what is no UTF-8 is replaced. */
export function base64(path: string): Property {
  return property("string", [path], (value) => {
    try {
      const bytes = Uint8Array.from(
        atob(String(value)),
        (char) => char.charCodeAt(0),
      );
      return new TextDecoder().decode(bytes);
    } catch {
      return String(value);
    }
  });
}

/** One of the values of an enum kind, by what the API calls it. */
export function choice(
  kind: ValueKind,
  path: string,
  values: Readonly<Record<string, string>>,
  other: string,
): Property {
  return property(
    kind,
    [path],
    (value) =>
      Object.hasOwn(values, String(value)) ? values[String(value)] : other,
  );
}

/** Texts by name, out of a map or a list of pairs. */
export function dictionary(
  path: string,
  { key = "Key", value = "Value" }: {
    readonly key?: string;
    readonly value?: string;
  } = {},
): Property {
  return property("dictionary[string, string]", [path], (pairs) => {
    if (typeof pairs !== "object" || pairs === null) return;
    const texts = Array.isArray(pairs)
      ? pairs.map((pair) => [pair[key], pair[value]])
      : Object.entries(pairs);
    return Object.fromEntries(
      texts.map(([name, text]) => [String(name), String(text ?? "")]),
    );
  });
}

/** Numbers by name, out of a map. */
export function numbersByName(path: string): Property {
  return property(
    "dictionary[string, int64]",
    [path],
    (map) =>
      typeof map === "object" && map !== null
        ? Object.fromEntries(
          Object.entries(map).flatMap(([name, value]) => {
            const number = toNumber(value);
            return number === undefined ? [] : [[name, number]];
          }),
        )
        : undefined,
  );
}

/** How services write a tag. */
const TAG_MEMBERS = [
  { key: "key", value: "value" },
  { key: "TagKey", value: "TagValue" },
];

/**
 * Lists of texts by name, out of a map or a list of pairs of name and list; the
 * lists are sorted.
 */
export function listsByName(
  path: string,
  { key = "Key", values = "Values" }: {
    readonly key?: string;
    readonly values?: string;
  } = {},
): Property {
  return property("dictionary[string, string[]]", [path], (lists) => {
    if (typeof lists !== "object" || lists === null) return;
    const pairs = Array.isArray(lists)
      ? lists.map((pair) => [pair[key], pair[values]])
      : Object.entries(lists);
    return Object.fromEntries(
      pairs.map(([name, texts]) => [
        String(name),
        (texts ?? []).map(toText).sort(),
      ]),
    );
  });
}

/** The tags of a map or a list of keys and values, as a dictionary. */
export function tags(path: string): Property {
  const usual = dictionary(path);
  const others = TAG_MEMBERS.map((each) =>
    [each.key, dictionary(path, each)] as const
  );
  const convert: Convert = (value) => {
    const first = Array.isArray(value) ? value[0] : undefined;
    const [, found = usual] =
      others.find(([key]) => first !== undefined && key in first) ?? [];
    return found.convert(value);
  };
  return { ...usual, convert };
}

/** The keys of a map, where its values may be secrets. */
export function names(path: string): Property {
  return property(
    "string[]",
    [path],
    (map) =>
      typeof map === "object" && map !== null
        ? Object.keys(map).sort()
        : undefined,
  );
}

/** Anything, parsed when it is the text of a JSON, plain, escaped or for a URL. */
export function json(path: string): Property {
  return property("any", [path], toJson);
}

const toJson: Convert = (value) => {
  if (typeof value !== "string") return JSON.parse(JSON.stringify(value));
  try {
    // API Gateway gives a text as it stands in a JSON, without its quotes.
    if (value.startsWith('{\\"')) return JSON.parse(JSON.parse(`"${value}"`));
    return JSON.parse(
      value.startsWith("%7B") ? decodeURIComponent(value) : value,
    );
  } catch {
    return value;
  }
};

/** Values by their texts. */
function sorted(values: readonly Json[]): Json[] {
  return values.map((each) => [JSON.stringify(each), each] as const)
    .sort(([one], [other]) => one < other ? -1 : Number(one > other))
    .map(([, each]) => each);
}

/** The same for all orders of the elements of its lists. */
function sortLists(value: Json): Json {
  if (Array.isArray(value)) return sorted(value.map(sortLists));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, sortLists(each)]),
  );
}

/**
 * A policy document. AWS gives its lists in any order, which means nothing:
 * they are sorted, or else nobody could tell whether it changed.
 */
export function policy(path: string): Property {
  return property("any", [path], (value) => {
    const document = toJson(value);
    return document === undefined ? undefined : sortLists(document);
  });
}

/** Declares a kind of values inside of resources. */
export function valueKind(
  kind: string,
  properties: Properties,
): ValueDeclaration {
  return { kind, properties };
}

/** An object of a declared kind of values. */
export function object(path: string, values: ValueDeclaration): Property {
  const convert: Convert = (value) => mapProperties(values.properties, value);
  return { ...property(values.kind, [path], convert), values };
}

/** The first object of a list that passes a test. */
export function objectWhere(
  path: string,
  where: (value: Readonly<Record<string, unknown>>) => boolean,
  values: ValueDeclaration,
): Property {
  return {
    ...object(`${path}[*]`, values),
    where: (value) => where(value as Readonly<Record<string, unknown>>),
  };
}

/** An object of a declared kind of values, out of the text of a JSON. */
export function jsonObject(path: string, values: ValueDeclaration): Property {
  const parsed = object(path, values);
  return { ...parsed, convert: (value) => parsed.convert(toJson(value)) };
}

/** Objects of a declared kind of values by name. */
export function objectsByName(
  path: string,
  values: ValueDeclaration,
): Property {
  const convert: Convert = (value) =>
    typeof value === "object" && value !== null
      ? Object.fromEntries(
        Object.entries(value).map(([name, each]) => [
          name,
          mapProperties(values.properties, each),
        ]),
      )
      : undefined;
  const kind = `dictionary[string, ${values.kind}]`;
  return { ...property(kind, [path], convert), values };
}

/** A list of objects of a declared kind of values. */
export function objects(path: string, values: ValueDeclaration): Property {
  const convert: Convert = (value) => mapProperties(values.properties, value);
  return { ...list(values.kind, `${path}[*]`, convert), values };
}

function readFallback(
  { paths, convert, where = () => true }: Property,
  item: unknown,
): Json | undefined {
  for (const path of paths) {
    const value = readAll(path, item).find(where);
    if (value === undefined) continue;
    // An empty text is as good as none where there is something to fall back to.
    if (value === "" && paths.length > 1) continue;
    return convert(value);
  }
}

function readProperty(property: Property, item: unknown): Json | undefined {
  const { take, paths: [path], convert, where = () => true } = property;
  if (path === undefined) return convert(undefined);
  switch (take) {
    case "first":
      return readFallback(property, item);
    case "any":
      return readAll(path, item).some(where);
    case "joined": {
      const values = property.paths.map((each) => readFirst(each, item));
      return values.includes(undefined) ? undefined : convert(values);
    }
    case "all": {
      if (!hasList(path, item)) return;
      const values = readAll(path, item).map(convert)
        .filter((value) => value !== undefined);
      return property.unordered ? sorted(values) : values;
    }
  }
}

/** What the properties say of an answer's item; what has no value is left out. */
export function mapProperties(
  properties: Properties,
  item: unknown,
): JsonObject {
  const mapped: Record<string, Json> = {};
  for (const [name, each] of Object.entries(properties)) {
    const value = readProperty(each, item);
    if (value !== undefined) mapped[name] = value;
  }
  return mapped;
}
