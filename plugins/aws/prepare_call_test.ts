import { deepStrictEqual, rejects } from "node:assert/strict";
import type { Preparation } from "./declaration.ts";
import { prepareCall } from "./prepare_call.ts";

const REPORT: Preparation = {
  service: "iam",
  operation: "GenerateCredentialReport",
  path: "State",
  ready: "COMPLETE",
};

/** Prepares with a client that tells one state after the other. */
async function prepare(states: readonly string[]): Promise<number> {
  let calls = 0;
  const client = {
    call: () => Promise.resolve({ State: states[calls++] ?? "INPROGRESS" }),
  };
  await prepareCall(client, "us-east-1", REPORT, {
    attempts: 5,
    sleep: () => Promise.resolve(),
  });
  return calls;
}

Deno.test("prepareCall() calls until it is ready", async () => {
  deepStrictEqual(await prepare(["COMPLETE"]), 1);
  deepStrictEqual(await prepare(["STARTED", "INPROGRESS", "COMPLETE"]), 3);
});

Deno.test("prepareCall() fails for what does not get ready", async () => {
  await rejects(prepare([]), {
    code: "not_ready",
    permission: "iam:GenerateCredentialReport",
  });
});

Deno.test("prepareCall() does not try again what failed", async () => {
  let calls = 0;
  const client = {
    call: () => {
      calls++;
      return Promise.reject(new Error("denied"));
    },
  };
  await rejects(prepareCall(client, "us-east-1", REPORT), /denied/);
  deepStrictEqual(calls, 1);
});
