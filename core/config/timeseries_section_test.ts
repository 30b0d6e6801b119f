import { deepStrictEqual } from "node:assert/strict";
import { downsamplingOf, TIMESERIES_SECTION } from "./timeseries_section.ts";

const DAY_MS = 24 * 3_600_000;

function faultsOf(section: object): string[] {
  const read = TIMESERIES_SECTION.safeParse(section);
  return (read.error?.issues ?? []).map(({ path, message }) =>
    `${path.join(".")}: ${message}`
  );
}

Deno.test("downsamplingOf() gives what is kept by default", () => {
  deepStrictEqual(downsamplingOf(TIMESERIES_SECTION.parse({})), {
    buckets: [
      { afterMs: 2 * DAY_MS, lengthMs: DAY_MS / 6 },
      { afterMs: 30 * DAY_MS, lengthMs: DAY_MS },
      { afterMs: 180 * DAY_MS, lengthMs: 3 * DAY_MS },
    ],
    keepMs: 730 * DAY_MS,
  });
  const forever = TIMESERIES_SECTION.parse({ keep: "none", buckets: [] });
  deepStrictEqual(downsamplingOf(forever), { buckets: [] });
});

Deno.test("TIMESERIES_SECTION refuses buckets that cannot be made of each other", () => {
  const bucket = (after: string, length: string) => ({ after, length });
  deepStrictEqual(
    faultsOf({ buckets: [bucket("2d", "4h"), bucket("1d", "6h")] }),
    [
      "buckets.1.after: wanted more than 2d, that of the one before",
      "buckets.1.length: wanted a multiple of 4h, that of the one before",
    ],
  );
  deepStrictEqual(faultsOf({ buckets: [bucket("soon", "10min")] }), [
    "buckets.0.after: wanted a duration such as 2d",
    "buckets.0.length: wanted a duration such as 4h",
  ]);
  deepStrictEqual(faultsOf({ keep: "0d" }), [
    "keep: wanted a duration such as 730d, or none to keep them for ever",
  ]);
});
