/**
 * Random searches about what is in a random graph.
 *
 * @module
 */

import fc from "fast-check";
import type { Json } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";
import type {
  Aggregate,
  AggregateName,
  Arithmetic,
  Filter,
  MergeQuery,
  Navigation,
  Operator,
  Part,
  Path,
  PathItem,
  Query,
  With,
} from "../query/ast.ts";
import { documentOf, valuesAt } from "./_naive_values.ts";
import {
  ADDRESSES,
  KINDS,
  NUMBERS,
  type RandomGraph,
  TIMES,
  WORDS,
} from "./_random_graph.ts";

export { NOW_MS, zooRegistry } from "./_random_graph.ts";

function items(text: string): readonly PathItem[] {
  return text.split(/(?=\[)|\./).map((step): PathItem => {
    if (step === "[*]") return { index: "*" };
    const index = /^\[(\d+)\]$/.exec(step)?.[1];
    return index === undefined ? { key: step } : { index: Number(index) };
  });
}

function path(text: string): Path {
  return {
    type: "path",
    absolute: text.startsWith("/"),
    items: items(text.replace(/^\//, "")),
  };
}

const ODD: Path = {
  type: "path",
  absolute: false,
  items: [{ key: 'odd.key/~"x' }],
};

/** Null, but a value once in so many times. */
function rarely<T>(
  value: fc.Arbitrary<T>,
  times: number,
): fc.Arbitrary<T | null> {
  return fc.oneof(
    { weight: times - 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: value },
  );
}

/** A path whose last step may be any key. */
function below(text: string, key: string): Path {
  const start = path(text);
  return { ...start, items: [...start.items, { key }] };
}

/** Paths, and values that may stand in them beside those of the graph. */
type Operands = readonly (readonly [readonly Path[], readonly Json[]])[];

const NULLS: readonly Json[] = [null];

/** Paths below a whole node. */
const OPERANDS: Operands = [
  [
    [
      ...["str", "name", "tags.owner", "part.y", "parts[*].y", "parts[0].y"],
      ...["words[*]", "words[1]", "part.inner[*].words[*]", "/reported.str"],
      ...["kind", "/kinds[*]", "/kinds[0]", "/desired.str", "/id", "ip"],
    ].map(path).concat(ODD, below("tags", "0"), below("tags", "*")),
    [...WORDS, "n01", "zoo_cat", "nope"],
  ],
  [["ip", "ips[*]", "ips[0]"].map(path), [...ADDRESSES, "x"]],
  [["/flat"].map(path), ["web 01", " zoo cat "]],
  [
    ["account", "region", "zone", "cloud", "cloud.id", "account.id"].map(path)
      .concat(
        ["region.id", "/ancestors.account.reported.name"].map(path),
      ),
    ["dev", "name of dev", "eu", "name of us", "a", "zoo", ""],
  ],
  [
    ["num", "int", "numbers[*]", "numbers[0]", "part.x", "parts[*].x"].map(path)
      .concat(["parts[*].inner[*].z", "volume_size"].map(path)),
    [...NUMBERS, "5", "2.5", "-1e-7"],
  ],
  [
    ["flag", "volume_encrypted", "/metadata.cleaned"].map(path),
    [true, false, "true"],
  ],
  [
    ["when", "ctime", "mtime", "/metadata.expires"].map(path),
    [...TIMES, "-3d", "-2d12h", "2026-01-01", "2026-01-01T01:00:00+01:00"],
  ],
  [["age", "last_update"].map(path), ["3d", "1w", "1h", "36h", "9000y"]],
  [["day"].map(path), ["2026-01-01", "2025-12-31", "-1d", "2026-01-09"]],
  [["state"].map(path), ["up", "down", "gone", "UP"]],
  [["volume_status"].map(path), ["in-use", "available", "5"]],
  [
    ["free", "free.k", "free[0]", "part.free", "parts[*].free", "free.k[*]"]
      .map(path).concat(
        ["/metadata.note", "/desired.flag", "/security.x", "/usage.y"]
          .map(path),
        below("free", "0"),
        below("free", "*"),
        below("free", "a.b"),
        below("free", "__proto__"),
        below("parts[*].free", "k"),
      ),
    [...WORDS, ...NUMBERS, true, false, [5, "a"], { k: 5 }, []],
  ],
  [
    [
      "/ancestors.zoo_region.reported.name",
      "/descendants.zoo_cat.reported.str",
      "/ancestors.zoo_animal.reported.num",
      "/ancestors.region.reported.name",
      "/ancestors.volume.reported.tags.owner",
    ].map(path),
    [...WORDS, "one", 5],
  ],
];

/** Paths below an element of `parts`. */
const IN_PART: Operands = [
  [["y", "inner[*].words[*]", "inner[0].words[0]"].map(path), WORDS],
  [["x", "inner[*].z"].map(path), [...NUMBERS, "5"]],
  [["free", "free.k", "free[0]"].map(path), [...WORDS, ...NUMBERS, true]],
];

const IN_INNER: Operands = [
  [["z"].map(path), [0, 1, 5]],
  [["words[*]"].map(path), WORDS],
];

const ON_EDGE: Operands = [
  [["level"].map(path), ["read", "write"]],
  [["n"].map(path), NUMBERS],
  [["grants[*].on", "grants[*].scope[*]", "missing"].map(path), WORDS],
];

const ORDER: readonly Operator[] = ["<", "<=", ">", ">="];
const PATTERNS = [
  "^a",
  "b",
  "5",
  "web-.*",
  "tr|o",
  "^$",
  "ß",
  "^.{2}$",
];
const QUANTIFIERS = ["any", "all", "none"] as const;

function combined(leaf: fc.Arbitrary<Filter>, maxDepth: number) {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth, withCrossShrink: true },
      { weight: 4, arbitrary: leaf },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant("not" as const),
          filter: tie("filter"),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constant("combine" as const),
          operator: fc.constantFrom("and" as const, "or" as const),
          left: tie("filter"),
          right: tie("filter"),
        }),
      },
    ),
  })).filter;
}

