/**
 * Random graphs.
 *
 * @module
 */

import fc from "fast-check";
import type { Json, JsonObject } from "@skymap/lib/json";
import type {
  MemoryEdge,
  MemoryNode,
  MemoryScope,
} from "../index/_memory_index.ts";
import { KindRegistry, type PluginModel } from "../model/kind_registry.ts";

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

/** Texts, some of which look like other values. */
export const WORDS: readonly string[] = [
  "a",
  "b",
  "Ab",
  "web-01",
  "x y",
  "",
  "5",
  "true",
  "null",
  "straße",
  "日本",
  "😀\uffee",
  "q\"u\\o`te'",
  "2026-01-01",
];
/** Numbers, some at the ends of what fits. */
export const NUMBERS: readonly number[] = [
  -2,
  0,
  1,
  2.5,
  5,
  100,
  1e20,
  1e21,
  0.1,
  -1e-7,
  9007199254740991,
];
/** Times around the present of the searches. */
export const TIMES: readonly string[] = [
  "2026-01-01T00:00:00Z",
  "2026-01-07T00:00:00Z",
  "2026-01-08T12:00:00Z",
  "2025-03-01T00:00:00Z",
  "0001-01-01T00:00:00Z",
  "9999-12-31T23:59:59Z",
];
/** Addresses, and what only looks like one. */
export const ADDRESSES: readonly string[] = [
  "10.0.0.1",
  "10.1.2.3",
  "10.0.0.256",
  "192.168.0.9",
  "2001:db8::1",
  "2001:DB8:0:0::ffff",
  "::ffff:10.0.0.1",
  "fe80::1:2",
  "::",
  "1.2.3",
  "nonsense",
  "",
];

const word = fc.constantFrom(...WORDS);
const number = fc.constantFrom(...NUMBERS);
const time = fc.constantFrom(...TIMES);
const address = fc.constantFrom(...ADDRESSES);
const key = fc.constantFrom("k", "k", "0", "*", "a.b", "__proto__", 'q"/~');
const scalar: fc.Arbitrary<Json> = fc.oneof(
  word,
  number,
  fc.boolean(),
  fc.constant(null),
);
const free: fc.Arbitrary<Json> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  {
    weight: 2,
    arbitrary: fc.dictionary(
      key,
      fc.oneof(scalar, fc.array(scalar, { maxLength: 2 })),
      { maxKeys: 3, noNullPrototype: true },
    ),
  },
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
  day: sometimes(fc.constantFrom("2026-01-01", "2025-12-31", "2026-01-09")),
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
    fc.dictionary(fc.constantFrom("owner", "odd key", "x", "0", "*"), word, {
      noNullPrototype: true,
    }),
  ),
  ctime: sometimes(time),
  mtime: sometimes(time),
});

/** A graph with a past: several versions of a node, one at a time. */
export interface RandomGraph {
  readonly nodes: readonly MemoryNode[];
  readonly edges: readonly MemoryEdge[];
  readonly scopes: readonly MemoryScope[];
}

/** Kinds of which there are nodes. */
export const KINDS: readonly string[] = [
  "zoo_animal",
  "zoo_cat",
  "zoo_volume",
  "zoo_region",
];

/** Last sequence number of a random graph. */
export const LAST_SEQUENCE = 6;

const SCOPES: readonly MemoryScope[] = KINDS.map((kind, sid) => ({
  sid,
  cloud: "zoo",
  account: "dev",
  region: "eu",
  kind,
  status: sid % 2 === 0 ? "complete" : "failed",
  ...(sid === 1 && { reason: 'Access "denied"\n' }),
  ...(sid < 3 && { lastSuccess: "2026-01-01T00:00:00Z" }),
}));

const seed = fc.record({
  kind: fc.constantFrom(...KINDS, "zoo_animal", "zoo_cat"),
  animal,
  volume,
  common,
  desired: sometimes(object({ str: sometimes(word), flag: fc.boolean() })),
  metadata: sometimes(object({
    cleaned: sometimes(fc.boolean()),
    expires: sometimes(time),
    note: sometimes(free),
  })),
  account: fc.constantFrom("", "dev", "prod"),
  region: fc.constantFrom("", "eu", "us"),
  zone: sometimes(fc.constantFrom("a", "b")),
});

type Seed = typeof seed extends fc.Arbitrary<infer Value> ? Value : never;

/** Sequence numbers at which a node or edge changes, in order. */
const changes = fc.oneof(
  { weight: 4, arbitrary: fc.constant([0]) },
  {
    weight: 3,
    arbitrary: fc.subarray(
      Array.from({ length: LAST_SEQUENCE + 1 }, (_, at) => at),
      { minLength: 1, maxLength: 3 },
    ),
  },
);

