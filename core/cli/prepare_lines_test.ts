import { rejects, strictEqual } from "node:assert/strict";
import { testCommandLine } from "./_test_line.ts";

const MAX_CHARS = 100_000;
const OPTIONS = { caller: { subject: "test", role: "operator" } } as const;

Deno.test("a request that is too long is refused", async () => {
  const line = testCommandLine();
  const text = "echo ".padEnd(MAX_CHARS, "a");
  strictEqual((await line.prepare(text, OPTIONS)).length, 1);
  await rejects(line.prepare(`${text}a`, OPTIONS), {
    code: "usage",
    message:
      /it has 100001 characters, at most 100000 are read; what is longer/,
  });
});

Deno.test("columns with many backticks are read in one go", async () => {
  const text = `json 1 | list ${"`a`".repeat(10_000)} x`;
  await rejects(testCommandLine().prepare(text, OPTIONS), {
    code: "usage",
    message: /^Cannot run "list" at column 15: /,
  });
});
