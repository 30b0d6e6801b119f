import { deepStrictEqual, ok } from "node:assert/strict";
import { policyOf } from "./iam_policy.ts";
import { MAX_POLICY_CHARS, policyParts } from "./policy_parts.ts";
import { RESOURCES } from "./resources/mod.ts";
import { readConfig } from "./settings.ts";

function sizeOf(part: unknown): number {
  return JSON.stringify(part, null, 2).replace(/\s/g, "").length;
}

const STATEMENT = [
  { Sid: "A", Effect: "Allow", Action: ["a:One", "a:Two"], Resource: "*" },
  { Sid: "B", Effect: "Allow", Action: ["b:One"], Resource: "arn:x" },
];

Deno.test("policyParts() leaves a policy alone that AWS takes", () => {
  const policy = { Version: "1", Statement: STATEMENT };
  deepStrictEqual(policyParts(policy), [policy]);
  deepStrictEqual(policyParts(policy, sizeOf(policy)), [policy]);
});

Deno.test("policyParts() cuts between statements, or between actions of one", () => {
  const [a, b] = STATEMENT;
  const of = (maxChars: number) =>
    policyParts({ Version: "1", Statement: STATEMENT }, maxChars)
      .map(({ Statement }) => Statement);
  const first = sizeOf({ Version: "1", Statement: [a] });
  deepStrictEqual(of(first), [[a], [b]]);
  deepStrictEqual(of(first - 1), [
    [{ ...a, Action: ["a:One"] }],
    [{ ...a, Action: ["a:Two"] }],
    [b],
  ]);
  deepStrictEqual(of(1).length, 3);
});

Deno.test("policyParts() makes parts of the policy of all kinds that allow the same", () => {
  const policy = policyOf(
    RESOURCES,
    readConfig({ role: "reader", scrape_org: true }),
    {
      tag: true,
      cleanup: true,
    },
  );
  const parts = policyParts(policy);
  ok(parts.length > 1);
  for (const part of parts) ok(sizeOf(part) <= MAX_POLICY_CHARS);
  const allowed = (documents: readonly unknown[]) =>
    (documents as readonly (typeof policy)[]).flatMap(({ Statement }) =>
      Statement.flatMap(({ Action, Sid, ...rest }) =>
        (Action as string[]).map((action) => [Sid, action, rest])
      )
    );
  deepStrictEqual(allowed(parts), allowed([policy]));
});
