/**
 * How complete an answer is, for people.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import { formatDuration } from "@skymap/lib/duration";
import { oneLine } from "./printable.ts";

/** How much of an answer there was. */
export interface Shown {
  /** Elements; undefined when they were not counted. */
  readonly shown?: number;
  /** Elements that there are without the limit, if they were counted. */
  readonly total?: number;
}

/** Scopes that are named at most. */
const NAMED = 3;

/** How long ago an ISO time is, in two units, or undefined. */
function age(time: unknown, now: number): string | undefined {
  const at = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(at) ? undefined : formatDuration(now - at, 2);
}

function elements({ shown, total }: Shown): string {
  if (shown === undefined) {
    return total === undefined ? "Answered" : `${total} found, answered`;
  }
  return (total === undefined ? `${shown}` : `${shown} of ${total}`) +
    ((total ?? shown) === 1 ? " element" : " elements");
}

/**
 * How complete and old the answer is: `5 elements from 120 scopes, 2 NOT UP TO
 * DATE`, then which of them and why.
 */
export function coverageText(
  counted: Shown,
  coverage: CoverageJson,
  now: number,
): readonly string[] {
  const { scopes, stale, failed, oldest, at, gaps, warnings } = coverage;
  const since = age(oldest, now);
  const named = coverage.problems.slice(0, NAMED);
  const more = coverage.problems_total - named.length;
  return [
    `${elements(counted)} from ${scopes} ${scopes === 1 ? "scope" : "scopes"}` +
    (stale === 0 ? "" : `, ${stale} NOT UP TO DATE (${failed} failed)`) +
    (since === undefined ? "" : `, oldest ${since} ago`) +
    (at === undefined ? "" : `, as of ${at}`),
    ...named.map((problem) => {
      const { cloud, account, region, kind, status, reason } = problem;
      const place = [cloud, account, region, kind].filter(Boolean).join("/");
      const last = age(problem.since, now);
      return `  ${oneLine(place)}: ${status}` +
        (reason === status ? "" : `, ${oneLine(reason)}`) +
        (last === undefined ? ", never listed" : `, listed ${last} ago`);
    }),
    ...(named.length > 0 && more > 0
      ? [`  and ${more} more; "ledger failed" lists what failed`]
      : []),
    ...[...gaps, ...warnings].map((text) => `Warning: ${oneLine(text)}`),
  ];
}
