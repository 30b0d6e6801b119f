import { ok, rejects, strictEqual } from "node:assert/strict";
import { flowOf, prepareStage, runStage, textOf } from "../_test_stage.ts";
import { FORMAT } from "./format.ts";
import { WRITE } from "./write.ts";

Deno.test("write makes a file, its media type that of the form or of its name", async () => {
  const cases = [
    ["a.bin", "--yaml", "application/yaml"],
    ["a.csv", "{a}", "text/csv"],
    ["b.MD", "{a}", "text/markdown"],
    ["a", "{a}", "text/plain"],
    ["a.constructor", "{a}", "text/plain"],
  ] as const;
  for (const [name, format, mediaType] of cases) {
    const text = await runStage(FORMAT, format, flowOf([{ a: 1 }]));
    const file = await runStage(WRITE, name, text);
    ok(file.type === "file");
    strictEqual(file.name, name);
    strictEqual(file.mediaType, mediaType, name);
  }
});

Deno.test("write keeps every character, in pieces", async () => {
  const values = Array.from(
    { length: 3_000 },
    (_, at) => `é😀${at}`.repeat(20),
  );
  const file = await runStage(WRITE, "a.txt", flowOf(values));
  ok(file.type === "file");
  let pieces = 0;
  let bytes = 0;
  for await (const chunk of file.chunks) {
    pieces++;
    bytes += chunk.length;
  }
  strictEqual(
    bytes,
    new TextEncoder().encode(values.map((value) => `${value}\n`).join(""))
      .length,
  );
  ok(pieces > 3, String(pieces));
  strictEqual(
    await textOf(await runStage(WRITE, "x", flowOf([{ a: 1 }, 'b"c']))),
    '{"a":1}\nb"c\n',
  );
});

Deno.test("write takes names alone, without a folder", async () => {
  for (const name of ["out.json", "a b.txt", "'ü.csv'", ".hidden", "a..b"]) {
    ok(await prepareStage(WRITE, name.includes(" ") ? `"${name}"` : name));
  }
  for (
    const name of [
      "",
      "../x",
      "/etc/passwd",
      "a/b",
      '"a\\\\b"',
      "..",
      ".",
      '"a\\nb"',
      "c:x",
      '" a"',
      "x.",
      "x".repeat(300),
      "a b",
    ]
  ) {
    await rejects(prepareStage(WRITE, name), { code: "usage" }, name);
  }
});
