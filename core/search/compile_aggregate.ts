/**
 * Aggregations as SQL.
 *
 * @module
 */

import type {
  Aggregate,
  AggregateFunction,
  AggregateName,
  Arithmetic,
  GroupVariable,
  Path,
} from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import type { FilterScope } from "./compile_filter.ts";
import type { Field } from "./field.ts";
import { splitAtLast } from "./json_path.ts";
import { hasEach, type Resolver } from "./resolver.ts";
import type { StatementBuilder } from "./statement.ts";
import {
  elementsOf,
  jsonOf,
  numberOf,
  reportedText,
  textOf,
  type ValueSource,
} from "./value_sql.ts";

/** Rows to aggregate. */
export interface AggregateRows {
  /** SQL behind `from`. */
  readonly from: string;
  /** Condition on the rows. */
  readonly where: string;
  /** Fields of a row. */
  readonly scope: FilterScope;
  /** SQL of a column that separates one aggregation from the next. */
  readonly origin?: string;
}

const ACROSS: Readonly<Record<AggregateName, string>> = {
  sum: "sum",
  count: "count",
  min: "min",
  max: "max",
  avg: "avg",
  stddev: "stddev_pop",
  variance: "var_pop",
};

const WITHIN: Readonly<Record<AggregateName, string>> = {
  sum: "list_sum",
  count: "len",
  min: "list_min",
  max: "list_max",
  avg: "list_avg",
  stddev: "list_stddev_pop",
  variance: "list_var_pop",
};

/** The name that a group has in the answer. */
export function groupName({ value, as }: GroupVariable): string {
  if (as !== undefined) return as;
  if (value.type === "template") {
    const text = value.parts.map((part) =>
      typeof part === "string" ? part : printPath(part)
    ).join("");
    return text.replace(/\W/g, "_");
  }
  const last = value.items.findLast((item) => "key" in item);
  return last !== undefined && "key" in last
    ? last.key.replace(/\W/g, "_")
    : printPath(value).replace(/\W/g, "_");
}

/** The name that a function has in the answer. */
export function functionName({ name, value, as }: AggregateFunction): string {
  if (as !== undefined) return as;
  const operand = typeof value === "number" ? String(value) : printPath(value);
  return `${name}_of_${operand}`.replace(/\W/g, "_");
}

/** SQL of a number as JSON: whole ones without a fraction, others as they are. */
function numberJson(value: string): string {
  return `case when ${value} is null or not isfinite(${value}) then 'null' ` +
    `when ${value} = trunc(${value}) and abs(${value}) < 1e15 ` +
    `then ${value}::bigint::varchar else ${value}::varchar end`;
}

/** An aggregation in the making: columns of its rows, then of its groups. */
class AggregateCompiler {
  readonly #sql: StatementBuilder;
  readonly #resolver: Resolver;
  readonly #scope: FilterScope;
  /** Arrays that are unfolded into rows, by their SQL, with their column. */
  readonly #unfolded = new Map<string, string>();
  readonly #columns = new Map<string, string>();

  constructor(
    sql: StatementBuilder,
    resolver: Resolver,
    scope: FilterScope,
  ) {
    this.#sql = sql;
    this.#resolver = resolver;
    this.#scope = scope;
  }

  /** SQL of a JSON text for each group. */
  compile(aggregate: Aggregate, rows: AggregateRows): string {
    const sql = this.#sql;
    const groups = aggregate.groups.map((group) => {
      const text = this.#plainColumn(group);
      return { value: text ?? this.#group(group), isText: text !== undefined };
    });
    const functions = aggregate.functions.map((fn) => this.#function(fn));
    const names = groups.map((_, at) => `g${at}`);
    const origin = rows.origin === undefined ? [] : ["origin"];
    const grouped = [
      ...origin,
      ...groups.map(({ value }, at) => `${value} as g${at}`),
      ...functions.map((value, at) => `(${value})::double as f${at}`),
    ];
    const by = [...origin, ...names];
    const inner = `select ${grouped.join(", ")} from ${this.#rows(rows)}` +
      (by.length === 0 ? "" : ` group by ${by.join(", ")}`);
    const fields = aggregate.functions.map((fn, at) =>
      `${sql.bind(`${JSON.stringify(functionName(fn))}:`)}, ${
        numberJson(`f${at}`)
      }`
    );
    const heads = aggregate.groups.map((group, at) =>
      `${sql.bind(`${JSON.stringify(groupName(group))}:`)}, coalesce(${
        groups[at]?.isText === true ? `to_json(g${at})::varchar` : `g${at}`
      }, 'null')`
    );
    const group = heads.length === 0
      ? ""
      : `'"group":{', ${heads.join(`, ',', `)}, '},', `;
    const line = `concat('{', ${group}${fields.join(`, ',', `)}, '}')`;
    return `select ${
      [...origin, `${line} as line`].join(", ")
    } from (${inner})`;
  }

  /** The rows, with a column for each value that is read of them. */
  #rows({ from, where, origin }: AggregateRows): string {
    const columns = [
      ...(origin === undefined ? [] : [`${origin} as origin`]),
      ...[...this.#columns].map(([value, name]) => `${value} as ${name}`),
      ...[...this.#unfolded].map(([value, name]) => `${value} as l${name}`),
    ];
    const list = columns.length === 0 ? "1 as one" : columns.join(", ");
    let rows = `(select ${list} from ${from} where ${where})`;
    for (const name of this.#unfolded.values()) {
      rows = `(select *, unnest(l${name}) as ${name} from ${rows})`;
    }
    return rows;
  }

  #column(value: string): string {
    const known = this.#columns.get(value);
    if (known !== undefined) return known;
    const name = this.#sql.name("c");
    this.#columns.set(value, name);
    return name;
  }

  /** What is read of a field: of the row itself, or of an unfolded element. */
  #source(field: Field, unfold: boolean): ValueSource | undefined {
    const { list, rest } = splitAtLast(field.items);
    if (list.length === 0) return field;
    const found = elementsOf(this.#sql, field.document, list);
    let element = this.#unfolded.get(found);
    if (element === undefined) {
      if (!unfold) return undefined;
      element = this.#sql.name("e");
      this.#unfolded.set(found, element);
    }
    return { document: element, items: rest, type: field.type };
  }

  /** A column of texts is grouped as it is, and made JSON once for each group. */
  #plainColumn({ value }: GroupVariable): string | undefined {
    if (value.type !== "path") return undefined;
    const { column, type } = this.#scope.field(value);
    return type === "string" && column !== undefined
      ? this.#column(column)
      : undefined;
  }

  /** SQL of a group as JSON text. */
  #group({ value }: GroupVariable): string {
    if (value.type === "path") return this.#json(value);
    const parts = value.parts.map((part) =>
      typeof part === "string"
        ? `${this.#sql.bind(part)}::varchar`
        : this.#text(part)
    );
    return `to_json(concat(${parts.join(", ")}))::varchar`;
  }

