import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import type { CliNote } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { readPath } from "../../query/literals.ts";
import {
  contextOf,
  flowOf,
  prepareStage,
  runStage,
  textOf,
} from "../_test_stage.ts";
import type { ElementFlow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { textWidth } from "../list/text_width.ts";
import { LIST } from "./list.ts";

const NODE = {
  type: "node",
  id: "n1",
  kinds: ["aws_volume"],
  reported: {
    kind: "aws_volume",
    id: "vol-1",
    name: "data",
    ctime: "2026-01-30T00:00:00Z",
    mtime: "2026-01-30T22:00:00Z",
    size: 3,
    tags: { owner: "me|you", "a.b": "x" },
    parts: [{ n: 1 }, { n: 2 }],
  },
  metadata: { note: "m" },
  ancestors: {
    cloud: { reported: { id: "aws", name: "aws" } },
    account: { reported: { id: "1", name: "dev" } },
  },
};
const BARE = {
  type: "node",
  id: "n2",
  kinds: [],
  reported: { kind: "aws_volume", id: "vol-2" },
  ancestors: {},
  stale: { since: "x", reason: "AccessDenied" },
};
const EDGE = { type: "edge", from: "n1", to: "n2", edge_type: "default" };

async function list(
  text: string,
  values: readonly Json[],
  shape: ElementFlow["shape"] = "nodes",
  context: LineContext = contextOf({ services: { graphs: () => [] } as never }),
): Promise<string> {
  return await textOf(
    await runStage(LIST, text, flowOf(values, shape), context),
  );
}

Deno.test("list shows what nodes are, how old and where", async () => {
  strictEqual(
    await list("", [NODE, BARE]),
    "kind=aws_volume, id=vol-1, name=data, age=1d, last_update=2h, cloud=aws, account=dev\n" +
      "kind=aws_volume, id=vol-2, stale=AccessDenied\n",
  );
});

Deno.test("list shows the properties that the search is about, once", async () => {
  const paths = ["size", "name", "tags.owner", "/metadata.note", "size", "age"]
    .map((text) =>
      readPath(text) ?? { type: "path" as const, absolute: false, items: [] }
    );
  const flow = { ...flowOf([NODE], "nodes"), properties: paths };
  strictEqual(
    await textOf(await runStage(LIST, "", flow)),
    "kind=aws_volume, id=vol-1, name=data, size=3, owner=me|you, note=m, age=1d, last_update=2h, cloud=aws, account=dev\n",
  );
});

Deno.test("list shows edges as arrows, and ids of nodes with them", async () => {
  strictEqual(
    await list("", [BARE, EDGE, { ...EDGE, edge_type: "delete" }], "graph"),
    "node_id=n2, kind=aws_volume, id=vol-2, stale=AccessDenied\n" +
      "n1 -> n2\nn1 -delete-> n2\n",
  );
  strictEqual(
    (await list("--csv", [BARE, EDGE], "graph")).split("\r\n")[2],
    "n1 -> n2,,,,,,,,,",
  );
});

Deno.test("list shows changes with what happened when", async () => {
  const facts = { change: "node_updated", changed_at: "2026-01-01T00:00:00Z" };
  strictEqual(
    await list("", [{ ...BARE, ...facts }, {
      ...EDGE,
      ...facts,
      change: "edge_created",
    }], "records"),
    "change=node_updated, changed_at=2026-01-01T00:00:00Z, kind=aws_volume, id=vol-2, stale=AccessDenied\n" +
      "change=edge_created, changed_at=2026-01-01T00:00:00Z, n1 -> n2\n",
  );
  ok(
    (await list("--csv", [{ ...BARE, ...facts }], "records"))
      .startsWith("change,changed_at,kind,id,name,"),
  );
});

Deno.test("list shows rows and other values", async () => {
  strictEqual(
    await list("", [{ group: { region: "eu" }, count: 3 }, {
      group: { region: null },
      count: 1,
    }], "rows"),
    "region=eu, count=3\ncount=1\n",
  );
  strictEqual(
    await list(
      "",
      ["a\u001b[31m", 1.5, null, [1, "x"], { a: { b: 1 } }],
      "records",
    ),
    'a\\u001b[31m\n1.5\nnull\n[1,"x"]\na={"b":1}\n',
  );
});

Deno.test("list shows what is asked for, under its name", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["name", "name=data\n"],
    ["tags.owner, size as s", "owner=me|you, s=3\n"],
    ["tags.`a.b` as `x`, /metadata.note", "`x`=x, note=m\n"],
    ['name as "the name"', "the name=data\n"],
    ["parts[*].n as all, parts[1].n", "all=[1,2], n=2\n"],
    ["/id as node, id", "node=n1, id=vol-1\n"],
    ["/id, id, id", "/id=n1, id=vol-1, id 2=vol-1\n"],
    [
      "account, region, age, last_update",
      "account=dev, age=1d, last_update=2h\n",
    ],
    ["nothing", "\n"],
    [
      "--with-defaults size, name as name",
      "kind=aws_volume, id=vol-1, age=1d, last_update=2h, cloud=aws, account=dev, size=3, name=data\n",
    ],
  ];
  for (const [text, wanted] of cases) {
    strictEqual(await list(text, [NODE]), wanted, text);
  }
  strictEqual(
    await list("region, count as n", [
      { group: { region: "eu" }, count: 3 },
    ], "rows"),
    "region=eu, n=3\n",
  );
  strictEqual(
    await list("note", [NODE], "nodes", contextOf({ section: "metadata" })),
    "note=m\n",
  );
});