/** Values at a path of the graph's nodes, some of which a search then finds. */
function valuesIn(graph: RandomGraph, where: Path): readonly Json[] {
  const { absolute, items: steps } = where;
  const [first] = steps;
  const isContainer = first !== undefined && "key" in first &&
    ["account", "region", "zone", "cloud"].includes(first.key);
  if (isContainer) return [];
  const from = absolute ? steps : [{ key: "reported" }, ...steps];
  const found = graph.nodes.flatMap((node) => valuesAt(documentOf(node), from))
    .filter((value) => value !== undefined && value !== null) as Json[];
  return found.slice(0, 40);
}

function isText(value: Json): boolean {
  return typeof value === "string";
}

/** Comparisons of the paths with values of the graph and others. */
function predicates(
  choices: Operands,
  values: (path: Path) => readonly Json[],
): fc.Arbitrary<Filter> {
  const each = choices.flatMap(([paths, others]) =>
    paths.map((property) => {
      const hits = values(property).filter((value) =>
        // Numbers and the like of a property with a type are read as one.
        others.some((other) => typeof other === typeof value)
      );
      return { property, hits, others };
    })
  );
  return fc.constantFrom(...each).chain(({ property, hits, others }) => {
    const value = fc.oneof(
      {
        weight: hits.length > 0 ? 6 : 0,
        arbitrary: fc.constantFrom(...hits, 0),
      },
      { weight: 3, arbitrary: fc.constantFrom(...others) },
      { weight: 1, arbitrary: fc.constantFrom(...NULLS) },
    );
    const texts = hits.filter(isText) as string[];
    const pattern = fc.oneof(
      fc.constantFrom(...PATTERNS),
      fc.constantFrom(...texts.map(escaped), "x"),
    );
    return fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({
          operator: fc.constantFrom<Operator>("==", "!=", ...ORDER),
          value,
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          operator: fc.constantFrom<Operator>("in", "not in"),
          value: fc.array(value, { maxLength: 3 }),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          operator: fc.constantFrom<Operator>("=~", "!~"),
          value: pattern,
        }),
      },
    ).map((test): Filter => ({ type: "predicate", path: property, ...test }));
  });
}

/** A text as a pattern that matches it. */
function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

const ARRAYS: readonly (readonly [Path, string, readonly Json[]])[] = [
  [path("words"), "words[*]", WORDS],
  [path("numbers"), "numbers[*]", NUMBERS],
  [path("numbers[*]"), "numbers[*]", NUMBERS],
  [path("parts[*].inner[*].words"), "parts[*].inner[*].words[*]", WORDS],
  [path("free"), "free[*]", [...WORDS, ...NUMBERS]],
  [path("free.k"), "free.k[*]", [...WORDS, ...NUMBERS]],
  [path("/kinds"), "/kinds[*]", ["resource", "zoo_cat"]],
  [path("name"), "name", ["one"]],
  [path("/usage.cpu"), "/usage.cpu", [1]],
];

