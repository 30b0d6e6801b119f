import { deepStrictEqual, ok } from "node:assert/strict";
import { nodeId } from "@skymap/lib/ids";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { EdgeType } from "@skymap/lib/plugin";
import type { MergeMessage } from "@skymap/lib/plugin_host";
import { openTestDatabase } from "../../core/db/test_database.ts";
import { mergeAll } from "../../core/graph/_toy_graph.ts";
import type { Graph } from "../../core/graph/graph.ts";
import { openGraph } from "../../core/graph/open_graph.ts";
import type { MemoryEdge } from "../../core/index/_memory_index.ts";
import { IndexReader } from "../../core/index/reader.ts";
import { EXAMPLES } from "../../core/query/_examples.ts";
import { parseQuery } from "../../core/query/parse.ts";
import { inAnyOrder } from "../../core/search/_compare.ts";
import { NaiveSearch } from "../../core/search/_naive.ts";
import type { NamedNode } from "../../core/search/_naive_values.ts";
import { PropertyModel } from "../../core/search/property_model.ts";
import { Resolver } from "../../core/search/resolver.ts";
import { Searcher } from "../../core/search/searcher.ts";
import demo from "../../plugins/demo/mod.ts";
import { readConfig } from "../../plugins/demo/settings.ts";
import { demoMessages } from "../helpers/demo_messages.ts";

const NOW_MS = Date.UTC(2026, 11, 1);
const CONFIG = readConfig({ size: 0.06, tick: 490_000, accounts: 2 });

/** What the kinds that the demo cloud has not report. */
const PROPERTIES = Object.fromEntries(
  `simple:string num:any mem:any c:any test_date:date a:any core:any foo:any
  ip:string clean:boolean p:double bla:any cpu:double test:any name:any
  expires_at:datetime d:double b:any group_memberships:any bar:any`
    .split(/\s+/).map((entry) => {
      const [name = "", kind = ""] = entry.split(":");
      return [name, { kind }];
    }).filter(([name]) => name !== "name"),
);

const EXTRA = "foo bar boo bla a b ec2 principal aws_account aws_vpc aws_alb " +
  "aws_alb_target_group";

/** Extra resources: kind, id and what is reported of each. */
const RESOURCES: readonly (readonly [string, string, JsonObject])[] = [
  ["foo", "f1", {
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
    expires_at: "2025-12-01T00:00:00Z",
  }],
  ["foo", "f2", { test: 3, mem: 12, num: 7, c: { a: 123 }, a: 30, p: 5 }],
  ["foo", "f3", {
    name: "some text",
    tags: { Name: "fest" },
    test: true,
    simple: "x1",
    num: [1, 9],
    mem: [40],
  }],
  ["foo", "f4", { name: "a b foo d", test: 30, foo: "bla", p: 1.5 }],
  ["bar", "r1", { test_date: "2020-01-01", p: 1, a: "b", b: "c" }],
  ["bar", "r2", { name: "test", p: 1.5, a: 5, b: "c" }],
  ["boo", "o1", { test: true, bla: 3, foo: "f" }],
  ["bla", "l1", { name: "test", test: 30, foo: "bla", bar: 1 }],
  ["ec2", "e1", { ctime: "2024-01-01T00:00:00Z", tags: { Name: "web-9" } }],
  ["a", "a1", { name: "test", c: 1, tags: { Name: "web-a" } }],
  ["b", "b1", { tags: { Name: "WEB-x" }, d: 3 }],
  ["aws_vpc", "v1", {}],
  ["aws_alb", "lb1", {}],
  ["aws_alb_target_group", "tg1", {}],
  ["principal", "p1", {}],
  ["foobar", "fb1", {}],
  ["ex_volume", "vol1", {
    volume_size: 10,
    volume_status: "available",
    atime: "2025-01-01T00:00:00Z",
  }],
  ["ex_instance", "i1", { name: "web" }],
  ["aws_account", "acc", { name: "dev" }],
];

