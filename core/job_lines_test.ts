import assert from "node:assert/strict";
import type { CliNote } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import type { Command } from "./cli/command.ts";
import { testCommandLine, testZoo, zooService } from "./cli/_test_line.ts";
import type { GraphService } from "./cli/core_services.ts";
import { jobLines } from "./job_lines.ts";
import type { RunLineOptions } from "./workflow/run_line.ts";

/** Says who runs it, tells a note, gives a file or waits for ever. */
const PROBE: Command = {
  name: "probe",
  group: "flow",
  brief: "",
  description: "",
  position: "source",
  examples: [],
  forms: [
    {
      brief: "",
      parameters: [],
      prepare: () => ({
        output: "text",
        isChange: true,
        run: (_input, { caller, environment, note }) => ({
          type: "text",
          chunks: (async function* () {
            note({ type: "message", level: "warning", text: "a note" });
            yield `${caller.subject} ${caller.role} ${
              JSON.stringify(environment)
            }\n`;
          })(),
        }),
      }),
    },
    {
      verb: "file",
      brief: "",
      parameters: [],
      prepare: () => ({
        output: "file",
        run: () => {
          throw new TypeError("never run");
        },
      }),
    },
    {
      verb: "reads",
      brief: "",
      parameters: [],
      prepare: () => ({
        output: "text",
        files: ["a.json"],
        run: () => {
          throw new TypeError("never run");
        },
      }),
    },
  ],
};

function open(
  opened: Promise<void> = Promise.resolve(),
  graph: Partial<GraphService> = {},
) {
  const { runLine, checkLine } = jobLines(
    testCommandLine({ commands: [PROBE], graph }),
    opened,
  );
  const notes: CliNote[] = [];
  const run = async (line: string, options: Partial<RunLineOptions> = {}) => {
    const chunks: string[] = [];
    for await (
      const chunk of runLine(line, {
        environment: { graph: "main" },
        subject: "job:a",
        note: (note) => void notes.push(note),
        signal: new AbortController().signal,
        ...options,
      })
    ) chunks.push(chunk);
    return chunks.join("");
  };
  return { run, notes, checkLine };
}

Deno.test("jobLines() runs lines as the operator, with their variables and notes", async () => {
  const { run, notes } = open();
  assert.equal(
    await run("probe; section=desired probe"),
    'job:a operator {"graph":"main"}\n' +
      'job:a operator {"graph":"main","section":"desired"}\n',
  );
  assert.deepEqual(notes.map((note) => note.type), ["message", "message"]);
});

Deno.test("jobLines() throws what a line throws, and runs no line behind it", async () => {
  const { run, notes } = open();
  await assert.rejects(
    run("graph=other search all; probe"),
    (error) => isSkymapError(error, "graph_unknown"),
  );
  await assert.rejects(
    run("probe; nonsense"),
    (error) => isSkymapError(error, "usage"),
  );
  assert.deepEqual(notes, []);
});

Deno.test("jobLines() runs nothing before core is open", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const { run, notes } = open(promise);
  const running = run("probe");
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual(notes, []);
  resolve();
  assert.match(await running, /^job:a/);
});

Deno.test("jobLines() stops also while core is not open", async () => {
  const { run } = open(new Promise(() => {}));
  const stop = new AbortController();
  const running = run("probe", { signal: stop.signal });
  stop.abort();
  await assert.rejects(running, { name: "AbortError" });
  await assert.rejects(run("probe", { signal: stop.signal }), {
    name: "AbortError",
  });
});

Deno.test("jobLines() refuses what no job can do, and runs nothing for it", async () => {
  const { checkLine, notes } = open();
  await checkLine("probe; probe", { graph: "main" });
  const cases = [
    ["probe file", {}, "job_invalid"],
    ["probe; probe reads", {}, "job_invalid"],
    ["nonsense", {}, "usage"],
    ["probe", { colour: "red" }, "usage"],
  ] as const;
  for (const [line, environment, code] of cases) {
    await assert.rejects(
      checkLine(line, environment),
      (error) => isSkymapError(error, code),
      line,
    );
  }
  assert.deepEqual(notes, []);
});

Deno.test("jobLines() plans searches, and refuses what the graph cannot answer", async () => {
  await using zoo = await testZoo();
  const { checkLine } = open(undefined, zooService(zoo));
  for (
    const line of [
      "search is(zoo_cat) and name = @TODAY@",
      "search is(zoo_cat) | count kind",
      "search is(zoo_cat) | aggregate kind: sum(int) as total | sort total",
      "search is(zoo_cat) | head 3 | successors",
      "history is(zoo_cat)",
    ]
  ) await checkLine(line, {});
  for (
    const [line, found] of [
      ["search is(zoo_catt)", /zoo_cat/],
      ["search is(zoo_cat) | aggregate sum(", /sum/],
      ["search is(zoo_cat) |", /\|/],
    ] as const
  ) {
    await assert.rejects(checkLine(line, {}), (error) => {
      assert.ok(isSkymapError(error), line);
      assert.match(error.message, found);
      return true;
    });
  }
});
