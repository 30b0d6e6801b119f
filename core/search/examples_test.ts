import { deepStrictEqual, ok } from "node:assert/strict";
import { canonicalJson, type Json } from "@skymap/lib/json";
import {
  type MemoryEdge,
  memoryIndex,
  type MemoryNode,
} from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { KindRegistry } from "../model/kind_registry.ts";
import { EXAMPLES } from "../query/_examples.ts";
import { parseQuery } from "../query/parse.ts";
import { NaiveSearch } from "./_naive.ts";
import { PropertyModel } from "./property_model.ts";
import { Resolver } from "./resolver.ts";
import { Searcher } from "./searcher.ts";

const NOW_MS = Date.UTC(2026, 0, 10);

/** Names and kinds of what the examples speak of. */
const PROPERTIES = Object.fromEntries(
  `simple:string num:double numbers:double[] mem:any c:any test_date:date a:any
  core:any foo:any ip:string clean:boolean p:double bla:any cpu:double test:any
  expires_at:datetime d:double b:any group_memberships:any bar:any`
    .split(/\s+/).map((entry) => {
      const [name = "", kind = ""] = entry.split(":");
      return [name, { kind }];
    }),
);

function registryOf(): KindRegistry {
  const registry = new KindRegistry();
  const names =
    "foo bar boo bla a b ec2 principal aws_account aws_vpc aws_alb aws_alb_target_group";
  deepStrictEqual(
    registry.update({
      name: "examples",
      version: "1.0.0",
      cloud: "aws",
      containers: { account: "ex_account", region: "ex_region" },
      kinds: [
        { name: "ex_account", bases: ["account"] },
        { name: "ex_region", bases: ["region"] },
        ...names.split(" ").map((name) => ({
          name,
          bases: ["resource"],
          properties: PROPERTIES,
        })),
      ],
    }),
    [],
  );
  return registry;
}

/** A graph in which most examples find something. */
function graphOf(registry: KindRegistry): {
  nodes: MemoryNode[];
  edges: MemoryEdge[];
} {
  let count = 0;
  const node = (
    kind: string,
    more: Record<string, Json> = {},
    rest: Partial<MemoryNode> = {},
  ): MemoryNode => {
    const id = rest.id ?? `n${String(count++).padStart(2, "0")}`;
    return {
      id,
      kinds: registry.kindsOf(kind),
      reported: { kind, id: `r-${id}`, ...more },
      cloud: "aws",
      account: count % 2 === 0 ? "dev" : "prod",
      region: "eu-central-1",
      ...rest,
    };
  };
  const nodes = [
    node("graph_root", {}, { id: "root", cloud: "", account: "", region: "" }),
    node("aws_account", { name: "prod" }, { id: "acc" }),
    node("volume", {
      volume_size: 10,
      volume_status: "available",
      atime: "2025-01-01T00:00:00Z",
      tags: { owner: "me", costCenter: "x" },
    }, { zone: "a" }),
    node("volume", { volume_size: 20, tags: { owner: "you" } }, {
      metadata: { expires: "2021-01-01T00:00:00Z", protected: true },
    }),
    node("instance", {
      name: "web",
      instance_cores: 4,
      instance_status: "running",
      instance_type: "m5",
    }, { id: "a" }),
    node("instance", { instance_cores: 8, instance_status: "stopped" }),
    node("foo", {
      name: "test",
      test: 5,
      mem: [1, 30],
      num: 2,
      a: { b: [{ c: 0, d: 5 }, { c: 5, d: 0 }] },
      foo: { bla: { ":-)": { bar: 2 } } },
      ip: "1.2.3.4",
      group_memberships: [{ name: "x" }, { name: "y" }],
      core: { core: 3, inner: { c: [1, 50] } },
      simple: "some.regexab",
      clean: false,
      expires_at: "2025-12-01T00:00:00Z",
    }, { desired: { clean: true } }),
    node("foo", { test: 3, mem: 12, num: 7, c: { a: 123 }, a: 30, p: 5 }),
    node("foo", { name: "some text", test: true, simple: "x1", mem: [40] }),
    node("bar", { test_date: "2020-01-01", p: 1, a: "b", b: "c" }),
    node("boo", { test: true, bla: 3, foo: "f" }),
    node("bla", { test: 30, foo: "bla", bar: 1 }),
    node("ec2", { ctime: "2024-01-01T00:00:00Z", tags: { Name: "web-9" } }),
    node("a", { name: "test", c: 1 }),
    node("b", { tags: { Name: "WEB-x" }, d: 3 }),
    node("aws_vpc", {}),
    node("aws_alb", {}),
    node("aws_alb_target_group", {}),
    node("subnet", {}),
    node("subnet", {}),
    node("subnet", {}),
    node("principal", {}),
  ];
  const of = (kind: string, at = 0) =>
    nodes.filter(({ kinds }) => kinds[0] === kind)[at]?.id ?? "";
  const edge = (from: string, to: string, type = "default"): MemoryEdge => ({
    from,
    to,
    type,
  });
  const edges = [
    edge("root", "acc"),
    ...nodes.slice(2).filter(({ kinds }) => kinds[0] !== "bla")
      .map(({ id }) => edge("acc", id)),
    edge(of("instance"), of("volume")),
    edge(of("instance"), of("volume", 1)),
    edge(of("volume"), of("instance"), "delete"),
    edge("root", "acc", "delete"),
    edge(of("foo", 2), of("boo")),
    edge(of("boo"), of("bar")),
    edge(of("foo"), of("foo", 1)),
    edge(of("foo"), of("bla")),
    edge(of("a"), of("b"), "delete"),
    edge(of("volume"), of("b"), "default"),
    edge(of("subnet"), of("aws_alb")),
    edge(of("subnet", 1), of("aws_alb")),
    edge(of("subnet", 2), of("aws_alb")),
    {
      ...edge(of("principal"), of("foo"), "iam"),
      reported: {
        permissions: [{ level: "read", scope: [{ source: "resource" }] }],
      },
    },
    edge(of("principal"), of("bar"), "iam"),
  ];
  return { nodes, edges };
}

function sorted(values: readonly Json[]): string[] {
  return values.map((value) =>
    canonicalJson(value).replace(
      /\d+\.\d{6,}/g,
      (text) => Number(text).toPrecision(9),
    )
  ).sort();
}

Deno.test("Searcher answers every example as a plain loop does", async () => {
  const registry = registryOf();
  const { nodes, edges } = graphOf(registry);
  await using index = await memoryIndex();
  await index.add({ nodes, edges });
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  let hits = 0;
  for (const { text, canonical } of EXAMPLES) {
    // Only refused for their names: no kind has these in this model.
    if (canonical === undefined || text.startsWith("name[*].foo")) continue;
    const query = parseQuery(text);
    const naive = new NaiveSearch(
      nodes,
      edges,
      new Resolver(new PropertyModel(registry), { text, nowMs: NOW_MS }),
    );
    const form = query.aggregate === undefined ? "list" : "aggregate";
    const found: Json[] = [];
    for await (const lines of searcher.lines(text, form)) {
      for (const line of lines) found.push(JSON.parse(line));
    }
    const wanted = form === "list" ? naive.list(query) : naive.aggregate(query);
    const hasWindow = text === "all limit 3, 23" || text.includes("reversed");
    if (hasWindow) deepStrictEqual(found.length, wanted.length, text);
    else deepStrictEqual(sorted(found), sorted(wanted), text);
    if (found.length > 0) hits++;
    if (form === "list") await Array.fromAsync(searcher.graph(text));
    await searcher.coverage(text);
  }
  ok(hits > 60, `only ${hits} examples found something`);
});
