/**
 * What a search is made of, by name: to see that tests reach all of the language.
 *
 * @module
 */

import type {
  Aggregate,
  Filter,
  Merge,
  Navigation,
  Operator,
  Part,
  Path,
  Query,
  With,
} from "../query/ast.ts";

class Collector {
  readonly found = new Set<string>();

  #path({ absolute, items }: Path): void {
    for (const item of items) {
      if ("index" in item) this.found.add(item.index === "*" ? "[*]" : "[n]");
    }
    const [first] = items;
    if (first === undefined || !("key" in first)) return;
    if (absolute) this.found.add(`section ${first.key}`);
    else if (
      ["cloud", "account", "region", "zone", "age", "usage"].includes(first.key)
    ) this.found.add(`short ${first.key}`);
  }

  filter(filter: Filter, where: string = ""): void {
    const { found } = this;
    found.add(`${where}${filter.type}`);
    switch (filter.type) {
      case "predicate": {
        this.#path(filter.path);
        const { quantifier, operator, value } = filter;
        found.add(
          quantifier === undefined
            ? `${where}${operator}`
            : `${quantifier} ${COMPARISONS[operator]}`,
        );
        if (value === null) found.add("null");
        break;
      }
      case "call":
        this.#path(filter.path);
        found.add(filter.name);
        break;
      case "block":
        this.#path(filter.path);
        this.filter(filter.filter, where);
        break;
      case "not":
        this.filter(filter.filter, where);
        break;
      case "combine":
        found.add(`${where}${filter.operator}`);
        this.filter(filter.left, where);
        this.filter(filter.right, where);
    }
  }

  navigation(navigation: Navigation): void {
    const { direction, types, outTypes, from, to, filter } = navigation;
    const { found } = this;
    found.add(`navigation ${direction}`);
    found.add(`range ${from > 2 ? "far" : from}:${to ?? ""}`);
    found.add(`${types.length} edge types`);
    for (const type of types) found.add(`edge ${type}`);
    if (outTypes !== undefined) found.add("edge types out");
    if (filter !== undefined) this.filter(filter, "edge ");
  }

  with({ form, count, navigation, filter, with: nested }: With): void {
    this.found.add(`with ${form}`);
    this.found.add(`with count ${count.operator}`);
    this.navigation(navigation);
    if (filter !== undefined) this.filter(filter);
    if (nested !== undefined) {
      this.found.add("with nested");
      this.with(nested);
    }
  }

  merge({ queries, after }: Merge): void {
    const { found } = this;
    if (queries.length > 1) found.add("several merges");
    for (const { list, query } of queries) {
      found.add(
        query.aggregate !== undefined
          ? "merge of aggregate"
          : list
          ? "merge of all"
          : "merge of first",
      );
      if (query.parts.length > 2) found.add("merge of several parts");
      if (query.parts.at(-1)?.limit !== undefined) {
        found.add("merge with limit");
      }
      this.query(query);
    }
    if (after !== undefined) {
      found.add("filter after merge");
      this.filter(after);
    }
  }

  aggregate({ groups, functions }: Aggregate): void {
    for (const { value } of groups) {
      this.found.add(`group by ${value.type}`);
      if (value.type === "path") this.#path(value);
    }
    if (groups.length === 0) this.found.add("no group");
    for (const { name, value, operations } of functions) {
      this.found.add(`${name}()`);
      if (typeof value !== "number") this.#path(value);
      for (const { operator, value } of operations) {
        this.found.add(`arithmetic ${operator}`);
        if (typeof value === "number") continue;
        this.found.add("arithmetic with a property");
        this.#path(value);
      }
    }
  }

  part(part: Part): void {
    const { found } = this;
    const { sort, limit, merge, navigation } = part;
    this.filter(part.filter);
    if (merge !== undefined) this.merge(merge);
    if (part.with !== undefined) this.with(part.with);
    if (part.tag !== undefined) found.add("tag");
    for (const { direction, path } of sort) {
      found.add(`sort ${direction}`);
      this.#path(path);
    }
    if (limit !== undefined) {
      found.add(limit.offset > 0 ? "limit with offset" : "limit");
    }
    if (part.reversed) found.add("reversed");
    if (navigation !== undefined) this.navigation(navigation);
  }

  query({ aggregate, parts }: Query): void {
    if (aggregate !== undefined) this.aggregate(aggregate);
    this.found.add(`${parts.length} parts`);
    for (const part of parts) this.part(part);
  }
}

/** Names of the constructs of a search. */
export function constructsOf(query: Query): ReadonlySet<string> {
  const collector = new Collector();
  collector.query(query);
  return collector.found;
}

/** Operators, by what they are about. */
const COMPARISONS: Readonly<Record<Operator, string>> = {
  "==": "equal",
  "!=": "equal",
  "<": "order",
  "<=": "order",
  ">": "order",
  ">=": "order",
  "in": "list",
  "not in": "list",
  "=~": "pattern",
  "!~": "pattern",
};
const OPERATORS = Object.keys(COMPARISONS);

function each(prefix: string, names: string): string[] {
  return names.split(",").map((name) => `${prefix}${name.trim()}`);
}

/** Every construct that random searches have to reach. */
export const CONSTRUCTS: readonly string[] = [
  ...each(
    "",
    "all, is, id, text, predicate, call, block, not, combine, and, or",
  ),
  ...OPERATORS,
  ...["any", "all", "none"].flatMap((quantifier) =>
    ["equal", "order", "list", "pattern"].map((name) => `${quantifier} ${name}`)
  ),
  ...each("", "in_subnet, has_key, has_desired_change, null, [*], [n]"),
  ...each("short ", "cloud, account, region, zone, age"),
  ...each("section ", "id, kinds, flat, reported, desired, metadata"),
  ...each("section ", "ancestors, descendants, security, usage"),
  ...each("navigation ", "out, in, both"),
  ...each("range ", "0:0, 0:1, 0:2, 0:, 1:1, 1:3, 1:, 2:2, 2:3, 2:, far:15"),
  ...each("edge ", "default, delete, iam, predicate, combine, not"),
  ...each("", "1 edge types, 2 edge types, 3 edge types, edge types out"),
  ...each("with ", "empty, any, count, nested"),
  ...each("with count ", "==, !=, <, <=, >, >="),
  ...each(
    "merge ",
    "of aggregate, of all, of first, of several parts, with limit",
  ),
  ...each("", "several merges, filter after merge"),
  ...each("group by ", "path, template"),
  ...each("arithmetic ", "+, -, *, /, %"),
  ...each("", "sum(), count(), min(), max(), avg(), stddev(), variance()"),
  ...each("", "no group, tag, sort asc, sort desc, limit, limit with offset"),
  ...each("", "reversed, 1 parts, 2 parts, 3 parts"),
];
