import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import type { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import {
  runTestLine,
  testCommandLine,
  type TestLineOptions,
  testZoo,
  zooService,
} from "./_test_line.ts";
import { Batch } from "./batch.ts";
import type { Command, Form, Stage } from "./command.ts";

const FORM = { brief: "Does something", parameters: [] };

function command(
  name: string,
  position: Command["position"],
  stage: Stage,
  more: Partial<Form> = {},
): Command {
  return {
    name,
    group: "flow",
    brief: "Does something",
    description: "For tests.",
    position,
    forms: [{ ...FORM, ...more, prepare: () => stage }],
    examples: [],
  };
}

/** Gives numbers, three at a time, and says when it was stopped. */
function numbers(until: number, onEnd: () => void = () => {}): Command {
  return command("numbers", "source", {
    output: "elements",
    run: (_input, { signal }) => ({
      type: "elements",
      shape: "records",
      batches: async function* () {
        try {
          for (let at = 0; at < until; at += 3) {
            signal.throwIfAborted();
            const batch: Json[] = [at, at + 1, at + 2];
            yield await Promise.resolve(Batch.ofValues(batch));
          }
        } finally {
          onEnd();
        }
      }(),
    }),
  });
}

async function textOf(line: string, options: TestLineOptions = {}) {
  return (await runTestLine(line, options)).text;
}

Deno.test("a line is searched, listed and told about", async () => {
  await using zoo = await testZoo();
  const { text, notes } = await runTestLine(
    "search is(zoo_cat) | sort int desc | head 2",
    { graph: zooService(zoo) },
  );
  match(
    text,
    /^kind=zoo_cat, id=r-a, name=Ada, int=3,.*\nkind=zoo_cat, id=r-c/,
  );
  const [note] = notes;
  ok(note?.type === "coverage");
  strictEqual(note.shown, 2);
});

Deno.test("no_rewrite leaves the end of a line as it was written", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const text = await textOf("no_rewrite=true search id(a)", { graph });
  strictEqual(JSON.parse(text).id, "a");
});

Deno.test("variables choose section, time and edges", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const cases = [
    ["section= search reported.name = Ada | count", "total matched: 1"],
    ["edge_type=delete search id(a) --> | count name", "vol;2: 1"],
    ["search id(a) --> | count name", "Bo: 1"],
    ["edge_type=delete search id(a) | successors | count name", "vol;2: 1"],
    ["search id(a) | successors delete | count name", "vol;2: 1"],
    ["now=2026-02-01 echo @TODAY@ @YESTERDAY@", "2026-02-01 2026-01-31"],
    ["now=@TOMORROW@ echo @TODAY@", "2026-01-11"],
    [
      "now=2026-01-31T23:30:00Z, time_zone=Europe/Berlin echo @TODAY@",
      "2026-02-01",
    ],
  ] as const;
  for (const [line, wanted] of cases) {
    strictEqual((await textOf(line, { graph })).split("\n")[0], wanted, line);
  }
});

Deno.test("what is in quotes or behind a backslash separates nothing", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const cases = [
    ['search name = "vol|1" | count name', "vol|1: 1"],
    ['search name = "vol;2" | count name', "vol;2: 1"],
    [String.raw`search name =~ "^vol(\||;)" | count kind`, "zoo_volume: 2"],
    [String.raw`echo a\|b\;c`, "a|b;c"],
  ] as const;
  for (const [line, wanted] of cases) {
    strictEqual((await textOf(line, { graph })).split("\n")[0], wanted, line);
  }
});

Deno.test("head, tail, limit and count work on any stream", async () => {
  const commands = [numbers(9)];
  const cases = [
    ["numbers | head 2", "0\n1\n"],
    ["numbers | head -4", "0\n1\n2\n3\n"],
    ["numbers | limit 2, 3", "2\n3\n4\n"],
    ["numbers | limit 0", ""],
    ["numbers | tail 4", "5\n6\n7\n8\n"],
    ["numbers | tail 0", ""],
    ["numbers | tail", "0\n1\n2\n3\n4\n5\n6\n7\n8\n"],
    ["numbers | count", "total matched: 9\ntotal unmatched: 0\n"],
    [
      'json [{"a":1},{"a":"x"},{"a":1},{}] | count a',
      "x: 1\n1: 2\ntotal matched: 3\ntotal unmatched: 1\n",
    ],
  ] as const;
  for (const [line, wanted] of cases) {
    strictEqual(
      await textOf(`no_rewrite=true ${line}`, { commands }),
      wanted,
      line,
    );
  }
});

Deno.test("head stops what it does not need", async () => {
  let ended = 0;
  const commands = [numbers(1e9, () => ended++)];
  await textOf("no_rewrite=true numbers | head 5", { commands });
  strictEqual(ended, 1);
});