function quantified(graph: RandomGraph): fc.Arbitrary<Filter> {
  const each = ARRAYS.map(([property, elements, others]) => ({
    property,
    value: fc.constantFrom(
      ...valuesIn(graph, path(elements)).filter((value) =>
        others.some((other) => typeof other === typeof value)
      ),
      ...others,
    ),
  }));
  return fc.constantFrom(...each).chain(({ property, value }) =>
    fc.tuple(
      fc.constantFrom(...QUANTIFIERS),
      fc.oneof(
        fc.record({
          operator: fc.constantFrom<Operator>("==", "!=", ...ORDER),
          value,
        }),
        fc.record({
          operator: fc.constantFrom<Operator>("in", "not in"),
          value: fc.array(value, { maxLength: 3 }),
        }),
        fc.record({
          operator: fc.constantFrom<Operator>("=~", "!~"),
          value: fc.constantFrom(...PATTERNS),
        }),
      ),
    ).map(([quantifier, test]): Filter => ({
      type: "predicate",
      path: property,
      quantifier,
      ...test,
    }))
  );
}

const NETWORKS = [
  "10.0.0.0/8",
  "10.0.0.0/8",
  "10.0.0.0/24",
  "10.0.0.1/32",
  "0.0.0.0/0",
  "2001:db8::/32",
  "2001:db8::1/128",
  "::/0",
  "::ffff:0:0/96",
];

const calls: fc.Arbitrary<Filter> = fc.oneof(
  fc.tuple(
    fc.constantFrom("tags", "part", "free", "/metadata", "parts[0].free"),
    fc.constantFrom<Json>("owner", "x", ["owner", "x"], "y", "k", "0", "*", 0),
  ).map(([name, key]): Filter => ({
    type: "call",
    name: "has_key",
    path: path(name),
    args: [key],
  })),
  fc.tuple(
    fc.constantFrom("ip", "ips[*]", "ips[0]", "str"),
    fc.constantFrom(...NETWORKS),
  ).map(([name, subnet]): Filter => ({
    type: "call",
    name: "in_subnet",
    path: path(name),
    args: [subnet],
  })),
  fc.constantFrom("str", "flag", "missing").map((name): Filter => ({
    type: "call",
    name: "has_desired_change",
    path: path(name),
    args: [],
  })),
);

function blocks(graph: RandomGraph): fc.Arbitrary<Filter> {
  const at = (start: string) => (inner: Path) =>
    valuesIn(graph, {
      type: "path",
      absolute: false,
      items: [...path(start).items, ...inner.items],
    });
  const inner = combined(
    predicates(IN_INNER, at("parts[*].inner[*]")),
    1,
  ).map((filter): Filter => ({
    type: "block",
    path: path("inner[*]"),
    filter,
  }));
  return fc.tuple(
    fc.constantFrom("parts[*]", "parts[*]", "part", "parts[0]"),
    combined(
      fc.oneof(
        { weight: 3, arbitrary: predicates(IN_PART, at("parts[*]")) },
        { weight: 1, arbitrary: inner },
      ),
      2,
    ),
  ).map(([name, filter]): Filter => ({
    type: "block",
    path: path(name),
    filter,
  }));
}

const KIND_LISTS = [...KINDS, "resource", "volume", "region"];
const PHRASES = [
  "web 01",
  "AB",
  "two",
  "zoo cat",
  "o",
  "x-y",
  "日本",
  "",
  "😀",
];

function whole(graph: RandomGraph): fc.Arbitrary<Filter> {
  const ids = graph.nodes.map(({ id }) => id);
  return fc.oneof(
    fc.constant<Filter>({ type: "all" }),
    fc.subarray(KIND_LISTS, { minLength: 1, maxLength: 3 }).map((
      kinds,
    ): Filter => ({ type: "is", kinds })),
    fc.uniqueArray(fc.constantFrom(...ids, "nope"), {
      minLength: 1,
      maxLength: 4,
    }).map((some): Filter => ({ type: "id", ids: some })),
    fc.constantFrom(...PHRASES).map((text): Filter => ({ type: "text", text })),
  );
}

function filters(graph: RandomGraph): fc.Arbitrary<Filter> {
  const values = (where: Path) => valuesIn(graph, where);
  return combined(
    fc.oneof(
      { weight: 5, arbitrary: predicates(OPERANDS, values) },
      { weight: 4, arbitrary: whole(graph) },
      { weight: 3, arbitrary: quantified(graph) },
      { weight: 1, arbitrary: calls },
      { weight: 2, arbitrary: blocks(graph) },
    ),
    2,
  );
}

