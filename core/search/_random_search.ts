/**
 * Random graphs, and searches about what is in them.
 *
 * @module
 */

import fc from "fast-check";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";
import type { MemoryEdge, MemoryNode } from "../index/_memory_index.ts";
import { KindRegistry, type PluginModel } from "../model/kind_registry.ts";
import type {
  Aggregate,
  Filter,
  Navigation,
  Operator,
  Part,
  Path,
  PathItem,
  Query,
  With,
} from "../query/ast.ts";

/** The present of all random searches. */
export const NOW_MS: number = Date.UTC(2026, 0, 10);

const PLUGIN: PluginModel = {
  name: "zoo",
  version: "1.0.0",
  cloud: "zoo",
  containers: { account: "zoo_account", region: "zoo_region" },
  kinds: [
    { name: "zoo_account", bases: ["account"] },
    { name: "zoo_region", bases: ["region"] },
    { name: "zoo_state", enum: ["up", "down", "gone"] },
    {
      name: "zoo_inner",
      properties: {
        z: { kind: "int64" },
        words: { kind: "string[]" },
      },
    },
    {
      name: "zoo_part",
      properties: {
        x: { kind: "double" },
        y: { kind: "string" },
        inner: { kind: "zoo_inner[]" },
        free: { kind: "any" },
      },
    },
    {
      name: "zoo_animal",
      bases: ["resource"],
      properties: {
        str: { kind: "string" },
        num: { kind: "double" },
        int: { kind: "int64" },
        flag: { kind: "boolean" },
        when: { kind: "datetime" },
        day: { kind: "date" },
        state: { kind: "zoo_state" },
        words: { kind: "string[]" },
        numbers: { kind: "double[]" },
        parts: { kind: "zoo_part[]" },
        part: { kind: "zoo_part" },
        free: { kind: "any" },
        ip: { kind: "string" },
        ips: { kind: "string[]" },
        'odd.key/~"x': { kind: "string" },
      },
    },
    { name: "zoo_cat", bases: ["zoo_animal"] },
    {
      name: "zoo_volume",
      bases: ["volume"],
      properties: { str: { kind: "string" } },
    },
  ],
};

/** The kinds of random graphs. */
export function zooRegistry(): KindRegistry {
  const registry = new KindRegistry();
  const problems = registry.update(PLUGIN);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return registry;
}

const word = fc.constantFrom("a", "b", "Ab", "web-01", "x y", "", "5", "true");
const number = fc.constantFrom(-2, 0, 1, 2.5, 5, 100);
const time = fc.constantFrom(
  "2026-01-01T00:00:00Z",
  "2026-01-08T12:00:00Z",
  "2025-03-01T00:00:00Z",
);
const address = fc.constantFrom(
  "10.0.0.1",
  "10.1.2.3",
  "192.168.0.9",
  "2001:db8::1",
  "::ffff:10.0.0.1",
  "fe80::1:2",
  "1.2.3",
  "nonsense",
);
const free: fc.Arbitrary<Json> = fc.oneof(
  word,
  number,
  fc.boolean(),
  fc.constant(null),
  fc.array(number, { maxLength: 2 }),
  fc.record({ k: fc.oneof(word, number, fc.boolean()) }),
);

function sometimes<T extends Json>(
  value: fc.Arbitrary<T>,
): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined, freq: 3 });
}

function object(
  properties: Record<string, fc.Arbitrary<Json | undefined>>,
): fc.Arbitrary<JsonObject> {
  return fc.record(properties).map((value) =>
    Object.fromEntries(
      Object.entries(value).filter(([, each]) => each !== undefined),
    ) as JsonObject
  );
}

const inner = object({
  z: sometimes(fc.constantFrom(0, 1, 5)),
  words: sometimes(fc.array(word, { maxLength: 2 })),
});

const part = object({
  x: sometimes(number),
  y: sometimes(word),
  inner: sometimes(fc.array(inner, { maxLength: 2 })),
  free: sometimes(free),
});