/** Edges between extra resources, by their ids. */
const EDGES: readonly (readonly [string, string, EdgeType, JsonObject?])[] = [
  ["f1", "f2", "default"],
  ["f1", "f4", "default"],
  ["f3", "o1", "default"],
  ["o1", "r1", "default"],
  ["o1", "f1", "default"],
  ["f1", "l1", "default"],
  ["f4", "l1", "default"],
  ["acc", "v1", "default"],
  ["a1", "b1", "delete"],
  ["o1", "fb1", "default"],
  ["p1", "f2", "default"],
  ["vol1", "i1", "default"],
  ["i1", "vol1", "delete"],
  ["vol1", "b1", "delete"],
  ["p1", "f1", "iam", {
    permissions: [{ level: "read", scope: [{ source: "resource" }] }],
  }],
  ["p1", "r1", "iam"],
];

/** Why these find nothing in a graph that was collected. */
const EMPTY: Readonly<Record<string, string>> = {
  "id(a,b,c)": "ids follow from the resource and are never that short",
  "has_desired_change(clean)": "nothing is desired of what was just collected",
  '/metadata.expires < "2022-01-01"': "no cleanup has marked anything",
  "/desired.clean == true and /metadata.cleaned != true":
    "nothing is desired of what was just collected",
  "/metadata.protected == true": "nobody has protected anything",
  "/security.has_issues == true and /security.severity in [high, critical]":
    "no checks have run",
  "usage.cpu.max>3 and a<1": "no usage was collected",
};

/** Where resources of an extra kind lie. */
function placeOf(kind: string) {
  const account = kind.startsWith("ex_") ? "prod" : "dev";
  return { cloud: "aws", account, region: "eu-central-1", kind };
}

function extraMessages(links: readonly (readonly [string, string])[]) {
  const messages: MergeMessage[] = [];
  const ids = new Map(RESOURCES.map(([kind, id]) => [
    id,
    nodeId({ ...placeOf(kind), id }),
  ]));
  const edges = [
    ...EDGES.map(([from, to, type, reported]) => ({
      owner: from,
      from: ids.get(from) ?? "",
      to: ids.get(to) ?? "",
      edge_type: type,
      ...(reported !== undefined && { reported }),
    })),
    ...links.map(([from, to]) => ({
      owner: ids.has(from) ? from : to,
      from: ids.get(from) ?? from,
      to: ids.get(to) ?? to,
    })),
  ];
  const kinds = [...new Set(RESOURCES.map(([kind]) => kind))];
  for (const [at, kind] of kinds.entries()) {
    const scope = 1_000 + at;
    const of = RESOURCES.filter((one) => one[0] === kind);
    messages.push({ type: "scope", scope, state: "open", ...placeOf(kind) });
    for (const [, id, reported] of of) {
      messages.push({ type: "node", scope, id, zone: "a", reported });
    }
    for (const { owner, ...edge } of edges) {
      if (of.some(([, id]) => id === owner)) {
        messages.push({ type: "edge", scope, ...edge });
      }
    }
    messages.push({ type: "scope", scope, state: "complete" });
  }
  return messages;
}

/** Nodes and edges as they stand in the index. */
async function contents(
  { index }: Graph,
): Promise<{ nodes: NamedNode[]; edges: MemoryEdge[] }> {
  const connection = await index.connect();
  try {
    const nodes = await connection.runAndReadAll(
      "select id, kinds, reported, desired, metadata, cloud, account, " +
        "account_name, region, region_name, zone from node where valid_to is null",
    );
    const edges = await connection.runAndReadAll(
      "select from_id, to_id, type, reported from edge_out where valid_to is null",
    );
    type Row = Record<string, string | null>;
    const parsed = (text: string | null | undefined) =>
      text === null || text === undefined ? undefined : JSON.parse(text);
    return {
      nodes: nodes.getRowObjectsJS().map((value) => {
        const row = value as Row;
        const [desired, metadata] = [row.desired, row.metadata].map(parsed);
        return {
          id: row.id ?? "",
          kinds: value.kinds as unknown as string[],
          reported: parsed(row.reported),
          ...(desired !== undefined && { desired }),
          ...(metadata !== undefined && { metadata }),
          cloud: row.cloud ?? "",
          account: row.account ?? "",
          region: row.region ?? "",
          accountName: row.account_name ?? row.account ?? "",
          regionName: row.region_name ?? row.region ?? "",
          ...(row.zone !== null && row.zone !== undefined &&
            { zone: row.zone }),
        };
      }),
      edges: edges.getRowObjectsJS().map((value) => {
        const row = value as Row;
        const reported = parsed(row.reported);
        return {
          from: row.from_id ?? "",
          to: row.to_id ?? "",
          type: row.type ?? "",
          ...(reported !== undefined && { reported }),
        };
      }),
    };
  } finally {
    connection.closeSync();
  }
}

