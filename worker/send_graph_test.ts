import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { SkymapError } from "@skymap/lib/errors";
import type { CollectOutcome } from "./plugin/host.ts";
import { graphStream, messageStream } from "./send_graph.ts";

const COLLECTED = { cloud: "tiny", account: "1" };
const OUTCOME: CollectOutcome = {
  nodes: 2,
  failedScopes: 0,
  forgedScopes: 0,
  usage: { seconds: 1, scopes: 1, usage: undefined, slowest: [] },
};

async function* lines(
  count: number,
  outcome: CollectOutcome,
  onMade: (number: number) => void = () => {},
): AsyncGenerator<string, CollectOutcome> {
  for (let number = 1; number <= count; number++) {
    onMade(number);
    yield await Promise.resolve(`{"number":${number}}\n`);
  }
  return outcome;
}

async function read(body: ReadableStream<Uint8Array>): Promise<unknown[]> {
  const text = await new Response(
    body as ReadableStream<Uint8Array<ArrayBuffer>>,
  )
    .text();
  return text.trimEnd().split("\n").map((line) => JSON.parse(line));
}

Deno.test("graphStream() ends with the account that was collected", async () => {
  const stream = graphStream(lines(2, OUTCOME), COLLECTED);
  strictEqual(stream.outcome(), undefined);
  deepStrictEqual(await read(stream.body), [
    { number: 1 },
    { number: 2 },
    { type: "end", collected: COLLECTED },
  ]);
  strictEqual(stream.outcome(), OUTCOME);
});

Deno.test("graphStream() does not call an account whole whose plugin failed", async () => {
  const failure = new SkymapError("plugin_crashed", "gone");
  const stream = graphStream(lines(1, { ...OUTCOME, failure }), COLLECTED);
  deepStrictEqual((await read(stream.body)).at(-1), { type: "end" });
});

Deno.test("graphStream() makes no more than is read, and stops when nobody reads on", async () => {
  let made = 0;
  let stopped = false;
  async function* source(): AsyncGenerator<string, CollectOutcome> {
    try {
      return yield* lines(1_000, OUTCOME, (number) => made = number);
    } finally {
      stopped = true;
    }
  }
  const reader = graphStream(source(), COLLECTED).body.getReader();
  await reader.read();
  await reader.read();
  ok(made <= 4, `made ${made}`);
  await reader.cancel();
  ok(stopped);
});

Deno.test("messageStream() adds the last line", async () => {
  deepStrictEqual(await read(messageStream([{ a: 1 }])), [
    { a: 1 },
    { type: "end" },
  ]);
});
