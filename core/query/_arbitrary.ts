/**
 * Random searches for tests, in the one form that printing keeps.
 *
 * @module
 */

import fc from "fast-check";
import type { Json } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";
import type {
  Aggregate,
  Filter,
  Limit,
  Merge,
  Navigation,
  Operator,
  Part,
  Path,
  PathItem,
  Query,
  SortKey,
  With,
  WithUsage,
} from "./ast.ts";

const NAMES = ["a", "name", "all", "not", "sort", "foo-bar", "_x9", "limit"];

const text = fc.oneof(
  fc.constantFrom("", "x", "a b", 'q"uote', "back\\slash", "\\d+", "é\n\t`'"),
  fc.string({ unit: "grapheme", maxLength: 12 }),
);

const name = fc.oneof(
  fc.constantFrom("kind", "aws_volume", "a1", "x-y", "0"),
  text,
);

const literal = fc.constantFrom("x", "a_b", "red", "7up", "a-b");

const key: fc.Arbitrary<PathItem> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...NAMES) },
  {
    weight: 1,
    arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 6 })
      .filter((value) => !value.includes("`")),
  },
).map((value) => ({ key: value }));

const index: fc.Arbitrary<PathItem> = fc.oneof(
  fc.constant<PathItem>({ index: "*" }),
  fc.nat(20).map((value): PathItem => ({ index: value })),
);

/** A property. */
export const path: fc.Arbitrary<Path> = fc.record({
  type: fc.constant("path" as const),
  absolute: fc.boolean(),
  items: fc.tuple(
    key,
    fc.array(fc.oneof({ weight: 3, arbitrary: key }, index), { maxLength: 3 }),
  ).map(([first, rest]) => [first, ...rest]),
});

const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(2 ** 53, -(2 ** 63), 1e20, 1e21),
).map((value) => Object.is(value, -0) ? 0 : value);

const scalar: fc.Arbitrary<Json> = fc.oneof(
  text,
  number,
  fc.boolean(),
  fc.constant(null),
);

/** A value. */
export const value: fc.Arbitrary<Json> = fc.oneof(
  { weight: 5, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 1,
    arbitrary: fc.dictionary(text, scalar, {
      maxKeys: 3,
      noNullPrototype: true,
    })
      // An object of numbers orders its keys by itself.
      .map((entries): Json => entries),
  },
);

/** A comparison. */
export const operator: fc.Arbitrary<Operator> = fc.constantFrom(
  "<=",
  ">=",
  "<",
  ">",
  "==",
  "!=",
  "=~",
  "!~",
  "in",
  "not in",
);

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ type: "all" }),
  fc.array(name, { minLength: 1, maxLength: 3 }).map((kinds): Filter => ({
    type: "is",
    kinds,
  })),
  fc.array(name, { minLength: 1, maxLength: 3 }).map((ids): Filter => ({
    type: "id",
    ids,
  })),
  text.map((phrase): Filter => ({ type: "text", text: phrase })),
  fc.tuple(
    path,
    fc.option(fc.constantFrom("any" as const, "all" as const, "none" as const)),
    operator,
    value,
  ).map(([property, quantifier, compare, operand]): Filter => ({
    type: "predicate",
    path: property,
    ...(quantifier !== null && { quantifier }),
    operator: compare,
    value: operand,
  })),
  fc.record({
    type: fc.constant("call" as const),
    name: fc.constantFrom(
      "in_subnet" as const,
      "has_key" as const,
      "has_desired_change" as const,
    ),
    path,
    args: fc.array(value, { maxLength: 2 }),
  }),
);

/** A condition. */
export const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({ type: fc.constant("not" as const), filter: tie("filter") }),
    fc.record({
      type: fc.constant("combine" as const),
      operator: fc.constantFrom("and" as const, "or" as const),
      left: tie("filter"),
      right: tie("filter"),
    }),
    fc.record({
      type: fc.constant("block" as const),
      path,
      filter: tie("filter"),
    }),
  ),
}));

const edgeTypes: fc.Arbitrary<EdgeType[]> = fc.constantFrom<EdgeType[]>(
  ["default"],
  ["delete"],
  ["iam"],
  ["delete", "default"],
);

/** Steps along edges. */
export const navigation: fc.Arbitrary<Navigation> = fc.tuple(
  fc.constantFrom("out" as const, "in" as const, "both" as const),
  edgeTypes,
  fc.option(edgeTypes),
  fc.nat(3),
  fc.option(fc.nat(3)),
  fc.option(filter, { freq: 4 }),
).map(([direction, types, outTypes, from, more, edges]): Navigation => ({
  type: "navigation",
  direction,
  types,
  ...(direction === "both" && outTypes !== null &&
    outTypes.join() !== types.join() && { outTypes }),
  from,
  ...(more !== null && { to: from + more }),
  ...(edges !== null && { filter: edges }),
}));

