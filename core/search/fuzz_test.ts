import { ok, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { memoryIndex } from "../index/_memory_index.ts";
import { IndexReader } from "../index/reader.ts";
import { parseQuery } from "../query/parse.ts";
import { nastyText } from "./_nasty_search.ts";
import { NOW_MS, randomGraph, zooRegistry } from "./_random_graph.ts";
import { Searcher } from "./searcher.ts";

/** `SEARCH_RUNS=20` tries so many times more. */
const FACTOR = Number(Deno.env.get("SEARCH_RUNS") ?? 1);

const TIMEOUT_MS = 4_000;

/** Words of the engine that mean nothing to who searches. */
const ENGINE =
  /Binder|Parser Error|Conversion|Catalog|INTERNAL|Out of Range|Not implemented|duckdb|json_|list_filter|LINE \d+:|\$\d|::/i;

const registry = zooRegistry();

interface Setup extends AsyncDisposable {
  readonly searcher: Searcher;
}

async function setUp(): Promise<Setup> {
  const index = await memoryIndex();
  for (
    const graph of fc.sample(randomGraph(registry, 12), { numRuns: 1, seed: 4 })
  ) {
    await index.add(graph);
  }
  const reader = new IndexReader(index);
  return {
    searcher: new Searcher({ reader, registry, nowMs: () => NOW_MS }),
    async [Symbol.asyncDispose]() {
      await reader[Symbol.asyncDispose]();
      await index[Symbol.asyncDispose]();
    },
  };
}

/** The error that a search ends with, if any. */
async function errorOf(
  searcher: Searcher,
  text: string,
): Promise<SkymapError | undefined> {
  try {
    const form = parseQuery(text).aggregate === undefined
      ? "list"
      : "aggregate";
    const options = { timeoutMs: TIMEOUT_MS };
    for await (const lines of searcher.lines(text, form, options)) {
      for (const line of lines) JSON.parse(line);
    }
    await searcher.coverage(text, options);
  } catch (error) {
    if (error instanceof SkymapError) return error;
    throw new Error(`No error of ours: ${JSON.stringify(text)}`, {
      cause: error,
    });
  }
}

Deno.test("Searcher answers any text, or says cleanly why not", async () => {
  await using setup = await setUp();
  let answered = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(nastyText, async (text) => {
      const start = performance.now();
      const error = await errorOf(setup.searcher, text);
      const shown = JSON.stringify(text.slice(0, 2_000));
      ok(performance.now() - start < 2 * TIMEOUT_MS, `Too slow: ${shown}`);
      if (error === undefined) {
        answered++;
        return;
      }
      refused++;
      ok(
        isSkymapError(
          error,
          "query_syntax",
          "query_invalid",
          "query_too_large",
        ),
        `${error.code}: ${error.message}: ${shown}`,
      );
      // What was written may well look like words of the engine.
      const [told = ""] = error.message.split("\n");
      const own = told.replaceAll(/"[^"]*"/g, '""');
      if (!ENGINE.test(text)) ok(!ENGINE.test(own), `${told}: ${shown}`);
      if (error.code === "query_syntax") {
        checkPlace(text, error);
      }
    }),
    { numRuns: 900 * FACTOR },
  );
  ok(answered > 100 && refused > 100, `${answered} answered, ${refused} not`);
});

/** The line and column lie in the text, and a caret stands under them. */
function checkPlace(text: string, { details }: SkymapError): void {
  const { line, column, frame } = details as {
    readonly line: number;
    readonly column: number;
    readonly frame: string;
  };
  const lines = text.split("\n");
  const shown = lines[line - 1];
  ok(shown !== undefined, `line ${line} of ${lines.length}`);
  ok(column >= 1 && column <= shown.length + 1, `column ${column}`);
  const [source = "", caret = ""] = frame.split("\n");
  ok(/^ +\^$/.test(caret), frame);
  const at = caret.indexOf("^");
  const under = source[at] ?? "";
  const wanted = (shown[column - 1] ?? "").replace(/\p{Cc}/gu, " ");
  if (column <= shown.length) strictEqual(under, wanted, frame);
  else ok(under === "" || under === "…", frame);
}

Deno.test("parseQuery() shows where any text goes wrong", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        nastyText,
        fc.array(nastyText, { minLength: 2, maxLength: 3 })
          .map((texts) => texts.join("\n")),
      ),
      (text) => {
        try {
          parseQuery(text);
        } catch (error) {
          ok(isSkymapError(error, "query_syntax"), String(error));
          checkPlace(text, error);
        }
      },
    ),
    { numRuns: 3_000 * FACTOR },
  );
});

Deno.test("Searcher answers or refuses texts of a megabyte", async () => {
  await using setup = await setUp();
  const size = 990_000;
  const texts = [
    "x".repeat(size),
    `str = "${"x".repeat(size)}"`,
    `"${"web 01 ".repeat(size / 7)}"`,
    `free in [${"1,".repeat(size / 2)}1]`,
    `free in [${"{},".repeat(size / 3)}1]`,
    `id(${"n01,".repeat(size / 4)}n02)`,
    `str =~ "${"a".repeat(size)}"`,
    `str =~ "${"(a|b)*".repeat(size / 6)}"`,
    `free.${"a.".repeat(size / 2)}b = 1`,
    `free${"[*]".repeat(size / 3)} = 1`,
    `free == ${"{a:".repeat(90)}1${"}".repeat(90)}`,
    `all limit ${"9".repeat(size)}`,
    `aggregate("${"{name}".repeat(2_000)}": sum(1)): all`,
    " ".repeat(size),
    "(".repeat(size),
    `str = "${'\\"'.repeat(size / 2)}"`,
    "-[".repeat(size / 2),
    "\n".repeat(size),
  ];
  for (const text of texts) {
    const start = performance.now();
    const error = await errorOf(setup.searcher, text);
    const shown = text.slice(0, 40);
    ok(performance.now() - start < 2 * TIMEOUT_MS, `Too slow: ${shown}`);
    ok(
      error === undefined || isSkymapError(
        error,
        "query_syntax",
        "query_invalid",
        "query_too_large",
        "query_interrupted",
      ),
      `${shown}: ${error?.code} ${error?.message.slice(0, 300)}`,
    );
    ok(
      (error?.message.length ?? 0) < 3_000,
      `${shown}: ${error?.message.length}`,
    );
  }
  strictEqual(await errorOf(setup.searcher, "all"), undefined);
});
