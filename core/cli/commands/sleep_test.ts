import { rejects, strictEqual } from "node:assert/strict";
import { FakeClock } from "@skymap/lib/testing";
import { contextOf, prepareStage, runStage, textOf } from "../_test_stage.ts";
import { SLEEP } from "./sleep.ts";

Deno.test("sleep ends when the clock says so, and not before", async () => {
  for (
    const [text, ms] of [["2", 2_000], ["0.5", 500], ["3min", 180_000]] as const
  ) {
    const clock = new FakeClock();
    const done = textOf(
      await runStage(SLEEP, text, undefined, contextOf({ clock })),
    );
    clock.advance(ms - 1);
    strictEqual(clock.timers, 1, text);
    clock.advance(1);
    strictEqual(await done, "");
    strictEqual(clock.timers, 0, text);
  }
});

Deno.test("sleep ends when the line is stopped", async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const done = textOf(
    await runStage(
      SLEEP,
      "1h",
      undefined,
      contextOf({ clock, signal: stop.signal }),
    ),
  );
  stop.abort(new Error("Ctrl-C"));
  await rejects(done, { message: "Ctrl-C" });
  strictEqual(clock.timers, 0);
});

Deno.test("sleep refuses what is no time", async () => {
  for (const text of ["", "soon", "2d", "-- -1"]) {
    await rejects(prepareStage(SLEEP, text), { code: "usage" }, text);
  }
});
