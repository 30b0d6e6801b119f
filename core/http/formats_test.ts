import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { type Document, parseAllDocuments } from "yaml";
import type { CoverageJson, EdgeJson, NodeJson } from "@skymap/lib/client";
import { isSkymapError, type Problem } from "@skymap/lib/errors";
import type {
  AnswerFormat,
  AnswerShape,
} from "../cli/formats/answer_format.ts";
import { FORMATS, formatsOf } from "../cli/formats/all_formats.ts";
import { chooseFormat } from "./negotiate.ts";

const ODD = "a<b>&\"c'\n\u0001\\ ]]> -- \ud800 =1,2;ü😀";

function node(id: string, name: string): NodeJson {
  return {
    type: "node",
    id,
    kinds: ["volume", "resource"],
    reported: {
      kind: "volume",
      id: `vol-${id}`,
      name,
      size: 4,
      tags: { a: name },
    },
    ancestors: { account: { reported: { id: "1", name } } },
    stale: { since: "2026-01-01T00:00:00Z", reason: name },
  };
}

const EDGE: EdgeJson = {
  type: "edge",
  from: "n1",
  to: ODD,
  edge_type: "delete",
};
const RECORDS = [node("n1", "plain"), node(ODD, ODD), EDGE];

const COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 1,
  complete: 0,
  stale: 1,
  failed: 1,
  sequence: 7,
  problems: [{
    cloud: "c",
    account: "----> */ \n\u0085\u2028#",
    region: "",
    kind: "volume",
    status: "failed",
    reason: ODD,
    since: null,
  }],
  problems_total: 1,
  gaps: [],
  warnings: [],
};

const PROBLEM: Problem = {
  type: "urn:skymap:error:index_failed",
  title: "t",
  status: 500,
  detail: `It broke -- "here"\nand there`,
  code: "index_failed",
};

function format(name: string): AnswerFormat {
  const found = FORMATS.find((each) => each.name === name);
  ok(found !== undefined);
  return found;
}

/** A whole answer, or one that was cut after its records. */
function write(
  name: string,
  records: readonly unknown[],
  end: CoverageJson | Problem = COVERAGE,
  shape: AnswerShape = "graph",
  columns?: readonly string[],
): string {
  const writer = format(name).writer({
    shape,
    ...(columns !== undefined && { columns }),
  });
  return writer.head() +
    records.map((record) => writer.record(JSON.stringify(record))).join("") +
    ("code" in end ? writer.failed(end) : writer.end(end));
}

Deno.test("JSON is an array that only a whole answer closes", () => {
  deepStrictEqual(JSON.parse(write("json", RECORDS)), RECORDS);
  deepStrictEqual(JSON.parse(write("json", [])), []);
  for (const records of [RECORDS, []]) {
    const cut = write("json", records, PROBLEM);
    throws(() => JSON.parse(cut), SyntaxError);
    match(cut, /"code":"index_failed"/);
  }
});

Deno.test("NDJSON ends with the coverage, or with the error", () => {
  const lines = (text: string) =>
    text.trimEnd().split("\n").map((line) => JSON.parse(line));
  deepStrictEqual(lines(write("ndjson", RECORDS)), [...RECORDS, COVERAGE]);
  deepStrictEqual(lines(write("ndjson", RECORDS, PROBLEM)), [
    ...RECORDS,
    { ...PROBLEM, type: "error" },
  ]);
});

