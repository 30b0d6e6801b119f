import { ok, strictEqual } from "node:assert/strict";
import { NO_COVERAGE, testCommandLine } from "./_test_line.ts";
import type { GraphService } from "./core_services.ts";

const ELEMENTS = 100_000;
const BATCH = 1_000;
const MB = 1_048_576;

function node(at: number): string {
  return JSON.stringify({
    type: "node",
    id: `n${at}`,
    kinds: ["volume"],
    reported: { kind: "volume", id: `vol-${at}`, note: `${at} `.repeat(500) },
    ancestors: {},
  });
}

/** A graph whose answer is larger than the memory that the test allows. */
function bigGraph(onBatch: (share: number) => void): Partial<GraphService> {
  return {
    coverage: () => Promise.resolve(NO_COVERAGE),
    counts: () => Promise.resolve({ result: ELEMENTS, total: ELEMENTS }),
    expand: (text) => text,
    structure: () => ({}),
    search: async function* () {
      for (let at = 0; at < ELEMENTS; at += BATCH) {
        onBatch(at / ELEMENTS);
        yield await Promise.resolve(
          Array.from({ length: BATCH }, (_, each) => node(at + each)),
        );
      }
    },
  };
}

/** Runs a line; counts what it writes, and how much more memory its second half took. */
async function measure(line: string): Promise<{
  readonly lines: number;
  readonly bytes: number;
  readonly growthMb: number;
}> {
  const peaks = [0, 0];
  const graph = bigGraph((share) => {
    const half = share < 0.5 ? 0 : 1;
    peaks[half] = Math.max(peaks[half] ?? 0, Deno.memoryUsage().rss);
  });
  const events = await testCommandLine({ graph }).execute(line, {
    caller: { subject: "test", role: "operator" },
    signal: new AbortController().signal,
    files: new Map(),
  });
  let lines = 0;
  let bytes = 0;
  for await (const event of events) {
    if (event.type === "failed") throw event.error;
    if (event.type !== "bytes") continue;
    bytes += event.bytes.length;
    for (const byte of event.bytes) if (byte === 10) lines++;
  }
  const [early = 0, late = 0] = peaks;
  return { lines, bytes, growthMb: (late - early) / MB };
}

Deno.test("a large answer flows through four stages in little memory", async () => {
  const all = await measure(
    "search all | jq 'select(.id | endswith(\"7\") | not)' | format --ndjson | write out.ndjson",
  );
  strictEqual(all.lines, ELEMENTS * 0.9);
  ok(all.bytes > 250 * MB, `${all.bytes} bytes`);
  ok(all.growthMb < 100, `${all.growthMb} MB`);
});

Deno.test("lists, chunks and templates of a large answer take little memory", async () => {
  for (
    const [line, lines] of [
      ["search all | list --csv | write a.csv", ELEMENTS + 1],
      ["search all | chunk 100 | flatten | format {id} | write a", ELEMENTS],
      ["search all | list --markdown id | write a.md", ELEMENTS + 2],
      ["search all | jq .id | uniq | head 50000 | write a", 50_000],
    ] as const
  ) {
    const found = await measure(line);
    strictEqual(found.lines, lines, line);
    ok(found.growthMb < 100, `${line}: ${found.growthMb} MB`);
  }
});
