import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { readCoverageHeader } from "./coverage_header.ts";

Deno.test("readCoverageHeader() reads what the header has", () => {
  strictEqual(readCoverageHeader(null), undefined);
  deepStrictEqual(
    readCoverageHeader(
      "scopes=3; complete=2; stale=1; failed=1; gaps=2; " +
        "oldest=2026-01-01T00:00:00Z; sequence=7; at=2026-01-02T00:00:00.000Z",
    ),
    {
      type: "coverage",
      scopes: 3,
      complete: 2,
      stale: 1,
      failed: 1,
      oldest: "2026-01-01T00:00:00Z",
      sequence: 7,
      at: "2026-01-02T00:00:00.000Z",
      problems: [],
      problems_total: 1,
      gaps: ["2 of the kinds were never listed"],
      warnings: [],
    },
  );
});