Deno.test("YAML has a document for each record, and one for the error", () => {
  const read = (text: string) =>
    [...parseAllDocuments(text) as Iterable<Document>].map((each) => {
      deepStrictEqual(each.errors, []);
      return each.toJS();
    });
  const tricky = [
    ...RECORDS.slice(0, 1),
    { a: "yes", b: "0x1f", c: "---", d: "# x", e: null, f: " ", g: "1e3" },
  ];
  deepStrictEqual(read(write("yaml", tricky)), tricky);
  const empty = write("yaml", []);
  match(empty, /^# coverage: \{.*\}\n$/);
  ok(!/[\u0085\u2028]/.test(empty), "a break would end the comment");
  deepStrictEqual(read(write("yaml", tricky, PROBLEM)), [
    ...tricky,
    { ...PROBLEM, type: "error" },
  ]);
});

/** Reads XML as far as is needed here; throws on what is not well-formed. */
function readXml(text: string): { names: string[]; texts: string[] } {
  const open: string[] = [];
  const names: string[] = [];
  const texts: string[] = [];
  const token =
    /<\?xml [^<>]*\?>|<!--((?:(?!--)[^])*)-->|<(\/?)([a-z]+)((?: [a-z.A-Z]+="[^"<]*")*)(\/?)>|([^<]+)/y;
  const entity = /&(?:amp|lt|gt|quot|#10|#13|#9);|[^&]/y;
  // deno-lint-ignore no-control-regex -- control characters are what it finds
  ok(!/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/.test(text));
  ok(text.isWellFormed());
  while (token.lastIndex < text.length) {
    const at = token.lastIndex;
    const found = token.exec(text);
    ok(found !== null, `not well-formed at ${text.slice(at, at + 60)}`);
    const [, , closes, name = "", attributes = "", empty, content] = found;
    for (const part of [attributes, content ?? ""]) {
      strictEqual(part.match(new RegExp(entity, "g"))?.join("") ?? "", part);
    }
    if (content !== undefined && content.trim() !== "") texts.push(content);
    if (name === "") continue;
    if (closes === "/") strictEqual(open.pop(), name);
    else {
      names.push(name);
      if (empty !== "/") open.push(name);
    }
  }
  deepStrictEqual(open, [], "every element is closed");
  return { names, texts };
}

Deno.test("GraphML is well-formed, its keys declared, its root closed when whole", () => {
  const text = write("graphml", RECORDS);
  const { names, texts } = readXml(text);
  strictEqual(names.filter((name) => name === "node").length, 2);
  strictEqual(names.filter((name) => name === "edge").length, 1);
  const declared = [...text.matchAll(/<key id="(\w+)"/g)].map(([, id]) => id);
  for (const [, key] of text.matchAll(/<data key="(\w+)"/g)) {
    ok(declared.includes(key), key);
  }
  ok(
    texts.includes(
      "a&lt;b&gt;&amp;&quot;c'&#10;\ufffd\\ ]]&gt; -- \ufffd =1,2;ü😀",
    ),
  );
  ok(texts.some((each) => each.startsWith("{&quot;kind&quot;:&quot;volume")));
  throws(() => readXml(write("graphml", RECORDS, PROBLEM)), /every element/);
  match(write("graphml", [], PROBLEM), /<!-- error: index_failed/);
});

Deno.test("DOT quotes what it is given, its brace closed when whole", async () => {
  const text = write("dot", RECORDS);
  // What is left without strings and comments is the bare language.
  const bare = text.replaceAll(/"(?:[^"\\]|\\[^])*"/g, "S")
    .replaceAll(/^\/\/.*$/gm, "");
  match(bare, /^digraph S \{\n[^{}]*\}\s*$/);
  strictEqual(bare.match(/^ {2}S \[[^\]]*\];$/gm)?.length, 2);
  strictEqual(bare.match(/^ {2}S -> S \[[^\]]*\];$/gm)?.length, 1);
  const cut = write("dot", RECORDS, PROBLEM);
  ok(!/^\}/m.test(cut));
  match(cut, /^\/\/ error: index_failed.*\n$/m);
  await drawn(text);
});

