import assert from "node:assert/strict";
import { nextRun } from "./next_run.ts";
import { newRun, type Run } from "./run.ts";

const LOCKS: Readonly<Record<string, readonly string[]>> = {
  collect: ["graph"],
  cleanup: ["graph", "cloud"],
  sweep: ["cloud"],
  metrics: [],
};

function run(id: string, name: string, state: Run["state"] = "waiting"): Run {
  return {
    ...newRun({ name, locks: [], steps: [] }, { id, trigger: "test", now: 0 }),
    state,
  };
}

function next(...runs: readonly Run[]): string | undefined {
  return nextRun(runs, (workflow) => LOCKS[workflow] ?? [])?.id;
}

Deno.test("nextRun() is the oldest that shares no lock with what runs", () => {
  assert.equal(next(), undefined);
  assert.equal(next(run("a", "collect"), run("b", "collect")), "a");
  const running = run("r", "collect", "running");
  assert.equal(next(running, run("a", "cleanup")), undefined);
  assert.equal(next(running, run("a", "cleanup"), run("b", "metrics")), "b");
});

Deno.test("nextRun() lets nobody pass one that waits for the same lock", () => {
  const running = run("r", "collect", "running");
  assert.equal(
    next(running, run("a", "cleanup"), run("b", "sweep")),
    undefined,
  );
  assert.equal(next(run("d", "cleanup", "done"), run("b", "sweep")), "b");
});
