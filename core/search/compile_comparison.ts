/**
 * Comparisons of a property with a value.
 *
 * Every condition is true, false or null, where null counts as false; whoever
 * negates one has to write `is not true`.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { canonicalJson, type Json } from "@skymap/lib/json";
import type { Operator, PathItem, Quantifier } from "../query/ast.ts";
import type { Field } from "./field.ts";
import { isEach, splitAtLast } from "./json_path.ts";
import type { StatementBuilder } from "./statement.ts";
import {
  elementsOf,
  jsonOf,
  jsonTypeOf,
  numberOf,
  reportedText,
  textOf,
  type ValueSource,
} from "./value_sql.ts";

/** A comparison, with its value as the field's kind wants it. */
export interface Comparison {
  /** For arrays: how many elements have to pass. */
  readonly quantifier?: Quantifier;
  /** The comparison. */
  readonly operator: Operator;
  /** What is compared with. */
  readonly value: Json;
}

const MIRRORED: Readonly<Partial<Record<Operator, Operator>>> = {
  "<": ">",
  ">": "<",
  "<=": ">=",
  ">=": "<=",
};

/** The condition that a field passes a comparison. */
export function compileComparison(
  sql: StatementBuilder,
  field: Field,
  comparison: Comparison,
): string {
  const operator = field.isAge === true
    ? MIRRORED[comparison.operator] ?? comparison.operator
    : comparison.operator;
  const { quantifier, value } = comparison;
  let { items } = field;
  if (quantifier !== undefined) {
    while (items.length > 0 && isEach(items.at(-1) ?? { index: 0 })) {
      items = items.slice(0, -1);
    }
  }
  const { list, rest } = splitAtLast(items);
  const test = { operator, value };
  if (list.length === 0) {
    return quantifier === undefined
      ? compare(sql, field, test)
      : compareElements(sql, { ...field, items }, quantifier, test);
  }
  if (
    quantifier === undefined && operator === "==" && field.type === "string" &&
    typeof value === "string"
  ) {
    const { document } = field;
    const all = elementsOf(sql, document, items, "json_extract_string");
    return `list_contains(${all}, ${sql.bind(value)})`;
  }
  const found = elementsOf(sql, field.document, list);
  const element = sql.name("x");
  const inner: Field = { ...bare(field), document: element, items: rest };
  const condition = quantifier === undefined
    ? compare(sql, inner, test)
    : compareElements(sql, inner, quantifier, test);
  return `len(list_filter(${found}, lambda ${element}: ${condition})) > 0`;
}

/** A field without the short cuts that hold for whole nodes only. */
function bare(field: Field): Field {
  const { path, document, items, type } = field;
  return { path, document, items, type };
}

/** `any`, `all` or `none` of the elements of the array at a place. */
function compareElements(
  sql: StatementBuilder,
  field: Field,
  quantifier: Quantifier,
  test: Comparison,
): string {
  const { document, items } = field;
  const each: readonly PathItem[] = [...items, { index: "*" }];
  const found = elementsOf(sql, document, each);
  const element = sql.name("x");
  const condition = compare(
    sql,
    { ...bare(field), document: element, items: [] },
    test,
  );
  switch (quantifier) {
    case "any":
      return `len(list_filter(${found}, lambda ${element}: ${condition})) > 0`;
    case "none":
      return `coalesce(len(list_filter(${found}, lambda ${element}: ${condition})), 0) = 0`;
    case "all": {
      const isArray = `${jsonTypeOf(sql, { ...field, items })} = 'ARRAY'`;
      return `(${isArray} and len(list_filter(${found}, lambda ${element}: (${condition}) is not true)) = 0)`;
    }
  }
}

/** One value compared with another. */
function compare(
  sql: StatementBuilder,
  source: ValueSource,
  { operator, value }: Comparison,
): string {
  switch (operator) {
    case "==":
      return equals(sql, source, value);
    case "!=":
      return `((${equals(sql, source, value)}) is not true)`;
    case "=~":
      return matches(sql, source, value);
    case "!~":
      return `((${matches(sql, source, value)}) is not true)`;
    case "in":
      return isIn(sql, source, asList(value));
    case "not in": {
      const known = asList(value).filter((item) => item !== null);
      const present = `${textOf(sql, source)} is not null`;
      return known.length === 0
        ? `(${present})`
        : `(${present} and (${isIn(sql, source, known)}) is not true)`;
    }
    default:
      return inOrder(sql, source, operator, value);
  }
}

function asList(value: Json): readonly Json[] {
  return Array.isArray(value) ? value : [value];
}

/** SQL of a value in its own type, and of the literal it is compared with. */
function typed(
  sql: StatementBuilder,
  source: ValueSource,
  value: string | number | boolean,
): readonly [string, string] {
  const { column, type } = source;
  if (type === "number") {
    return [numberOf(sql, source), sql.bindNumber(Number(value))];
  }
  const text = String(value);
  if (column !== undefined && type === "datetime") {
    return [column, `${sql.bind(text)}::timestamptz`];
  }
  if (column !== undefined && type === "boolean") {
    return [column, `${sql.bind(value)}::boolean`];
  }
  return [textOf(sql, source), sql.bind(text)];
}

