import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { plainUsage, UsageTally } from "./usage_tally.ts";

const USAGE = { calls: 2, throttles: 1, bytes: 300, waited_ms: 40 };

Deno.test("UsageTally adds up what scopes took, and names the slowest", () => {
  let now = 1_000;
  const tally = new UsageTally(() => now);
  deepStrictEqual(tally.report, {
    seconds: 0,
    scopes: 0,
    usage: undefined,
    slowest: [],
  });
  for (const [kind, ms] of [["a", 10], ["b", 400], ["c", 3_000], ["d", 20]]) {
    const openedAt = tally.now;
    now += Number(ms);
    const usage = kind === "c" ? undefined : USAGE;
    tally.add({ kind: String(kind), region: "r" }, openedAt, usage);
  }
  deepStrictEqual(tally.report, {
    seconds: 3.43,
    scopes: 4,
    usage: { calls: 6, throttles: 3, bytes: 900, waited_ms: 120 },
    slowest: [
      { kind: "c", region: "r", seconds: 3 },
      { kind: "b", region: "r", seconds: 0.4, usage: USAGE },
      { kind: "d", region: "r", seconds: 0.02, usage: USAGE },
    ],
  });
});

Deno.test("plainUsage() takes four numbers and nothing else", () => {
  deepStrictEqual(plainUsage({ ...USAGE, more: "x".repeat(99) }), USAGE);
  for (
    const wrong of [
      undefined,
      null,
      [],
      "2 calls",
      {},
      { ...USAGE, calls: -1 },
      { ...USAGE, bytes: null },
      { ...USAGE, bytes: "3" },
      { ...USAGE, waited_ms: 1e300 },
    ]
  ) strictEqual(plainUsage(wrong), undefined, JSON.stringify(wrong));
});