/** Lets Graphviz read a text, on machines that have it. */
async function drawn(text: string): Promise<void> {
  try {
    const child = new Deno.Command("dot", {
      args: ["-Tcanon"],
      stdin: "piped",
      stdout: "null",
    }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(text));
    await writer.close();
    ok((await child.status).success);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

Deno.test("Cytoscape JSON has nodes, edges and the coverage", () => {
  const read = JSON.parse(write("cytoscape", RECORDS));
  deepStrictEqual(
    read.elements.nodes.map(({ data }: { data: { id: string } }) => data.id),
    ["n1", ODD],
  );
  deepStrictEqual(read.elements.edges[0].data, {
    id: `n1 delete ${ODD}`,
    source: "n1",
    target: ODD,
    edge_type: "delete",
  });
  deepStrictEqual(read.coverage, COVERAGE);
  for (const records of [[], RECORDS.slice(0, 2), [EDGE]]) {
    const { nodes, edges } = JSON.parse(write("cytoscape", records)).elements;
    strictEqual(nodes.length + edges.length, records.length);
    throws(
      () => JSON.parse(write("cytoscape", records, PROBLEM)),
      SyntaxError,
    );
  }
});

Deno.test("CSV has a head and quotes what it has to", () => {
  const nodes = RECORDS.slice(0, 1);
  strictEqual(
    write("csv", nodes, COVERAGE, "nodes"),
    "kind,id,name,cloud,account,region,zone\r\n" +
      "volume,vol-n1,plain,,plain,,\r\n",
  );
  strictEqual(
    write("csv", nodes, COVERAGE, "nodes", [
      "/id",
      "tags.a",
      "size",
      "/kinds",
      "nope.x",
    ]),
    '/id,tags.a,size,/kinds,nope.x\r\nn1,plain,4,"[""volume"",""resource""]",\r\n',
  );
  strictEqual(
    write("csv", [{ group: { a: 'x"y', b: null }, n: 3 }], COVERAGE, "rows"),
    'a,b,n\r\n"x""y",,3\r\n',
  );
  const odd = { a: "=1+1", b: "@x", c: "-x", d: "-1.5", e: -2, f: "a=b" };
  strictEqual(
    write("csv", [odd], COVERAGE, "rows"),
    "a,b,c,d,e,f\r\n'=1+1,'@x,'-x,-1.5,-2,a=b\r\n",
  );
  strictEqual(
    write("csv", [{ "+n": '\t="x"' }], COVERAGE, "rows"),
    '\'+n\r\n"\'\t=""x"""\r\n',
  );
  const cut = write("csv", [], PROBLEM, "nodes");
  strictEqual((cut.match(/"/g) ?? []).length % 2, 1);
});

Deno.test("chooseFormat() takes what is liked best, and format before Accept", () => {
  const of = (
    accept: string | undefined,
    format?: string,
    shape: AnswerShape = "graph",
  ) => chooseFormat(shape, { accept, format }).name;
  strictEqual(of(undefined), "json");
  strictEqual(of(""), "json");
  strictEqual(of("*/*"), "json");
  strictEqual(of("application/x-ndjson"), "ndjson");
  strictEqual(of("application/jsonl"), "ndjson");
  strictEqual(of("text/html, application/xhtml+xml, */*;q=0.8"), "json");
  strictEqual(of("application/json;q=0.2, application/yaml;q=0.9"), "yaml");
  strictEqual(of("application/json;q=0, application/*"), "ndjson");
  strictEqual(of("text/*"), "dot");
  strictEqual(of("TEXT/VND.GRAPHVIZ; charset=utf-8"), "dot");
  strictEqual(of("text/*", undefined, "rows"), "csv");
  strictEqual(of("application/x-ndjson", "graphml"), "graphml");
});

Deno.test("chooseFormat() says what can be had", () => {
  const cases = [
    ["rows", "application/graphml+xml", undefined],
    ["graph", "text/csv", undefined],
    ["graph", "application/json;q=0", undefined],
    ["graph", "nonsense", undefined],
    ["nodes", "application/json", "xml"],
    ["records", undefined, "dot"],
  ] as const;
  for (const [shape, accept, format] of cases) {
    throws(
      () => chooseFormat(shape, { accept, format }),
      (error) => {
        ok(isSkymapError(error, "not_acceptable"));
        const known = formatsOf(shape).map((each) => each.name);
        deepStrictEqual(
          (error.details["formats"] as { format: string }[]).map((each) =>
            each.format
          ),
          known,
        );
        return error.message.includes("application/json (format=json)");
      },
      String(accept),
    );
  }
});
