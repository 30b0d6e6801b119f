import assert from "node:assert/strict";
import fc from "fast-check";
import { actionId } from "../events/message.ts";
import { advanceRun, MAX_FOREIGN_LINES, resumeRun } from "./advance_run.ts";
import { defineWorkflow } from "./definition.ts";
import { isEnded, newRun, type Run } from "./run.ts";
import type {
  RunContext,
  RunInput,
  StepSubscriber,
  Transition,
} from "./run_input.ts";

const DEFINITION = defineWorkflow("flow", {
  steps: ["first", "second", { name: "third", onError: "stop" }, "last"],
});

function subscriber(
  id: string,
  change: Partial<StepSubscriber> = {},
): StepSubscriber {
  return { id, worker: id, wait: true, timeoutSeconds: 60, ...change };
}

/** A world of subscribers, and time that a test may change. */
function world(
  subscribers: Readonly<Record<string, readonly StepSubscriber[]>> = {},
  handlers: readonly string[] = [],
): RunContext & { now: number } {
  return {
    now: 1_000,
    subscribers: (step) => subscribers[step] ?? [],
    handlers: new Set(handlers),
    jobs: () => [],
  };
}

function freshRun(): Run {
  return newRun(DEFINITION, { id: "r", trigger: "test", now: 0 });
}

function follow(
  run: Run,
  inputs: readonly RunInput[],
  context: RunContext,
): Run {
  return inputs.reduce(
    (before, input) => advanceRun(before, input, context).run,
    run,
  );
}

function states(run: Run): string {
  return run.steps.map((step) => step.state).join(" ");
}

Deno.test("advanceRun() passes steps without subscribers at once", () => {
  const { run, effects } = advanceRun(freshRun(), { type: "start" }, world());
  assert.equal(run.state, "done");
  assert.equal(states(run), "done done done done");
  assert.deepEqual(effects, [{ type: "end", state: "done" }]);
});

Deno.test("advanceRun() waits for every subscriber that it has to wait for", () => {
  const context = world({
    second: [
      subscriber("a"),
      subscriber("b"),
      subscriber("c", { wait: false }),
    ],
  });
  const started = advanceRun(freshRun(), { type: "start" }, context);
  assert.equal(states(started.run), "done running pending pending");
  assert.deepEqual(
    started.effects.map((each) =>
      each.type === "create_actions" && each.actions.map((one) => one.id)
    ),
    [["r:second:a", "r:second:b", "r:second:c"]],
  );
  const half = advanceRun(
    started.run,
    { type: "action_done", action: "r:second:a" },
    context,
  );
  assert.equal(states(half.run), "done running pending pending");
  const whole = advanceRun(
    half.run,
    { type: "action_done", action: "r:second:b" },
    context,
  );
  assert.equal(whole.run.state, "done");
});

Deno.test("advanceRun() goes on after a failed step, and the log names it", () => {
  const context = world({ first: [subscriber("a")] });
  const started = advanceRun(freshRun(), { type: "start" }, context).run;
  const { run, lines } = advanceRun(
    started,
    { type: "action_failed", action: "r:first:a", error: "no credentials" },
    context,
  );
  assert.equal(states(run), "failed done done done");
  assert.equal(run.state, "done");
  assert.equal(
    lines.at(-1)?.message,
    "Run ended: done; steps that failed: first",
  );
  assert.equal(lines[0]?.message, "no credentials");
  assert.equal(lines[0]?.source, "a");
});

Deno.test("advanceRun() ends the run when a step fails that says so", () => {
  const context = world({ third: [subscriber("a")] });
  const run = follow(freshRun(), [
    { type: "start" },
    { type: "action_timed_out", action: "r:third:a" },
  ], context);
  assert.equal(states(run), "done done failed pending");
  assert.equal(run.state, "failed");
});

Deno.test("advanceRun() gives waiting subscribers the longest of their times", () => {
  const context = world({
    first: [
      subscriber("a", { timeoutSeconds: 5 }),
      subscriber("b", { timeoutSeconds: 20 }),
      subscriber("c", { timeoutSeconds: 90, wait: false }),
    ],
    last: [subscriber("a", { timeoutSeconds: 1 })],
  });
  let { run } = advanceRun(freshRun(), { type: "start" }, context);
  assert.deepEqual(
    run.steps[0]?.actions.map((each) => each.deadline),
    [21_000, 21_000, 91_000],
  );
  run = follow(run, [
    { type: "action_done", action: "r:first:a" },
    { type: "action_done", action: "r:first:b" },
  ], context);
  assert.equal(run.steps[3]?.actions[0]?.deadline, 11_000, "step time-out");
});

