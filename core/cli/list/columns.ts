/**
 * Columns of a list: what they are called and what they show of an element.
 *
 * @module
 */

import { formatDuration } from "@skymap/lib/duration";
import { isObject, type Json } from "@skymap/lib/json";
import type { Path } from "../../query/ast.ts";
import { printPath } from "../../query/print.ts";
import { AGES, CONTAINERS, readProperty } from "../read_property.ts";

/** One column. */
export interface Column {
  /** What it is called. */
  readonly name: string;
  /** The property that it shows; none for what is no property. */
  readonly path?: Path;
  /** What it shows of an element. */
  readonly read: (element: Json) => Json | undefined;
}

/** What columns depend on. */
export interface ColumnOptions {
  /** Section of relative paths. */
  readonly section: string;
  /** The present, for ages. */
  readonly nowMs: number;
}

function path(absolute: boolean, ...keys: readonly string[]): Path {
  return { type: "path", absolute, items: keys.map((key) => ({ key })) };
}

function valueAt(element: Json, ...keys: readonly string[]): Json | undefined {
  let value: Json | undefined = element;
  for (const key of keys) {
    if (!isObject(value) || !Object.hasOwn(value, key)) return;
    value = value[key] as Json;
  }
  return value;
}

/** How long ago a time is, in two units. */
function since(time: Json | undefined, nowMs: number): Json | undefined {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : formatDuration(nowMs - at, 2);
}

/** The key of a path that is no more than one. */
function onlyKey({ items }: Path): string | undefined {
  const [item, more] = items;
  return item !== undefined && more === undefined && "key" in item
    ? item.key
    : undefined;
}

/** An age, which no section holds. */
function ageOf(element: Json, key: string, nowMs: number): Json | undefined {
  const from = AGES[key];
  return from !== undefined && Object.hasOwn(AGES, key)
    ? since(valueAt(element, "reported", from), nowMs)
    : undefined;
}

/** A column of a property. */
export function propertyColumn(
  name: string,
  path: Path,
  { section, nowMs }: ColumnOptions,
): Column {
  const key = path.absolute ? undefined : onlyKey(path);
  const isUnfolded = path.items.some((item) =>
    "index" in item && item.index === "*"
  );
  return {
    name,
    path,
    read: (element) => {
      const found = readProperty(element, path, section);
      if (isUnfolded) return found.length === 0 ? undefined : [...found];
      const [value] = found;
      return value === undefined && key !== undefined
        ? ageOf(element, key, nowMs)
        : value;
    },
  };
}

/** A name for each property: its last key, or all of it where that is taken. */
export function namesOf(
  paths: readonly Path[],
  taken: readonly string[] = [],
): readonly string[] {
  const texts = paths.map(printPath);
  const used = new Set(taken);
  const free = (text: string): string => {
    let name = text;
    for (let n = 2; used.has(name); n++) name = `${text} ${n}`;
    used.add(name);
    return name;
  };
  return paths.map((path, at) => {
    const text = texts[at] ?? "";
    const last = path.items.findLast((item) => "key" in item);
    const short = last?.key ?? text;
    // One that is written just like this has more right to the name.
    const isFree = !used.has(short) &&
      (short === text || !texts.includes(short));
    return free(isFree ? short : text);
  });
}

const FIRST: readonly string[] = ["kind", "id", "name"];

function reported(name: string): Column {
  return {
    name,
    path: path(true, "reported", name),
    read: (element) => valueAt(element, "reported", name),
  };
}

/**
 * Columns of nodes: what each is, the properties that the search is about, how
 * old it is, where it lies.
 */
export function nodeColumns(
  properties: readonly Path[],
  options: ColumnOptions,
): readonly Column[] {
  const { section, nowMs } = options;
  const rest: readonly Column[] = [
    ...["age", "last_update"].map((name) => ({
      name,
      path: path(true, "reported", name),
      read: (element: Json) => ageOf(element, name, nowMs),
    })),
    ...CONTAINERS.map((name) => ({
      name,
      path: path(true, "ancestors", name, "reported", "name"),
      read: (element: Json) =>
        valueAt(element, "ancestors", name, "reported", "name"),
    })),
  ];
  const known = [...FIRST, ...rest.map(({ name }) => name)];
  const shown = new Set<string>();
  const own = properties.filter((path) => {
    const key = onlyKey(path);
    if (!path.absolute && section === "reported" && known.includes(key ?? "")) {
      return false;
    }
    const text = printPath(path);
    if (shown.has(text) || isReported(text, known)) return false;
    shown.add(text);
    return true;
  });
  const names = namesOf(own, known);
  return [
    ...FIRST.map(reported),
    ...own.map((path, at) => propertyColumn(names[at] ?? "", path, options)),
    ...rest,
  ];
}

/** Whether an absolute path is one that is shown anyway. */
function isReported(text: string, known: readonly string[]): boolean {
  return known.some((name) =>
    text === `/reported.${name}` ||
    text === `/ancestors.${name}.reported.name`
  );
}

/** A column for what edges are: their ends; for nodes it is their id. */
export const NODE_ID: Column = {
  name: "node_id",
  read: (element) =>
    isObject(element) && element["type"] === "edge"
      ? edgeText(element)
      : valueAt(element, "id"),
};

/** Columns before those of nodes, for how they changed. */
export const CHANGE: readonly Column[] = ["change", "changed_at"].map((
  name,
) => ({
  name,
  path: path(true, name),
  read: (element: Json) => valueAt(element, name),
}));

/** `a -> b`, or `a -delete-> b` for an edge of another type. */
export function edgeText(
  edge: Readonly<Record<string, unknown>>,
): string {
  const { from, to, edge_type: type } = edge;
  return `${from} ${type === "default" ? "->" : `-${type}->`} ${to}`;
}

/** Keys and values of a row: the names of its groups and functions. */
export function fieldsOf(
  element: Readonly<Record<string, unknown>>,
): readonly (readonly [string, Json])[] {
  return Object.entries(element).flatMap(([key, value]) =>
    key === "group" && isObject(value)
      ? Object.entries(value) as [string, Json][]
      : [[key, value as Json] as const]
  );
}

/** Columns of rows and other objects: every key of the first ones. */
export function fieldColumns(first: readonly Json[]): readonly Column[] {
  const names = new Set<string>();
  let hasOthers = false;
  for (const element of first) {
    if (isObject(element)) {
      for (const [name] of fieldsOf(element)) names.add(name);
    } else hasOthers = true;
  }
  const columns = [...names].map((name): Column => ({
    name,
    path: path(false, name),
    read: (element) =>
      isObject(element)
        ? valueAt(element, name) ?? valueAt(element, "group", name)
        : undefined,
  }));
  return hasOthers
    ? [...columns, {
      name: "value",
      read: (element) => isObject(element) ? undefined : element,
    }]
    : columns;
}
