import assert from "node:assert/strict";
import { until } from "./until.ts";

Deno.test("until() gives the first answer that is one", async () => {
  const answers = [undefined, false, null, 0];
  assert.equal(await until(() => answers.shift()), 0);
});

Deno.test("until() says what it waited for in vain", async () => {
  await assert.rejects(
    until(() => false, { timeoutMs: 1, what: "the moon to fall" }),
    /Cannot wait any longer than 1 ms: the moon to fall/,
  );
});
