/**
 * SQL that reads a value.
 *
 * @module
 */

import type { PathItem } from "../query/ast.ts";
import type { ValueType } from "./field.ts";
import { jsonList, jsonPlace } from "./json_path.ts";
import type { StatementBuilder } from "./statement.ts";

/** A place in a document, or a column, whose value can be read in several ways. */
export interface ValueSource {
  /** SQL of a JSON document. */
  readonly document: string;
  /** Path in there, without `[*]`. */
  readonly items: readonly PathItem[];
  /** How values compare. */
  readonly type: ValueType;
  /** SQL of a column with the same value. */
  readonly column?: string;
  /** SQL of a map with the same value under the last key. */
  readonly map?: string;
}

/**
 * Some text of the value; null when it is missing or null. What people see or
 * match is {@linkcode reportedText}.
 */
export function textOf(sql: StatementBuilder, source: ValueSource): string {
  const { column, map, items, type } = source;
  if (column !== undefined) return columnText(column, type);
  const last = items.at(-1);
  if (map !== undefined && last !== undefined && "key" in last) {
    return `${map}[${sql.bind(last.key)}]`;
  }
  return `json_extract_string(${placeOf(sql, source)})`;
}

/**
 * The value as the text that was reported. The text of a number in a column
 * differs: there 10 is "10.0".
 */
export function reportedText(
  sql: StatementBuilder,
  source: ValueSource,
): string {
  return source.column !== undefined && source.type === "number"
    ? `json_extract_string(${placeOf(sql, source)})`
    : textOf(sql, source);
}

function columnText(column: string, type: ValueType): string {
  switch (type) {
    case "datetime":
      return `strftime(${column} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')`;
    case "number":
    case "boolean":
      return `${column}::varchar`;
    default:
      return column;
  }
}

/** The value as JSON; null when it is missing. */
export function jsonOf(sql: StatementBuilder, source: ValueSource): string {
  if (source.column !== undefined) return `to_json(${source.column})`;
  return `json_extract(${placeOf(sql, source)})`;
}

/** The name of the value's JSON type. */
export function jsonTypeOf(sql: StatementBuilder, source: ValueSource): string {
  return `json_type(${placeOf(sql, source)})`;
}

/** The arguments of a JSON function that say where the value is. */
export function placeOf(
  sql: StatementBuilder,
  { document, items }: Pick<ValueSource, "document" | "items">,
): string {
  return jsonPlace(document, items, (path) => sql.bind(path));
}

/** Each element that a path with `[*]` leads to, as a list of JSON or texts. */
export function elementsOf(
  sql: StatementBuilder,
  document: string,
  items: readonly PathItem[],
  read?: "json_extract" | "json_extract_string",
): string {
  return jsonList(
    document,
    items,
    (path) => sql.bind(path),
    (prefix) => sql.name(prefix),
    read,
  );
}

/** Names of JSON types that are numbers. */
const NUMBER_TYPES = "'UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT'";

/** The value as number; null when it is none. */
export function numberOf(sql: StatementBuilder, source: ValueSource): string {
  if (source.column !== undefined && source.type === "number") {
    return source.column;
  }
  const number = `try_cast(${textOf(sql, source)} as double)`;
  if (source.type === "number") return number;
  return `case when ${
    jsonTypeOf(sql, source)
  } in (${NUMBER_TYPES}) then ${number} end`;
}
