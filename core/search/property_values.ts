/**
 * Which keys an object has over many nodes, and which values a property.
 *
 * @module
 */

import { messageOf, SkymapError } from "@skymap/lib/errors";
import type {
  Filter,
  Operator,
  Part,
  Path,
  Predicate,
  Query,
} from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { printPath } from "../query/print.ts";
import { allOf } from "./filter_paths.ts";
import { invalidQuery } from "./invalid_query.ts";
import { isEach, jsonPlace } from "./json_path.ts";
import { PLAIN_PART } from "./part_rows.ts";
import type { Resolver } from "./resolver.ts";
import type { Parameter, Statement } from "./statement.ts";

/** A property, and which of its keys or values are wanted. */
export interface WantedProperty {
  /** The property. */
  readonly path: Path;
  /** What a key or value has to pass. */
  readonly test?: Pick<Predicate, "operator" | "value">;
  /** How a key has to begin. */
  readonly prefix?: string;
}

/** Which stretch of the answer is wanted. */
export interface PropertyPage {
  /** How many at most. */
  readonly limit: number;
  /** How many are left out first. */
  readonly skip: number;
}

const OPERATORS: readonly Operator[] = ["=~", "!~", "==", "!=", "in", "not in"];

function onlyPredicate(text: string): Predicate | undefined {
  const { aggregate, parts } = parseQuery(text);
  const [part] = parts;
  return aggregate === undefined && parts.length === 1 &&
      part?.filter.type === "predicate" && part.filter.quantifier === undefined
    ? part.filter
    : undefined;
}

/** A path may stand alone, which is no search. */
function readPath(text: string): Path | undefined {
  try {
    return onlyPredicate(`${text} != null`)?.path;
  } catch {
    return undefined;
  }
}

/** The path without its place, which is not one in the text of the search. */
function unplaced(path: Path): Path {
  return { ...path, items: [...path.items] };
}

/**
 * Reads a property, alone or with a comparison: `tags` or `tags =~ "^own"`.
 *
 * @throws SkymapError `query_invalid`
 */
export function readProperty(text: string): WantedProperty {
  const path = readPath(text);
  if (path !== undefined) return { path: unplaced(path) };
  let found: Predicate | undefined;
  let reason = "";
  try {
    found = onlyPredicate(text);
  } catch (error) {
    reason = `; as a comparison: ${messageOf(error)}`;
  }
  if (found === undefined) {
    throw new SkymapError(
      "query_invalid",
      `Cannot read the property "${text}": it is neither a path such as ` +
        `tags.owner nor a comparison such as tags.owner =~ "^a"${reason}`,
    );
  }
  const { operator, value } = found;
  if (!OPERATORS.includes(operator)) {
    throw invalidQuery(
      text,
      found,
      `keys and values are compared as text by ${
        OPERATORS.join(", ")
      }, not by ${operator}`,
    );
  }
  return { path: unplaced(found.path), test: { operator, value } };
}

/** The search with nothing but the nodes of these kinds at its end. */
export function ofKinds(query: Query, kinds: readonly string[]): Query {
  if (kinds.length === 0) return query;
  const filter: Filter = { type: "is", kinds };
  const last = query.parts.at(-1) ?? PLAIN_PART;
  return last.navigation === undefined && last.limit === undefined
    ? {
      ...query,
      parts: [
        ...query.parts.slice(0, -1),
        { ...last, filter: allOf([last.filter, filter]) },
      ],
    }
    : {
      ...query,
      parts: [...query.parts, { ...PLAIN_PART, filter } satisfies Part],
    };
}

/** The search of a property's values: each with how many nodes have it. */
export function valuesQuery(query: Query, path: Path): Query {
  return {
    ...query,
    aggregate: {
      type: "aggregate",
      groups: [{ value: path, as: "value" }],
      functions: [{ name: "count", value: 1, operations: [], as: "count" }],
    },
  };
}

/** Binds more values behind those of a statement. */
class Extension {
  readonly #parameters: Parameter[];

  constructor({ parameters }: Statement) {
    this.#parameters = [...parameters];
  }

  bind(value: Parameter): string {
    this.#parameters.push(value);
    return `$${this.#parameters.length}`;
  }

