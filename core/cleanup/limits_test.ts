import { deepStrictEqual } from "node:assert/strict";
import { CLEANUP_SECTION } from "../config/cleanup_section.ts";
import { mark } from "./_random_marks.ts";
import { crossedLimits, type Limits } from "./limits.ts";

const NONE: Limits = {
  ...CLEANUP_SECTION.parse({}),
  max_share: 1,
  max_share_per_kind: 1,
  max_share_per_account: 1,
};

function crossed(limits: Partial<Limits>, count = 4): readonly string[] {
  const items = Array.from({ length: count }, (_, at) => ({
    action: "delete" as const,
    node: mark(`n${at}`, {
      kind: at === 0 ? "toy_net" : "toy_box",
      account: at < 2 ? "a1" : "a2",
    }),
  }));
  return crossedLimits(
    [...items, { action: "detach", node: mark("ring") }],
    [
      { cloud: "toy", account: "a1", kind: "toy_box", count: 4 },
      { cloud: "toy", account: "a2", kind: "toy_box", count: 2 },
      { cloud: "toy", account: "a1", kind: "toy_net", count: 2 },
      { cloud: "toy", account: "a1", kind: "toy_type", count: 1_000 },
    ],
    { ...NONE, ...limits },
    (kind) => kind !== "toy_type",
  ).map(({ message }) => message);
}

Deno.test("crossedLimits() counts deletions of a plan, of kinds and of accounts", () => {
  deepStrictEqual(crossed({}), []);
  deepStrictEqual(crossed({ max_count: 4 }), []);
  deepStrictEqual(crossed({ max_count: 3 }), [
    "it deletes 4 resources, max_count is 3",
  ]);
  deepStrictEqual(crossed({ max_count_per_kind: 2 }), [
    "it deletes 3 resources of toy_box, max_count_per_kind is 2",
  ]);
  deepStrictEqual(crossed({ max_count_per_account: 1 }), [
    "it deletes 2 resources of account a1 of toy, max_count_per_account is 1",
    "it deletes 2 resources of account a2 of toy, max_count_per_account is 1",
  ]);
});

Deno.test("crossedLimits() looks at shares of what there is, but not of few", () => {
  deepStrictEqual(crossed({ max_share: 0.5, share_from: 0 }), []);
  deepStrictEqual(crossed({ max_share: 0.4, share_from: 3 }), [
    "it deletes 50 % of the 8 resources, max_share is 40 %",
  ]);
  deepStrictEqual(crossed({ max_share: 0.4, share_from: 4 }), []);
  deepStrictEqual(crossed({ max_share_per_kind: 0.4, share_from: 2 }), [
    "it deletes 50 % of the 6 resources of toy_box, max_share_per_kind is 40 %",
  ]);
  deepStrictEqual(crossed({ max_share_per_account: 0.9, share_from: 1 }), [
    "it deletes 100 % of the 2 resources of account a2 of toy, " +
    "max_share_per_account is 90 %",
  ]);
});
