import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { elements, flowOf, runStage } from "../_test_stage.ts";
import { UNIQ } from "./uniq.ts";

Deno.test("uniq drops what came before, whatever the order of keys", async () => {
  const flow = await runStage(
    UNIQ,
    "",
    flowOf([
      { a: 1, b: [1, 2] },
      1,
      { b: [1, 2], a: 1 },
      "1",
      1,
      {
        a: 1,
        b: [2, 1],
      },
      null,
      null,
    ], "rows"),
  );
  ok(flow.type === "elements");
  strictEqual(flow.shape, "rows");
  deepStrictEqual(await elements(flow), [
    { a: 1, b: [1, 2] },
    1,
    "1",
    { a: 1, b: [2, 1] },
    null,
  ]);
});
