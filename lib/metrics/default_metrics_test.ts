import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { METRICS_SECTION } from "../config/metrics_section.ts";
import { DEFAULT_METRICS } from "./default_metrics.ts";

Deno.test("DEFAULT_METRICS are such as anybody may write", () => {
  const metrics = Object.fromEntries(
    DEFAULT_METRICS.map(({ name, ...rest }) => [name, rest]),
  );
  const { error } = METRICS_SECTION.safeParse({ metrics });
  deepStrictEqual(error?.issues ?? [], []);
  strictEqual(Object.keys(metrics).length, DEFAULT_METRICS.length);
});

Deno.test("DEFAULT_METRICS call their value as they are called", () => {
  for (const { name, search } of DEFAULT_METRICS) {
    match(
      search,
      new RegExp(`^aggregate\\([^:]+: sum\\(.+\\) as ${name}\\): `),
    );
  }
});

Deno.test("DEFAULT_METRICS have no sum of what is not known", () => {
  for (const { name, search } of DEFAULT_METRICS) {
    const [, summed = ""] =
      /: sum\(([^ )]+)(?: \* [^)]+)?\) as /.exec(search) ??
        [];
    ok(
      summed === "1" || search.includes(`${summed} != null`) ||
        search.includes(`${summed} >= 0`),
      name,
    );
  }
});
