/**
 * Refuses answers that are not complete.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";

/**
 * Refuses an answer that is not complete.
 *
 * @throws SkymapError `answer_incomplete`, with the coverage.
 */
export function requireComplete(coverage: CoverageJson): void {
  const { scopes, stale, gaps, problems } = coverage;
  if (stale === 0 && gaps.length === 0) return;
  const [first] = problems;
  const reasons = [
    ...(stale === 0 ? [] : [`${stale} of ${scopes} scopes are not up to date`]),
    ...(first === undefined ? [] : [
      `the first is ${
        [first.cloud, first.account, first.region, first.kind]
          .filter(Boolean).join("/")
      }: ${first.status}, ${first.reason}`,
    ]),
    ...gaps,
  ];
  throw new SkymapError(
    "answer_incomplete",
    `Cannot answer completely: ${reasons.join("; ")}`,
    { details: { coverage } },
  );
}
