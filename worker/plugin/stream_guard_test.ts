import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import fc from "fast-check";
import { StreamGuard } from "./stream_guard.ts";

const MANIFEST = {
  name: "tiny",
  cloud: "tiny",
  kinds: [{ name: "tiny_thing" }],
};
const OPEN = {
  type: "scope",
  scope: 1,
  state: "open",
  cloud: "tiny",
  account: "1",
  region: "",
  kind: "tiny_thing",
};
const COMPLETE = { type: "scope", scope: 1, state: "complete" };
const NODE = { type: "node", scope: 1, id: "a", reported: {} };

function guard(): StreamGuard {
  return new StreamGuard({ manifest: MANIFEST, account: "1" });
}

Deno.test("StreamGuard lets a whole scope pass and counts it", () => {
  const each = guard();
  for (const message of [OPEN, NODE, NODE, COMPLETE]) {
    strictEqual(each.check(message), true);
  }
  strictEqual(each.nodes, 2);
  strictEqual(each.openScopes.length, 0);
});

Deno.test("StreamGuard passes on what a scope took, and leaves out what makes no sense", () => {
  const usage = { calls: 3, throttles: 1, bytes: 9, waited_ms: 0.5 };
  const error = { code: "Denied", message: "no" };
  const each = guard();
  const close = (scope: number, end: Record<string, unknown>) => {
    each.check({ ...OPEN, scope });
    return each.check({ ...COMPLETE, scope, ...end });
  };
  const complete = { type: "scope", scope: 1, state: "complete" };
  deepStrictEqual(close(1, { usage: { ...usage, more: "x" } }), {
    ...complete,
    usage,
  });
  deepStrictEqual(close(2, { usage: { ...usage, calls: -1 } }), {
    ...complete,
    scope: 2,
  });
  deepStrictEqual(close(3, { state: "failed", error, usage }), {
    type: "scope",
    scope: 3,
    state: "failed",
    error,
    usage,
  });
  strictEqual(each.usage.scopes, 3);
  deepStrictEqual(each.usage.usage, {
    calls: 6,
    throttles: 2,
    bytes: 18,
    waited_ms: 1,
  });
});

for (
  const [what, forged] of [
    ["account", { account: "2" }],
    ["cloud", { cloud: "aws" }],
    ["kind", { kind: "aws_account" }],
  ] as const
) {
  Deno.test(`StreamGuard refuses a scope of another ${what}, with all that is in it`, () => {
    const each = guard();
    const issue = each.check({ ...OPEN, ...forged });
    ok(typeof issue === "object" && issue.type === "issue");
    match(issue.message, /not its own/);
    for (const message of [NODE, { ...NODE, type: "edge" }, COMPLETE]) {
      strictEqual(each.check(message), false);
    }
    strictEqual(each.forgedScopes, 1);
    strictEqual(each.nodes, 0);
    throws(() => each.check(NODE), { code: "plugin_invalid" });
  });
}

for (
  const [what, messages, reason] of [
    ["a node before its scope", [NODE], /scope 1, which is not open/],
    ["a node after its scope", [OPEN, COMPLETE, NODE], /which is not open/],
    ["a scope that is opened twice", [OPEN, OPEN], /opened scope 1 after 1/],
    ["a scope that is closed twice", [OPEN, COMPLETE, COMPLETE], /not open/],
    ["a close without a state", [OPEN, { type: "scope", scope: 1 }], /how/],
    [
      "a failure without a reason",
      [OPEN, { ...COMPLETE, state: "failed" }],
      /without saying how/,
    ],
    ["a scope with a text as number", [{ ...OPEN, scope: "1" }], /number/],
    ["a scope without a region", [{ ...OPEN, region: null }], /region/],
    ["the end of the stream", [{ type: "end" }], /unknown type "end"/],
    [
      "a list of accounts",
      [{ type: "accounts", cloud: "tiny", accounts: [] }],
      /unknown type/,
    ],
    [
      "the failure of an account",
      [{ type: "account_failed", cloud: "aws", account: "9" }],
      /unknown type/,
    ],
  ] as const
) {
  Deno.test(`StreamGuard ends a stream with ${what}`, () => {
    const each = guard();
    const last = messages.at(-1) ?? {};
    for (const message of messages.slice(0, -1)) each.check(message);
    throws(() => each.check(last), { code: "plugin_invalid", message: reason });
  });
}

Deno.test("StreamGuard lets nothing of another account pass, whatever is said", () => {
  const scope = fc.integer({ min: 1, max: 4 });
  const message = fc.oneof(
    fc.record({
      type: fc.constant("scope"),
      scope,
      state: fc.constantFrom("open", "complete", "failed", "other"),
      cloud: fc.constantFrom("tiny", "aws"),
      account: fc.constantFrom("1", "2"),
      region: fc.constant(""),
      kind: fc.constantFrom("tiny_thing", "aws_thing"),
      error: fc.constantFrom({ code: "x", message: "y" }, undefined),
    }),
    fc.record({
      type: fc.constantFrom("node", "edge", "deferred_edge", "end"),
      scope,
    }),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 30 }), (messages) => {
      const each = guard();
      const open = new Set<number>();
      for (const said of messages) {
        let passed: unknown;
        try {
          passed = each.check(said);
        } catch {
          return;
        }
        if (passed !== true) continue;
        if (!("state" in said)) {
          ok(open.has(said.scope));
        } else if (said.state === "open") {
          strictEqual(said.cloud, "tiny");
          strictEqual(said.account, "1");
          strictEqual(said.kind, "tiny_thing");
          open.add(said.scope);
        } else ok(open.delete(said.scope));
      }
    }),
    { numRuns: 1_000 },
  );
});
