import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { nodeId } from "../ids.ts";
import { createCollectContext } from "./collect_context.ts";
import type { CollectContext, ScopeWriter } from "./contract.ts";
import type { CollectMessage } from "./messages.ts";

const KINDS = [{ name: "tiny_thing" }, { name: "tiny_part" }];

function setUp(signal: AbortSignal = new AbortController().signal) {
  const messages: CollectMessage[] = [];
  const context: CollectContext<null> = createCollectContext({
    manifest: { cloud: "tiny", kinds: KINDS },
    config: null,
    account: { id: "1", name: "one" },
    sink: {
      write(message) {
        messages.push(message);
        return Promise.resolve();
      },
    },
    signal,
  });
  return { context, messages };
}

Deno.test("CollectContext.scope() opens, fills and closes a scope", async () => {
  const { context: { scope }, messages } = setUp();
  const outcome = await scope(
    { kind: "tiny_thing", region: "eu", regionName: "Europe" },
    async (found) => {
      await found.node({ id: "a", zone: "eu-1", reported: { name: "A" } });
      await found.edge({
        from: { kind: "tiny_thing", id: "a" },
        to: { kind: "tiny_part", id: "p", region: "" },
        type: "delete",
      });
    },
  );
  strictEqual(outcome, "complete");
  const key = { cloud: "tiny", account: "1" };
  deepStrictEqual(messages, [
    {
      type: "scope",
      scope: 1,
      state: "open",
      ...key,
      region: "eu",
      kind: "tiny_thing",
      account_name: "one",
      region_name: "Europe",
    },
    { type: "node", scope: 1, id: "a", zone: "eu-1", reported: { name: "A" } },
    {
      type: "edge",
      scope: 1,
      from: nodeId({ ...key, region: "eu", kind: "tiny_thing", id: "a" }),
      to: nodeId({ ...key, region: "", kind: "tiny_part", id: "p" }),
      edge_type: "delete",
    },
    { type: "scope", scope: 1, state: "complete" },
  ]);
});

Deno.test("CollectContext.scope() fails a scope with what was thrown, and others go on", async () => {
  const { context, messages } = setUp();
  const thrown = Object.assign(new Error("slow down"), { code: "Throttled" });
  const outcomes = [
    await context.scope({ kind: "tiny_thing" }, () => Promise.reject(thrown)),
    await context.scope({ kind: "tiny_part" }, () => Promise.resolve()),
  ];
  deepStrictEqual(outcomes, ["failed", "complete"]);
  deepStrictEqual(messages[1], {
    type: "scope",
    scope: 1,
    state: "failed",
    error: { code: "Throttled", message: "slow down" },
  });
});

Deno.test("CollectContext.scope() never calls a listing complete that was aborted", async () => {
  const controller = new AbortController();
  const { context, messages } = setUp(controller.signal);
  await rejects(
    context.scope({ kind: "tiny_thing" }, () => {
      controller.abort(new Error("stop"));
      return Promise.resolve();
    }),
    { message: "stop" },
  );
  deepStrictEqual(
    messages.map((each) => each.type === "scope" ? each.state : each.type),
    ["open", "failed"],
  );
  await rejects(
    context.scope({ kind: "tiny_part" }, () => Promise.resolve()),
    { message: "stop" },
  );
});

Deno.test("CollectContext.scope() refuses a kind that was not declared, and a second listing", async () => {
  const { context } = setUp();
  const nothing = () => Promise.resolve();
  await rejects(context.scope({ kind: "other" }, nothing), /no such kind/);
  await context.scope({ kind: "tiny_thing", region: "eu" }, nothing);
  await context.scope({ kind: "tiny_thing", region: "us" }, nothing);
  await rejects(
    context.scope({ kind: "tiny_thing", region: "eu" }, nothing),
    /was opened before/,
  );
});

Deno.test("ScopeWriter refuses what comes after the end, and a node without id", async () => {
  const { context, messages } = setUp();
  let late: ScopeWriter | undefined;
  await context.scope({ kind: "tiny_thing" }, (found) => {
    late = found;
    return Promise.resolve();
  });
  await rejects(
    late?.node({ id: "x", reported: {} }) ?? Promise.resolve(),
    /it is closed/,
  );
  strictEqual(messages.length, 2);
  const outcome = await context.scope(
    { kind: "tiny_part" },
    (found) => found.node({ id: "", reported: {} }),
  );
  strictEqual(outcome, "failed");
});
