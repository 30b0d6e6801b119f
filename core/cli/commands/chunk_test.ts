import { deepStrictEqual, rejects } from "node:assert/strict";
import fc from "fast-check";
import { elements, flowOf, prepareStage, runStage } from "../_test_stage.ts";
import { CHUNK } from "./chunk.ts";
import { FLATTEN } from "./flatten.ts";

Deno.test("chunk makes lists, the last one shorter", async () => {
  const flow = await runStage(CHUNK, "2", flowOf([1, { a: 1 }, "x"], "nodes"));
  deepStrictEqual(await elements(flow), [[1, { a: 1 }], ["x"]]);
  deepStrictEqual(await elements(await runStage(CHUNK, "", flowOf([]))), []);
  for (const size of ["0", "-1", "1.5", "1e9"]) {
    await rejects(prepareStage(CHUNK, `-- ${size}`), { code: "usage" }, size);
  }
});

Deno.test("flatten takes apart what chunk made", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.jsonValue(), { maxLength: 20 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: 1, max: 7 }),
      async (values, size, batch) => {
        const json = JSON.parse(JSON.stringify(values));
        const chunked = await runStage(
          CHUNK,
          String(size),
          flowOf(json, "records", batch),
        );
        deepStrictEqual(
          await elements(await runStage(FLATTEN, "", chunked)),
          json,
        );
      },
    ),
  );
});

Deno.test("flatten passes on what is no list", async () => {
  deepStrictEqual(
    await elements(
      await runStage(FLATTEN, "", flowOf([[1, [2]], "a", [], { b: [3] }])),
    ),
    [1, [2], "a", { b: [3] }],
  );
});
