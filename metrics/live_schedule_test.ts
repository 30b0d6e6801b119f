import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { FakeClock } from "@skymap/lib/testing";
import { LiveSchedule } from "./live_schedule.ts";

/** A schedule whose servings take as long as a test says. */
function setUp() {
  const clock = new FakeClock(0);
  const served: number[] = [];
  let end: (() => void) | undefined;
  const schedule = new LiveSchedule({
    clock,
    serve: async () => {
      const at = clock.now();
      served.push(at);
      await new Promise<void>((resolve) => end = resolve);
      return clock.now() - at;
    },
  });
  return {
    clock,
    served,
    schedule,
    /** Lets what runs take so long, and end. */
    async endAfter(milliseconds: number): Promise<void> {
      clock.advance(milliseconds);
      end?.();
      // What follows the end of a serving are two steps of promises.
      for (let step = 0; step < 5; step++) await Promise.resolve();
    },
  };
}

Deno.test("LiveSchedule serves a second after the first word, however many come", async () => {
  const { clock, served, schedule, endAfter } = setUp();
  clock.advance(500);
  for (let at = 0; at < 40; at++) {
    schedule.wake();
    clock.advance(25);
  }
  deepStrictEqual(served, [1_500]);
  await endAfter(10);
  clock.advance(60_000);
  deepStrictEqual(served, [1_500]);
  strictEqual(clock.timers, 0);
});

Deno.test("LiveSchedule gathers words while it serves, and serves one at a time", async () => {
  const { clock, served, schedule, endAfter } = setUp();
  schedule.wake();
  clock.advance(1_000);
  schedule.wake();
  await endAfter(300);
  deepStrictEqual(served, [1_000]);
  clock.advance(699);
  deepStrictEqual(served, [1_000]);
  clock.advance(1);
  deepStrictEqual(served, [1_000, 2_000]);
});

Deno.test("LiveSchedule pauses for as long as it served last", async () => {
  const { clock, served, schedule, endAfter } = setUp();
  schedule.wake();
  clock.advance(1_000);
  schedule.wake();
  await endAfter(7_000);
  deepStrictEqual(served, [1_000]);
  clock.advance(6_999);
  deepStrictEqual(served, [1_000]);
  clock.advance(1);
  deepStrictEqual(served, [1_000, 15_000]);
  await endAfter(0);
  // A quick one is followed by no pause.
  schedule.wake();
  clock.advance(1_000);
  deepStrictEqual(served, [1_000, 15_000, 16_000]);
});

Deno.test("LiveSchedule leaves to others what they serve, and ends", async () => {
  const { clock, served, schedule, endAfter } = setUp();
  schedule.wake();
  schedule.clear();
  clock.advance(5_000);
  deepStrictEqual(served, []);
  schedule.wake();
  clock.advance(1_000);
  schedule[Symbol.dispose]();
  schedule.wake();
  await endAfter(1);
  clock.advance(60_000);
  deepStrictEqual(served, [6_000]);
  strictEqual(clock.timers, 0);
});

Deno.test("LiveSchedule waits no longer when the clock is set back", async () => {
  const clock = new FakeClock(0);
  let setBackMs = 0;
  const served: number[] = [];
  using schedule = new LiveSchedule({
    clock: {
      now: () => clock.now() - setBackMs,
      every: (ms, callback) => clock.every(ms, callback),
    },
    serve: () => {
      served.push(clock.now());
      return Promise.resolve(2_000);
    },
  });
  schedule.wake();
  clock.advance(1_000);
  for (let step = 0; step < 5; step++) await Promise.resolve();
  setBackMs = 3_600_000;
  schedule.wake();
  clock.advance(2_000);
  deepStrictEqual(served, [1_000, 3_000]);
});