Deno.test("count finds behind any command what it finds in a search", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const names = ["kind", "account", "account.id", "region", "zone", "age"];
  for (const name of [...names, "tags.o", "/kinds[*]", "/id", "int"]) {
    strictEqual(
      await textOf(`search all | uniq | count ${name}`, { graph }),
      await textOf(`search all | count ${name}`, { graph }),
      name,
    );
  }
  const text = await textOf("search all | uniq | count account", { graph });
  match(text, /total matched: 5/);
});

Deno.test("rows of an aggregation are sorted by functions, or as asked", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const rows = async (line: string) =>
    (await textOf(line, { graph })).trimEnd().split("\n");
  const search = "search all | aggregate kind: sum(1) as n, max(int) as most";
  deepStrictEqual(await rows(search), [
    "kind=zoo_volume, n=2",
    "kind=zoo_cat, n=3, most=3",
  ]);
  deepStrictEqual(await rows(`${search} | sort kind`), [
    "kind=zoo_cat, n=3, most=3",
    "kind=zoo_volume, n=2",
  ]);
  deepStrictEqual(
    await rows(`${search} | sort /group.kind`),
    await rows(`${search} | sort kind`),
  );
  deepStrictEqual(await rows(`${search} | sort n desc | head 1`), [
    "kind=zoo_cat, n=3, most=3",
  ]);
});

Deno.test("every line is understood before one runs", async () => {
  let ran = false;
  const touch = command("touch", "source", {
    output: "text",
    run: () => {
      ran = true;
      return { type: "text", chunks: async function* () {}() };
    },
  });
  await using zoo = await testZoo();
  const options = { graph: zooService(zoo), commands: [touch] };
  const cases = [
    "touch; nope",
    "touch; head",
    "touch; search is(",
    "touch |",
    "touch; search is(zoo_catt)",
    "touch; search all | count namee",
  ];
  for (const line of cases) await rejects(runTestLine(line, options), line);
  strictEqual(ran, false);
});

Deno.test("what is kept for later may be followed by others when it is in quotes", async () => {
  const prepared = (line: string) =>
    testCommandLine().prepare(line, {
      caller: { subject: "test", role: "operator" },
    });
  for (
    const line of [
      "jobs add --id x 'search all | clean' | jq .id",
      'jobs add --id x "search all | clean"; jobs list | head 1',
      "jobs update --schedule none x | list id",
      "jobs add --id x search all",
    ]
  ) strictEqual((await prepared(line)).length > 0, true, line);
});

Deno.test("what is wrong with a line is shown in all of it", async () => {
  await using zoo = await testZoo();
  const graph = zooService(zoo);
  const cases = [
    ["echo x; search all | lst", "usage", 22, /did you mean "list"\?/],
    ["search all | jq .a | .b", "usage", 22, /put the filter in quotes/],
    ["is(zoo_cat)", "usage", 1, /"search is\(zoo_cat\)"/],
    ["list", "usage", 1, /wanted it behind "\|", such as "search all \| list"/],
    ["search all | kinds", "usage", 14, /wanted it first in a line/],
    ["json 1 | search all", "usage", 10, /among the first commands/],
    ["search all | uniq | sort name", "usage", 21, /directly behind a search/],
    ["search is(a) || is(b)", "usage", 15, /a search says "or"/],
    ["history | ancestors", "usage", 11, /directly behind a search of nodes/],
    ["grap=x search all", "usage", 1, /did you mean "graph"\?/],
    ["edge_type=x search all", "usage", 11, /wanted default, delete, iam/],
    ["search all | head x", "usage", 19, /wanted a number/],
    ["search all | sort a limit 3", "usage", 19, /is no order/],
    [
      "search is(zoo_cat) | search is(",
      "query_syntax",
      32,
      /"\(" at column 31/,
    ],
    ["search all | aggregate sum(int", "query_syntax", 31, /ends too early/],
    ["search all | aggregate kind: sun(1)", "query_syntax", 30, /"sum"/],
    ["search all; search is(zoo_catt)", "query_invalid", 23, /"zoo_cat"/],
    ["search all | search namee = 1", "query_invalid", 21, /"name"/],
    ["search all | sort int, nope", "query_invalid", 24, /"nope"/],
    ["search all | aggregate nope: sum(1)", "query_invalid", 24, /"nope"/],
    [
      "search all | aggregate kind: sum(1) as n | sort n, kin",
      "usage",
      52,
      /the rows have no "kin", wanted kind, n; did you mean "kind"\?/,
    ],
    ["search all | count nope", "query_invalid", 20, /"nope"/],
    ["search @TODAY@ = 3", "query_syntax", 8, /which stands for/],
    ["explain is(zoo_catt)", "query_invalid", 12, /"zoo_cat"/],
    ["structure is(", "query_syntax", 14, /"\(" at column 13/],
    [
      "graph=main jobs add --id x search all | clean",
      "usage",
      39,
      /not part of LINE, wanted all of that in single quotes/,
    ],
    ["jobs update x search all | count", "usage", 26, /not part of LINE/],
    ["templates add x all | count", "usage", 21, /not part of TEXT/],
  ] as const;
  for (const [line, code, column, message] of cases) {
    await rejects(runTestLine(line, { graph }), (error: SkymapError) => {
      deepStrictEqual(
        [error.code, error.details["column"]],
        [code, column],
        `${line}: ${error.message}`,
      );
      match(error.message, message, line);
      strictEqual(
        error.details["frame"],
        `  ${line}\n${" ".repeat(column + 1)}^`,
      );
      return true;
    }, line);
  }
});

