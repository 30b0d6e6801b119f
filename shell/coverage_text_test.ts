import { deepStrictEqual } from "node:assert/strict";
import type { CoverageJson, ScopeProblemJson } from "@skymap/lib/client";
import { coverageText } from "./coverage_text.ts";

const NOW = Date.parse("2026-01-10T00:00:00Z");

const COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 12,
  complete: 12,
  stale: 0,
  failed: 0,
  oldest: "2026-01-09T23:00:00Z",
  sequence: 1,
  problems: [],
  problems_total: 0,
  gaps: [],
  warnings: [],
};

Deno.test("coverageText() says how much there is, and how old", () => {
  deepStrictEqual(coverageText({ shown: 1 }, COVERAGE, NOW), [
    "1 element from 12 scopes, oldest 1h ago",
  ]);
  deepStrictEqual(coverageText({}, { ...COVERAGE, scopes: 1 }, NOW), [
    "Answered from 1 scope, oldest 1h ago",
  ]);
  deepStrictEqual(coverageText({ total: 7 }, COVERAGE, NOW), [
    "7 found, answered from 12 scopes, oldest 1h ago",
  ]);
  const past = { ...COVERAGE, scopes: 1, at: "2026-01-01T00:00:00.000Z" };
  deepStrictEqual(coverageText({ shown: 1, total: 7 }, past, NOW), [
    "1 of 7 elements from 1 scope, oldest 1h ago, as of 2026-01-01T00:00:00.000Z",
  ]);
});

Deno.test("coverageText() says what is not up to date, and why", () => {
  const problem = (account: string): ScopeProblemJson => ({
    cloud: "aws",
    account,
    region: "eu",
    kind: "volume",
    status: "failed",
    reason: "AccessDenied\u001b[31m\nall is well",
    since: "2026-01-09T21:00:00Z",
  });
  const coverage: CoverageJson = {
    ...COVERAGE,
    complete: 7,
    stale: 5,
    failed: 4,
    problems: [
      problem("1"),
      { ...problem("2"), status: "gone", reason: "gone", since: null },
      problem("3"),
      problem("4"),
      problem("5"),
    ],
    problems_total: 5,
    gaps: ['No account was ever listed for "certificate"'],
    warnings: ["Nothing can be smaller than 0"],
  };
  deepStrictEqual(coverageText({ shown: 0 }, coverage, NOW), [
    "0 elements from 12 scopes, 5 NOT UP TO DATE (4 failed), oldest 1h ago",
    "  aws/1/eu/volume: failed, AccessDenied [31m all is well, listed 3h ago",
    "  aws/2/eu/volume: gone, never listed",
    "  aws/3/eu/volume: failed, AccessDenied [31m all is well, listed 3h ago",
    '  and 2 more; "ledger failed" lists what failed',
    'Warning: No account was ever listed for "certificate"',
    "Warning: Nothing can be smaller than 0",
  ]);
});