function equals(
  sql: StatementBuilder,
  source: ValueSource,
  value: Json,
): string {
  if (value === null) return `${textOf(sql, source)} is null`;
  if (typeof value === "object") {
    if (source.column !== undefined || source.map !== undefined) return "false";
    // The engine writes some numbers and characters in a way of its own.
    return `${jsonOf(sql, source)}::varchar = json(${
      sql.bind(canonicalJson(value))
    })::varchar`;
  }
  const scalar = value as string | number | boolean;
  if (source.type !== "any") {
    const [left, right] = typed(sql, source, scalar);
    return `${left} = ${right}`;
  }
  if (typeof scalar === "number") {
    return `${numberOf(sql, source)} = ${sql.bindNumber(scalar)}`;
  }
  const type = typeof scalar === "string" ? "VARCHAR" : "BOOLEAN";
  return `(${textOf(sql, source)} = ${sql.bind(String(scalar))} and ${
    jsonTypeOf(sql, source)
  } = '${type}')`;
}

function isIn(
  sql: StatementBuilder,
  source: ValueSource,
  values: readonly Json[],
): string {
  if (values.length === 0) return "false";
  const scalars = values.filter((value) =>
    value !== null && typeof value !== "object"
  ) as (string | number | boolean)[];
  const others = values.filter((value) =>
    value === null || typeof value === "object"
  );
  const conditions = othersIn(sql, source, others);
  if (scalars.length > 0) {
    conditions.push(...scalarsIn(sql, source, [...new Set(scalars)]));
  }
  return `(${conditions.join(" or ")})`;
}

/** Values beyond this are bound as one list: a place each takes long to plan. */
const MAX_PLACES = 400;

/** Whether a value is null, or one of the lists and objects. */
function othersIn(
  sql: StatementBuilder,
  source: ValueSource,
  values: readonly Json[],
): string[] {
  const each = new Map(values.map((value) => [canonicalJson(value), value]));
  if (each.size > MAX_PLACES) {
    throw new SkymapError(
      "query_too_large",
      `Cannot search: a list holds more than ${MAX_PLACES} lists and objects`,
    );
  }
  return [...each.values()].map((value) => equals(sql, source, value));
}

/** Whether a value is one of a list of one type. */
function isOneOf(
  sql: StatementBuilder,
  left: string,
  values: readonly (string | number | boolean)[],
  type: "double" | "varchar",
): string {
  if (values.length > MAX_PLACES) {
    const list = `${sql.bind(values.map(String))}::varchar[]`;
    return `list_contains(${
      type === "double" ? `${list}::double[]` : list
    }, ${left})`;
  }
  const places = type === "double"
    ? values.map((value) => sql.bindNumber(Number(value)))
    : values.map((value) => sql.bind(String(value)));
  return `${left} in (${places.join(", ")})`;
}

function scalarsIn(
  sql: StatementBuilder,
  source: ValueSource,
  values: readonly (string | number | boolean)[],
): string[] {
  if (source.type !== "any") {
    if (values.length > MAX_PLACES) {
      return source.type === "number"
        ? [isOneOf(sql, numberOf(sql, source), values, "double")]
        : [isOneOf(sql, textOf(sql, source), values, "varchar")];
    }
    const pairs = values.map((value) => typed(sql, source, value));
    const [left = "null"] = pairs[0] ?? [];
    return [`${left} in (${pairs.map(([, right]) => right).join(", ")})`];
  }
  const numbers = values.filter((value) => typeof value === "number");
  const conditions: string[] = [];
  if (numbers.length > 0) {
    conditions.push(isOneOf(sql, numberOf(sql, source), numbers, "double"));
  }
  for (const name of ["VARCHAR", "BOOLEAN"]) {
    const wanted = name === "VARCHAR" ? "string" : "boolean";
    const some = values.filter((value) => jsonType(value) === wanted);
    if (some.length === 0) continue;
    conditions.push(
      `(${isOneOf(sql, textOf(sql, source), some, "varchar")} and ${
        jsonTypeOf(sql, source)
      } = '${name}')`,
    );
  }
  return conditions;
}

function jsonType(value: string | number | boolean): string {
  return typeof value;
}

/** Patterns ignore case and match anywhere. */
function matches(
  sql: StatementBuilder,
  source: ValueSource,
  value: Json,
): string {
  const pattern = typeof value === "string" ? value : canonicalJson(value);
  const text = reportedText(sql, source);
  return `regexp_matches(${text}, ${sql.bind(pattern)}, 'i')`;
}

function inOrder(
  sql: StatementBuilder,
  source: ValueSource,
  operator: "<" | ">" | "<=" | ">=",
  value: Json,
): string {
  // Null stands before everything, and nothing compares with an object.
  if (value === null) {
    if (operator === ">=") return "true";
    return operator === ">" ? `${textOf(sql, source)} is not null` : "false";
  }
  if (typeof value === "object") return "false";
  const scalar = value as string | number | boolean;
  if (source.type !== "any") {
    const [left, right] = typed(sql, source, scalar);
    return `${left} ${operator} ${right}`;
  }
  if (typeof scalar === "number") {
    return `${numberOf(sql, source)} ${operator} ${sql.bindNumber(scalar)}`;
  }
  const type = typeof scalar === "string" ? "VARCHAR" : "BOOLEAN";
  return `(${textOf(sql, source)} ${operator} ${sql.bind(String(scalar))} and ${
    jsonTypeOf(sql, source)
  } = '${type}')`;
}
