/**
 * Orders of a search as SQL.
 *
 * @module
 */

import type { SortKey } from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import type { FilterScope } from "./compile_filter.ts";
import type { Field } from "./field.ts";
import type { Resolver } from "./resolver.ts";
import { hasEach } from "./resolver.ts";
import type { StatementBuilder } from "./statement.ts";
import { jsonOf, numberOf, textOf } from "./value_sql.ts";

/** One expression of an order. */
export interface OrderTerm {
  /** SQL of the value. */
  readonly value: string;
  /** Whether the largest comes first. */
  readonly descending: boolean;
}

/**
 * The terms of an order. What is missing stands before everything else, and
 * values of several types are ordered by type first.
 */
export function orderTerms(
  sql: StatementBuilder,
  resolver: Resolver,
  scope: FilterScope,
  keys: readonly SortKey[],
): readonly OrderTerm[] {
  return keys.flatMap(({ path, direction }) => {
    const field = scope.field(path);
    if (hasEach(field.items)) {
      throw resolver.invalid(
        path,
        `"${printPath(path)}" has many values and gives no order`,
      );
    }
    const descending = (direction === "desc") !== (field.isAge === true);
    return values(sql, field).map((value) => ({ value, descending }));
  });
}

function values(sql: StatementBuilder, field: Field): readonly string[] {
  switch (field.type) {
    case "number":
      return [numberOf(sql, field)];
    case "any": {
      const json = `${jsonOf(sql, field)}::varchar`;
      const rank = `case when ${json} is null or ${json} = 'null' then 0 ` +
        `when ${json} in ('true', 'false') then 1 ` +
        `when starts_with(${json}, '"') then 3 ` +
        `when starts_with(${json}, '[') then 4 ` +
        `when starts_with(${json}, '{') then 5 else 2 end`;
      const number = `case when not starts_with(${json}, '"') ` +
        `then try_cast(${json} as double) end`;
      return [rank, number, textOf(sql, field)];
    }
    case "datetime":
      return [field.column ?? textOf(sql, field)];
    default:
      return [textOf(sql, field)];
  }
}

/** `order by` terms; nulls come first where small values do. */
export function orderSql(
  terms: readonly OrderTerm[],
  reversed: boolean = false,
): string {
  return terms.map(({ value, descending }) =>
    descending === reversed
      ? `${value} asc nulls first`
      : `${value} desc nulls last`
  ).join(", ");
}
