/**
 * The rows of a coverage put together.
 *
 * @module
 */

import type { ScopeProblemJson } from "@skymap/lib/client";

/** How many scopes that are not complete are named, at most. */
const MAX_PROBLEMS = 100;

/** Which scopes an answer rests on. */
export interface ScopeCoverage {
  /** How many. */
  readonly scopes: number;
  /** How many of them are complete. */
  readonly complete: number;
  /** How many of them failed. */
  readonly failed: number;
  /** ISO time at which the oldest of them was listed last. */
  readonly oldest?: string;
  /** Sequence number that the index has reached. */
  readonly reached: number;
  /** The first that are not complete. */
  readonly problems: readonly ScopeProblemJson[];
  /** Every kind that was ever listed, for this answer or not. */
  readonly listed: readonly string[];
}

/** Columns of a row, in the order in which `compileCoverage` selects them. */
type CoverageRow = readonly [
  reached: number,
  rests: boolean | null,
  kind: string | null,
  status: ScopeProblemJson["status"] | "complete",
  scopes: number,
  oldestMs: number | null,
  cloud: string,
  account: string,
  region: string,
  reason: string | null,
];

function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
}

function problemsOf(row: CoverageRow): readonly ScopeProblemJson[] {
  const [, , kind, status, , since, cloud, account, region, reason] = row;
  if (status === "complete") return [];
  return [{
    cloud,
    account,
    region,
    kind: kind ?? "",
    status,
    reason: reason ?? status,
    since: since === null ? null : isoTime(since),
  }];
}

const ORDER = ["cloud", "account", "region", "kind"] as const;

function compareProblems(a: ScopeProblemJson, b: ScopeProblemJson): number {
  const key = ORDER.find((each) => a[each] !== b[each]);
  return key === undefined ? 0 : a[key] < b[key] ? -1 : 1;
}

/**
 * Puts the rows of a statement of `compileCoverage` together.
 *
 * @param isPast Whether they are those of a past state. Its oldest time is only
 * that of scopes that were not complete: one that stays complete leaves no trace
 * of each success.
 */
export function readCoverage(
  rows: readonly (readonly unknown[])[],
  isPast: boolean,
): ScopeCoverage {
  const all = rows as unknown as readonly CoverageRow[];
  const resting = all.filter(([, rests]) => rests === true);
  const count = (status?: string) =>
    resting.filter((row) => status === undefined || row[3] === status)
      .reduce((sum, [, , , , scopes]) => sum + scopes, 0);
  const times = resting.flatMap(([, , , status, , oldest]) =>
    oldest === null || (isPast && status === "complete") ? [] : [oldest]
  );
  return {
    scopes: count(),
    complete: count("complete"),
    failed: count("failed"),
    ...(times.length > 0 && {
      oldest: isoTime(times.reduce((a, b) => Math.min(a, b))),
    }),
    reached: all[0]?.[0] ?? 0,
    problems: resting.flatMap(problemsOf).sort(compareProblems)
      .slice(0, MAX_PROBLEMS),
    listed: [
      ...new Set(all.flatMap(([, , kind]) => kind === null ? [] : [kind])),
    ],
  };
}