const animal = object({
  str: sometimes(word),
  num: sometimes(number),
  int: sometimes(fc.constantFrom(0, 1, 5)),
  flag: sometimes(fc.boolean()),
  when: sometimes(time),
  day: sometimes(fc.constantFrom("2026-01-01", "2025-12-31")),
  state: sometimes(fc.constantFrom("up", "down")),
  words: sometimes(fc.array(word, { maxLength: 3 })),
  numbers: sometimes(fc.array(number, { maxLength: 3 })),
  parts: sometimes(fc.array(part, { maxLength: 3 })),
  part: sometimes(part),
  free: sometimes(free),
  ip: sometimes(address),
  ips: sometimes(fc.array(address, { maxLength: 2 })),
  'odd.key/~"x': sometimes(word),
});

const volume = object({
  volume_size: sometimes(number),
  volume_status: sometimes(fc.constantFrom("in-use", "available")),
  volume_encrypted: sometimes(fc.boolean()),
  str: sometimes(word),
});

const common = object({
  name: sometimes(fc.constantFrom("one", "two words", "web-01", "Ab")),
  tags: sometimes(
    fc.dictionary(fc.constantFrom("owner", "odd key", "x"), word, {
      noNullPrototype: true,
    }),
  ),
  ctime: sometimes(time),
  mtime: sometimes(time),
});

/** A graph. */
export interface RandomGraph {
  readonly nodes: readonly MemoryNode[];
  readonly edges: readonly MemoryEdge[];
}

const KINDS = ["zoo_animal", "zoo_cat", "zoo_volume", "zoo_region"];

/** Random graphs of up to `size` nodes, with cycles and loops. */
export function randomGraph(
  registry: KindRegistry,
  size: number,
): fc.Arbitrary<RandomGraph> {
  const node = fc.record({
    kind: fc.constantFrom(...KINDS),
    animal,
    volume,
    common,
    desired: sometimes(object({ str: sometimes(word), flag: fc.boolean() })),
    metadata: sometimes(object({ cleaned: fc.boolean() })),
    account: fc.constantFrom("", "dev", "prod"),
    region: fc.constantFrom("", "eu", "us"),
    zone: sometimes(fc.constantFrom("a", "b")),
  });
  return fc.array(node, { minLength: 1, maxLength: size }).chain((seeds) => {
    const nodes = seeds.map((seed, at): MemoryNode => ({
      id: `n${String(at).padStart(2, "0")}`,
      kinds: registry.kindsOf(seed.kind),
      reported: {
        kind: seed.kind,
        id: `r${at}`,
        ...seed.common,
        ...(seed.kind === "zoo_volume"
          ? seed.volume
          : seed.kind === "zoo_region"
          ? {}
          : seed.animal),
      },
      ...(seed.desired !== undefined && { desired: seed.desired }),
      ...(seed.metadata !== undefined && { metadata: seed.metadata }),
      cloud: "zoo",
      account: seed.account,
      region: seed.region,
      ...(seed.zone !== undefined && { zone: seed.zone }),
    }));
    const end = fc.nat(nodes.length - 1).map((at) => nodes[at]?.id ?? "");
    return fc.array(
      fc.record({
        from: end,
        to: end,
        type: fc.constantFrom("default", "default", "delete"),
        reported: fc.option(
          fc.record({ level: fc.constantFrom("read", "write"), n: number }),
          { nil: undefined },
        ),
      }),
      { maxLength: nodes.length * 2 },
    ).map((edges) => ({
      nodes,
      edges: edges.filter((edge, at) =>
        edges.findIndex((other) =>
          other.from === edge.from && other.to === edge.to &&
          other.type === edge.type
        ) === at
      ).map(({ reported, ...edge }) => ({
        ...edge,
        ...(reported !== undefined && { reported }),
      })),
    }));
  });
}

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

