import { match, strictEqual } from "node:assert/strict";
import { metricSearchProblem } from "./metric_search.ts";

Deno.test("metricSearchProblem() takes an aggregate(…) of one value", () => {
  const searches = [
    "aggregate(sum(1)): all",
    "aggregate(tags.owner, kind as what: max(volume_size)): is(volume)",
    'aggregate("{kind} in {region}" as place: sum(1)): ctime < @NOW@',
    "aggregate(kind: sum(1)): expand(old, kind=volume)",
  ];
  for (const search of searches) {
    strictEqual(metricSearchProblem(search), undefined, search);
  }
});

Deno.test("metricSearchProblem() says what makes no metric of a search", () => {
  const table = [
    ["is(cat)", /^gives no values, wanted one: aggregate/],
    ["aggregate(sum(1), max(x)): all", /^gives 2 values/],
    ["aggregate(sum(1)", /^is no search: Cannot/],
    ["aggregate(sum(1) as group): all", /^calls its value "group", wanted/],
    [
      "aggregate(tags.owner, /desired.owner: sum(1)): all",
      /^groups by "owner", which is the name of two groups/,
    ],
    ["aggregate(kind as le: sum(1)): all", /^groups by "le", which is a label/],
    ["aggregate(tags.__x: sum(1)): all", /^groups by "__x", which is a/],
    [
      "aggregate(kind as a-b: sum(1)): all",
      /^groups by "a-b", which is no name of a label, wanted "… as b"$/,
    ],
    [
      "aggregate(tags.`1a`: sum(1)): all",
      /^groups by "1a", which is no name of a label/,
    ],
  ] as const;
  for (const [search, problem] of table) {
    match(metricSearchProblem(search) ?? "", problem, search);
  }
});