Deno.test("list refuses what is no property and two forms at once", async () => {
  for (
    const text of [
      "a..b",
      "name,",
      "a as x, b as x",
      "a or b",
      "--csv --markdown",
      "--xml",
    ]
  ) {
    await rejects(prepareStage(LIST, text), { code: "usage" }, text);
  }
});

Deno.test("list --csv has a head, quotes and empty cells", async () => {
  strictEqual(
    await list('--csv name, tags.owner as "the, owner", size', [NODE, BARE]),
    'name,"the, owner",size\r\ndata,me|you,3\r\n,,\r\n',
  );
  strictEqual(
    await list("--csv", []),
    "kind,id,name,age,last_update,cloud,account,region,zone\r\n",
  );
  strictEqual(await list("--csv", [], "rows"), "");
});

/** Reads comma-separated values as RFC 4180 has them. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    ok(found !== null, `no cell in ${JSON.stringify(text)}`);
    const [, quoted, plain = "", end] = found;
    row.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

Deno.test("list --csv is read back as it was", async () => {
  // A first sign that spreadsheets run as a formula gets a quote in front.
  const value = fc.string({ unit: "grapheme" }).filter((text) =>
    !/^[=+\-@\t\r]/.test(text)
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ a: value, b: value, "c d": value }), {
        minLength: 1,
      }),
      async (rows) => {
        deepStrictEqual(parseCsv(await list("--csv", rows, "records")), [
          ["a", "b", "c d"],
          ...rows.map((row) => [row.a, row.b, row["c d"]]),
        ]);
      },
    ),
  );
});

Deno.test("list --markdown fits the terminal, wide characters too", async () => {
  strictEqual(
    await list("--markdown name, tags.owner as owner", [NODE, BARE]),
    `| name | owner   |
|------|---------|
| data | me\\|you |
| null | null    |
`,
  );
  const rows = [
    { name: "日本語の名前です", note: "x".repeat(50), n: 1 },
    { name: "b", note: "short", n: 100 },
  ];
  const terminal = { columns: 40, hasColors: false };
  const text = await list(
    "--markdown",
    rows,
    "records",
    contextOf({ terminal }),
  );
  strictEqual(
    text,
    `| name          | note          | n   |
|---------------|---------------|-----|
| 日本語の名前… | xxxxxxxxxxxx… | 1   |
| b             | short         | 100 |
`,
  );
  for (const line of text.trimEnd().split("\n")) {
    ok(textWidth(line) <= 40, line);
  }
});

Deno.test("list --markdown takes its widths from the first rows", async () => {
  const rows = Array.from({ length: 200 }, (_, at) => ({
    a: at < 150 ? "x" : "longer than the first ones",
  }));
  const lines = (await list("--markdown", rows, "records")).split("\n");
  strictEqual(lines[2], "| x   |");
  strictEqual(lines[160], "| longer than the first ones |");
});

Deno.test("list tells which keys its table has no column for", async () => {
  const notes: CliNote[] = [];
  const rows = Array.from(
    { length: 102 },
    (_, at) => at < 101 ? { a: at } : { a: at, late: 1 },
  );
  await list("--csv", rows, "records", contextOf({ notes }));
  deepStrictEqual(notes, [{
    type: "message",
    level: "warning",
    text:
      "The table lacks columns for what its first rows do not have: late; name the columns to see them",
  }]);
});

Deno.test("list tells of what no element has, and what may be meant", async () => {
  const kinds = [{ name: "k", properties: { size: { kind: "int64" } } }];
  const services = {
    graphs: () => ["main"],
    graph: () => ({ kinds: () => kinds }),
  } as never;
  const noted = async (
    text: string,
    values: readonly Json[] = [NODE, BARE],
  ) => {
    const notes: CliNote[] = [];
    await list(text, values, "nodes", contextOf({ notes, services }));
    return notes.map((note) => note.type === "message" ? note.text : note.type);
  };
  deepStrictEqual(await noted("name, sise, tags.owner"), [
    'No element has "sise"; did you mean "size"?',
  ]);
  deepStrictEqual(await noted("metadata.note, name"), [
    'No element has "metadata.note"; did you mean "/metadata.note"?',
  ]);
  deepStrictEqual(await noted("--csv nothing"), ['No element has "nothing"']);
  deepStrictEqual(await noted("size", [BARE]), ['No element has "size"']);
  deepStrictEqual(await noted("sise", []), []);
});

Deno.test("list --json-table names its columns first", async () => {
  const kinds = [
    { name: "resource", properties: { name: { kind: "string" } } },
    {
      name: "aws_volume",
      properties: { size: { kind: "int64" }, tags: { kind: "tag_set" } },
    },
    { name: "tag_set", properties: { owner: { kind: "string" } } },
  ];
  const context = contextOf({
    services: {
      graphs: () => ["main"],
      graph: () => ({ kinds: () => kinds }),
    } as never,
  });
  const text = await list(
    "--json-table name, size, tags.owner as the_owner, /metadata.note",
    [NODE, BARE],
    "nodes",
    context,
  );
  deepStrictEqual(text.trimEnd().split("\n").map((line) => JSON.parse(line)), [
    {
      columns: [
        { name: "name", kind: "string", display: "Name" },
        { name: "size", kind: "int64", display: "Size" },
        { name: "the_owner", kind: "string", display: "The Owner" },
        { name: "note", kind: "any", display: "Note" },
      ],
    },
    {
      id: "n1",
      row: { name: "data", size: 3, the_owner: "me|you", note: "m" },
    },
    { id: "n2", row: { name: null, size: null, the_owner: null, note: null } },
  ]);
});