/** Paths and values that may stand in them. */
const OPERANDS: readonly (readonly [readonly Path[], fc.Arbitrary<Json>])[] = [
  [
    [
      ...["str", "name", "tags.owner", "part.y", "parts[*].y", "parts[0].y"]
        .map(path),
      ...["words[*]", "words[1]", "part.inner[*].words[*]", "/reported.str"]
        .map(path),
      ...["account", "region", "zone", "cloud.id", "account.id", "/id"]
        .map(path),
      ...["kind", "/kinds[*]", "/desired.str", "/flat"].map(path),
      ODD,
    ],
    fc.oneof(
      word,
      fc.constantFrom("dev", "name of dev", "eu", "n01", "zoo_cat"),
    ),
  ],
  [
    ["num", "int", "numbers[*]", "numbers[0]", "part.x", "parts[*].x"].map(path)
      .concat(["parts[*].inner[*].z", "volume_size"].map(path)),
    number,
  ],
  [
    ["flag", "volume_encrypted", "/desired.flag", "/metadata.cleaned"].map(
      path,
    ),
    fc.boolean(),
  ],
  [["when", "ctime", "mtime"].map(path), fc.oneof(time, fc.constant("-3d"))],
  [["age", "last_update"].map(path), fc.constantFrom("3d", "1w", "1h")],
  [["day"].map(path), fc.constantFrom("2026-01-01", "2025-12-31")],
  [["state"].map(path), fc.constantFrom("up", "down", "gone")],
  [["volume_status"].map(path), fc.constantFrom("in-use", "available")],
  [
    ["free", "free.k", "part.free", "parts[*].free", "/security.x", "/usage.y"]
      .map(path),
    free,
  ],
  [
    ["/ancestors.zoo_region.reported.name", "/descendants.zoo_cat.reported.str"]
      .map(path),
    word,
  ],
];

const ORDER: readonly Operator[] = ["<", "<=", ">", ">="];

function predicates(
  choices: typeof OPERANDS = OPERANDS,
): fc.Arbitrary<Filter> {
  return fc.constantFrom(...choices).chain(([paths, values]) =>
    fc.tuple(
      fc.constantFrom(...paths),
      fc.oneof(
        fc.tuple(
          fc.constantFrom<Operator>("==", "!=", ...ORDER),
          fc.oneof({ weight: 6, arbitrary: values }, fc.constant(null)),
        ),
        fc.tuple(
          fc.constantFrom<Operator>("in", "not in"),
          fc.array(
            fc.oneof({ weight: 6, arbitrary: values }, fc.constant(null)),
            { maxLength: 3 },
          ),
        ),
        fc.tuple(
          fc.constantFrom<Operator>("=~", "!~"),
          fc.constantFrom("^a", "b", "5", "web-.*", "tr|o"),
        ),
      ),
    ).map(([property, [operator, value]]): Filter => ({
      type: "predicate",
      path: property,
      operator,
      value: value as Json,
    }))
  );
}

const quantified: fc.Arbitrary<Filter> = fc.constantFrom(
  [path("words"), word] as const,
  [path("numbers"), number] as const,
  [path("numbers[*]"), number] as const,
  [path("parts[*].inner[*].words"), word] as const,
  [path("free"), free] as const,
  [path("/kinds"), fc.constantFrom("resource", "zoo_cat")] as const,
).chain(([property, values]) =>
  fc.tuple(
    fc.constantFrom("any" as const, "all" as const, "none" as const),
    fc.constantFrom<Operator>("==", "!=", ...ORDER),
    values as fc.Arbitrary<Json>,
  ).map(([quantifier, operator, value]): Filter => ({
    type: "predicate",
    path: property,
    quantifier,
    operator,
    value,
  }))
);

