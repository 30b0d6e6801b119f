import { deepStrictEqual, match } from "node:assert/strict";
import { METRICS_SECTION } from "./metrics_section.ts";

const METRIC = { help: "Cats", search: "aggregate(sum(1)): is(cat)" };

function faults(metrics: Record<string, unknown>): readonly string[] {
  const { error } = METRICS_SECTION.safeParse({ metrics });
  return (error?.issues ?? []).map((issue) =>
    `${issue.path.join(".")} ${
      issue.code === "invalid_key"
        ? issue.issues.map(({ message }) => message).join()
        : issue.message
    }`
  );
}

Deno.test("METRICS_SECTION takes metrics of one's own, and parts of the default ones", () => {
  deepStrictEqual(
    faults({
      cats: METRIC,
      cats_seen_total: { ...METRIC, type: "counter" },
      volumes: { enabled: false },
      instances: { help: "Ours" },
    }),
    [],
  );
});

Deno.test("METRICS_SECTION says what is wrong with each metric", () => {
  const table = [
    [{ "a-b": METRIC }, /^metrics\.a-b wanted small letters/],
    ...["metric_x", "metrics_x", "core_x", "worker_x"].map((name) =>
      [{ [name]: METRIC }, /Skymap's own/] as const
    ),
    ...["x_bucket", "x_count", "x_sum", "x_created", "x_info"].map((name) =>
      [{ [name]: METRIC }, /mean something else to Prometheus/] as const
    ),
    [
      { cats_total: METRIC },
      /^metrics\.cats_total is a gauge named like a counter, wanted the name "cats" or type: counter$/,
    ],
    [
      { cats: { ...METRIC, type: "counter" } },
      /^metrics\.cats\.type wanted gauge, or the name "cats_total" of a counter$/,
    ],
    [
      { cats: METRIC, cats_total: { ...METRIC, type: "counter" } },
      /^metrics\.cats_total is to Prometheus the same as "cats"/,
    ],
    [
      { volumes_total: { ...METRIC, type: "counter" } },
      /^metrics\.volumes_total is to Prometheus the same as "volumes"/,
    ],
    [
      { voluems: { enabled: false } },
      /^metrics\.voluems is no default metric and has no help and no search/,
    ],
    [{ cats: { help: "Cats" } }, /^metrics\.cats .* has no search,/],
    [{ volumes: null }, /^metrics\.volumes .*expected object/],
    [{ volumes: { series_limit: 0 } }, /^metrics\.volumes\.series_limit /],
    [{ volumes: { enabeld: false } }, /^metrics\.volumes .*enabeld/],
  ] as const;
  for (const [metrics, fault] of table) {
    const found = faults(metrics);
    deepStrictEqual(found.length, 1, JSON.stringify([metrics, found]));
    match(found[0] ?? "", fault);
  }
});
