import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { NodeJson } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import {
  type MemoryIndex,
  memoryIndex,
  type MemoryNode,
} from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { zooRegistry } from "./_random_search.ts";
import { Searcher } from "./searcher.ts";

const registry = zooRegistry();

function animal(
  id: string,
  reported: MemoryNode["reported"] = {},
  rest: Partial<MemoryNode> = {},
): MemoryNode {
  return {
    id,
    kinds: registry.kindsOf("zoo_animal"),
    reported: { kind: "zoo_animal", id: `r-${id}`, ...reported },
    cloud: "zoo",
    account: "dev",
    region: "eu",
    ...rest,
  };
}

interface Setup extends AsyncDisposable {
  readonly index: MemoryIndex;
  readonly searcher: Searcher;
  ids(text: string): Promise<string[]>;
}

async function setUp(
  graph: Parameters<MemoryIndex["add"]>[0],
): Promise<Setup> {
  const index = await memoryIndex();
  await index.add(graph);
  const reader = new IndexReader(index);
  const searcher = new Searcher({
    reader,
    registry,
    nowMs: () => Date.UTC(2026, 0, 10),
  });
  return {
    index,
    searcher,
    ids: async (text) =>
      (await Array.fromAsync(searcher.list(text))).map(({ id }) => id),
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await index[Symbol.asyncDispose]();
    },
  };
}

async function messageOf(searcher: Searcher, text: string): Promise<string> {
  try {
    await Array.fromAsync(searcher.list(text));
  } catch (error) {
    ok(isSkymapError(error, "query_invalid", "query_syntax"), String(error));
    return error.message;
  }
  throw new Error(`Answered: ${text}`);
}

Deno.test("Searcher.list() gives whole nodes, stale ones with the reason", async () => {
  await using setup = await setUp({
    nodes: [
      animal("a", { str: 'q"uote\n', parts: [{ x: 1.5 }] }, {
        desired: { flag: true },
        metadata: { cleaned: false },
        zone: "z1",
        scope: 1,
      }),
    ],
    scopes: [{
      sid: 1,
      cloud: "zoo",
      account: "dev",
      region: "eu",
      kind: "zoo_animal",
      status: "failed",
      reason: "AccessDenied",
      lastSuccess: "2026-01-01T00:00:00Z",
    }],
  });
  deepStrictEqual(await Array.fromAsync(setup.searcher.list("all")), [{
    type: "node",
    id: "a",
    kinds: ["zoo_animal", "resource"],
    reported: {
      id: "r-a",
      kind: "zoo_animal",
      parts: [{ x: 1.5 }],
      str: 'q"uote\n',
    },
    desired: { flag: true },
    metadata: { cleaned: false },
    ancestors: {
      cloud: { reported: { id: "zoo", name: "zoo" } },
      account: { reported: { id: "dev", name: "name of dev" } },
      region: { reported: { id: "eu", name: "name of eu" } },
      zone: { reported: { id: "z1", name: "z1" } },
    },
    stale: { since: "2026-01-01T00:00:00Z", reason: "AccessDenied" },
  }]);
});

Deno.test("Searcher.list() keeps the order over thousands of rows", async () => {
  await using setup = await setUp({ nodes: [animal("a")] });
  await setup.index.run(
    "insert into node by name select hash('k' || i) as nid, 'k' || i as id, " +
      "'zoo_cat' as kind, ['zoo_cat'] as kinds, '[\"zoo_cat\"]' as kinds_text, '{\"int\":' || (i * 7919 % 20011) || '}' as reported, " +
      "'' as cloud, '' as account, '' as region, 0 as valid_from from range(20000) t(i)",
  );
  const values: number[] = [];
  for await (const node of setup.searcher.list("is(zoo_cat) sort int desc")) {
    values.push(Number(node.reported.int));
  }
  strictEqual(values.length, 20_000);
  deepStrictEqual(values, [...values].sort((a, b) => b - a));
});

Deno.test("Searcher.graph() gives the nodes and edges that lead to the answer", async () => {
  await using setup = await setUp({
    nodes: ["a", "b", "c", "d", "x"].map((id) => animal(id, { str: id })),
    edges: [
      { from: "a", to: "b", type: "default" },
      { from: "b", to: "c", type: "default", reported: { level: "read" } },
      { from: "b", to: "d", type: "default" },
      { from: "a", to: "c", type: "delete" },
      { from: "x", to: "c", type: "default" },
    ],
  });
  const all = await Array.fromAsync(
    setup.searcher.graph('id(a) #start -[1:]-> str = "c"'),
  );
  deepStrictEqual(
    all.map((each) =>
      each.type === "node"
        ? [each.id, each.metadata ?? null]
        : [each.from, each.to, each.edge_type, each.reported ?? null]
    ).sort(),
    [
      ["a", { query_tag: "start" }],
      ["a", "b", "default", null],
      ["b", null],
      ["b", "c", "default", { level: "read" }],
      ["c", null],
    ].sort(),
  );
  const whole = await Array.fromAsync(setup.searcher.graph("id(a) -[0:]->"));
  strictEqual(whole.filter(({ type }) => type === "edge").length, 3);
  const back = await Array.fromAsync(setup.searcher.graph("id(c) <--"));
  deepStrictEqual(
    back.flatMap((each) => each.type === "edge" ? [each.from] : []).sort(),
    ["b", "x"],
  );
});

