import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { retry } from "./retry.ts";

Deno.test("retry() gives the first result that works", async () => {
  const tried: number[] = [];
  const value = await retry((attempt) => {
    tried.push(attempt);
    if (attempt < 3) return Promise.reject(new Error("not yet"));
    return Promise.resolve("done");
  }, { firstDelayMs: 0 });
  strictEqual(value, "done");
  deepStrictEqual(tried, [1, 2, 3]);
});

Deno.test("retry() throws the last error after its attempts", async () => {
  await rejects(
    retry((attempt) => Promise.reject(new Error(`try ${attempt}`)), {
      attempts: 2,
      firstDelayMs: 0,
    }),
    { message: "try 2" },
  );
});

Deno.test("retry() throws at once what is not worth another try", async () => {
  await rejects(
    retry((attempt) => Promise.reject(new Error(`try ${attempt}`)), {
      when: () => false,
    }),
    { message: "try 1" },
  );
});

Deno.test("retry() stops when its signal aborts", async () => {
  const stop = new AbortController();
  await rejects(
    retry(() => {
      stop.abort(new Error("stopped"));
      return Promise.reject(new Error("failed"));
    }, { signal: stop.signal, firstDelayMs: 60_000 }),
    { message: "stopped" },
  );
});