  #json(path: Path): string {
    const field = this.#scope.field(path);
    const source = this.#source(field, true) ?? field;
    const value = source.column === undefined && source.map === undefined
      ? `nullif(${jsonOf(this.#sql, source)}::varchar, 'null')`
      : source.type === "number" && source.column !== undefined
      ? `case when ${source.column} is not null then ${
        numberJson(source.column)
      } end`
      : source.type === "boolean"
      ? textOf(this.#sql, source)
      : `to_json(${textOf(this.#sql, source)})::varchar`;
    return source === field ? this.#column(value) : value;
  }

  #text(path: Path): string {
    const field = this.#scope.field(path);
    const source = this.#source(field, true) ?? field;
    const value = reportedText(this.#sql, source);
    return source === field ? this.#column(value) : value;
  }

  #function(fn: AggregateFunction): string {
    const { name, value, operations } = fn;
    // As in the original: every row counts, whether it has the value or not.
    if (name === "count") return "count(*)";
    const result = operations.reduce(
      (left, { operator, value }) =>
        this.#arithmetic(left, operator, this.#operand(fn, value)),
      this.#operand(fn, value),
    );
    const total = `${ACROSS[name]}(${result})`;
    return name === "sum" ? `coalesce(${total}, 0)` : total;
  }

  /** SQL of a number that a function is computed of. */
  #operand(fn: AggregateFunction, value: Path | number): string {
    return typeof value === "number"
      ? this.#sql.bindNumber(value)
      : this.#property(fn, value);
  }

  #property({ name }: AggregateFunction, path: Path): string {
    const field = this.#scope.field(path);
    if (hasEach(field.items)) {
      const source = this.#source(field, false);
      return source === undefined
        ? this.#column(this.#within(name, field))
        : this.#number(source);
    }
    if (field.isAge === true) {
      const now = this.#sql.bindNumber(this.#resolver.nowMs / 1000);
      const at = field.column ??
        `try_cast(${textOf(this.#sql, field)} as timestamptz)`;
      return this.#column(`(${now} - epoch(${at}))`);
    }
    if (field.type === "string" || field.type === "datetime") {
      throw this.#resolver.invalid(
        path,
        `${name} takes numbers, and "${printPath(path)}" holds a ${
          field.type === "string" ? "text" : "time"
        }`,
      );
    }
    return this.#column(this.#number(field));
  }

  #number(source: ValueSource): string {
    if (source.type === "boolean") {
      return `(${textOf(this.#sql, source)} = 'true')::int`;
    }
    return numberOf(this.#sql, source);
  }

  /** The function over the elements of one row. */
  #within(name: AggregateName, field: Field): string {
    const { list, rest } = splitAtLast(field.items);
    const element = this.#sql.name("x");
    const value = numberOf(this.#sql, {
      document: element,
      items: rest,
      type: field.type,
    });
    const found = elementsOf(this.#sql, field.document, list);
    return `${
      WITHIN[name]
    }(list_transform(${found}, lambda ${element}: ${value}))`;
  }

  #arithmetic(
    left: string,
    operator: Arithmetic["operator"],
    right: string,
  ): string {
    return operator === "/" || operator === "%"
      ? `(${left} ${operator} nullif(${right}, 0))`
      : `(${left} ${operator} ${right})`;
  }
}

/** SQL of a select with a column `line`, the JSON text of each group. */
export function compileAggregate(
  sql: StatementBuilder,
  resolver: Resolver,
  aggregate: Aggregate,
  rows: AggregateRows,
): string {
  return new AggregateCompiler(sql, resolver, rows.scope)
    .compile(aggregate, rows);
}