const withClause: fc.Arbitrary<With> = fc.letrec<{ clause: With }>((tie) => ({
  clause: fc.tuple(
    fc.constantFrom<Pick<With, "form" | "count">>(
      { form: "empty", count: { operator: "==", value: 0 } },
      { form: "any", count: { operator: ">", value: 0 } },
      { form: "count", count: { operator: ">=", value: 2 } },
      { form: "count", count: { operator: "!=", value: 1 } },
    ),
    navigation,
    fc.option(filter),
    fc.option(tie("clause"), { maxDepth: 2, depthIdentifier: "with" }),
  ).map(([form, steps, condition, nested]): With => ({
    type: "with",
    ...form,
    navigation: steps,
    ...(condition !== null && { filter: condition }),
    ...(nested !== null && { with: nested }),
  })),
})).clause;

const sort: fc.Arbitrary<SortKey[]> = fc.array(
  fc.record({
    path,
    direction: fc.constantFrom("asc" as const, "desc" as const),
  }),
  { maxLength: 2 },
);

const limit: fc.Arbitrary<Limit> = fc.record({
  offset: fc.nat(5),
  length: fc.nat(50),
});

const usage: fc.Arbitrary<WithUsage> = fc.record({
  type: fc.constant("with_usage" as const),
  start: fc.constantFrom({ agoMs: 86_400_000 }, { at: "2023-06-10T12:23:21Z" }),
  metrics: fc.array(literal, { minLength: 1, maxLength: 3 }),
});

const plainPart: fc.Arbitrary<Part> = fc.tuple(
  filter,
  fc.option(usage, { freq: 8 }),
  fc.option(withClause, { freq: 3 }),
  fc.option(literal, { freq: 4 }),
  sort,
  fc.option(limit, { freq: 2 }),
  fc.boolean(),
).map(([condition, withUsage, clause, tag, keys, window, reversed]): Part => ({
  type: "part",
  filter: condition,
  ...(withUsage !== null && { withUsage }),
  ...(clause !== null && { with: clause }),
  ...(tag !== null && { tag }),
  sort: keys,
  ...(window !== null && { limit: window }),
  reversed,
}));

const aggregate: fc.Arbitrary<Aggregate> = fc.record({
  type: fc.constant("aggregate" as const),
  groups: fc.array(
    fc.tuple(
      fc.oneof(
        path,
        fc.constant({
          type: "template" as const,
          parts: [
            "some_",
            { type: "path" as const, absolute: false, items: [{ key: "x" }] },
          ],
        }),
      ),
      fc.option(literal),
    ).map(([group, as]) => ({ value: group, ...(as !== null && { as }) })),
    { maxLength: 2 },
  ),
  functions: fc.array(
    fc.tuple(
      fc.constantFrom("sum" as const, "count" as const, "stddev" as const),
      fc.oneof(path, fc.nat(9)),
      fc.array(
        fc.record({
          operator: fc.constantFrom(
            "+" as const,
            "-" as const,
            "*" as const,
            "/" as const,
            "%" as const,
          ),
          value: fc.oneof(number, path),
        }),
        { maxLength: 2 },
      ),
      fc.option(literal),
    ).map(([fn, operand, operations, as]) => ({
      name: fn,
      value: operand,
      operations,
      ...(as !== null && { as }),
    })),
    { minLength: 1, maxLength: 2 },
  ),
});

function joinParts(
  parts: readonly Part[],
  steps: readonly Navigation[],
): Part[] {
  return parts.map((part, at) => {
    const next = steps[at];
    const last = at === parts.length - 1;
    return last || next === undefined ? part : { ...part, navigation: next };
  });
}

const merge: fc.Arbitrary<Merge> = fc.tuple(
  fc.array(
    fc.tuple(
      fc.array(fc.constantFrom("x", "foo", "b-c"), {
        minLength: 1,
        maxLength: 2,
      }),
      fc.boolean(),
      navigation,
      plainPart,
      fc.option(aggregate, { freq: 4 }),
    ).map(([path, list, steps, part, sums]) => ({
      name: path,
      list: list || sums !== null,
      query: {
        type: "query" as const,
        ...(sums !== null && { aggregate: sums }),
        parts: [
          {
            type: "part" as const,
            filter: { type: "all" as const },
            sort: [],
            reversed: false,
            navigation: steps,
          },
          part,
        ],
      },
    })),
    { minLength: 1, maxLength: 2 },
  ),
  fc.option(filter),
).map(([queries, after]): Merge => ({
  type: "merge",
  queries,
  ...(after !== null && { after }),
}));

/** A whole search. */
export const query: fc.Arbitrary<Query> = fc.tuple(
  fc.option(aggregate, { freq: 3 }),
  fc.array(plainPart, { minLength: 1, maxLength: 3 }),
  fc.array(navigation, { minLength: 3, maxLength: 3 }),
  fc.option(navigation),
  fc.option(merge, { freq: 3 }),
).map(([sums, parts, steps, last, joined]): Query => {
  const all = joinParts(parts, steps);
  const final = all.at(-1);
  if (final !== undefined) {
    all[all.length - 1] = {
      ...final,
      ...(joined !== null && { merge: joined }),
      ...(last !== null && { navigation: last }),
    };
  }
  return {
    type: "query",
    ...(sums !== null && { aggregate: sums }),
    parts: all,
  };
});
