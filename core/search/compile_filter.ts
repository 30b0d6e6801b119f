/**
 * Filters of a search as conditions of a statement.
 *
 * @module
 */

import { unreachable } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { searchPhrase } from "../index/search_text.ts";
import type { Block, Call, Filter, Path, Predicate } from "../query/ast.ts";
import { itemOffset } from "../query/positions.ts";
import { printPath } from "../query/print.ts";
import { compileComparison } from "./compile_comparison.ts";
import type { Field } from "./field.ts";
import { isEach, splitAtLast } from "./json_path.ts";
import type { Resolver } from "./resolver.ts";
import type { StatementBuilder } from "./statement.ts";
import { parseSubnet, subnetSql } from "./subnet.ts";
import { elementsOf, jsonOf, placeOf, textOf } from "./value_sql.ts";

/** What the paths of a filter start at. */
export interface FilterScope {
  /** The field of a path. */
  field(path: Path): Field;
  /** SQL alias of the row of the node table; none inside of elements and edges. */
  readonly alias?: string;
}

/** Compiles the filters of one statement. */
export class FilterCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;

  /** Makes a compiler that adds to a statement. */
  constructor(sql: StatementBuilder, resolver: Resolver) {
    this.#sql = sql;
    this.#resolver = resolver;
  }

  /** The condition of a filter: true, or false or null. */
  compile(filter: Filter, scope: FilterScope): string {
    switch (filter.type) {
      case "all":
        return "true";
      case "is":
        return this.#is(filter.kinds, this.#alias(filter, scope), filter);
      case "id":
        return this.#id(filter.ids, this.#alias(filter, scope));
      case "text":
        return this.#text(filter.text, this.#alias(filter, scope));
      case "predicate":
        return this.#predicate(filter, scope);
      case "call":
        return this.#call(filter, scope);
      case "block":
        return this.#block(filter, scope);
      case "not":
        return `((${this.compile(filter.filter, scope)}) is not true)`;
      case "combine":
        return this.#combine(filter, scope);
      default:
        return unreachable(filter);
    }
  }

  #alias(filter: Filter, { alias }: FilterScope): string {
    if (alias !== undefined) return alias;
    throw this.#resolver.invalid(
      filter,
      `${
        filter.type === "text" ? "a phrase" : `"${filter.type}"`
      } is about whole nodes and cannot stand inside of an element or edge`,
    );
  }

  /** Chains lean to the left; runs of one operator become one list. */
  #combine(
    filter: Extract<Filter, { type: "combine" }>,
    scope: FilterScope,
  ): string {
    const { operator } = filter;
    const conditions: string[] = [];
    let left: Filter = filter;
    while (left.type === "combine" && left.operator === operator) {
      conditions.push(this.compile(left.right, scope));
      left = left.left;
    }
    conditions.push(this.compile(left, scope));
    return `(${conditions.reverse().join(` ${operator} `)})`;
  }

  #is(names: readonly string[], alias: string, node: object): string {
    return kindCondition(this.#sql, alias, this.#resolver.kinds(node, names));
  }

  #id(ids: readonly string[], alias: string): string {
    if (ids.length > MAX_LISTED) {
      const list = `${this.#sql.bind([...new Set(ids)])}::varchar[]`;
      return `${alias}.nid in (select hash(u.id) from unnest(${list}) u(id))`;
    }
    const places = ids.map((id) => `hash(${this.#sql.bind(id)}::varchar)`);
    return `${alias}.nid in (${places.join(", ")})`;
  }

  #text(text: string, alias: string): string {
    const phrase = searchPhrase(text);
    if (phrase.trim() === "") return "true";
    return `contains(${alias}.txt, ${this.#sql.bind(phrase)})`;
  }

  #predicate(filter: Predicate, scope: FilterScope): string {
    const { path, quantifier, operator } = filter;
    const field = this.#elements(scope, path, quantifier !== undefined);
    const isPattern = operator === "=~" || operator === "!~";
    const value: Json = isPattern
      ? this.#resolver.pattern(filter, filter.value)
      : this.#resolver.coerce(filter, field, filter.value);
    return compileComparison(this.#sql, field, {
      ...(quantifier !== undefined && { quantifier }),
      operator,
      value,
    });
  }

  /** With a quantifier, the type is that of the elements. */
  #elements(scope: FilterScope, path: Path, each: boolean): Field {
    const field = scope.field(path);
    const { declared } = field;
    if (!each) return field;
    const last = declared?.at(-1);
    const facts = declared === undefined
      ? undefined
      : this.#resolver.model.reported(
        last !== undefined && isEach(last)
          ? declared
          : [...declared, { index: "*" }],
      );
    const { document, items } = field;
    return {
      path,
      document,
      items,
      type: facts?.type ?? "any",
      ...(declared !== undefined && { declared }),
      ...(facts?.values !== undefined && { values: facts.values }),
    };
  }

  #call(filter: Call, scope: FilterScope): string {
    switch (filter.name) {
      case "in_subnet":
        return this.#inSubnet(filter, scope);
      case "has_key":
        return this.#hasKey(filter, scope);
      case "has_desired_change":
        return this.#hasDesiredChange(filter, scope);
    }
  }

  #inSubnet(filter: Call, scope: FilterScope): string {
    const [value, ...more] = filter.args;
    const subnet = typeof value === "string" && more.length === 0
      ? parseSubnet(value)
      : undefined;
    if (subnet === undefined) {
      throw this.#resolver.invalid(
        itemOffset(filter.args, more.length === 0 ? 0 : 1) ?? filter,
        `in_subnet takes one network such as "10.0.0.0/8" or "2001:db8::/32"`,
      );
    }
    const field = scope.field(filter.path);
    const bind = (bound: string | number) => this.#sql.bind(bound);
    const { list, rest } = splitAtLast(field.items);
    if (list.length === 0) {
      return subnetSql(textOf(this.#sql, field), subnet, bind);
    }
    const element = this.#sql.name("x");
    const text = `json_extract_string(${
      placeOf(this.#sql, { document: element, items: rest })
    })`;
    const found = elementsOf(this.#sql, field.document, list);
    return `len(list_filter(${found}, lambda ${element}: ${
      subnetSql(text, subnet, bind)
    })) > 0`;
  }

  #hasKey(filter: Call, scope: FilterScope): string {
    const names = filter.args.flat() as readonly Json[];
    if (
      filter.args.length !== 1 || names.length === 0 ||
      names.length > MAX_LISTED ||
      !names.every((name) =>
        typeof name === "string" || typeof name === "number"
      )
    ) {
      throw this.#resolver.invalid(
        itemOffset(filter.args, filter.args.length === 1 ? 0 : 1) ?? filter,
        `has_key takes one key or a list of up to ${MAX_LISTED} keys`,
      );
    }
    const { document, items, entries } = this.#single(filter, scope);
    if (entries !== undefined) {
      const found = names.map((name) =>
        `map_contains(${entries}, ${this.#sql.bind(String(name))})`
      );
      return `(${found.join(" and ")})`;
    }
    const keys = names.map((name) => {
      const place = [...items, { key: String(name) }];
      return `json_exists(${placeOf(this.#sql, { document, items: place })})`;
    });
    // A number would otherwise be taken for the index of an element.
    const isObject = `json_type(${
      placeOf(this.#sql, { document, items })
    }) = 'OBJECT'`;
    return `(${[...keys, isObject].join(" and ")})`;
  }

  #single(filter: Call, scope: FilterScope): Field {
    const field = scope.field(filter.path);
    if (splitAtLast(field.items).list.length === 0) return field;
    throw this.#resolver.invalid(
      filter,
      `${filter.name} takes one value, and "${
        printPath(filter.path)
      }" has many`,
    );
  }

  #hasDesiredChange(filter: Call, scope: FilterScope): string {
    const alias = this.#alias(filter, scope);
    if (filter.args.length > 0) {
      throw this.#resolver.invalid(
        itemOffset(filter.args, 0) ?? filter,
        "has_desired_change takes a property and nothing else",
      );
    }
    const { items } = filter.path;
    const at = items[0] !== undefined && "key" in items[0] &&
        ["reported", "desired"].includes(items[0].key) && filter.path.absolute
      ? items.slice(1)
      : items;
    const [desired, reported] = ["desired", "reported"].map((section) => ({
      document: `${alias}.${section}`,
      items: at,
      type: "any" as const,
    }));
    if (desired === undefined || reported === undefined) return "false";
    const wanted = jsonOf(this.#sql, desired);
    return `(${wanted} is not null and ${wanted}::varchar is distinct from ${
      jsonOf(this.#sql, reported)
    }::varchar)`;
  }

  #block(filter: Block, scope: FilterScope): string {
    const { path } = filter;
    const { list } = splitAtLast(path.items);
    if (list.length === 0) {
      return this.compile(filter.filter, {
        field: (inner) => {
          this.#checkRelative(inner);
          return scope.field({
            type: "path",
            absolute: path.absolute,
            items: [...path.items, ...inner.items],
          });
        },
      });
    }
    const whole = scope.field(path);
    const { list: outer, rest } = splitAtLast(whole.items);
    const element = this.#sql.name("x");
    const condition = this.compile(filter.filter, {
      field: (inner) => {
        this.#checkRelative(inner);
        const items = [...rest, ...inner.items];
        const { declared } = whole;
        if (declared === undefined) {
          return { path: inner, document: element, items, type: "any" };
        }
        const known = this.#resolver.reportedField(
          inner,
          [...declared, ...inner.items],
          element,
        );
        return { ...known, items };
      },
    });
    const found = elementsOf(this.#sql, whole.document, outer);
    return `len(list_filter(${found}, lambda ${element}: ${condition})) > 0`;
  }

  #checkRelative(path: Path): void {
    if (!path.absolute) return;
    throw this.#resolver.invalid(
      path,
      `"${
        printPath(path)
      }" starts at the node and cannot stand inside of an element`,
    );
  }
}

/**
 * Kinds up to which the scan itself looks whether a row's is one of them. With
 * `in`, the engine reads all that is asked for of every row first, documents too.
 */
const MAX_SCANNED = 8;

/** More kinds, ids or keys than this take too long to plan one by one. */
const MAX_LISTED = 400;

/** The condition that a node is of one of the kinds. */
export function kindCondition(
  sql: StatementBuilder,
  alias: string,
  kinds: readonly string[],
): string {
  if (kinds.length === 0) return "false";
  const places = kinds.slice(0, MAX_LISTED).map((kind) => sql.bind(kind));
  if (kinds.length === 1) return `${alias}.kind = ${places.join("")}`;
  if (kinds.length <= MAX_SCANNED) {
    return `list_contains([${places.join(", ")}], ${alias}.kind)`;
  }
  if (kinds.length <= MAX_LISTED) {
    return `${alias}.kind in (${places.join(", ")})`;
  }
  return `list_contains(${sql.bind(kinds)}::varchar[], ${alias}.kind)`;
}
