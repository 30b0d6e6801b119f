import { rejects } from "node:assert/strict";
import { elements, flowOf, runStage } from "../_test_stage.ts";
import { JQ } from "./jq.ts";

Deno.test("jq that gathers all memory there is ends, and core goes on", async () => {
  for (const filter of ["'[range(1e9)]'", "'def f: [f]; f'"]) {
    const flow = await runStage(JQ, filter, flowOf([1]));
    await rejects(elements(flow), {
      code: "filter_failed",
      message: /on element 1: .*(?:allocate memory|aborted)/,
    }, filter);
  }
});

Deno.test("jq whose result is too long for a line is an error", async () => {
  const flow = await runStage(JQ, "'\"x\" * (. * 70000000)'", flowOf([1]));
  await rejects(elements(flow), {
    code: "filter_failed",
    message: /a result is longer than 67108864 characters, wanted shorter/,
  });
});
