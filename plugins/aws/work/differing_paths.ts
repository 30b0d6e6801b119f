import type { Json, JsonObject } from "@skymap/lib/plugin";
import type { Properties, Property } from "../property.ts";

/** How two states of a resource are compared. */
export interface CompareOptions {
  /** Whether lists of the later state may have less. Default: no. */
  readonly mayHaveLess?: boolean;
  /** Paths of what may have less, or be anything. Default: none. */
  readonly follows?: Readonly<Record<string, "less" | "any">> | undefined;
}

type Part = Json | undefined;

function isObject(value: Part): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a text that is the same however its parts are ordered. */
function textOf(value: Part): string {
  if (Array.isArray(value)) return `[${value.map(textOf).sort().join()}]`;
  if (!isObject(value)) return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, each]) => each !== null)
    .map(([name, each]) => `${JSON.stringify(name)}:${textOf(each)}`);
  return `{${members.sort().join()}}`;
}

/** A text as the graph keeps it. */
function storedText(value: string, { kind }: Property): string {
  return kind.startsWith("datetime")
    ? value.replace(/\.\d+(?=Z$)/, "")
    : value.toWellFormed().replaceAll("\0", "\ufffd");
}

/** A value as the graph keeps it, without what changes by itself. */
function stored(value: Json, property: Property): Json {
  if (typeof value === "string") return storedText(value, property);
  if (Array.isArray(value)) {
    return value.map((each) => stored(each as Json, property));
  }
  if (!isObject(value)) return value;
  const declared = property.values?.properties;
  const isOne = declared !== undefined &&
    Object.keys(value).every((name) => Object.hasOwn(declared, name));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const inner = isOne ? declared[name] : undefined;
      if (inner?.volatile) return [];
      return [[name, stored(each as Json, inner ?? property)]];
    }),
  );
}

/** Whether a value is all or a part of what was there before. */
function isPart(now: Part, before: Part): boolean {
  if (textOf(now) === textOf(before)) return true;
  if (Array.isArray(before)) {
    if (now === undefined || now === null) return true;
    return Array.isArray(now) &&
      now.every((each) => before.some((other) => isPart(each, other)));
  }
  if (!isObject(before) || !isObject(now)) return false;
  return [...Object.keys(before), ...Object.keys(now)]
    .every((name) => isPart(now[name], before[name]));
}

/** Whether a value is all, a part or nothing of what was there before. */
function isLess(now: Part, before: Part): boolean {
  return now === undefined || now === null ||
    (now === false && before === true) || isPart(now, before);
}

function* differences(
  before: Part,
  now: Part,
  path: string,
  isSame: (now: Part, before: Part) => boolean,
  follows: NonNullable<CompareOptions["follows"]>,
): Generator<string> {
  if (follows[path] === "any") return;
  const compare = follows[path] === "less" ? isLess : isSame;
  if (!isObject(before) || !isObject(now)) {
    if (!compare(now, before)) yield path;
    return;
  }
  for (const name of new Set([...Object.keys(before), ...Object.keys(now)])) {
    const inner = `${path}.${name}`;
    yield* differences(before[name], now[name], inner, compare, follows);
  }
}

/**
 * The paths at which a resource is not what the graph has of it. What changes by
 * itself does not count, nor does the order of lists: no service promises one.
 */
export function differingPaths(
  properties: Properties,
  before: JsonObject,
  now: JsonObject,
  { follows = {}, mayHaveLess = false }: CompareOptions = {},
): string[] {
  const isSame = mayHaveLess
    ? isPart
    : (one: Part, other: Part) => textOf(one) === textOf(other);
  return Object.entries(properties).flatMap(([name, property]) => {
    if (property.volatile) return [];
    const [old, current] = [before, now].map((each) => {
      const value = each[name];
      return value === undefined ? undefined : stored(value, property);
    });
    return [...differences(old, current, name, isSame, follows)];
  });
}