const types: fc.Arbitrary<EdgeType[]> = fc.constantFrom<EdgeType[]>(
  ["default"],
  ["default"],
  ["default"],
  ["delete"],
  ["iam"],
  ["delete", "default"],
  ["delete", "default", "iam"],
);

const edgeFilter = combined(
  predicates(ON_EDGE, () => []),
  1,
);

type Range = readonly [number, number | undefined];

function navigation(ranges: readonly Range[]): fc.Arbitrary<Navigation> {
  return fc.tuple(
    fc.constantFrom("out" as const, "in" as const, "both" as const),
    types,
    rarely(types, 3),
    fc.constantFrom(...ranges),
    rarely(edgeFilter, 6),
  ).map(([direction, list, outTypes, [from, to], edges]): Navigation => ({
    type: "navigation",
    direction,
    types: list,
    ...(direction === "both" && outTypes !== null &&
      outTypes.join() !== list.join() && { outTypes }),
    from,
    ...(to !== undefined && { to }),
    ...(edges !== null && { filter: edges }),
  }));
}

const STEPS: readonly Range[] = [
  [1, 1],
  [1, 1],
  [1, 1],
  [0, 1],
  [0, undefined],
  [1, undefined],
  [1, 3],
  [0, 2],
  [2, 2],
  [2, undefined],
  [2, 3],
  [3, 15],
  [0, 0],
];

const steps = navigation(STEPS);

function withClauses(condition: fc.Arbitrary<Filter>): fc.Arbitrary<With> {
  return fc.letrec<{ clause: With }>((tie) => ({
    clause: fc.tuple(
      fc.constantFrom<Pick<With, "form" | "count">>(
        { form: "empty", count: { operator: "==", value: 0 } },
        { form: "any", count: { operator: ">", value: 0 } },
        { form: "count", count: { operator: ">=", value: 2 } },
        { form: "count", count: { operator: "!=", value: 1 } },
        { form: "count", count: { operator: "<", value: 2 } },
        { form: "count", count: { operator: "==", value: 1 } },
        { form: "count", count: { operator: "<=", value: 0 } },
        { form: "count", count: { operator: ">", value: 1 } },
      ),
      steps,
      rarely(condition, 2),
      rarely(tie("clause"), 4),
    ).map(([form, walk, only, nested]): With => ({
      type: "with",
      ...form,
      navigation: walk,
      ...(only !== null && { filter: only }),
      ...(nested !== null && { with: nested }),
    })),
  })).clause;
}

const SORTS = [
  "str",
  "num",
  "when",
  "free",
  "account",
  "age",
  "tags.x",
  "kind",
  "flag",
  "/metadata.note",
  "free.k",
  "/ancestors.zoo_region.reported.name",
];

function plainParts(condition: fc.Arbitrary<Filter>): fc.Arbitrary<Part> {
  return fc.tuple(
    condition,
    rarely(withClauses(condition), 6),
    fc.subarray(SORTS, { maxLength: 2 }),
    fc.boolean(),
    fc.option(fc.tuple(fc.nat(3), fc.nat(6)), { freq: 2 }),
    fc.boolean(),
    rarely(fc.constantFrom("red", "blue"), 4),
  ).map(([filter, clause, sort, descending, limit, reversed, tag]): Part => ({
    type: "part",
    filter,
    ...(clause !== null && { with: clause }),
    ...(tag !== null && { tag }),
    sort: sort.map((name) => ({
      path: path(name),
      direction: descending ? "desc" : "asc",
    })),
    // Without an order, any nodes may be the first ones.
    ...(limit !== null && sort.length > 0 &&
      { limit: { offset: limit[0], length: limit[1] } }),
    reversed: reversed && sort.length > 0,
  }));
}

const GROUPS = [
  "kind",
  "account",
  "str",
  "num",
  "free",
  "parts[*].y",
  "words[*]",
  "flag",
  "when",
  "tags",
  "parts[*].inner[*].z",
  "/ancestors.zoo_region.reported.name",
];
const OPERATIONS: readonly (readonly Arithmetic[])[] = [
  [],
  [],
  [{ operator: "*", value: 2 }, { operator: "+", value: 1 }],
  [{ operator: "/", value: 4 }, { operator: "-", value: 0.5 }],
  [{ operator: "%", value: 3 }],
  [{ operator: "/", value: 0 }],
  [{ operator: "*", value: path("int") }, { operator: "+", value: 1 }],
  [{ operator: "/", value: path("volume_size") }],
];
const FUNCTIONS: readonly AggregateName[] = [
  "sum",
  "min",
  "max",
  "avg",
  "stddev",
  "variance",
  "count",
];

