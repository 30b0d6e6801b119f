import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import type { Json } from "@skymap/lib/json";
import { compileSearch } from "./compile.ts";
import { PropertyModel } from "./property_model.ts";
import { zooRegistry } from "./_random_search.ts";
import { readSearch } from "./read_search.ts";

const model = new PropertyModel(zooRegistry());
const nowMs = Date.UTC(2026, 0, 10, 12);

/** What a search binds beside its paths and kinds. */
function bound(text: string, section?: string): readonly Json[] {
  const { query, source } = readSearch(text, { nowMs });
  const { parameters } = compileSearch(query, "list", {
    text: source,
    model,
    nowMs,
    ...(section !== undefined && { section }),
  });
  return parameters.flat().filter((each) =>
    typeof each !== "string" || !/^(?:[$/]|zoo_)/.test(each)
  ) as readonly Json[];
}

Deno.test("values become what the kind of their property is", () => {
  const cases: readonly [string, readonly Json[]][] = [
    ['num > "3.5"', [3.5]],
    ['num in ["1", 2]', [1, 2]],
    ['volume_size = "30"', [30]],
    ["str = 5", ["5"]],
    ["str in [5, true, x]", ["5", "true", "x"]],
    ['flag = "true"', ["true"]],
    ["when = 2026-01-01", ["2026-01-01T00:00:00Z"]],
    ['when = "2026-01-01 03:00:00.5+02:00"', ["2026-01-01T01:00:00Z"]],
    ["when < -3d", ["2026-01-07T12:00:00Z"]],
    ['when < "2 days and 12 hours"', ["2026-01-13T00:00:00Z"]],
    ["day = 1d", ["2026-01-11"]],
    ["day < 2026-01-01T23:00:00-05:00", ["2026-01-02"]],
    ["age > 3d", ["2026-01-07T12:00:00Z"]],
    ["last_access < 1w", ["2026-01-03T12:00:00Z"]],
    ["state = UP", ["up"]],
    ["state in [Up, down]", ["up", "down"]],
    ['numbers any = "3"', [3]],
    ['parts[*].{x = "3"}', [3]],
    ["free = 3", [3]],
    ['free = "3"', ["3"]],
    ["/metadata.expires < 1d", ["2026-01-11T12:00:00Z"]],
  ];
  for (const [text, values] of cases) {
    const found = bound(text);
    deepStrictEqual(found.slice(-values.length), values, text);
  }
});

Deno.test("a longer age is an earlier time, in comparisons and orders", () => {
  const sql = (text: string) => {
    const { query, source } = readSearch(text, { nowMs });
    return compileSearch(query, "list", { text: source, model, nowMs }).sql;
  };
  ok(/n\.ctime < \$\d/.test(sql("age > 3d")));
  ok(/n\.mtime >= \$\d/.test(sql("last_update <= 3d")));
  ok(/n\.atime = \$\d/.test(sql("last_access = 3d")));
  strictEqual(sql("all sort age"), sql("all sort ctime desc"));
  strictEqual(sql("all sort age desc"), sql("all sort ctime"));
});

Deno.test("the section decides what a path starts at", () => {
  deepStrictEqual(bound("clean = true", "desired").slice(-1), ["true"]);
  deepStrictEqual(bound("/desired.clean = true").slice(-1), ["true"]);
  deepStrictEqual(
    bound("expires < 1d", "metadata"),
    bound("/metadata.expires < 1d"),
  );
  deepStrictEqual(bound("reported.num = 3", ""), bound("/reported.num = 3"));
  deepStrictEqual(bound("reported.num = 3", "root"), bound("num = 3"));
  throws(() => bound("num = 3", "reportet"), /did you mean "reported"/);
});

Deno.test("errors of long searches stay short", () => {
  const long = "x".repeat(100_000);
  for (
    const text of [
      `num = ${long}`,
      `is(${long})`,
      `${long} = 3`,
      `str =~ "${long}("`,
      `a ${long} b`,
      `${long}(3)`,
      `a = ${long} ${long}`,
    ]
  ) {
    throws(
      () => bound(text),
      ({ message }: Error) => message.length < 2_000,
      text.slice(0, 20),
    );
  }
});