Deno.test("Searcher answers as of a sequence number, nodes and edges alike", async () => {
  await using setup = await setUp({
    nodes: [
      animal("a", { int: 1 }, { from: 1, to: 5 }),
      animal("a", { int: 2 }, { from: 5 }),
      animal("b", {}, { from: 2, to: 6 }),
      animal("c", {}, { from: 6 }),
    ],
    edges: [
      { from: "a", to: "b", type: "default", validFrom: 2, validTo: 6 },
      { from: "a", to: "c", type: "default", validFrom: 6 },
    ],
  });
  const at = async (text: string, sequence: number) =>
    (await Array.fromAsync(setup.searcher.list(text, { sequence })))
      .map(({ id }: NodeJson) => id).sort().join();
  strictEqual(await at("all", 0), "");
  strictEqual(await at("all", 1), "a");
  strictEqual(await at("all", 4), "a,b");
  strictEqual(await at("all", 9), "a,c");
  strictEqual(await at("int = 1", 4), "a");
  strictEqual(await at("int = 1", 5), "");
  strictEqual(await at("id(a) -[1:]->", 4), "b");
  strictEqual(await at("id(a) -->", 7), "c");
  strictEqual(await at("all with(any, -->)", 1), "");
});

Deno.test("Searcher.coverage() counts the scopes that could hold a match", async () => {
  const scope = (
    sid: number,
    account: string,
    kind: string,
    status = "complete",
  ) => ({
    sid,
    cloud: "zoo",
    account,
    region: "eu",
    kind,
    status,
    lastSuccess: `2026-01-0${sid}T00:00:00Z`,
  });
  await using setup = await setUp({
    nodes: [animal("a", {}, { account: "prod" })],
    scopes: [
      scope(1, "dev", "zoo_volume", "failed"),
      scope(2, "dev", "zoo_animal"),
      scope(3, "prod", "zoo_animal", "unmentioned"),
      scope(4, "prod", "zoo_cat"),
    ],
  });
  const of = async (text: string) => {
    const { scopes, stale, oldest, sequence } = await setup.searcher.coverage(
      text,
    );
    strictEqual(sequence, 7);
    return [scopes, stale, oldest?.slice(8, 10)];
  };
  deepStrictEqual(await of("all"), [4, 2, "01"]);
  deepStrictEqual(await of("is(volume)"), [1, 1, "01"]);
  deepStrictEqual(await of("is(zoo_animal)"), [3, 1, "02"]);
  deepStrictEqual(await of("is(zoo_animal) and account.id = dev"), [
    1,
    0,
    "02",
  ]);
  deepStrictEqual(await of('is(zoo_animal) and account = "name of prod"'), [
    2,
    1,
    "03",
  ]);
  deepStrictEqual(await of("volume_size > 3"), [1, 1, "01"]);
  deepStrictEqual(await of("not is(volume)"), [4, 2, "01"]);
  deepStrictEqual(await of("is(volume) --> is(zoo_cat)"), [2, 1, "01"]);
  deepStrictEqual(await of("is(volume) -->"), [4, 2, "01"]);
  deepStrictEqual(await of("is(zoo_cat) with(any, --> is(volume))"), [
    2,
    1,
    "01",
  ]);
});