Deno.test("a file that a line reads has to come with it", async () => {
  const reads = command("reads", "source", {
    output: "text",
    files: ["a.json", "b.json"],
    run: (_input, { files }) => ({
      type: "text",
      chunks: async function* () {
        yield await files.get("a.json")?.text() ?? "";
      }(),
    }),
  });
  const commands = [reads];
  await rejects(
    runTestLine("echo x; reads", { commands, files: { "b.json": "b" } }),
    (error: SkymapError) => {
      strictEqual(error.code, "files_required");
      deepStrictEqual(error.details, { files: ["a.json"] });
      return true;
    },
  );
  const files = { "a.json": "one", "b.json": "two" };
  strictEqual(await textOf("reads", { commands, files }), "one");
});

Deno.test("only an operator changes things", async () => {
  const change = command("change", "source", {
    output: "text",
    isChange: true,
    run: () => ({ type: "text", chunks: async function* () {}() }),
  });
  await rejects(
    runTestLine("change", {
      commands: [change],
      caller: { subject: "m", role: "metrics" },
    }),
    { code: "permission_denied" },
  );
  strictEqual(await textOf("change", { commands: [change] }), "");
});

Deno.test("notes come while a line works, its coverage behind all it gives", async () => {
  const gate = Promise.withResolvers<void>();
  const slow = command("slow", "source", {
    output: "text",
    run: (_input, { note }) => {
      note({ type: "progress", text: "half", done: 1, total: 2 });
      return {
        type: "text",
        chunks: async function* () {
          await gate.promise;
          yield "done";
        }(),
      };
    },
  });
  const events = await testCommandLine({ commands: [slow] }).execute("slow", {
    caller: { subject: "test", role: "operator" },
    signal: new AbortController().signal,
  });
  const types: string[] = [];
  for await (const { type } of events) {
    types.push(type);
    // Nothing is written before the note was heard.
    if (type === "note") gate.resolve();
  }
  deepStrictEqual(types.toSorted(), ["begin", "end", "note", "text"]);
  ok(types.indexOf("note") < types.indexOf("text"));
});

Deno.test("a line that is not read to its end is stopped", async () => {
  let ended = 0;
  const events = await testCommandLine({
    commands: [numbers(1e9, () => ended++)],
  }).execute("no_rewrite=true numbers", {
    caller: { subject: "test", role: "operator" },
    signal: new AbortController().signal,
  });
  for await (const { type } of events) if (type === "text") break;
  strictEqual(ended, 1);
});

Deno.test("an abort stops a line with its reason", async () => {
  const stop = new AbortController();
  const events = await testCommandLine({ commands: [numbers(1e9)] }).execute(
    "no_rewrite=true numbers",
    { caller: { subject: "test", role: "operator" }, signal: stop.signal },
  );
  const reason = new Error("enough");
  let last: unknown;
  for await (const event of events) {
    if (event.type === "text") stop.abort(reason);
    last = event;
  }
  deepStrictEqual(last, { type: "failed", line: 0, error: reason });
});

Deno.test("CommandLine.textOf() gives text and throws what lines throw", async () => {
  const commandLine = testCommandLine({
    clock: new FakeClock(0),
    graph: { kinds: () => [] },
  });
  const { signal } = new AbortController();
  const caller = { subject: "jobs", role: "operator" } as const;
  const run = (line: string) =>
    Array.fromAsync(commandLine.textOf(line, { caller, signal }, () => {}));
  strictEqual((await run("echo @TODAY@")).join(""), "1970-01-01\n");
  await rejects(run("nope"), { code: "usage" });
  await rejects(run("kinds nope"), { code: "kind_unknown" });
});