const calls: fc.Arbitrary<Filter> = fc.oneof(
  fc.tuple(
    fc.constantFrom("tags", "part", "free"),
    fc.constantFrom<Json>("owner", "x", ["owner", "x"], "y", "k"),
  ).map(([name, key]): Filter => ({
    type: "call",
    name: "has_key",
    path: path(name),
    args: [key],
  })),
  fc.tuple(
    fc.constantFrom("ip", "ips[*]"),
    fc.constantFrom("10.0.0.0/8", "10.0.0.0/24", "2001:db8::/32", "::/0"),
  ).map(([name, subnet]): Filter => ({
    type: "call",
    name: "in_subnet",
    path: path(name),
    args: [subnet],
  })),
  fc.constantFrom("str", "flag").map((name): Filter => ({
    type: "call",
    name: "has_desired_change",
    path: path(name),
    args: [],
  })),
);

const IN_PART: typeof OPERANDS = [
  [["y", "inner[*].words[*]"].map(path), word],
  [["x", "inner[*].z"].map(path), number],
  [["free", "free.k"].map(path), free],
];

function combined(leaf: fc.Arbitrary<Filter>, maxDepth: number) {
  return fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth, withCrossShrink: true },
      leaf,
      fc.record({ type: fc.constant("not" as const), filter: tie("filter") }),
      fc.record({
        type: fc.constant("combine" as const),
        operator: fc.constantFrom("and" as const, "or" as const),
        left: tie("filter"),
        right: tie("filter"),
      }),
    ),
  })).filter;
}

const blocks: fc.Arbitrary<Filter> = fc.tuple(
  fc.constantFrom("parts[*]", "part", "parts[0]"),
  combined(
    fc.oneof(
      predicates(IN_PART),
      predicates([[["z"].map(path), number]]).map((filter): Filter => ({
        type: "block",
        path: path("inner[*]"),
        filter,
      })),
    ),
    2,
  ),
).map(([name, filter]): Filter => ({
  type: "block",
  path: path(name),
  filter,
}));

const whole: fc.Arbitrary<Filter> = fc.oneof(
  fc.constant<Filter>({ type: "all" }),
  fc.subarray([...KINDS, "resource", "volume", "region"], { minLength: 1 }).map(
    (
      kinds,
    ): Filter => ({ type: "is", kinds }),
  ),
  fc.subarray(["n00", "n01", "n02", "nope"], { minLength: 1 }).map((
    ids,
  ): Filter => ({ type: "id", ids })),
  fc.constantFrom("web 01", "AB", "two", "zoo cat", "o").map((
    text,
  ): Filter => ({ type: "text", text })),
);

/** A condition on nodes of a random graph. */
export const filter: fc.Arbitrary<Filter> = combined(
  fc.oneof(
    { weight: 4, arbitrary: predicates() },
    { weight: 2, arbitrary: whole },
    { weight: 2, arbitrary: quantified },
    { weight: 1, arbitrary: calls },
    { weight: 2, arbitrary: blocks },
  ),
  3,
);

const types: fc.Arbitrary<EdgeType[]> = fc.constantFrom<EdgeType[]>(
  ["default"],
  ["default"],
  ["delete"],
  ["delete", "default"],
);

const edgeFilter: fc.Arbitrary<Filter> = combined(
  fc.constantFrom<Filter>(
    { type: "predicate", path: path("level"), operator: "==", value: "read" },
    { type: "predicate", path: path("n"), operator: ">", value: 1 },
  ),
  1,
);

function navigation(
  ranges: readonly (readonly [number, number | undefined])[],
): fc.Arbitrary<Navigation> {
  return fc.tuple(
    fc.constantFrom("out" as const, "in" as const, "both" as const),
    types,
    fc.option(types, { freq: 3 }),
    fc.constantFrom(...ranges),
    fc.option(edgeFilter, { freq: 6 }),
  ).map(([direction, list, outTypes, [from, to], edges]): Navigation => ({
    type: "navigation",
    direction,
    types: list,
    ...(direction === "both" && outTypes !== null && { outTypes }),
    from,
    ...(to !== undefined && { to }),
    ...(edges !== null && { filter: edges }),
  }));
}

