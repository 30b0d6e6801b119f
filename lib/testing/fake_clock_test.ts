import assert from "node:assert/strict";
import { FakeClock } from "./fake_clock.ts";

Deno.test("FakeClock.advance() calls what is due, in its order", () => {
  const clock = new FakeClock(0);
  const calls: string[] = [];
  using _two = clock.every(2, () => calls.push(`two at ${clock.now()}`));
  using _three = clock.every(3, () => calls.push(`three at ${clock.now()}`));
  clock.advance(6);
  assert.deepEqual(calls, [
    "two at 2",
    "three at 3",
    "two at 4",
    "two at 6",
    "three at 6",
  ]);
  assert.equal(clock.now(), 6);
});

Deno.test("FakeClock.every() ends when it is disposed of", () => {
  const clock = new FakeClock(0);
  let calls = 0;
  {
    using _timer = clock.every(1, () => calls++);
    clock.advance(2);
  }
  clock.advance(5);
  assert.equal(calls, 2);
  assert.equal(clock.timers, 0);
});

Deno.test("FakeClock.every() refuses an interval that never passes", () => {
  assert.throws(() => new FakeClock().every(0, () => {}), RangeError);
});

Deno.test("FakeClock.sleep() calls nothing", () => {
  const clock = new FakeClock(0);
  const calls: number[] = [];
  using _timer = clock.every(10, () => calls.push(clock.now()));
  clock.sleep(100);
  clock.advance(10);
  assert.deepEqual(calls, [110]);
});
