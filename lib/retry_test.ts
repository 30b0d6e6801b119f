import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { retry, retryAfterMs } from "./retry.ts";

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

Deno.test("retry() pauses at least as long as an error asks for", async () => {
  const pauses: number[] = [];
  const stop = new AbortController();
  await rejects(
    retry(() => Promise.reject(new Error("busy")), {
      firstDelayMs: 10,
      atLeastMs: () => 60_000,
      onRetry(_error, pauseMs) {
        pauses.push(pauseMs);
        stop.abort(new Error("told"));
      },
      signal: stop.signal,
    }),
    { message: "told" },
  );
  deepStrictEqual(pauses, [60_000]);
});

Deno.test("retry() sleeps as it is told to, and tells the try of an error", async () => {
  const pauses: number[] = [];
  await rejects(
    retry((attempt) => Promise.reject(new Error(`try ${attempt}`)), {
      firstDelayMs: 1,
      when: (_, attempt) => attempt < 3,
      atLeastMs: (_, attempt) => attempt * 60_000,
      sleep: (milliseconds) => Promise.resolve(void pauses.push(milliseconds)),
    }),
    { message: "try 3" },
  );
  deepStrictEqual(pauses, [60_000, 120_000]);
});

Deno.test("retryAfterMs() reads seconds and dates", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  strictEqual(retryAfterMs("7", now), 7_000);
  strictEqual(retryAfterMs("0.05", now), 50);
  strictEqual(retryAfterMs("-5", now), undefined);
  strictEqual(retryAfterMs("Thu, 01 Jan 2026 00:00:09 GMT", now), 9_000);
  strictEqual(retryAfterMs("Thu, 01 Jan 2020 00:00:00 GMT", now), 0);
  strictEqual(retryAfterMs("soon", now), undefined);
  strictEqual(retryAfterMs(null), undefined);
});
