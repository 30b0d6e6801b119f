import assert from "node:assert/strict";
import { FakeClock, until } from "@skymap/lib/testing";
import { type StepHandler, StepHandlers } from "./step_handlers.ts";

function bench(handlers: Readonly<Record<string, StepHandler>>) {
  const clock = new FakeClock();
  const ends: number[] = [];
  const all = new StepHandlers({
    handlers,
    clock,
    timeoutMs: 1_000,
    timeoutsMs: { patient: 5_000 },
    onEnd: () => void ends.push(clock.now()),
  });
  return { clock, ends, all };
}

Deno.test("StepHandlers.run() keeps the result until it is taken", async () => {
  let calls = 0;
  const { all, ends } = bench({ work: () => Promise.resolve(void calls++) });
  await using _ = all;
  all.run("r", "work");
  all.run("r", "work");
  await until(() => ends.length === 1);
  all.run("r", "work");
  assert.equal(calls, 1);
  const [result] = all.results();
  assert.deepEqual(all.results(), [{ run: "r", step: "work" }]);
  if (result) all.forget(result);
  assert.deepEqual(all.results(), []);
});

Deno.test("StepHandlers.run() turns whatever goes wrong into a result", async () => {
  const { all, ends } = bench({
    late: () => Promise.reject(new Error("late")),
    early: () => {
      throw new Error("early");
    },
    nothing: () => Promise.reject(),
  });
  await using _ = all;
  for (const step of ["late", "early", "nothing", "unknown"]) {
    all.run("r", step);
  }
  await until(() => ends.length === 4);
  const errors = Object.fromEntries(
    all.results().map(({ step, error }) => [step, String(error)]),
  );
  assert.deepEqual(errors, {
    late: "Error: late",
    early: "Error: early",
    nothing: "Error: Failed without a reason",
    unknown: 'TypeError: Cannot do step "unknown": core has no part in it',
  });
});

Deno.test("StepHandlers.expire() fails what takes too long, also when it does not listen", async () => {
  const deaf = Promise.withResolvers<void>();
  const signals: AbortSignal[] = [];
  const { all, clock } = bench({
    work: (_run, signal) => {
      signals.push(signal);
      return deaf.promise;
    },
  });
  all.run("r", "work");
  clock.advance(999);
  all.expire();
  assert.deepEqual(all.results(), []);
  clock.advance(1);
  all.expire();
  const [result] = all.results();
  assert.match(String(result?.error), /Not done within 1 s/);
  assert.ok(signals[0]?.aborted);
  deaf.resolve();
  await deaf.promise;
  assert.deepEqual(all.results(), [result], "the late end changes nothing");
  await all[Symbol.asyncDispose]();
});

Deno.test("StepHandlers.stop() leaves no result", async () => {
  const { all, ends } = bench({
    work: (_run, signal) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      ),
  });
  all.run("r", "work");
  all.stop("r", "work");
  all.stop("r", "never started");
  await all[Symbol.asyncDispose]();
  assert.deepEqual([all.results(), ends], [[], []]);
});

Deno.test("StepHandlers.expire() gives a step the time that it has", async () => {
  const never = new Promise<void>(() => {});
  const { all, clock } = bench({ patient: () => never });
  all.run("r", "patient");
  clock.advance(4_999);
  all.expire();
  assert.deepEqual(all.results(), []);
  clock.advance(1);
  all.expire();
  assert.match(String(all.results()[0]?.error), /Not done within 5 s/);
  await all[Symbol.asyncDispose]();
});
