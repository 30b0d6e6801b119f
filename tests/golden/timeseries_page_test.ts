import { ok } from "node:assert/strict";
import { openDemoCore } from "./_demo_core.ts";

const PAGE = new URL("../../docs/timeseries.md", import.meta.url);

/** A snapshot that a run would have taken. */
const INSTANCES = "timeseries snapshot instances aggregate(" +
  "/ancestors.cloud.reported.name as cloud: sum(1) as instances): is(instance)";

async function linesOf(): Promise<readonly string[]> {
  const text = await Deno.readTextFile(PAGE);
  return [...text.matchAll(/^```\n([^]*?)^```$/gm)]
    .flatMap(([, block]) => (block ?? "").trim().split("\n"));
}

Deno.test("docs/timeseries.md shows lines that run one after the other", async (t) => {
  await using core = await openDemoCore();
  const lines = await linesOf();
  ok(lines.length > 10, `${lines.length} lines`);
  for (const line of [INSTANCES, ...lines]) {
    await t.step(line, async () => {
      let text = "";
      const events = await core.commandLine.execute(line, core.request());
      for await (const event of events) {
        if (event.type === "failed") throw event.error;
        if (event.type === "text") text += event.text;
        if (event.type === "bytes") text += event.bytes.length;
      }
      ok(text !== "", "it shows something");
    });
  }
});
