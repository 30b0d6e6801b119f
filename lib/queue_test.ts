import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import fc from "fast-check";
import { BoundedQueue } from "./queue.ts";

Deno.test("BoundedQueue hands on every value in order", async () => {
  await fc.assert(fc.asyncProperty(
    fc.array(fc.integer()),
    fc.integer({ min: 1, max: 5 }),
    async (values, limit) => {
      const queue = new BoundedQueue<number>(limit);
      const made = (async () => {
        for (const value of values) await queue.push(value);
        queue.end();
      })();
      deepStrictEqual(await Array.fromAsync(queue), values);
      await made;
    },
  ));
});

Deno.test("BoundedQueue makes the maker wait when it is full", async () => {
  const queue = new BoundedQueue<number>(2);
  await queue.push(1);
  let pushed = false;
  const second = queue.push(2).then(() => pushed = true);
  await Promise.resolve();
  strictEqual(pushed, false);
  for await (const value of queue) if (value === 2) queue.end();
  await second;
});

Deno.test("BoundedQueue frees a waiting maker when the taker leaves", async () => {
  const queue = new BoundedQueue<number>(1);
  const waiting = queue.push(1);
  for await (const _ of queue) break;
  await waiting;
  await queue.push(2);
});

Deno.test("BoundedQueue throws the failure after what was pushed", async () => {
  const queue = new BoundedQueue<number>();
  await queue.push(1);
  queue.fail(new Error("cut"));
  const seen: number[] = [];
  await rejects(async () => {
    for await (const value of queue) seen.push(value);
  }, { message: "cut" });
  deepStrictEqual(seen, [1]);
});
