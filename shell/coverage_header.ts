/**
 * The header that says how complete an answer is.
 *
 * @module
 */

import type { CoverageJson } from "@skymap/lib/client";

/** Reads the header; which scopes and why stands only in NDJSON. */
export function readCoverageHeader(
  header: string | null,
): CoverageJson | undefined {
  if (header === null) return undefined;
  const facts = new Map(
    header.split(";").map((part) => {
      const [name = "", ...value] = part.trim().split("=");
      return [name, value.join("=")];
    }),
  );
  const number = (name: string) => Number(facts.get(name) ?? 0);
  const oldest = facts.get("oldest");
  const at = facts.get("at");
  return {
    type: "coverage",
    scopes: number("scopes"),
    complete: number("complete"),
    stale: number("stale"),
    failed: number("failed"),
    sequence: number("sequence"),
    ...(oldest !== undefined && { oldest }),
    ...(at !== undefined && { at }),
    problems: [],
    problems_total: number("stale"),
    gaps: number("gaps") === 0
      ? []
      : [`${number("gaps")} of the kinds were never listed`],
    warnings: [],
  };
}