Deno.test("advanceRun() asks for the fate of late actions and leaves it to the row", () => {
  const context = world({ first: [subscriber("a")] });
  let { run } = advanceRun(freshRun(), { type: "start" }, context);
  context.now += 59_999;
  assert.deepEqual(advanceRun(run, { type: "tick" }, context).effects, []);
  context.now += 1;
  const late = advanceRun(run, { type: "tick" }, context);
  assert.equal(late.run, run);
  assert.deepEqual(late.effects, [
    { type: "expire_actions", actions: ["r:first:a"] },
  ]);
  run = follow(
    run,
    [{ type: "action_timed_out", action: "r:first:a" }],
    context,
  );
  assert.equal(run.steps[0]?.actions[0]?.state, "timed_out");
  assert.equal(run.steps[0]?.state, "failed");
});

Deno.test("advanceRun() runs core's own part of a step, and its end ends the step", () => {
  const context = world({}, ["second", "last"]);
  const started = advanceRun(freshRun(), { type: "start" }, context);
  assert.equal(states(started.run), "done running pending pending");
  assert.deepEqual(started.effects, [{ type: "run_handler", step: "second" }]);
  const run = follow(started.run, [
    { type: "handler_failed", step: "second", error: "index broken" },
    { type: "handler_done", step: "last" },
  ], context);
  assert.equal(states(run), "done failed done done");
});

Deno.test("advanceRun() stops: open actions and handlers are called back", () => {
  const context = world(
    { first: [subscriber("a"), subscriber("b")] },
    ["first"],
  );
  const started = follow(freshRun(), [
    { type: "start" },
    { type: "action_done", action: "r:first:b" },
  ], context);
  const { run, effects } = advanceRun(
    started,
    { type: "stop", reason: "enough" },
    context,
  );
  assert.equal(run.state, "stopped");
  assert.deepEqual(effects, [
    { type: "stop_handler", step: "first" },
    { type: "abort_actions", actions: ["r:first:a"] },
    { type: "end", state: "stopped" },
  ]);
  assert.deepEqual(
    run.steps[0]?.actions.map((each) => each.state),
    ["aborted", "done"],
  );
});

Deno.test("advanceRun() logs each message of an action once, also after the end", () => {
  const context = world({ first: [subscriber("a", { wait: false })] });
  const { run } = advanceRun(freshRun(), { type: "start" }, context);
  assert.equal(run.state, "done");
  const one = { level: "info", message: "one" } as const;
  const two = { level: "error", message: "two" } as const;
  const action = "r:first:a";
  const first = advanceRun(
    run,
    { type: "action_info", action, infos: [one] },
    context,
  );
  const second = advanceRun(
    first.run,
    { type: "action_info", action, infos: [one, two] },
    context,
  );
  assert.deepEqual(first.lines.map((each) => each.message), ["one"]);
  assert.deepEqual(second.lines.map((each) => each.message), ["two"]);
  assert.equal(second.lines[0]?.n, run.lines + 1);
  const stale = { type: "action_info", action, infos: [one] } as const;
  assert.equal(advanceRun(second.run, stale, context).run, second.run);
});

Deno.test("advanceRun() bounds what is logged from outside", () => {
  const entry = { level: "info", step: "", source: "x", message: "m" } as const;
  const entries = Array.from({ length: MAX_FOREIGN_LINES + 50 }, () => entry);
  const first = advanceRun(freshRun(), { type: "log", entries }, world());
  assert.equal(first.lines.length, MAX_FOREIGN_LINES + 1);
  assert.match(first.lines.at(-1)?.message ?? "", /left out/);
  const again = advanceRun(first.run, { type: "log", entries }, world());
  assert.equal(again.run, first.run);
  const long = advanceRun(freshRun(), {
    type: "log",
    entries: [{
      ...entry,
      message: "x".repeat(9_999),
      details: { text: "x".repeat(99_999) },
    }],
  }, world());
  assert.equal(long.lines[0]?.message.length, 4_000);
  assert.deepEqual(long.lines[0]?.details, { left_out: "100010 characters" });
});

const NAMES = DEFINITION.steps.map((step) => step.name);
const IDS = ["a", "b"];