function versionOf(
  registry: KindRegistry,
  at: number,
  { kind, common, volume, animal, desired, metadata, ...rest }: Seed,
): MemoryNode {
  return {
    id: nodeId(at),
    kinds: registry.kindsOf(kind),
    reported: {
      kind,
      id: `r${at}`,
      ...common,
      ...(kind === "zoo_volume" ? volume : kind === "zoo_region" ? {} : animal),
    },
    ...(desired !== undefined && { desired }),
    ...(metadata !== undefined && { metadata }),
    cloud: "zoo",
    account: rest.account,
    region: rest.region,
    ...(rest.zone !== undefined && { zone: rest.zone }),
    scope: KINDS.indexOf(kind),
  };
}

function nodeId(at: number): string {
  return `n${String(at).padStart(2, "0")}`;
}

/** Each version is there until the next one; the last one may be deleted. */
function spans(
  starts: readonly number[],
  ends: boolean,
): { readonly from: number; readonly to?: number }[] {
  return starts.map((from, at) => {
    const to = starts[at + 1] ??
      (ends && from < LAST_SEQUENCE ? LAST_SEQUENCE : undefined);
    return to === undefined ? { from } : { from, to };
  });
}

/** From when to when a node is there; an edge goes with its ends. */
function lifeOf(
  nodes: readonly MemoryNode[],
  id: string,
): readonly [number, number] {
  const versions = nodes.filter((node) => node.id === id);
  return [
    Math.min(...versions.map(({ from = 0 }) => from)),
    Math.max(...versions.map(({ to = Infinity }) => to)),
  ];
}

/** Random graphs of up to `size` nodes, with cycles, loops and a past. */
export function randomGraph(
  registry: KindRegistry,
  size: number,
): fc.Arbitrary<RandomGraph> {
  const node = fc.record({
    versions: fc.array(seed, { minLength: 3, maxLength: 3 }),
    starts: changes,
    ends: fc.constantFrom(false, false, false, true),
  });
  return fc.array(node, {
    minLength: Math.ceil(size * 0.7),
    maxLength: size,
    size: "max",
  }).chain((seeds) => {
    const nodes = seeds.flatMap(({ versions, starts, ends }, at) => {
      const [first] = versions;
      return spans(starts, ends).flatMap((span, version) => {
        const one = versions[version];
        // A node is of one kind for all of its life.
        return one === undefined || first === undefined ? [] : [{
          ...versionOf(registry, at, { ...one, kind: first.kind }),
          ...span,
        }];
      });
    });
    const end = fc.nat(seeds.length - 1).map(nodeId);
    return fc.array(
      fc.record({
        from: end,
        to: end,
        type: fc.constantFrom("default", "default", "default", "delete", "iam"),
        reported: fc.option(
          fc.record({
            level: fc.constantFrom("read", "write"),
            n: number,
            grants: fc.array(
              fc.record({ on: word, scope: fc.array(word, { maxLength: 2 }) }),
              { maxLength: 2 },
            ),
          }),
          { nil: undefined },
        ),
        starts: changes,
        ends: fc.constantFrom(false, false, false, true),
      }),
      { minLength: seeds.length, maxLength: seeds.length * 2, size: "max" },
    ).map((edges) => ({
      nodes,
      edges: edges.filter((edge, at) =>
        edges.findIndex((other) =>
          other.from === edge.from && other.to === edge.to &&
          other.type === edge.type
        ) === at
      ).flatMap(({ reported, starts, ends, from, to, type }) => {
        const lives = [from, to].map((id) => lifeOf(nodes, id));
        const [span = { from: 0 }] = spans(starts.slice(0, 1), ends);
        const validFrom = Math.max(span.from, ...lives.map((life) => life[0]));
        const validTo = Math.min(
          span.to ?? Infinity,
          ...lives.map((life) => life[1]),
        );
        const edge: MemoryEdge = {
          from,
          to,
          type,
          ...(reported !== undefined && { reported }),
          validFrom,
          ...(validTo < Infinity && { validTo }),
        };
        return validFrom < validTo ? [edge] : [];
      }),
      scopes: SCOPES,
    }));
  });
}

/** What of a graph is there at a sequence number, or at present. */
export function graphAt(
  { nodes, edges }: RandomGraph,
  sequence?: number,
): {
  readonly nodes: readonly MemoryNode[];
  readonly edges: readonly MemoryEdge[];
} {
  const isThere = (from: number, to: number | undefined) =>
    sequence === undefined
      ? to === undefined
      : from <= sequence && (to === undefined || to > sequence);
  return {
    nodes: nodes.filter(({ from = 0, to }) => isThere(from, to)),
    edges: edges.filter(({ validFrom = 0, validTo }) =>
      isThere(validFrom, validTo)
    ),
  };
}