const steps = navigation([
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
  [0, 0],
]);

const withClause: fc.Arbitrary<With> = fc.tuple(
  fc.constantFrom<Pick<With, "form" | "count">>(
    { form: "empty", count: { operator: "==", value: 0 } },
    { form: "any", count: { operator: ">", value: 0 } },
    { form: "count", count: { operator: ">=", value: 2 } },
    { form: "count", count: { operator: "!=", value: 1 } },
    { form: "count", count: { operator: "<", value: 2 } },
    { form: "count", count: { operator: "==", value: 1 } },
  ),
  steps,
  fc.option(filter),
).map(([form, walk, condition]): With => ({
  type: "with",
  ...form,
  navigation: walk,
  ...(condition !== null && { filter: condition }),
}));

const SORTS = [
  "str",
  "num",
  "when",
  "free",
  "account",
  "age",
  "tags.x",
  "kind",
];

const plainPart: fc.Arbitrary<Part> = fc.tuple(
  filter,
  fc.option(withClause, { freq: 4 }),
  fc.subarray(SORTS, { maxLength: 2 }),
  fc.boolean(),
  fc.option(fc.tuple(fc.nat(3), fc.nat(6)), { freq: 3 }),
  fc.boolean(),
).map(([condition, clause, sort, descending, limit, reversed]): Part => ({
  type: "part",
  filter: condition,
  ...(clause !== null && { with: clause }),
  sort: sort.map((name) => ({
    path: path(name),
    direction: descending ? "desc" : "asc",
  })),
  // Without an order, any nodes may be the first ones.
  ...(limit !== null && sort.length > 0 &&
    { limit: { offset: limit[0], length: limit[1] } }),
  reversed: reversed && sort.length > 0,
}));

/** An aggregation over a random graph. */
const aggregate: fc.Arbitrary<Aggregate> = fc.tuple(
  fc.subarray(
    ["kind", "account", "str", "num", "free", "parts[*].y", "words[*]", "flag"],
    { maxLength: 2 },
  ),
  fc.boolean(),
  fc.subarray(
    ["num", "int", "age", "parts[*].x", "free", "numbers[*]", "flag"],
    {
      minLength: 1,
      maxLength: 2,
    },
  ),
  fc.constantFrom("sum", "min", "max", "avg", "stddev", "variance", "count"),
  fc.boolean(),
).map(([groups, template, values, name, calculates]): Aggregate => ({
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
    ...values.map((value) => ({
      name: name as "sum",
      value: path(value),
      operations: calculates
        ? [
          { operator: "*" as const, value: 2 },
          { operator: "+" as const, value: 1 },
        ]
        : [],
    })),
  ],
}));

const merge = fc.tuple(
  fc.boolean(),
  navigation([[1, 1], [0, 1]]),
  filter,
  fc.option(aggregate, { freq: 4 }),
  fc.option(predicates([[["x.reported.str", "x.name"].map(path), word]])),
).map(([list, walk, condition, sums, after]): NonNullable<Part["merge"]> => ({
  type: "merge",
  queries: [{
    name: ["x"],
    list: list || sums !== null,
    query: {
      type: "query",
      ...(sums !== null && { aggregate: sums }),
      parts: [
        {
          type: "part",
          filter: { type: "all" },
          sort: [],
          reversed: false,
          navigation: { ...walk, from: walk.to ?? 1 },
        },
        { type: "part", filter: condition, sort: [], reversed: false },
      ],
    },
  }],
  ...(after !== null && { after }),
}));

/** A search over a random graph. */
export const search: fc.Arbitrary<Query> = fc.tuple(
  fc.option(aggregate, { freq: 4 }),
  fc.array(plainPart, { minLength: 1, maxLength: 3 }),
  fc.array(steps, { minLength: 3, maxLength: 3 }),
  fc.option(steps, { freq: 4 }),
  fc.option(merge, { freq: 4 }),
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
