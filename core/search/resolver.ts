/**
 * What the names and values of a search stand for.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import type { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { COERCE, normalizeDatetime } from "../model/coerce_value.ts";
import { nearestNames } from "../model/nearest_names.ts";
import { HOT_PROPERTIES } from "../index/schema.ts";
import type { Path, PathItem } from "../query/ast.ts";
import { itemOffset, offsetOf } from "../query/positions.ts";
import { printPath } from "../query/print.ts";
import { SourceText } from "../query/source_text.ts";
import type { Field, ValueType } from "./field.ts";
import { invalidQuery } from "./invalid_query.ts";
import { isEach } from "./json_path.ts";
import { patternProblem } from "./pattern_problem.ts";
import type { PropertyModel } from "./property_model.ts";

/** What a search is resolved against. */
export interface ResolverOptions {
  /** Text of the search, for messages. */
  readonly text: string | SourceText;
  /** Section of relative paths; empty for none. Default: `reported`. */
  readonly section?: string;
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** What looks like a number with the unit of a size. */
const SIZE = /^\d+(?:\.\d+)?\s*[KMGTP]?i?B$/i;

/** Containers that are kept on each node, with their columns. */
const CONTAINERS: Readonly<Record<string, { id: string; name: string }>> = {
  cloud: { id: "cloud", name: "cloud" },
  account: { id: "account", name: "account_name" },
  region: { id: "region", name: "region_name" },
  zone: { id: "zone", name: "zone" },
};

/** Sections that are kept as JSON text. */
const SECTIONS: readonly string[] = ["reported", "desired", "metadata"];

/** Parts of a node that the original has and this index does not fill. */
const EMPTY_ROOTS: readonly string[] = [
  "security",
  "usage",
  "change",
  "before",
  "diff",
];

const ROOTS: readonly string[] = [
  ...SECTIONS,
  ...EMPTY_ROOTS,
  "ancestors",
  "descendants",
  "refs",
  "id",
  "kinds",
  "flat",
  "changed_at",
  "type",
];

/** A container or part of a node that has to be looked for along the edges. */
export interface RelativeKey {
  /** Up or down. */
  readonly side: "ancestors" | "descendants";
  /** Its kind. */
  readonly kind: string;
}

/** A path, made absolute: its steps from the node itself. */
export type AbsolutePath = readonly PathItem[];

function keyOf(item: PathItem | undefined): string | undefined {
  return item !== undefined && "key" in item ? item.key : undefined;
}

function keys(...names: readonly string[]): PathItem[] {
  return names.map((key) => ({ key }));
}

/** Finds the fields of paths and reads values as their kind wants them. */
export class Resolver {
  /** What is known of properties. */
  readonly model: PropertyModel;
  readonly #options: ResolverOptions;
  readonly #section: readonly PathItem[];

