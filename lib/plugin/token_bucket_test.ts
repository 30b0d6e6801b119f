import { deepStrictEqual, rejects, throws } from "node:assert/strict";
import { TokenBucket } from "./token_bucket.ts";

/** A bucket on a clock that goes on only by hand; tells each wait. */
function bucketOf(perSecond: number, burst: number) {
  let now = 0;
  const waits: number[] = [];
  const bucket = new TokenBucket({
    perSecond,
    burst,
    now: () => now,
    sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      return Promise.resolve();
    },
  });
  return { bucket, waits, pass: (ms: number) => now += ms };
}

Deno.test("TokenBucket.take() lets a burst go, then one call after the other", async () => {
  const { bucket, waits, pass } = bucketOf(10, 2);
  for (let n = 0; n < 5; n++) await bucket.take();
  deepStrictEqual(waits, [100, 200, 300]);
  pass(300);
  await bucket.take();
  deepStrictEqual(waits.slice(3), [100]);
  // However long nothing was called, no more than a burst goes at once.
  pass(60_000);
  for (let n = 0; n < 3; n++) await bucket.take();
  deepStrictEqual(waits.slice(4), [100]);
});

Deno.test("TokenBucket.take() gives the token of an aborted wait back", async () => {
  const waits: number[] = [];
  const bucket = new TokenBucket({
    perSecond: 1,
    now: () => 0,
    sleep(milliseconds, signal) {
      waits.push(milliseconds);
      // Only who may be aborted is, and not before it waits.
      return signal === undefined
        ? Promise.resolve()
        : Promise.reject(new Error("enough"));
    },
  });
  await bucket.take();
  await rejects(bucket.take(new AbortController().signal), /enough/);
  await bucket.take();
  deepStrictEqual(waits, [1_000, 1_000]);
  await rejects(bucket.take(AbortSignal.abort(new Error("before"))), /before/);
  deepStrictEqual(waits.length, 2);
});

Deno.test("TokenBucket refuses what never lets a call go", () => {
  throws(() => new TokenBucket({ perSecond: 0 }), RangeError);
  throws(() => new TokenBucket({ perSecond: 1, burst: 0 }), RangeError);
});
