import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import fc from "fast-check";
import type { Json } from "@skymap/lib/json";
import {
  contextOf,
  flowOf,
  prepareStage,
  runStage,
  textOf,
} from "../_test_stage.ts";
import type { ElementFlow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { DUMP } from "./dump.ts";
import { FORMAT } from "./format.ts";

const NODE = {
  type: "node",
  id: "n1",
  kinds: ["volume"],
  reported: {
    kind: "volume",
    id: "vol-1",
    name: "da\u001bta",
    ctime: "2026-01-30T00:00:00Z",
    tags: { owner: "me", "a.b": "x" },
    parts: [{ n: 1 }, { n: 2 }],
    none: null,
  },
  ancestors: { account: { reported: { id: "1", name: "dev" } } },
};
const EDGE = { type: "edge", from: "n1", to: "n2", edge_type: "default" };

async function format(
  text: string,
  values: readonly Json[],
  shape: ElementFlow["shape"] = "nodes",
  context?: LineContext,
): Promise<string> {
  return await textOf(
    await runStage(FORMAT, text, flowOf(values, shape), context),
  );
}

Deno.test("format fills a template for each element", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["{name}", "da\\u001bta\n"],
    ["'{id} of {account}: {age} old'", "vol-1 of dev: 1d old\n"],
    ["{tags.owner}{tags.`a.b`}{ parts[1].n }", "mex2\n"],
    ["{parts[*].n} {tags} {/id}", '[1,2] {"owner":"me","a.b":"x"} n1\n'],
    ["{parts[0].m} {none} {parts[7]} {nothing.x}", "null null null null\n"],
    ["{{name}} }}{{", "{name} }{\n"],
    ['"a\\tb | {id}"', "a\tb | vol-1\n"],
    ["plain", "plain\n"],
  ];
  for (const [template, wanted] of cases) {
    strictEqual(await format(template, [NODE]), wanted, template);
  }
  strictEqual(
    await format("{n} {a.b}", [{ n: 1, a: { b: [2] } }, 3], "records"),
    "1 [2]\nnull null\n",
  );
  strictEqual(
    await format(
      "{region}={count}",
      [{ group: { region: "eu" }, count: 2 }],
      "rows",
    ),
    "eu=2\n",
  );
  strictEqual(
    await format(
      "{a}",
      [{ ...NODE, desired: { a: 1 } }],
      "nodes",
      contextOf({ section: "desired" }),
    ),
    "1\n",
  );
});

Deno.test("format shows where a template is wrong", async () => {
  const cases: readonly (readonly [string, RegExp, number])[] = [
    ["{name} {a..b}", /"a\.\.b" is no path/, 8],
    ["'x {a b}'", /"a b" is no path/, 4],
    ["{name", /not closed/, 0],
    ["name}", /closes none/, 4],
    ["{} ", /a path is missing/, 1],
  ];
  for (const [template, message, column] of cases) {
    await rejects(prepareStage(FORMAT, template), (error: Error) => {
      match(error.message, message);
      const caret = error.message.split("\n").at(-1) ?? "";
      strictEqual(caret.indexOf("^") - 2, column, error.message);
      return (error as { code?: string }).code === "usage";
    }, template);
  }
  for (const text of ["", "--json --yaml", "--json {a}", "--xml"]) {
    await rejects(prepareStage(FORMAT, text), { code: "usage" }, text);
  }
});

Deno.test("format --ndjson and --json are read back as they were", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.jsonValue()), async (values) => {
      const json: Json[] = JSON.parse(JSON.stringify(values));
      const lines = await format("--ndjson", json, "records");
      deepStrictEqual(
        lines.split("\n").slice(0, -1).map((line) => JSON.parse(line)),
        json,
      );
      ok(lines === "" || lines.endsWith("\n"));
      deepStrictEqual(
        JSON.parse(await format("--json", json, "records")),
        json,
      );
    }),
  );
});

Deno.test("format --text gives a line for each property", async () => {
  strictEqual(
    await format(
      "--text",
      [NODE, EDGE, 3, { a: [], "b\nc": { d: 1 } }],
      "graph",
    ),
    `kind: volume
id: vol-1
name: da\\u001bta
ctime: 2026-01-30T00:00:00Z
tags.owner: me
tags.a.b: x
parts[0].n: 1
parts[1].n: 2
none: null
---
n1 -> n2
---
3
---
a: []
b\\u000ac.d: 1
`,
  );
});

Deno.test("format draws nodes and edges, and nothing else", async () => {
  for (
    const [flag, begin, end] of [
      ["--dot", 'digraph "skymap"', "}\n"],
      ["--graphml", "<?xml", "</graphml>\n"],
      ["--cytoscape", '{"elements"', "}\n"],
    ] as const
  ) {
    for (const shape of ["graph", "records"] as const) {
      const text = await format(flag, [NODE, EDGE], shape);
      ok(text.startsWith(begin), text);
      ok(text.endsWith(end), text);
      ok(text.includes("n2"), text);
    }
    await rejects(format(flag, [NODE, { a: 1 }], "records"), {
      code: "not_acceptable",
      message: /element 2 is no node and no edge/,
    });
  }
});

Deno.test("format says which media type it writes", async () => {
  const flow = await runStage(FORMAT, "--yaml", flowOf([]));
  ok(flow.type === "text");
  strictEqual(flow.mediaType, "application/yaml");
  strictEqual(await textOf(flow), "");
});

Deno.test("dump shows all of each element as YAML", async () => {
  strictEqual(
    await textOf(await runStage(DUMP, "", flowOf([{ a: { b: "x" } }, 1]))),
    "---\na:\n  b: 'x'\n---\n1\n",
  );
});