  /** Makes a resolver for one search. */
  constructor(model: PropertyModel, options: ResolverOptions) {
    this.model = model;
    this.#options = options;
    const { section = "reported" } = options;
    const name = section.replace(/^\//, "");
    if (name !== "" && name !== "root" && !ROOTS.includes(name)) {
      throw this.invalid(
        undefined,
        `section "${name}" is not one of ${SECTIONS.join(", ")}`,
        nearestNames(name, ROOTS),
      );
    }
    this.#section = name === "" || name === "root" ? [] : keys(name);
  }

  /** The present, in milliseconds. */
  get nowMs(): number {
    return this.#options.nowMs;
  }

  /** The error of a node of this search. */
  invalid(
    at: object | number | undefined,
    problem: string,
    suggestions: readonly string[] = [],
  ): SkymapError {
    return invalidQuery(this.#options.text, at, problem, suggestions);
  }

  /** The error of a property that no kind has; points at the wrong step. */
  unknownProperty(path: Path, items: readonly PathItem[]): SkymapError {
    const left = items.length - this.model.unknownStep(items);
    // Relative paths start at a section, whatever their first step is called.
    const isRoot = !path.absolute && left === items.length &&
      ROOTS.includes(keyOf(path.items[0]) ?? "");
    return this.invalid(
      itemOffset(path.items, path.items.length - left) ?? path,
      `no kind of resource has the property "${printPath(path)}"`,
      isRoot ? [`/${printPath(path)}`] : this.model.suggestions(items),
    );
  }

  /** Names of the kinds that are or descend from any of these, sorted. */
  kinds(node: object | number, names: readonly string[]): readonly string[] {
    const { registry } = this.model;
    const found = new Set<string>();
    for (const [at, name] of names.entries()) {
      if (!registry.isResource(name)) {
        throw this.invalid(
          itemOffset(names, at) ?? node,
          `no plugin declares the kind "${name}"`,
          registry.suggestions(name),
        );
      }
      for (const kind of registry.concrete(name)) found.add(kind);
    }
    return [...found].sort();
  }

  /** The steps of a path from the node itself, abbreviations written out. */
  absolute(path: Path, merged: readonly (readonly string[])[]): AbsolutePath {
    const { items } = path;
    if (path.absolute) return this.#reference(path, items);
    if (mergeOf(items, merged) !== undefined) return items;
    const first = keyOf(items[0]) ?? "";
    if (Object.hasOwn(CONTAINERS, first)) {
      const rest = items.length === 1 ? keys("name") : items.slice(1);
      return [...keys("ancestors", first, "reported"), ...rest];
    }
    if (first === "usage") return items;
    return this.#reference(path, [...this.#section, ...items]);
  }

  /** `refs.account_id` is the id of the account's node. */
  #reference(path: Path, items: AbsolutePath): AbsolutePath {
    const [root, name] = items.map(keyOf);
    if (root !== "refs") return items;
    const kind = items.length === 2 ? name?.replace(/_id$/, "") ?? "" : "";
    if (name === `${kind}_id` && Object.hasOwn(CONTAINERS, kind)) {
      return keys("ancestors", kind, "id");
    }
    const known = Object.keys(CONTAINERS).map((each) => `${each}_id`);
    throw this.invalid(
      path,
      `"${printPath(path)}" is no reference, "refs" has ${known.join(", ")}`,
      nearestNames(name ?? "", known),
    );
  }

  /** The container or part that an absolute path leads into, if it is no column. */
  relative(items: AbsolutePath): RelativeKey | undefined {
    const side = keyOf(items[0]);
    if (side !== "ancestors" && side !== "descendants") return undefined;
    const kind = keyOf(items[1]);
    if (kind === undefined) return undefined;
    if (side === "ancestors" && containerColumn(items) !== undefined) {
      return undefined;
    }
    return { side, kind };
  }

  /** The field of an absolute path of the node at an SQL alias. */
  nodeField(path: Path, items: AbsolutePath, alias: string): Field {
    const root = keyOf(items[0]) ?? "";
    const rest = items.slice(1);
    const field = (
      document: string,
      type: ValueType,
      more: Partial<Field> = {},
    ): Field => ({ path, document, items: rest, type, ...more });
    const nothing = noDocument(alias);
    switch (root) {
      case "reported":
        return this.reportedField(path, rest, `${alias}.reported`, alias);
      case "metadata":
        return field(`${alias}.metadata`, this.model.metadata(rest));
      case "desired":
        return field(`${alias}.desired`, "any");
      case "id":
      case "flat":
        return this.#plain(path, items, nothing, {
          column: root === "id" ? `${alias}.id` : `${alias}.txt`,
          type: "string",
        });
      case "changed_at":
        return this.#plain(path, items, nothing, {
          column: `${alias}.changed_at`,
          type: "datetime",
        });
      case "type":
        return this.#plain(path, items, nothing, {
          column: "'node'",
          type: "string",
        });
      case "kinds":
        return field(`to_json(${alias}.kinds)`, "string");
      case "ancestors": {
        const column = containerColumn(items);
        if (column === undefined) break;
        return {
          path,
          document: nothing,
          items: [],
          type: "string",
          column: `nullif(${alias}.${column}, '')`,
        };
      }
    }
    if (EMPTY_ROOTS.includes(root)) return field(nothing, "any");
    throw this.invalid(
      path,
      `a node has no part "${root}" (${printPath(path)})`,
      nearestNames(root, ROOTS),
    );
  }

  /**
   * The field of a path below `reported`; columns are used when the alias of a
   * row of the node table is given.
   */
  reportedField(
    path: Path,
    items: readonly PathItem[],
    document: string,
    alias?: string,
  ): Field {
    if (items.length === 0) {
      return { path, document, items, type: "any", declared: items };
    }
    const facts = this.model.reported(items);
    if (facts === undefined) throw this.unknownProperty(path, items);
    if (facts.ageOf !== undefined) {
      const source = [...items.slice(0, -1), ...keys(facts.ageOf)];
      return {
        ...this.reportedField(path, source, document, alias),
        isAge: true,
      };
    }
    const base: Field = {
      path,
      document,
      items,
      type: facts.type,
      declared: items,
      ...(facts.values !== undefined && { values: facts.values }),
    };
    if (alias === undefined) return base;
    const [first, second] = items.map(keyOf);
    if (items.length === 1 && first === "tags") {
      return { ...base, entries: `${alias}.tags` };
    }
    if (items.length === 1 && first !== undefined) {
      const column = hotColumn(first, facts.type);
      return column === undefined
        ? base
        : { ...base, column: `${alias}.${column}` };
    }
    if (
      items.length === 2 && first === "tags" && second !== undefined &&
      facts.type === "string"
    ) return { ...base, map: `${alias}.tags` };
    return base;
  }

  #plain(
    path: Path,
    items: AbsolutePath,
    document: string,
    field: Pick<Field, "column" | "type">,
  ): Field {
    if (items.length > 1) {
      throw this.invalid(path, `"${printPath(path)}" has no parts`);
    }
    return { path, document, items: [], ...field };
  }

  /** A value as the kind of a field wants it; arrays by their elements. */
  coerce(node: object | number, field: Field, value: Json): Json {
    if (value === null || field.type === "any") return value;
    if (typeof value === "object") {
      return Array.isArray(value)
        ? value.map((item, at) =>
          this.coerce(itemOffset(value, at) ?? node, field, item)
        )
        : value;
    }
    const name = printPath(field.path);
    switch (field.type) {
      case "string":
        return this.#string(node, field, String(value));
      case "number": {
        const number = COERCE.double(value);
        if (number !== undefined) return number;
        throw this.invalid(
          node,
          `"${name}" holds numbers, not "${value}"` +
            (SIZE.test(String(value)) ? "; numbers have no units here" : ""),
        );
      }
      case "boolean": {
        const boolean = COERCE.boolean(value);
        if (boolean !== undefined) return boolean;
        throw this.invalid(node, `"${name}" is true or false, not "${value}"`);
      }
      case "datetime":
        return this.#time(node, field, String(value));
      case "date":
        return this.#time(node, field, String(value)).slice(0, 10);
    }
  }

  /** A pattern; what the index cannot read as one is an error. */
  pattern(node: object | number, pattern: Json): Json {
    if (typeof pattern !== "string") return pattern;
    const found = patternProblem(pattern);
    if (found === undefined) return pattern;
    throw this.invalid(
      this.#within(node, pattern.slice(0, found.offset)),
      `"${pattern}" is no pattern, ${found.problem}`,
    );
  }

  /** The place behind the start of a value, where it was written as it is. */
  #within(node: object | number, start: string): object | number {
    const offset = typeof node === "number" ? node : offsetOf(node);
    if (offset === undefined) return node;
    const { text } = SourceText.of(this.#options.text);
    const first = offset + (text[offset] === '"' ? 1 : 0);
    return text.startsWith(start, first) ? first + start.length : offset;
  }

  #string(node: object | number, field: Field, value: string): string {
    const { values, path } = field;
    if (values === undefined || values.includes(value)) return value;
    const same = values.find((known) =>
      known.toLowerCase() === value.toLowerCase()
    );
    if (same !== undefined) return same;
    throw this.invalid(
      node,
      `"${printPath(path)}" is one of ${values.join(", ")}, not "${value}"`,
      nearestNames(value, values),
    );
  }

  /** A point of time; for an age it lies that far back. */
  #time(node: object | number, field: Field, value: string): string {
    const time = normalizeDatetime(value);
    if (time !== undefined) return time;
    if (isDuration(value)) {
      const sign = field.isAge === true ? -1 : 1;
      const at = this.nowMs + sign * parseDuration(value);
      const kept = Math.min(Math.max(at, MIN_TIME_MS), MAX_TIME_MS);
      return `${new Date(kept).toISOString().slice(0, 19)}Z`;
    }
    throw this.invalid(
      node,
      `"${printPath(field.path)}" is compared with a ${
        field.isAge === true ? "duration such as 3d" : "time or duration"
      }, not "${value}"`,
    );
  }
}

