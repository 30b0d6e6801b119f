import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { mapConcurrent } from "./map_concurrent.ts";

Deno.test("mapConcurrent() keeps the order and never runs more than the limit", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat(3), { maxLength: 20 }),
      fc.integer({ min: 1, max: 6 }),
      async (turns, limit) => {
        let running = 0;
        let most = 0;
        const results = await mapConcurrent(turns, async (count, index) => {
          most = Math.max(most, ++running);
          for (let turn = 0; turn < count; turn++) await Promise.resolve();
          running--;
          return index;
        }, { limit });
        deepStrictEqual(results, turns.map((_, index) => index));
        ok(most <= limit);
        if (turns.length > 0) ok(most >= 1);
      },
    ),
  );
});

Deno.test("mapConcurrent() starts nothing after a failure and leaves none behind", async () => {
  const started: number[] = [];
  let finished = 0;
  await rejects(
    mapConcurrent([1, 2, 3, 4, 5], async (item) => {
      started.push(item);
      if (item === 2) throw new Error("two");
      await Promise.resolve();
      finished++;
    }, { limit: 2 }),
    { message: "two" },
  );
  deepStrictEqual(started.slice(0, 2), [1, 2]);
  ok(started.length < 5);
  strictEqual(finished, started.length - 1);
});

Deno.test("mapConcurrent() stops with its signal", async () => {
  const controller = new AbortController();
  const started: number[] = [];
  await rejects(
    mapConcurrent([1, 2, 3], (item) => {
      started.push(item);
      controller.abort(new Error("stop"));
      return Promise.resolve();
    }, { limit: 1, signal: controller.signal }),
    { message: "stop" },
  );
  deepStrictEqual(started, [1]);
});
