import { ok, strictEqual, throws } from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { parseQuery } from "./parse.ts";
import { PLACEHOLDERS, replacePlaceholders } from "./placeholders.ts";
import { printQuery } from "./print.ts";
import { QuerySyntaxError } from "./syntax_error.ts";

/** A Wednesday. */
const NOW_MS = Date.UTC(2026, 0, 7, 23, 5, 9);

function replaced(text: string, timeZone?: string): string {
  return replacePlaceholders(text, NOW_MS, timeZone).text;
}

Deno.test("replacePlaceholders() knows every name, in capitals and small", () => {
  const values: Readonly<Record<string, string>> = {
    UTC: "2026-01-07T23:05:09Z",
    NOW: "2026-01-07T23:05:09Z",
    TODAY: "2026-01-07",
    TOMORROW: "2026-01-08",
    YESTERDAY: "2026-01-06",
    YEAR: "2026",
    MONTH: "01",
    DAY: "07",
    TIME: "23:05:09",
    HOUR: "23",
    MINUTE: "05",
    SECOND: "09",
    TZ_OFFSET: "+0000",
    TZ: "UTC",
    SUNDAY: "2026-01-11",
    MONDAY: "2026-01-12",
    TUESDAY: "2026-01-13",
    WEDNESDAY: "2026-01-14",
    THURSDAY: "2026-01-08",
    FRIDAY: "2026-01-09",
    SATURDAY: "2026-01-10",
  };
  strictEqual(Object.keys(values).join(), PLACEHOLDERS.join());
  for (const [name, value] of Object.entries(values)) {
    strictEqual(replaced(`a <@${name}@ b`), `a <${value} b`);
    strictEqual(replaced(`"x @${name.toLowerCase()}@"`), `"x ${value}"`);
  }
});

Deno.test("replacePlaceholders() goes by the clocks of the zone", () => {
  strictEqual(
    replaced("@TODAY@ @TIME@ @TZ_OFFSET@ @THURSDAY@ @NOW@", "Asia/Kolkata"),
    "2026-01-08 04:35:09 +0530 2026-01-15 2026-01-07T23:05:09Z",
  );
  strictEqual(replaced("@HOUR@ @TZ@", "America/New_York"), "18 EST");
  throws(
    () => replaced("@NOW@", "Mars/Olympus"),
    (error) =>
      isSkymapError(error, "query_invalid") &&
      error.message.includes('"Mars/Olympus"'),
  );
});

Deno.test("replacePlaceholders() leaves everything else alone", () => {
  for (const text of ["a@b.c", "@Now@", "@nothing@", "@NOW", "@ NOW @", "@@"]) {
    strictEqual(replaced(text), text);
  }
});

Deno.test("a search with placeholders parses once they are replaced", () => {
  const text = 'instance_status == "stopped" and (ctime < @NOW@)';
  throws(() => parseQuery(text), QuerySyntaxError);
  strictEqual(
    printQuery(parseQuery(replacePlaceholders(text, NOW_MS))),
    '(instance_status == "stopped" and ctime < "2026-01-07T23:05:09Z")',
  );
});

Deno.test("an error behind or in a placeholder points at what was written", () => {
  const errorOf = (text: string): QuerySyntaxError => {
    try {
      parseQuery(replacePlaceholders(text, NOW_MS));
    } catch (error) {
      ok(error instanceof QuerySyntaxError);
      return error;
    }
    throw new Error(`Parsed: ${text}`);
  };
  const behind = errorOf("a > @NOW@ and b < @TODAY@ lmit 3");
  strictEqual(behind.column, 27);
  strictEqual(
    behind.frame,
    `  a > @NOW@ and b < @TODAY@ lmit 3\n  ${" ".repeat(26)}^`,
  );
  strictEqual(behind.details.expanded, undefined);
  const within = errorOf("a = b @TODAY@");
  strictEqual(within.column, 7);
  ok(
    within.message.endsWith(
      "  a = b @TODAY@\n        ^\nwhich stands for\n  a = b 2026-01-07\n        ^",
    ),
    within.message,
  );
  strictEqual(errorOf("a = @TODAY@ and").column, 16);
});
