import type { Json, JsonObject, ValueKind } from "@skymap/lib/plugin";
import { hasList, parsePath, type Path, readAll, readFirst } from "./path.ts";

/** A property of a kind, and where its value comes from. */
export interface Property {
  /** The kind of its value. */
  readonly kind: ValueKind;
  /** Where the value is; the first path that has one counts. */
  readonly paths: readonly Path[];
  /** Takes the first value, all as a list, or whether there is any. */
  readonly take: "first" | "all" | "any";
  /** Makes one value fit the kind; undefined leaves it out. */
  readonly convert: (value: unknown) => Json | undefined;
  /** The kind of values inside, when it is declared with the property. */
  readonly values?: ValueDeclaration;
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

const toFlag: Convert = (value) =>
  typeof value === "boolean" ? value : undefined;

const toTime: Convert = (value) => {
  const time = value instanceof Date ? value : new Date(String(value));
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

/** True or false. */
export function flag(path: string): Property {
  return property("boolean", [path], toFlag);
}

/** Whether there is anything at a path. */
export function present(path: string): Property {
  return { ...flag(path), take: "any" };
}

/** A point in time. */
export function time(...paths: [string, ...string[]]): Property {
  return property("datetime", paths, toTime);
}

/** A text that is the same for every resource. */
export function constant(value: string): Property {
  return { kind: "string", paths: [], take: "first", convert: () => value };
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

/** The tags of a list of keys and values, as a dictionary. */
export function tags(path: string): Property {
  return property("dictionary[string, string]", [path], (value) => {
    if (!Array.isArray(value)) return;
    return Object.fromEntries(
      value.map((tag) => [
        String(tag["Key"] ?? tag["key"]),
        String(tag["Value"] ?? tag["value"] ?? ""),
      ]),
    );
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

/** A list of objects of a declared kind of values. */
export function objects(path: string, values: ValueDeclaration): Property {
  const convert: Convert = (value) => mapProperties(values.properties, value);
  return { ...list(values.kind, `${path}[*]`, convert), values };
}

function readFallback(
  { paths, convert }: Property,
  item: unknown,
): Json | undefined {
  for (const path of paths) {
    const value = readFirst(path, item);
    if (value === undefined) continue;
    // An empty text is as good as none where there is something to fall back to.
    if (value === "" && paths.length > 1) continue;
    return convert(value);
  }
}

function readProperty(property: Property, item: unknown): Json | undefined {
  const { take, paths: [path], convert } = property;
  if (path === undefined) return convert(undefined);
  switch (take) {
    case "first":
      return readFallback(property, item);
    case "any":
      return readAll(path, item).length > 0;
    case "all":
      if (!hasList(path, item)) return;
      return readAll(path, item).map(convert)
        .filter((value) => value !== undefined);
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
