/**
 * SQL that reads a value.
 *
 * @module
 */

import type { PathItem } from "../query/ast.ts";
import type { ValueType } from "./field.ts";
import { jsonPointer } from "./json_path.ts";
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

/** The value as text; null when it is missing or null. */
export function textOf(sql: StatementBuilder, source: ValueSource): string {
  const { column, map, items, type } = source;
  if (column !== undefined) return columnText(column, type);
  const last = items.at(-1);
  if (map !== undefined && last !== undefined && "key" in last) {
    return `${map}[${sql.bind(last.key)}]`;
  }
  return `json_extract_string(${source.document}, ${
    sql.bind(jsonPointer(items))
  })`;
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
  return `json_extract(${source.document}, ${
    sql.bind(jsonPointer(source.items))
  })`;
}

/** The name of the value's JSON type. */
export function jsonTypeOf(sql: StatementBuilder, source: ValueSource): string {
  return `json_type(${source.document}, ${
    sql.bind(jsonPointer(source.items))
  })`;
}

/** Names of JSON types that are numbers. */
export const NUMBER_TYPES =
  "'UBIGINT', 'BIGINT', 'DOUBLE', 'HUGEINT', 'UHUGEINT'";

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
