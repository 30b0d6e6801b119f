import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import { Batch, type Batches } from "../batch.ts";
import type { TryResult } from "./request_messages.ts";
import type { RequestPlan } from "./request_plan.ts";
import { sendElements, type SendElementsOptions } from "./send_elements.ts";

const PLAN: RequestPlan = {
  method: "POST",
  url: new URL("https://hooks.example.com/T0/B0?key=value"),
  headers: [],
  hasBody: true,
  isCompressed: false,
  secrets: [],
};

function status(code: number, retryAfter?: string): TryResult {
  return {
    type: "answer",
    status: code,
    text: "",
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

async function* numbers(count: number, made?: number[]): Batches {
  for (let at = 0; at < count; at++) {
    made?.push(at);
    yield await Promise.resolve(Batch.ofValues([at]));
  }
}

/** Sends, and gives the output with what it ended with. */
async function run(
  batches: Batches,
  options: Partial<SendElementsOptions> & Pick<SendElementsOptions, "send">,
): Promise<{ readonly output: string; readonly error?: unknown }> {
  let output = "";
  try {
    for await (
      const text of sendElements(batches, {
        plan: PLAN,
        attempts: 1,
        firstDelayMs: 0,
        signal: new AbortController().signal,
        ...options,
      })
    ) output += text;
    return { output };
  } catch (error) {
    return { output, error };
  }
}

Deno.test("sendElements() says how many requests had each status", async () => {
  const { output, error } = await run(numbers(5), {
    send: ({ body }) => Promise.resolve(status(body === "3" ? 404 : 200)),
  });
  strictEqual(
    output,
    "4 requests with status 200 sent.\n1 request with status 404 sent.\n",
  );
  strictEqual(isSkymapError(error, "request_failed"), true);
  deepStrictEqual(await run(numbers(0), { send: () => Promise.reject() }), {
    output: "0 requests sent.\n",
  });
});

Deno.test("sendElements() has a bounded number of requests under way, and reads no further", async () => {
  const made: number[] = [];
  const under: (() => void)[] = [];
  const running = run(numbers(50, made), {
    send: () =>
      new Promise((resolve) => under.push(() => resolve(status(200)))),
  });
  let sent = 0;
  while (sent < 50) {
    const wanted = Math.min(8, 50 - sent);
    await until(() => under.length === wanted);
    strictEqual(made.length <= sent + 8, true, `${made.length} at ${sent}`);
    for (const answer of under.splice(0)) answer();
    sent += wanted;
  }
  strictEqual((await running).output, "50 requests with status 200 sent.\n");
});

Deno.test("sendElements() begins nothing more once a request was given up", async () => {
  const made: number[] = [];
  const { error } = await run(numbers(1_000, made), {
    attempts: 3,
    send: () => Promise.resolve(status(500)),
  });
  strictEqual(isSkymapError(error, "request_failed"), true);
  deepStrictEqual((error as { details: unknown }).details, {
    sent: 0,
    failed: 8,
    tries: 3,
  });
  strictEqual(made.length < 20, true, String(made.length));
});

Deno.test("sendElements() says what was sent when what comes before it fails", async () => {
  const broken = async function* (): Batches {
    yield* numbers(3);
    throw new Error("no more");
  };
  const { output, error } = await run(broken(), {
    send: () => Promise.resolve(status(200)),
  });
  strictEqual(output, "3 requests with status 200 sent.\n");
  strictEqual((error as Error).message, "no more");
});

Deno.test("sendElements() tries only what may go better another time", async () => {
  for (
    const [result, tries] of [
      [status(200), 1],
      [status(301), 1],
      [status(400), 1],
      [status(401), 1],
      [status(408), 3],
      [status(429), 3],
      [status(500), 3],
      [status(503, "0"), 3],
      [status(503, "3600"), 1],
      [{ type: "failed", reason: "reset", isPassing: true }, 3],
      [{ type: "failed", reason: "no such certificate", isPassing: false }, 1],
    ] as const
  ) {
    let sent = 0;
    await run(numbers(1), {
      attempts: 3,
      send: () => {
        sent++;
        return Promise.resolve(result);
      },
    });
    strictEqual(sent, tries, JSON.stringify(result));
  }
});

Deno.test("sendElements() waits as long as Retry-After wants", async () => {
  const stop = new AbortController();
  let sent = 0;
  const running = run(numbers(1), {
    attempts: 2,
    signal: stop.signal,
    send: () => {
      sent++;
      // Without the header the next try would come at once.
      setTimeout(() => stop.abort(new Error("it waits")), 20);
      return Promise.resolve(status(429, "60"));
    },
  });
  const { error } = await running;
  await rejects(Promise.reject(error), /it waits/);
  strictEqual(sent, 1);
});

Deno.test("sendElements() shows neither path nor query of its address", async () => {
  const { error } = await run(numbers(1), {
    send: () =>
      Promise.resolve({
        type: "answer",
        status: 400,
        text: "no such hook: /T0/B0?key=value",
      }),
  });
  strictEqual(
    (error as Error).message,
    "Cannot send every element to https://hooks.example.com: 1 request failed, " +
      "the first because the answer had status 400 and said " +
      '"no such hook: REDACTED"; 0 were sent; wanted a status from 200 to 299',
  );
});
