import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { askNobody, AskRefused, Asks, MAX_ASKS, refusalOf } from "./asks.ts";

function open() {
  const cancel = new AbortController();
  const sent: number[] = [];
  const asks = new Asks({
    send(id) {
      sent.push(id);
      return Promise.resolve();
    },
    signal: cancel.signal,
  });
  return { asks, sent, cancel };
}

/** Lets all that can go on go on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

Deno.test("Asks.ask() gives each question its own answer, in any order", async () => {
  const { asks } = open();
  const one = asks.ask({ what: "account", id: "1" });
  const two = asks.ask({ what: "account", id: "2" });
  asks.answer({ type: "answer", id: 2, value: "two" });
  asks.answer({ type: "answer", id: 7, value: "nobody asked" });
  asks.answer({ type: "answer", id: 1, value: "one" });
  asks.answer({ type: "answer", id: 1, value: "again" });
  deepStrictEqual(await Promise.all([one, two]), ["one", "two"]);
});

Deno.test("Asks.ask() throws what the worker refuses, with its code", async () => {
  const { asks } = open();
  const asked = asks.ask({ what: "search", text: "all", complete: false });
  asks.answer(refusalOf(1, new AskRefused("permission_denied", "not yours")));
  await rejects(asked, { code: "permission_denied", message: "not yours" });
});

Deno.test("Asks.ask() lets no more than the bound wait for an answer", async () => {
  const { asks, sent } = open();
  const all = Array.from(
    { length: MAX_ASKS + 3 },
    (_, at) => asks.ask({ what: "account", id: String(at) }),
  );
  await settled();
  strictEqual(sent.length, MAX_ASKS);
  asks.answer({ type: "answer", id: 1, value: null });
  // Asked while a turn is handed on: it comes behind those that wait.
  const late = asks.ask({ what: "account", id: "late" });
  await settled();
  strictEqual(sent.length, MAX_ASKS + 1);
  for (let id = 2; id <= MAX_ASKS + 4; id++) {
    asks.answer({ type: "answer", id, value: id });
    await settled();
  }
  await Promise.all(all);
  strictEqual(await late, MAX_ASKS + 4);
});

Deno.test("Asks.ask() ends with the abort, asked or not", async () => {
  const { asks, cancel } = open();
  const all = Array.from(
    { length: MAX_ASKS + 1 },
    () => asks.ask({ what: "account", id: "1" }),
  );
  cancel.abort(new Error("cancelled"));
  for (const asked of all) await rejects(asked, /cancelled/);
  await rejects(asks.ask({ what: "account", id: "1" }), /cancelled/);
});

Deno.test("Asks.ask() ends when the question cannot be sent", async () => {
  const asks = new Asks({
    send: () => Promise.reject(new Error("closed")),
    signal: new AbortController().signal,
  });
  await rejects(asks.ask({ what: "account", id: "1" }), /closed/);
});

Deno.test("askNobody() refuses and says why", async () => {
  await rejects(askNobody({ what: "search", text: "all", complete: false }), {
    code: "unavailable",
    message: 'Cannot ask for "search": the plugin does not run in a worker',
  });
});
