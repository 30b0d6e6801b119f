import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { CliFrame } from "@skymap/lib/client";
import { type ErrorCode, type Problem, SkymapError } from "@skymap/lib/errors";
import {
  LineRunner,
  type LineRunnerOptions,
  type SendLine,
} from "./line_runner.ts";
import { PLAIN } from "./paint.ts";

function problem(code: ErrorCode, detail: string): Problem {
  return { type: "", title: "", status: 400, code, detail };
}

function begin(line: number, more: Partial<CliFrame> = {}): CliFrame {
  const text = { output: "text", media_type: "text/plain" } as const;
  return { type: "begin", line, ...text, ...more } as CliFrame;
}

/** Runs a line that core answers so; gives what the person sees. */
async function shown(
  send: SendLine | readonly CliFrame[],
  options: Partial<LineRunnerOptions> = {},
  line = "a line",
) {
  let out = "";
  let told = "";
  const folder = await Deno.makeTempDir();
  const runner = new LineRunner({
    send: typeof send === "function" ? send : async function* () {
      yield* await Promise.resolve(send);
    },
    output: () => ({
      write: (text) => {
        out += text;
        return Promise.resolve(true);
      },
      end: () => Promise.resolve(),
    }),
    isTerminal: false,
    download: { folder, isForced: false },
    editing: {
      editor: ["sed", "-i", "s/1/2/"],
      folder: `${folder}/state`,
      ask: () => false,
    },
    writeNote: (text) => told += text,
    paint: PLAIN,
    ...options,
  });
  const code = await runner.run(line, new AbortController().signal);
  const files: string[] = [];
  for await (const { isFile, name } of Deno.readDir(folder)) {
    if (!isFile) continue;
    files.push(`${name}: ${await Deno.readTextFile(`${folder}/${name}`)}`);
  }
  await Deno.remove(folder, { recursive: true });
  return { code, out, told: told.replaceAll(folder, "."), files };
}

Deno.test("LineRunner prints text, and a mark between lines", async () => {
  const found = await shown([
    begin(0),
    { type: "text", text: "one\n" },
    { type: "end", line: 0 },
    begin(1),
    { type: "text", text: "two" },
    { type: "end", line: 1 },
  ]);
  deepStrictEqual(found, {
    code: 0,
    out: "one\n---\ntwo",
    told: "",
    files: [],
  });
});

Deno.test("LineRunner ends lines for people, and lets nothing steer their terminal", async () => {
  const { out } = await shown([
    begin(0),
    { type: "text", text: "one\x1b" },
    { type: "text", text: "[2J" },
    { type: "end", line: 0 },
  ], { isTerminal: true });
  strictEqual(out, "one\\u001b[2J\n");
});

Deno.test("LineRunner tells notes beside the answer, coverage below it", async () => {
  const { out, told } = await shown([
    begin(0),
    {
      type: "note",
      note: {
        type: "coverage",
        shown: 1,
        coverage: {
          type: "coverage",
          scopes: 2,
          complete: 2,
          stale: 0,
          failed: 0,
          sequence: 1,
          problems: [],
          problems_total: 0,
          gaps: [],
          warnings: [],
        },
      },
    },
    {
      type: "note",
      note: { type: "message", level: "warning", text: "mind the gap" },
    },
    { type: "text", text: "one\n" },
    { type: "end", line: 0 },
  ]);
  strictEqual(out, "one\n");
  strictEqual(told, "mind the gap\n1 element from 2 scopes\n");
});

Deno.test("LineRunner tells faults with the exit code of their sort", async () => {
  const cases: readonly [ErrorCode, number][] = [
    ["usage", 2],
    ["query_syntax", 2],
    ["query_invalid", 1],
    ["core_unreachable", 1],
  ];
  for (const [code, exit] of cases) {
    const detail = "Cannot run: it is wrong\n  a line\n  ^";
    const late = await shown([
      begin(0),
      { type: "text", text: "begun\n" },
      { type: "error", line: 0, problem: problem(code, detail) },
    ]);
    deepStrictEqual(late, {
      code: exit,
      out: "begun\n",
      told: `Error: ${detail}\n`,
      files: [],
    });
    const early = await shown(() => {
      throw new SkymapError(code, detail);
    });
    deepStrictEqual([early.code, early.out], [exit, ""]);
  }
});