  /** SQL of a condition on a text. */
  test(text: string, { test, prefix }: Omit<WantedProperty, "path">): string {
    const conditions = [
      ...(test === undefined ? [] : [this.#compare(text, test)]),
      ...(prefix === undefined ? [] : [
        `starts_with(lower(${text}), lower(${this.bind(prefix)}::varchar))`,
      ]),
    ];
    return conditions.length === 0 ? "true" : conditions.join(" and ");
  }

  #compare(
    text: string,
    { operator, value }: Pick<Predicate, "operator" | "value">,
  ): string {
    if (operator === "in" || operator === "not in") {
      const values = (Array.isArray(value) ? value : [value]).map(String);
      const found = `list_contains(${this.bind(values)}::varchar[], ${text})`;
      return operator === "in" ? found : `not ${found}`;
    }
    const place = `${this.bind(String(value))}::varchar`;
    switch (operator) {
      case "=~":
        return `regexp_matches(${text}, ${place}, 'i')`;
      case "!~":
        return `not regexp_matches(${text}, ${place}, 'i')`;
      default:
        return `${text} ${operator === "==" ? "=" : "<>"} ${place}`;
    }
  }

  /** The most frequent first, and the end that tells a whole answer. */
  finish(
    groups: string,
    name: string,
    { limit, skip }: PropertyPage,
  ): Statement {
    const line = `concat('{"${name}":', ${name}, ',"count":', count, '}')`;
    return {
      sql: `select line from (select ${line} as line from (${groups}) ` +
        `order by count desc, ${name} limit ${this.bind(limit)}::bigint ` +
        `offset ${this.bind(skip)}::bigint) union all select null`,
      parameters: this.#parameters,
    };
  }
}

/** A statement of the values, given that of {@linkcode valuesQuery}. */
export function compileValues(
  statement: Statement,
  wanted: WantedProperty,
  page: PropertyPage,
): Statement {
  const more = new Extension(statement);
  const pairs = `select json_extract(line, '$.group.value') as value, ` +
    `json_extract(line, '$.count')::bigint as count ` +
    `from (${statement.sql}) where line is not null`;
  const groups = `select value::varchar as value, count from (${pairs}) ` +
    `where json_type(value) <> 'NULL' and ` +
    more.test("json_extract_string(value, '$')", wanted);
  return more.finish(groups, "value", page);
}

/** What keys are read of. */
export interface KeysOf {
  /** A statement of the ids of the nodes. */
  readonly ids: Statement;
  /** What names stand for. */
  readonly resolver: Resolver;
  /** Sequence number whose state is searched. Default: the present. */
  readonly sequence?: number;
}

/** A statement of the keys that an object has. */
export function compileKeys(
  { ids, resolver, sequence }: KeysOf,
  wanted: WantedProperty,
  page: PropertyPage,
): Statement {
  const { path } = wanted;
  const items = resolver.absolute(path, []);
  const [root, ...rest] = items;
  const column = root !== undefined && "key" in root ? root.key : "";
  if (!["reported", "desired", "metadata"].includes(column)) {
    throw resolver.invalid(
      path,
      `"${printPath(path)}" is no object of a node's own; keys are known of ` +
        `reported, desired and metadata`,
    );
  }
  if (rest.some(isEach)) {
    throw resolver.invalid(
      path,
      `"${
        printPath(path)
      }" has many elements, and the keys of one object are asked for`,
    );
  }
  // An unknown property is an error, as it is in a search.
  if (column === "reported") resolver.nodeField(path, items, "n");
  const more = new Extension(ids);
  const object = rest.length === 0
    ? `n.${column}::json`
    : `json_extract(${
      jsonPlace(`n.${column}`, rest, (step) => `${more.bind(step)}::varchar`)
    })`;
  const at = sequence === undefined
    ? undefined
    : `${more.bind(sequence)}::bigint`;
  const when = at === undefined
    ? "n.valid_to is null"
    : `n.valid_from <= ${at} and (n.valid_to is null or n.valid_to > ${at})`;
  const keys = `select unnest(json_keys(o)) as name from (` +
    `select ${object} as o from node n where ${when} and n.id in ` +
    `(select line from (${ids.sql}) where line is not null)` +
    `) where json_type(o) = 'OBJECT'`;
  const groups = `select to_json(name)::varchar as key, count(*) as count ` +
    `from (${keys}) where ${more.test("name", wanted)} group by name`;
  return more.finish(groups, "key", page);
}
