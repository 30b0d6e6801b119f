import { strictEqual } from "node:assert/strict";
import { endOfTime, isNever, lifetimeOf } from "./lifetime.ts";

Deno.test("endOfTime() reads times, and guesses nothing", () => {
  const ends: Readonly<Record<string, string>> = {
    "2026-12-31T12:00:00Z": "2026-12-31T12:00:00.000Z",
    "2026-12-31T12:00:00+02:00": "2026-12-31T10:00:00.000Z",
    "2026-12-31T12:00:00+0200": "2026-12-31T10:00:00.000Z",
    "2026-12-31 12:00": "2026-12-31T12:00:00.000Z",
    " 2026-12-31t12:00:00.5z ": "2026-12-31T12:00:00.500Z",
    // A day is over when it has ended.
    "2026-12-31": "2027-01-01T00:00:00.000Z",
  };
  for (const [text, end] of Object.entries(ends)) {
    const ms = endOfTime(text);
    strictEqual(ms === undefined ? ms : new Date(ms).toISOString(), end, text);
  }
  const others = [
    "",
    "0",
    "1",
    "50",
    "2026",
    "2026-12",
    "in 3",
    "never 1",
    "next release 12",
    "12/31/2026",
    "2026-02-30",
    "2026-13-01",
    "2026-12-31T25:00",
    "1700000000",
    "P1D",
  ];
  for (const text of others) strictEqual(endOfTime(text), undefined, text);
});

Deno.test("lifetimeOf() reads what is longer than nothing", () => {
  strictEqual(lifetimeOf("P1D"), 86_400_000);
  strictEqual(lifetimeOf(" 2 days "), 172_800_000);
  for (const text of ["0", "0s", "-1d", "-P1D", "30", "soon", "never", ""]) {
    strictEqual(lifetimeOf(text), undefined, text);
  }
});

Deno.test("isNever() takes it as people write it", () => {
  for (const text of ["never", " Never ", "NEVER"]) {
    strictEqual(isNever(text), true, text);
  }
  for (const text of ["", "never 1", "nevermore"]) {
    strictEqual(isNever(text), false, text);
  }
});