Deno.test("LineRunner stores files, and none that did not come whole", async () => {
  const file = begin(0, { output: "file", name: "a.txt" });
  const bytes = { type: "bytes", base64: btoa("data") } as const;
  const whole = await shown([file, bytes, { type: "end", line: 0 }]);
  deepStrictEqual(whole, {
    code: 0,
    out: "",
    told: "Received ./a.txt, 4 bytes\n",
    files: ["a.txt: data"],
  });
  const cut = await shown([file, bytes, {
    type: "error",
    line: 0,
    problem: problem("query_interrupted", "Cannot go on"),
  }]);
  deepStrictEqual([cut.code, cut.files], [1, []]);
  const away = await shown([begin(0, { output: "file", name: "../a.txt" })]);
  match(away.told, /it is no plain name/);
  strictEqual(away.code, 1);
});

Deno.test("LineRunner sends the files that core asks for", async () => {
  const path = await Deno.makeTempFile();
  await Deno.writeTextFile(path, "sent");
  const found = await shown(
    async function* (_line, { files }) {
      const file = files?.get(path);
      if (file === undefined) {
        throw new SkymapError("files_required", "Cannot run", {
          details: { files: [path] },
        });
      }
      yield begin(0);
      yield { type: "text", text: await file.text() };
      yield { type: "end", line: 0 };
    },
    {},
    `graph import main ${path}`,
  );
  await Deno.remove(path);
  deepStrictEqual([found.code, found.out], [0, "sent"]);
});

Deno.test("LineRunner lets the person edit, and sends what they made of it", async () => {
  const sent: string[] = [];
  const found = await shown(async function* (line, { files }) {
    const file = files?.get("x.yaml");
    if (file !== undefined) {
      sent.push(`${line}: ${await file.text()}`);
      yield begin(0);
      yield { type: "text", text: "stored\n" };
    } else {
      yield begin(0, {
        output: "file",
        name: "x.yaml",
        edited_by: "configs update x x.yaml",
      });
      yield { type: "bytes", base64: btoa("a: 1\n") };
    }
    yield { type: "end", line: 0 };
  });
  deepStrictEqual(sent, ["configs update x x.yaml: a: 2\n"]);
  deepStrictEqual([found.code, found.out, found.files], [0, "stored\n", []]);
});

Deno.test("LineRunner stops the line when nobody reads on", async () => {
  let isStopped = false;
  const found = await shown(
    async function* (_line, { signal }) {
      signal.addEventListener("abort", () => isStopped = true);
      yield await Promise.resolve(begin(0));
      for (;;) yield { type: "text", text: "again\n" };
    },
    {
      output: () => ({
        write: () => Promise.resolve(false),
        end: () => Promise.resolve(),
      }),
    },
  );
  deepStrictEqual([found.code, found.told, isStopped], [0, "", true]);
});

Deno.test("LineRunner says what to do about a wrong key, and what the system refuses", async () => {
  const key = problem("token_invalid", "Cannot accept token: it is signed");
  const { told } = await shown([{ type: "error", line: 0, problem: key }]);
  match(told, /^Error: Cannot accept token: .*--psk-file or --data-dir\n$/);
  const full = Object.assign(new Error("No space left on device"), {
    code: "ENOSPC",
  });
  const broken = await shown([
    begin(0),
    { type: "text", text: "one\n" },
  ], {
    output: () => ({
      write: () => Promise.reject(full),
      end: () => Promise.resolve(),
    }),
  });
  strictEqual(
    broken.told,
    "Error: Cannot go on: No space left on device\n",
  );
});