const anyInput: fc.Arbitrary<RunInput> = fc.oneof(
  fc.constant<RunInput>({ type: "start" }),
  fc.record({
    type: fc.constantFrom(
      "action_done" as const,
      "action_failed" as const,
      "action_timed_out" as const,
    ),
    action: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...IDS))
      .map(([step, id]) => actionId("r", step, id)),
  }),
  fc.record({
    type: fc.constant("action_info" as const),
    action: fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...IDS))
      .map(([step, id]) => actionId("r", step, id)),
    infos: fc.array(
      fc.record({
        level: fc.constantFrom("info" as const, "error" as const),
        message: fc.string(),
      }),
      { maxLength: 3 },
    ),
  }),
  fc.record({
    type: fc.constant("handler_done" as const),
    step: fc.constantFrom(...NAMES),
  }),
  fc.record({
    type: fc.constant("handler_failed" as const),
    step: fc.constantFrom(...NAMES),
    error: fc.string(),
  }),
  fc.constant<RunInput>({ type: "tick" }),
  fc.constant<RunInput>({ type: "stop", reason: "test" }),
);

const anyWorld = fc.record({
  subscribers: fc.dictionary(
    fc.constantFrom(...NAMES),
    fc.subarray(IDS).chain((ids) =>
      fc.tuple(
        ...ids.map((id) =>
          fc.record({ wait: fc.boolean(), timeoutSeconds: fc.nat(100) })
            .map((change) => subscriber(id, change))
        ),
      )
    ),
    { noNullPrototype: true },
  ),
  handlers: fc.subarray(NAMES),
}).map(({ subscribers, handlers }) =>
  world(subscribers as Record<string, StepSubscriber[]>, handlers)
);

/** Answers whatever is open, as a driver would in the end. */
function answerAll(run: Run, context: RunContext): Run {
  for (let round = 0; round < 100 && !isEnded(run); round++) {
    const inputs: RunInput[] = [{ type: "start" }];
    for (const step of run.steps) {
      if (step.handler === "running") {
        inputs.push({ type: "handler_done", step: step.name });
      }
      for (const action of step.actions) {
        inputs.push({ type: "action_timed_out", action: action.id });
      }
    }
    run = follow(run, inputs, context);
  }
  return run;
}

Deno.test("advanceRun() ends or waits for somebody, whatever it is told", () => {
  fc.assert(fc.property(anyWorld, fc.array(anyInput), (context, inputs) => {
    const run = follow(freshRun(), inputs, context);
    const running = run.steps.filter((step) => step.state === "running");
    if (run.state === "running") {
      assert.equal(running.length, 1);
      const [step] = running;
      assert.ok(
        step?.handler === "running" ||
          step?.actions.some((each) => each.wait && each.state === "open"),
        "a running step waits for nobody",
      );
    } else {
      assert.equal(running.length, 0);
    }
    assert.ok(isEnded(answerAll(run, context)));
  }));
});

Deno.test("advanceRun() leaves no step before all it waits for have answered", () => {
  fc.assert(fc.property(anyWorld, fc.array(anyInput), (context, inputs) => {
    let run = freshRun();
    for (const input of inputs) {
      run = advanceRun(run, input, context).run;
      for (const step of run.steps) {
        if (step.state !== "done" && step.state !== "failed") continue;
        assert.ok(step.handler !== "running" || run.state === "stopped");
        assert.ok(
          step.actions.every((each) => !each.wait || each.state !== "open"),
        );
      }
    }
  }));
});

Deno.test("advanceRun() takes an input that is told twice once", () => {
  fc.assert(fc.property(anyWorld, fc.array(anyInput), (context, inputs) => {
    let run = freshRun();
    for (const input of inputs) {
      run = advanceRun(run, input, context).run;
      const again = advanceRun(run, input, context);
      assert.equal(again.run, run);
      assert.deepEqual(again.lines, []);
      assert.ok(again.effects.every((each) => each.type === "expire_actions"));
    }
  }));
});

Deno.test("advanceRun() comes to the same run when a prefix is replayed", () => {
  // Ends are final, so telling what was told before changes nothing; only the
  // order in which things first happen counts. Stopping is told last.
  const inputs = fc.array(anyInput.filter((each) => each.type !== "stop"));
  fc.assert(
    fc.property(anyWorld, inputs, fc.nat(), (context, all, cut) => {
      const told: RunInput[] = [];
      let run = freshRun();
      for (const input of all) {
        const { run: next } = advanceRun(run, input, context);
        if (next !== run) told.push(input);
        run = next;
      }
      const prefix = told.slice(0, told.length === 0 ? 0 : cut % told.length);
      const replayed = follow(run, prefix, context);
      assert.deepEqual(replayed, run);
      assert.deepEqual(follow(freshRun(), told, context), run);
    }),
  );
});

Deno.test("advanceRun() numbers log lines without a gap and stays JSON", () => {
  fc.assert(fc.property(anyWorld, fc.array(anyInput), (context, inputs) => {
    let run = freshRun();
    let n = 0;
    for (const input of inputs) {
      const made: Transition = advanceRun(run, input, context);
      for (const line of made.lines) assert.equal(line.n, n++);
      run = made.run;
      assert.ok(Object.isFrozen(run) && Object.isFrozen(run.steps[0]?.actions));
    }
    assert.equal(run.lines, n);
    assert.deepEqual(JSON.parse(JSON.stringify(run)), run);
  }));
});