/** Times have four digits for the year; what lies beyond is cut to the ends. */
const MIN_TIME_MS = Date.UTC(-1, 12);
const MAX_TIME_MS = Date.UTC(10_000, 0) - 1_000;

/**
 * SQL of a document that is never there. Of a plain null, the engine would not
 * know that lists can be read of it.
 */
function noDocument(alias: string): string {
  return `case when ${alias}.nid is null then ${alias}.reported end`;
}

/** How many leading steps of a path name a merge. */
export function mergeOf(
  items: readonly PathItem[],
  merged: readonly (readonly string[])[],
): readonly string[] | undefined {
  return merged.find((name) =>
    name.length <= items.length &&
    name.every((step, at) => keyOf(items[at]) === step)
  );
}

function containerColumn(items: AbsolutePath): string | undefined {
  const [, kind, section, property] = items.map(keyOf);
  if (items.length !== 4 || section !== "reported") return undefined;
  const columns = CONTAINERS[kind ?? ""];
  return property === "id" || property === "name"
    ? columns?.[property]
    : undefined;
}

/** Column of a property, if its type is the column's. */
function hotColumn(name: string, type: ValueType): string | undefined {
  if (name === "kind") return "kind";
  if (name === "id") return "rid";
  const hot = HOT_PROPERTIES.find((property) => property.name === name);
  const types: Readonly<Record<string, ValueType>> = {
    varchar: "string",
    double: "number",
    boolean: "boolean",
    timestamptz: "datetime",
  };
  return hot !== undefined && types[hot.type] === type ? name : undefined;
}

/** Whether a path goes through the elements of an array. */
export function hasEach(items: readonly PathItem[]): boolean {
  return items.some(isEach);
}
