import { ok, strictEqual } from "node:assert/strict";
import { headerNumber, msUntil, retryAfterOf } from "./answer_headers.ts";

const DATE = "Fri, 02 Jan 2026 03:04:05 GMT";
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);

Deno.test("headerNumber() reads a number and nothing else", () => {
  const cases: readonly (readonly [string | undefined, number | undefined])[] =
    [
      ["7", 7],
      ["0", 0],
      [" 1.5 ", 1.5],
      ["", undefined],
      ["many", undefined],
      ["Infinity", undefined],
      [undefined, undefined],
    ];
  for (const [told, number] of cases) {
    const headers = new Headers(told === undefined ? {} : { "x-left": told });
    strictEqual(headerNumber(headers, "x-left"), number, told);
  }
});

Deno.test("msUntil() goes by the clock of the server", () => {
  strictEqual(msUntil(AT + 5_000, new Headers({ date: DATE })), 5_000);
  strictEqual(msUntil(AT - 5_000, new Headers({ date: DATE })), 0);
});

Deno.test("msUntil() goes by the own clock when the server has none", () => {
  const ms = msUntil(Date.now() + 60_000, new Headers({ date: "now" }));
  ok(ms > 0 && ms <= 60_000, `${ms}`);
});

Deno.test("retryAfterOf() reads seconds, and dates of the server's clock", () => {
  const later = "Fri, 02 Jan 2026 03:05:05 GMT";
  const cases: readonly (readonly [string | undefined, number | undefined])[] =
    [
      ["17", 17_000],
      [later, 60_000],
      ["soon", undefined],
      [undefined, undefined],
    ];
  for (const [told, ms] of cases) {
    const headers = new Headers({
      date: DATE,
      ...(told !== undefined && { "retry-after": told }),
    });
    strictEqual(retryAfterOf(headers), ms, told);
  }
});
