import { deepStrictEqual, strictEqual } from "node:assert/strict";

/** What a process writes that sets its log up and runs these lines. */
async function logged(format: "text" | "json", lines: string): Promise<string> {
  const code = `import { configureLog, logger } from ${
    JSON.stringify(import.meta.resolve("./log.ts"))
  };
import { SkymapError } from ${
    JSON.stringify(import.meta.resolve("./errors.ts"))
  };
await configureLog({ format: "${format}" });
const log = logger("worker");
${lines}`;
  const { stderr, code: exitCode } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    stdout: "null",
  }).output();
  strictEqual(exitCode, 0);
  return new TextDecoder().decode(stderr);
}

Deno.test("configureLog() begins no line with what comes from outside", async () => {
  const text = await logged(
    "text",
    `log.error("{reason}", { reason: "x\\n10:00:00 core: all is well" });`,
  );
  strictEqual(
    text.replace(/^[\d:]+/, "12:00:00"),
    "12:00:00 worker: ERROR x\n  10:00:00 core: all is well\n",
  );
});

const ERRORS = `const cause = new TypeError("x is undefined");
log.error("Cannot go: {error}", {
  error: new SkymapError("conflict", "Cannot go: it is late", { cause }),
});
log.error("Cannot stay: {error}", { error: cause });`;

Deno.test("a log says what an error is, to people", async () => {
  const text = await logged("text", ERRORS);
  deepStrictEqual(
    text.trimEnd().replaceAll(/^[\d:]+/gm, "12:00:00").split("\n"),
    [
      "12:00:00 worker: ERROR Cannot go: Cannot go: it is late (conflict)",
      "12:00:00 worker: ERROR Cannot stay: TypeError: x is undefined",
    ],
  );
});

Deno.test("a log says what an error is, why and where, to programs", async () => {
  const [first, second] = (await logged("json", ERRORS)).trimEnd().split("\n")
    .map((line) => JSON.parse(line));
  strictEqual(first.message, "Cannot go: Cannot go: it is late (conflict)");
  deepStrictEqual(first.error, {
    name: "SkymapError",
    code: "conflict",
    message: "Cannot go: it is late",
    cause: { name: "TypeError", message: "x is undefined" },
  });
  strictEqual(second.message, "Cannot stay: TypeError: x is undefined");
  strictEqual(second.error.message, "x is undefined");
  strictEqual(
    second.error.stack.startsWith("TypeError: x is undefined\n"),
    true,
  );
});
