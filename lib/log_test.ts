import { strictEqual } from "node:assert/strict";

Deno.test("configureLog() begins no line with what comes from outside", async () => {
  const code = `import { configureLog, logger } from ${
    JSON.stringify(import.meta.resolve("./log.ts"))
  };
await configureLog({ format: "text" });
logger("worker").error("{reason}", { reason: "x\\n10:00:00 core: all is well" });`;
  const { stderr, code: exitCode } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--quiet", code],
    stdout: "null",
  }).output();
  const text = new TextDecoder().decode(stderr).replace(/^[\d:]+/, "12:00:00");
  strictEqual(
    text,
    "12:00:00 worker: ERROR x\n  10:00:00 core: all is well\n",
  );
  strictEqual(exitCode, 0);
});
