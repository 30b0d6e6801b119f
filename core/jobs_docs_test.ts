import assert from "node:assert/strict";
import type { JobDefinitionJson } from "@skymap/lib/client";
import { testCommandLine, testZoo, zooService } from "./cli/_test_line.ts";
import type { CoreServices } from "./cli/core_services.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";

const PATH = new URL("../docs/jobs.md", import.meta.url);

/** The lines of the page, without what is said behind them. */
async function linesOf(): Promise<readonly string[]> {
  const text = await Deno.readTextFile(PATH);
  return [...text.matchAll(/^```\n([^]*?)^```$/gm)]
    .flatMap(([, block]) => (block ?? "").trim().split("\n"))
    .map((line) => line.replace(/ +# .*$/, ""));
}

Deno.test("docs/jobs.md shows lines that can be run, and jobs that can be added", async () => {
  await using zoo = await testZoo();
  const kept: string[] = [];
  const workflows: Partial<CoreServices["workflows"]> = {
    list: () =>
      BUILTIN_WORKFLOWS.map(({ name, steps }) => ({
        name,
        steps: steps.map((step) => step.name),
      })),
  };
  const jobs: Partial<CoreServices["jobs"]> = {
    list: () => [],
    put: (id: string, { command }: JobDefinitionJson) => {
      kept.push(command);
      return Promise.reject(new Error(`${id} is not kept`));
    },
  };
  const graph = zooService(zoo);
  const caller = { subject: "test", role: "operator" } as const;
  const { signal } = new AbortController();
  const commandLine = testCommandLine({
    graph,
    services: {
      jobs: jobs as CoreServices["jobs"],
      workflows: workflows as CoreServices["workflows"],
    },
  });
  const lines = await linesOf();
  assert.ok(lines.length > 20, `${lines.length} lines`);
  for (const line of lines) {
    await commandLine.prepare(line, { caller });
    if (!line.startsWith("jobs add")) continue;
    const events = await commandLine.execute(line, { caller, signal });
    for await (const event of events) assert.equal(event.type, "failed");
  }
  assert.equal(kept.length, 5);
  for (const line of kept) {
    const prepared = await commandLine.prepare(line, { caller });
    assert.deepEqual(prepared.map(({ output }) => output), ["text"], line);
  }
});
