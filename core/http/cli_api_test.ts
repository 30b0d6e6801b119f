import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { CliFrame, CliInfoJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { testZoo, zooService } from "../cli/_test_line.ts";
import type { GraphService } from "../cli/core_services.ts";
import { problemOf, request } from "./_test_api.ts";

const FRAMES = "application/vnd.skymap.cli+ndjson";

function post(
  path: string,
  body: BodyInit,
  graph: Partial<GraphService> = {},
  headers: Record<string, string> = {},
): Promise<Response> {
  return request(path, { method: "POST", body, headers }, graph);
}

async function framesOf(response: Response): Promise<CliFrame[]> {
  strictEqual(response.status, 200, await response.clone().text());
  strictEqual(response.headers.get("content-type"), FRAMES);
  const text = await response.text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("POST /cli/execute gives the bare output of a line", async () => {
  await using zoo = await testZoo();
  const answer = await post(
    "/cli/execute",
    "search is(zoo_volume) | count kind",
    zooService(zoo),
  );
  strictEqual(answer.headers.get("content-type"), "text/plain; charset=utf-8");
  match(
    answer.headers.get("skymap-coverage") ?? "",
    /^scopes=1; complete=0; stale=1; failed=1;/,
  );
  strictEqual(
    await answer.text(),
    "zoo_volume: 2\ntotal matched: 2\ntotal unmatched: 0\n",
  );
});

Deno.test("POST /cli/execute separates the outputs of several lines", async () => {
  await using zoo = await testZoo();
  const answer = await post(
    "/cli/execute",
    "search is(zoo_cat) | count; search is(zoo_volume) | count",
    zooService(zoo),
  );
  strictEqual(answer.headers.get("skymap-coverage"), null);
  strictEqual(
    await answer.text(),
    "total matched: 3\ntotal unmatched: 0\n---\n" +
      "total matched: 2\ntotal unmatched: 0\n",
  );
});

Deno.test("POST /cli/execute frames outputs, notes and what goes wrong", async () => {
  await using zoo = await testZoo();
  const frames = await framesOf(
    await post(
      "/cli/execute",
      "search is(zoo_cat) | count; at=1d search is(zoo_cat) | count",
      {
        ...known(zooService(zoo)),
        pointInTime: () =>
          Promise.reject(new SkymapError("query_invalid", "It is pruned")),
      },
      { accept: FRAMES },
    ),
  );
  deepStrictEqual(
    frames.map((frame) => frame.type),
    ["begin", "text", "note", "end", "error"],
  );
  deepStrictEqual(frames[0], {
    type: "begin",
    line: 0,
    output: "text",
    media_type: "text/plain",
  });
  const last = frames.at(-1);
  ok(last?.type === "error");
  strictEqual(last.line, 1);
  strictEqual(last.problem.code, "query_invalid");
});

Deno.test("POST /cli/execute runs nothing when a line is wrong", async () => {
  const cases = [
    ["search all | nope", "usage", /there is no command "nope"/],
    ["search is(", "query_syntax", /search is\(\n +\^/],
    ["search is(zoo_catt)", "query_invalid", /"zoo_cat"\?\n.*\n +\^/],
    ["graph=other search all", "graph_unknown", /"other"/],
    ["grap=main search all", "usage", /did you mean "graph"\?/],
  ] as const;
  await using zoo = await testZoo();
  for (const [line, code, message] of cases) {
    const answer = await post(
      "/cli/execute",
      `search all; ${line}`,
      zooService(zoo),
    );
    strictEqual(answer.status >= 400, true, line);
    const problem = await answer.json();
    strictEqual(problem.code, code, line);
    match(problem.detail, message);
  }
});

Deno.test("POST /cli/execute is for operators, and knows its variables", async () => {
  const worker = await request("/cli/execute", {
    method: "POST",
    body: "search all",
    token: "worker",
  });
  deepStrictEqual(await problemOf(worker), [403, "permission_denied"]);
  const unknown = await post("/cli/execute?colour=red", "search all");
  deepStrictEqual(await problemOf(unknown), [400, "usage"]);
});

Deno.test("POST /cli/execute refuses what is not complete before any row", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const path = "/cli/execute?require_complete=true";
  const volumes = await post(path, "search is(zoo_volume)", graph);
  deepStrictEqual(await problemOf(volumes), [412, "answer_incomplete"]);
  const cats = await post(path, "search is(zoo_cat) | count", graph);
  strictEqual(cats.status, 200);
  await cats.text();
});

Deno.test("POST /cli/execute reads multipart bodies", async () => {
  await using zoo = await testZoo();
  const form = new FormData();
  form.set("command", "search is(zoo_cat) | count");
  const answer = await post("/cli/execute", form, zooService(zoo));
  match(await answer.text(), /^total matched: 3/);
  const none = new FormData();
  none.set("x", "y");
  deepStrictEqual(
    await problemOf(await post("/cli/execute", none)),
    [400, "body_invalid"],
  );
});

Deno.test("POST /cli/evaluate tells what lines would do", async () => {
  const answer = await post(
    "/cli/evaluate?section=desired",
    "search is(a) | sort x desc | head 3; history --after 1d",
    { expand: (text) => text },
  );
  const [first, second] = await answer.json();
  strictEqual(first.line, "search is(a) | sort x desc | head 3");
  deepStrictEqual(first.environment, { section: "desired" });
  deepStrictEqual(first.search, {
    text: 'is("a") sort x desc limit 3',
    form: "list",
    of: "nodes",
  });
  deepStrictEqual(
    first.stages.slice(0, 3).map((stage: { text: string }) => stage.text),
    ["search is(a)", "sort x desc", "head 3"],
  );
  strictEqual(second.search.of, "changes");
});

Deno.test("GET /cli/info lists commands, variables and placeholders", async () => {
  const info: CliInfoJson = await (await request("/cli/info")).json();
  const search = info.commands.find(({ name }) => name === "search");
  deepStrictEqual(search?.aliases, ["match", "query"]);
  match(search?.forms[0]?.usage ?? "", /^search \[--with-edges\]/);
  ok(info.placeholders.includes("@NOW@"));
  const edges = info.environment.find(({ name }) => name === "edge_type");
  deepStrictEqual(edges?.choices, ["default", "delete", "iam"]);
});

/** What a zoo answers searches with. */
function known(graph: GraphService): Partial<GraphService> {
  return {
    check: (...request) => graph.check(...request),
    coverage: (request) => graph.coverage(request),
    counts: (request) => graph.counts(request),
    expand: (...request) => graph.expand(...request),
    kinds: () => graph.kinds(),
    search: (...request) => graph.search(...request),
  };
}

/** A graph whose search goes on until it is stopped, or fails. */
function endless(
  graph: GraphService,
  failAfter = Infinity,
): { readonly graph: Partial<GraphService>; stops(): number } {
  let stops = 0;
  return {
    stops: () => stops,
    graph: {
      ...known(graph),
      search: async function* () {
        try {
          for (let at = 0; at < failAfter; at++) {
            const node = JSON.stringify({ type: "node", id: `n${at}` });
            yield await Promise.resolve(Array(1_000).fill(node));
          }
          throw new SkymapError("index_failed", "Cannot go on");
        } finally {
          stops++;
        }
      },
    },
  };
}

Deno.test("POST /cli/execute stops a line whose caller is gone", async () => {
  await using zoo = await testZoo();
  for (const accept of [FRAMES, "*/*"]) {
    const { graph, stops } = endless(zooService(zoo));
    const answer = await post(
      "/cli/execute?no_rewrite=true",
      "search all",
      graph,
      { accept },
    );
    const reader = answer.body?.getReader();
    strictEqual((await reader?.read())?.done, false);
    await reader?.cancel();
    strictEqual(stops(), 1);
  }
});

Deno.test("POST /cli/execute takes a caller who is gone for no fault", async () => {
  const caller = new AbortController();
  const answer = request("/cli/execute", {
    method: "POST",
    body: "sleep 100",
    signal: caller.signal,
  });
  caller.abort();
  deepStrictEqual(await problemOf(await answer), [408, "query_interrupted"]);
});

Deno.test("POST /cli/execute answers what fails at once with its problem", async () => {
  await using zoo = await testZoo();
  const { graph } = endless(zooService(zoo), 0);
  const bare = await post("/cli/execute", "search all", graph);
  deepStrictEqual(await problemOf(bare), [500, "index_failed"]);
  const framed = await framesOf(
    await post("/cli/execute", "search all", graph, { accept: FRAMES }),
  );
  const [first] = framed;
  strictEqual(first?.type === "error" && first.problem.code, "index_failed");
  strictEqual(framed.length, 1);
});

Deno.test("POST /cli/execute breaks a bare answer off, and tells it in a frame", async () => {
  await using zoo = await testZoo();
  const { graph } = endless(zooService(zoo), 3);
  const ask = (accept: string) =>
    post("/cli/execute?no_rewrite=true", "search all", graph, { accept });
  await rejects((await ask("*/*")).text(), /The answer was cut: index_failed/);
  const last = (await framesOf(await ask(FRAMES))).at(-1);
  strictEqual(last?.type === "error" && last.problem.code, "index_failed");
});

Deno.test("POST /cli/execute gives a file with its name", async () => {
  const answer = await post("/cli/execute", "echo hey | write grüße.txt");
  strictEqual(
    answer.headers.get("content-disposition"),
    "attachment; filename*=UTF-8''gr%C3%BC%C3%9Fe.txt",
  );
  strictEqual(await answer.text(), "hey\n");
  const frames = await framesOf(
    await post("/cli/execute", "echo hey | write a.txt", {}, {
      accept: FRAMES,
    }),
  );
  const [begin, bytes] = frames;
  strictEqual(begin?.type === "begin" && begin.name, "a.txt");
  strictEqual(bytes?.type === "bytes" && atob(bytes.base64), "hey\n");
  const several = await post("/cli/execute", "echo a; echo hey | write a.txt");
  deepStrictEqual(await problemOf(several), [406, "not_acceptable"]);
});