Deno.test("every example finds in the demo cloud what a plain loop finds", async () => {
  await using database = await openTestDatabase();
  const session = await database.db.graph("examples");
  const graph = await openGraph({
    name: "examples",
    session,
    indexDirectory: `${database.dataDir}/index/examples`,
  });
  await graph.updateModel({
    plugin: {
      name: "demo",
      version: "1.0.0",
      cloud: "demo",
      containers: demo.containers,
      kinds: demo.kinds,
    },
  });
  await graph.updateModel({
    plugin: {
      name: "examples",
      version: "1.0.0",
      cloud: "aws",
      containers: { account: "ex_account", region: "ex_region" },
      kinds: [
        { name: "ex_account", bases: ["account"] },
        { name: "ex_region", bases: ["region"] },
        { name: "ex_volume", bases: ["volume"] },
        { name: "ex_instance", bases: ["instance"] },
        { name: "foobar", bases: ["foo", "bar"] },
        ...EXTRA.split(" ").map((name) => ({
          name,
          bases: ["resource"],
          properties: PROPERTIES,
        })),
      ],
    },
  });
  const collected = await demoMessages(CONFIG);
  await mergeAll({ graph }, [...collected, { type: "end" }]);
  const before = await contents(graph);
  const idsOf = (kind: string) =>
    before.nodes.filter(({ kinds }) => kinds.includes(kind)).map(({ id }) =>
      id
    );
  const [instance = ""] = idsOf("instance");
  const [volume = ""] = idsOf("volume");
  const subnets = idsOf("subnet").slice(0, 3);
  await mergeAll({ graph }, [
    ...extraMessages([
      ["acc", instance],
      ["a1", volume],
      [volume, "b1"],
      ...subnets.map((id) => [id, "lb1"] as const),
    ]),
    { type: "end" },
  ]);

  const { nodes, edges } = await contents(graph);
  ok(nodes.length > 100 && edges.length > 200, `${nodes.length} nodes`);
  await using reader = new IndexReader(graph.index);
  const registry = graph.model;
  const searcher = new Searcher({ reader, registry, nowMs: () => NOW_MS });
  const empty: string[] = [];
  let found = 0;
  for (const { text, canonical } of EXAMPLES) {
    // Only refused for its name: no kind has it in this model.
    if (canonical === undefined || text.startsWith("name[*].foo")) continue;
    const query = parseQuery(text);
    const resolver = new Resolver(new PropertyModel(registry), {
      text,
      nowMs: NOW_MS,
    });
    const naive = new NaiveSearch(nodes, edges, resolver);
    const form = query.aggregate === undefined ? "list" : "aggregate";
    const rows: Json[] = [];
    for await (const lines of searcher.lines(text, form)) {
      for (const line of lines) rows.push(JSON.parse(line));
    }
    const wanted = naive[form](query);
    // Without an order, any nodes may be the first ones.
    if (query.parts.at(-1)?.limit !== undefined) {
      deepStrictEqual(rows.length, wanted.length, text);
    } else deepStrictEqual(inAnyOrder(rows), inAnyOrder(wanted), text);
    if (rows.length > 0) found++;
    else empty.push(text);
  }
  deepStrictEqual(empty.sort(), Object.keys(EMPTY).sort(), "found nothing");
  ok(found >= 70, `only ${found} examples found something`);
});
