import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import fc from "fast-check";
import { formatDuration, isDuration, parseDuration } from "./duration.ts";

Deno.test("parseDuration() reads every form of the original", () => {
  const hour = 3_600_000;
  const cases: [string, number][] = [
    ["3d4h", 76 * hour],
    ["2 weeks and 1 day", 15 * 24 * hour],
    ["1yr, 2mo", (365 + 62) * 24 * hour],
    ["1.5h", 1.5 * hour],
    ["+2h", 2 * hour],
    ["-1d 1h", -25 * hour],
    ["5M", 5 * 31 * 24 * hour],
    ["5m", 5 * 60_000],
    ["P1DT2H", 26 * hour],
    ["-PT30M", -hour / 2],
    ["P2W", 14 * 24 * hour],
    ["10 seconds", 10_000],
  ];
  deepStrictEqual(
    cases.map(([text]) => [text, parseDuration(text)]),
    cases,
  );
});

Deno.test("parseDuration() names the column of the first bad pair", () => {
  for (
    const [text, column] of [
      ["3d4", 3],
      ["d", 1],
      ["1h2x", 3],
      [" 1h 2", 5],
      ["1h and", 7],
      ["P", 1],
      ["-", 2],
    ] as const
  ) {
    throws(() => parseDuration(text), {
      name: "SyntaxError",
      message: new RegExp(`"${text}" at column ${column}:`),
    });
  }
});

Deno.test("parseDuration() refuses empty text", () => {
  throws(() => parseDuration(" "), { message: /text is empty/ });
  strictEqual(isDuration(""), false);
  strictEqual(isDuration("1h"), true);
});

Deno.test("formatDuration() is the inverse of parseDuration()", () => {
  fc.assert(
    fc.property(fc.integer({ min: -2e9, max: 2e9 }), (seconds) => {
      const ms = seconds * 1_000;
      strictEqual(parseDuration(formatDuration(ms)), ms);
    }),
  );
});

Deno.test("formatDuration() writes at most the units asked for", () => {
  strictEqual(formatDuration(parseDuration("5mo26d3h"), 2), "5mo26d");
});