/** Sums with values below the ends of what fits, where rounding tells nothing. */
const aggregate: fc.Arbitrary<Aggregate> = fc.tuple(
  fc.subarray(GROUPS, { maxLength: 2 }),
  fc.boolean(),
  fc.subarray(
    ["int", "age", "parts[*].inner[*].z", "numbers[0]", "flag", "volume_size"],
    { minLength: 1, maxLength: 2 },
  ),
  fc.constantFrom(...FUNCTIONS),
  fc.constantFrom(...OPERATIONS),
).map(([groups, template, values, name, operations]): Aggregate => ({
  type: "aggregate",
  groups: [
    ...groups.map((group) => ({ value: path(group) })),
    ...(template
      ? [{
        value: {
          type: "template" as const,
          parts: ["t_", path("name"), "_", path("account.id")],
        },
        as: "t",
      }]
      : []),
  ],
  functions: [
    { name: "sum", value: 1, operations: [], as: "rows" },
    ...values.map((value) => ({ name, value: path(value), operations })),
  ],
}));

/** Sub searches; without an order the nearest of bounded steps comes first. */
function mergeQueries(
  name: string,
  condition: fc.Arbitrary<Filter>,
): fc.Arbitrary<MergeQuery> {
  return fc.tuple(
    fc.boolean(),
    navigation([[1, 1], [0, 1], [1, 3], [1, undefined], [2, 2]]),
    condition,
    rarely(aggregate, 4),
    rarely(fc.tuple(condition, navigation([[1, 1], [0, 2]])), 4),
    fc.subarray(SORTS, { maxLength: 1 }),
    fc.option(fc.tuple(fc.nat(1), fc.nat(3)), { freq: 2 }),
  ).map(([list, walk, filter, sums, more, sort, limit]): MergeQuery => {
    const plain = { type: "part" as const, sort: [], reversed: false };
    const ordered = sort.length > 0;
    return {
      name: [name],
      list: list || sums !== null,
      query: {
        type: "query",
        ...(sums !== null && { aggregate: sums }),
        parts: [
          { ...plain, filter: { type: "all" }, navigation: walk },
          ...(more === null ? [] : [
            { ...plain, filter: more[0], navigation: more[1] },
          ]),
          {
            ...plain,
            filter,
            sort: sort.map((key) => ({
              path: path(key),
              direction: "desc" as const,
            })),
            ...(ordered && limit !== null &&
              { limit: { offset: limit[0], length: limit[1] } }),
          },
        ],
      },
    };
  });
}

function merges(
  condition: fc.Arbitrary<Filter>,
): fc.Arbitrary<NonNullable<Part["merge"]>> {
  const after: Operands = [
    [["x.reported.str", "x.name", "str", "x.tags.owner"].map(path), WORDS],
    [["x.reported.num", "x.int"].map(path), NUMBERS],
    [["x"].map(path), NULLS],
  ];
  return fc.tuple(
    mergeQueries("x", condition),
    rarely(mergeQueries("y", condition), 3),
    fc.option(predicates(after, () => [])),
  ).map(([first, second, filter]) => ({
    type: "merge",
    queries: second === null ? [first] : [first, second],
    ...(filter !== null && !first.list && { after: filter }),
  }));
}

/** Searches about what is in a graph. */
export function searchesOf(graph: RandomGraph): fc.Arbitrary<Query> {
  const condition = filters(graph);
  const one = plainParts(condition);
  return fc.tuple(
    rarely(aggregate, 4),
    fc.oneof(
      { weight: 5, arbitrary: one.map((each) => [each]) },
      {
        weight: 2,
        arbitrary: fc.array(one, { minLength: 2, maxLength: 3 }),
      },
    ),
    fc.array(steps, { minLength: 2, maxLength: 2 }),
    rarely(steps, 4),
    rarely(merges(condition), 6),
  ).map(([sums, parts, walks, last, joined]): Query => ({
    type: "query",
    ...(sums !== null && { aggregate: sums }),
    parts: parts.map((each, at): Part => {
      const isLast = at === parts.length - 1;
      const walk = isLast ? last : walks[at];
      return {
        ...each,
        ...(isLast && joined !== null && { merge: joined }),
        ...(walk !== null && walk !== undefined && { navigation: walk }),
      };
    }),
  }));
}

/** Searches about no graph at all. */
export const search: fc.Arbitrary<Query> = searchesOf({
  nodes: [],
  edges: [],
  scopes: [],
});