Deno.test("Searcher points at what it cannot answer and names what is near", async () => {
  await using setup = await setUp({ nodes: [animal("a")] });
  const { searcher } = setup;
  const cases: readonly [string, ...string[]][] = [
    ["all and is(volme)", "column 12", '"volme"', 'did you mean "volume"?'],
    ["volum_size > 3", "column 1", 'did you mean "volume_size"?'],
    ["parts[*].{z > 3}", "column 11", '"z"'],
    ["part.inner.zz = 3", 'did you mean "z"?'],
    ["num = big", "column 7", 'holds numbers, not "big"'],
    ["flag = maybe", "is true or false"],
    ["state = upp", "is one of up, down, gone", 'did you mean "up"?'],
    ["ctime < soon", "time or duration"],
    ["age > 2020-13-45", "a duration such as 3d"],
    ["/reportd.x = 1", 'did you mean "reported"?'],
    ["in_subnet(ip, 10.0.0.0)", "in_subnet takes one network"],
    ["has_key(tags)", "has_key takes one key"],
    ["has_desired_change(str, x)", "nothing else"],
    ["parts[*].{is(volume)}", "whole nodes"],
    ["parts[*].{/id = a}", "starts at the node"],
    ["all -{/level = a}->", "without a slash"],
    ["all sort words[*]", "gives no order"],
    ["all {reported: -->}", "cannot be put under"],
    ["/ancestors.nope.reported.x = 1", '"nope"'],
    ["aggregate(sum(num)): all", "nodes were asked for"],
    ["all (", "ends too early"],
  ];
  for (const [text, ...wanted] of cases) {
    const message = await messageOf(searcher, text);
    for (const piece of wanted) {
      ok(message.includes(piece), `${text}: ${message}`);
    }
  }
  await rejects(
    Array.fromAsync(searcher.aggregate("aggregate(sum(str)): all")),
    /holds a text/,
  );
  await rejects(Array.fromAsync(searcher.aggregate("all")), /aggregat/);
  await rejects(
    Array.fromAsync(searcher.list("all", { section: "reportet" })),
    /did you mean "reported"/,
  );
  await rejects(
    Array.fromAsync(searcher.list('str =~ "a("')),
    (error) => isSkymapError(error, "query_invalid"),
  );
});

Deno.test("Searcher.explain() shows the search, its statement and its plan", async () => {
  await using setup = await setUp({
    nodes: [animal("a", { int: 9 }, { kinds: registry.kindsOf("zoo_cat") })],
  });
  const found = await setup.searcher.explain("is(zoo_cat) and int > 3");
  strictEqual(found.search, '(is("zoo_cat") and int > 3)');
  ok(String(found.sql).startsWith("select line"));
  deepStrictEqual(found.parameters, ["zoo_cat", "/int", 3]);
  ok(JSON.stringify(found.plan).includes("SEQ_SCAN"));
});

Deno.test("Searcher.ids() gives a few ids in order", async () => {
  await using setup = await setUp({
    nodes: ["c", "a", "b"].map((id) => animal(id)),
  });
  deepStrictEqual(await setup.searcher.ids("is(zoo_animal)", 2), ["a", "b"]);
});

Deno.test("Searcher refuses what is large beyond reason, and goes on", async () => {
  await using setup = await setUp({ nodes: [animal("a")] });
  const alternating = Array.from(
    { length: 1_900 },
    (_, at) => `str = a ${at % 2 === 0 ? "and" : "or"} `,
  ).join("");
  for (
    const text of [
      `all${" --> all".repeat(600)}`,
      // The engine's stack does not hold that many tables: the process ended.
      `all${" --> all".repeat(120)}`,
      `${"with(any, --> ".repeat(140)}all${")".repeat(140)}`,
      `${alternating}all`,
    ]
  ) {
    await rejects(
      Array.fromAsync(setup.searcher.list(text)),
      (error) => isSkymapError(error, "query_too_large"),
    );
  }
  deepStrictEqual(await setup.ids("all"), ["a"]);
});

Deno.test("Searcher stops when its signal aborts", async () => {
  await using setup = await setUp({ nodes: [animal("a")] });
  await rejects(
    Array.fromAsync(
      setup.searcher.list("all", { signal: AbortSignal.abort() }),
    ),
    (error) => isSkymapError(error, "query_interrupted"),
  );
});

Deno.test("Searcher knows kinds that a plugin declares later", async () => {
  const late = zooRegistry();
  await using index = await memoryIndex();
  await using reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry: late });
  await rejects(Array.fromAsync(searcher.list("newcomer > 1")));
  late.update({
    name: "late",
    version: "1.0.0",
    cloud: "late",
    containers: { account: "late_account", region: "late_region" },
    kinds: [
      { name: "late_account", bases: ["account"] },
      { name: "late_region", bases: ["region"] },
      {
        name: "late_thing",
        bases: ["resource"],
        properties: { newcomer: { kind: "int64" } },
      },
    ],
  });
  deepStrictEqual(await Array.fromAsync(searcher.list("newcomer > 1")), []);
});

Deno.test("Searcher finds desired changes of what no kind declares", async () => {
  await using setup = await setUp({
    nodes: [
      animal("a", { flag: true }, { desired: { flag: true, clean: true } }),
      animal("b", {}, { desired: { other: true } }),
    ],
  });
  deepStrictEqual(await setup.ids("has_desired_change(clean)"), ["a"]);
  deepStrictEqual(await setup.ids("not has_desired_change(other)"), ["a"]);
});