Deno.test("resumeRun() wants what a killed driver may have left undone", () => {
  fc.assert(fc.property(anyWorld, fc.array(anyInput), (context, inputs) => {
    let run = freshRun();
    for (const input of inputs) {
      const { run: next, effects } = advanceRun(run, input, context);
      run = next;
      const wanted = resumeRun(run);
      for (const effect of effects) {
        // Nobody waits for a handler of a killed process, and late actions are
        // asked for at each tick.
        if (
          !["create_actions", "run_handler", "abort_actions"].includes(
            effect.type,
          )
        ) continue;
        if (effect.type === "create_actions") {
          // An abort in the same transition cannot be: only `stop` aborts.
          const open = wanted.flatMap((each) =>
            each.type === "create_actions" ? each.actions : []
          );
          assert.deepEqual(
            effect.actions.filter((each) => !open.includes(each)),
            [],
          );
        } else if (effect.type === "abort_actions") {
          assert.ok(wanted.some((each) => each.type === "abort_actions"));
        } else {
          assert.ok(
            wanted.some((each) =>
              each.type === "run_handler" && "step" in effect &&
              each.step === effect.step
            ),
          );
        }
      }
    }
  }));
});

Deno.test("advanceRun() calls jobs once, and waits for each of them", () => {
  const context = {
    ...world(),
    jobs: (event: string) =>
      event === "second"
        ? [
          { workflow: "job:a", timeoutSeconds: 60 },
          { workflow: "job:b", timeoutSeconds: 30, run: "waiting" },
        ]
        : [],
  };
  const started = advanceRun(freshRun(), { type: "start" }, context);
  assert.equal(states(started.run), "done running pending pending");
  const [effect] = started.effects;
  assert.ok(effect?.type === "call_jobs");
  assert.deepEqual(effect.calls.map(({ how }) => how), ["start", "wake"]);
  assert.deepEqual(resumeRun(started.run), [effect], "not called yet");
  const id = effect.calls[0]?.run ?? "";
  const called = follow(started.run, [
    { type: "job_called", run: id, as: "other" },
    { type: "job_called", run: "waiting", as: "waiting" },
  ], context);
  assert.deepEqual(resumeRun(called), []);
  const inputs: RunInput[] = [
    { type: "job_ended", run: "other", state: "done" },
    { type: "job_ended", run: "other", state: "failed" },
    { type: "job_ended", run: "unknown", state: "done" },
  ];
  const half = follow(called, inputs, context);
  assert.equal(states(half), "done running pending pending");
  const ended = follow(
    half,
    [{ type: "job_ended", run: "waiting", state: "stopped" }],
    context,
  );
  assert.equal(states(ended), "done failed done done");
  assert.deepEqual(
    ended.steps[1]?.jobs?.map(({ run, state }) => [run, state]),
    [["other", "done"], ["waiting", "stopped"]],
  );
  const again = advanceRun(freshRun(), { type: "start" }, context);
  assert.deepEqual(again.effects, started.effects, "the same ids");
});

Deno.test("advanceRun() leaves jobs that are late", () => {
  const context = {
    ...world(),
    jobs: (event: string) =>
      event === "second" ? [{ workflow: "job:a", timeoutSeconds: 60 }] : [],
  };
  const run = follow(freshRun(), [{ type: "start" }], context);
  const at = (now: number) =>
    advanceRun(run, { type: "tick" }, { ...context, now }).run;
  assert.equal(at(70_999), run);
  assert.equal(states(at(71_000)), "done failed done done");
  assert.equal(at(71_000).steps[1]?.jobs?.[0]?.state, "left");
});

Deno.test("advanceRun() has its end told to jobs, over a restart", () => {
  const context = {
    ...world(),
    jobs: (event: string) =>
      event.startsWith("flow:")
        ? [{ workflow: `job:${event}`, timeoutSeconds: 60 }]
        : [],
  };
  const { run, effects } = advanceRun(freshRun(), { type: "start" }, context);
  const calls = effects.find((each) => each.type === "call_jobs");
  assert.deepEqual(
    calls?.type === "call_jobs" && calls.calls.map(({ event }) => event),
    ["flow:end", "flow:done"],
  );
  assert.deepEqual(resumeRun(run), [calls]);
  const told = follow(
    run,
    (run.after ?? []).map(({ run: as }) => ({
      type: "job_called",
      run: as,
      as,
    })),
    context,
  );
  assert.deepEqual(resumeRun(told), []);
});
