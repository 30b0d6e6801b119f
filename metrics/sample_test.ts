import {
  deepStrictEqual,
  match,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { MetricDefinition } from "@skymap/lib/metrics";
import { isSkymapError } from "@skymap/lib/errors";
import { toSamples } from "./sample.ts";

function metric(search: string, seriesLimit?: number): MetricDefinition {
  return {
    name: "volumes",
    help: "Number of volumes",
    search,
    ...(seriesLimit !== undefined && { seriesLimit }),
  };
}

const SUM = metric("aggregate(region: sum(1) as volumes): is(volume)");

function refusal(run: () => unknown): string {
  let message = "";
  throws(run, (error) => {
    message = isSkymapError(error) ? `${error.code}: ${error.message}` : "";
    return message !== "";
  });
  return message;
}

Deno.test("toSamples() makes labels of groups: missing ones empty, others as texts", () => {
  const { samples, rows } = toSamples(SUM, [
    { group: { region: null, size: 3, tags: { a: 1 } }, volumes: 2 },
    { group: { region: "eu", size: true, tags: null }, volumes: 0 },
  ]);
  deepStrictEqual(samples, [
    { labels: { region: "", size: "3", tags: '{"a":1}' }, value: 2 },
    { labels: { region: "eu", size: "true", tags: "" }, value: 0 },
  ]);
  strictEqual(rows, 2);
});

Deno.test("toSamples() takes a row without a group", () => {
  deepStrictEqual(toSamples(SUM, [{ volumes: 7 }]).samples, [
    { labels: {}, value: 7 },
  ]);
});

Deno.test("toSamples() leaves out what is not known, and counts its row", () => {
  const { samples, rows } = toSamples(
    metric("aggregate(region: max(volume_size)): is(volume)"),
    [
      { group: { region: "eu" }, max: null },
      { group: { region: "us" }, max: 4 },
    ],
  );
  deepStrictEqual(samples, [{ labels: { region: "us" }, value: 4 }]);
  strictEqual(rows, 2);
});

Deno.test("toSamples() makes one of groups that become the same labels", () => {
  const rows = [
    { group: { region: null }, volumes: 2 },
    { group: { region: "" }, volumes: 3 },
  ];
  const sums = [
    SUM.search,
    'aggregate("a: {b}" as region : count(id)): is(volume)',
    " aggregate ( `a:b` as region: sum(1), ): all",
  ];
  for (const search of sums) {
    deepStrictEqual(
      toSamples(metric(search), rows).samples,
      [{ labels: { region: "" }, value: 5 }],
      search,
    );
  }
  for (const [name, value] of [["min", 2], ["max", 3]] as const) {
    const { samples } = toSamples(
      metric(`aggregate(region: ${name}(volume_size)): all`),
      rows,
    );
    deepStrictEqual(samples, [{ labels: { region: "" }, value }], name);
  }
  match(
    refusal(() =>
      toSamples(
        metric('aggregate("x: sum(" as region: avg(volume_size)): all'),
        rows,
      )
    ),
    /^query_invalid: Cannot export metric "volumes": two groups have the labels \{"region":""\}, and only sum/,
  );
});

Deno.test("toSamples() refuses what is no number, and more than one", () => {
  match(
    refusal(() => toSamples(SUM, [{ group: {}, volumes: "3" }])),
    /its search gives "3", wanted a number$/,
  );
  for (const row of [{ group: {} }, { group: {}, a: 1, b: 2 }]) {
    match(
      refusal(() => toSamples(SUM, [row])),
      /gives [02] values a row, exactly one is needed$/,
    );
  }
});

Deno.test("toSamples() refuses groups that are no labels", () => {
  match(
    refusal(() =>
      toSamples(SUM, [{ group: { "tags.owner": "me" }, volumes: 1 }])
    ),
    /groups by "tags.owner", which is no name of a label, wanted "… as owner"$/,
  );
});

Deno.test("toSamples() refuses more series than the limit, and names the widest labels", () => {
  const rows = Array.from({ length: 5 }, (_, at) => ({
    group: { cloud: "a", id: `${at}`, half: `${at % 2}`, third: `${at % 3}` },
    volumes: 1,
  }));
  strictEqual(toSamples(metric(SUM.search, 5), rows).samples.length, 5);
  strictEqual(
    refusal(() => toSamples(metric(SUM.search, 4), rows)),
    'query_invalid: Cannot export metric "volumes": it has 5 series, at most 4 ' +
      "are allowed; values by label: id 5, third 3, half 2; wanted fewer " +
      "groups, or a higher series_limit",
  );
  const many = Array.from({ length: 10_001 }, (_, at) => ({
    group: { id: `${at}` },
    volumes: 1,
  }));
  match(refusal(() => toSamples(SUM, many)), /10001 series, at most 10000 are/);
});
