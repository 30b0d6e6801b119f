import assert from "node:assert/strict";
import { BUILTIN_WORKFLOWS } from "./builtin.ts";
import { defineWorkflow } from "./definition.ts";

Deno.test("BUILTIN_WORKFLOWS have the steps that plugins and people know", () => {
  const steps = Object.fromEntries(
    BUILTIN_WORKFLOWS.map((each) => [
      each.name,
      each.steps.map((step) => step.name),
    ]),
  );
  const collect = [
    "pre_collect",
    "collect",
    "merge_outer_edges",
    "post_collect",
  ];
  const cleanup = [
    "pre_cleanup_plan",
    "cleanup_plan",
    "post_cleanup_plan",
    "pre_cleanup",
    "cleanup",
    "post_cleanup",
  ];
  const metrics = [
    "pre_generate_metrics",
    "generate_metrics",
    "post_generate_metrics",
  ];
  assert.deepEqual(steps, {
    collect: [...collect, ...metrics],
    cleanup: [...cleanup, ...metrics],
    metrics,
    collect_and_cleanup: [...collect, ...cleanup, ...metrics],
  });
});

Deno.test("BUILTIN_WORKFLOWS give every step 10 s and go on after an error", () => {
  for (const { steps } of BUILTIN_WORKFLOWS) {
    for (const step of steps) {
      assert.equal(step.timeoutSeconds, 10, step.name);
      assert.equal(step.onError, "continue", step.name);
    }
  }
});

Deno.test("BUILTIN_WORKFLOWS run hourly only where they collect and clean up", () => {
  assert.deepEqual(
    BUILTIN_WORKFLOWS.map((each) => [each.name, each.schedule]),
    [
      ["collect", undefined],
      ["cleanup", undefined],
      ["metrics", undefined],
      ["collect_and_cleanup", "0 * * * *"],
    ],
  );
});

Deno.test("BUILTIN_WORKFLOWS that collect share a lock", () => {
  const holders = BUILTIN_WORKFLOWS.filter(({ locks }) =>
    locks.includes("collect")
  );
  assert.deepEqual(
    holders.map((each) => each.name),
    ["collect", "collect_and_cleanup"],
  );
});

Deno.test("defineWorkflow() refuses no steps and steps of one name", () => {
  assert.throws(() => defineWorkflow("none", { steps: [] }), TypeError);
  assert.throws(
    () => defineWorkflow("twice", { steps: ["a", "b", "a"] }),
    /"twice": has 3 steps of 2 names/,
  );
});
