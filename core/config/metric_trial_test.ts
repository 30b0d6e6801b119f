import type { Json, JsonObject } from "@skymap/lib/json";
import { SkymapError } from "@skymap/lib/errors";
import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { parseQuery } from "../query/parse.ts";
import { metricTrial, type TrialGraph } from "./metric_trial.ts";

const never = new AbortController().signal;

/** A graph that answers every search with these rows. */
function graphOf(
  rows: readonly JsonObject[],
  { hasKinds = true, warnings = [] as readonly string[] } = {},
): TrialGraph & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    hasKinds,
    structure: parseQuery,
    async *aggregate(search) {
      asked.push(search);
      yield* await Promise.resolve(rows);
    },
    coverage: () => Promise.resolve({ warnings }),
  };
}

function document(metrics: Json, rest: JsonObject = {}): JsonObject {
  return { metrics: { ...rest, metrics } };
}

function cats(search: string, rest: JsonObject = {}): JsonObject {
  return { cats: { help: "Cats", search, ...rest } };
}

const CATS = "aggregate(kind: sum(1)): is(cat)";

const ROWS = ["a", "b", "c"].map((kind) => ({
  group: { kind, cloud: null },
  sum_of_1: 1,
}));

async function trial(
  graph: TrialGraph | undefined,
  config: JsonObject,
  before: JsonObject = {},
) {
  const { faults, notes } = await metricTrial({ graph: () => graph })(
    config,
    before,
    never,
  );
  return {
    faults: faults.map(({ path, message }) => `${path.join(".")} ${message}`),
    notes,
  };
}

Deno.test("metricTrial() runs the searches that are new, and no others", async () => {
  const graph = graphOf(ROWS);
  const config = document({
    ...cats(CATS, { help: "All cats" }),
    dogs: { help: "Dogs", search: "aggregate(kind: sum(1)): is(dog)" },
    volumes: { enabled: false },
    later: { help: "Later", search: "aggregate(sum(1)): all", enabled: false },
  });
  const told = await trial(graph, config, document(cats(CATS)));
  deepStrictEqual(told, { faults: [], notes: [] });
  deepStrictEqual(graph.asked, ["aggregate(kind: sum(1)): is(dog)"]);
});

Deno.test("metricTrial() runs every search when another graph is measured", async () => {
  const graph = graphOf(ROWS);
  const before = document(cats(CATS));
  await trial(graph, document(cats(CATS), { graph: "other" }), before);
  strictEqual(graph.asked.length > 50, true);
});

Deno.test("metricTrial() refuses what has too many series, with their number", async () => {
  const { faults } = await trial(
    graphOf(ROWS),
    document(cats(CATS, { series_limit: 2 })),
    document(cats(CATS)),
  );
  deepStrictEqual(faults, [
    "metrics.metrics.cats.search has 3 series, at most 2 are allowed; values " +
    "by label: kind 3, cloud 1; wanted fewer groups, or a higher series_limit",
  ]);
});

Deno.test("metricTrial() says which default metric a lower limit would refuse", async () => {
  const { faults } = await trial(
    graphOf(ROWS),
    { metrics: { series_limit: 2 } },
  );
  match(
    faults[0] ?? "",
    /^metrics\.series_limit cannot be so: metric "accounts" has 3 series/,
  );
});

Deno.test("metricTrial() refuses what cannot be answered, unless nothing was collected yet", async () => {
  const broken = (hasKinds: boolean): TrialGraph => ({
    ...graphOf([], { hasKinds }),
    structure: () => {
      throw new SkymapError("query_invalid", 'No kind "cat"');
    },
  });
  const config = document(cats(CATS));
  deepStrictEqual(await trial(broken(true), config, {}), {
    faults: ['metrics.metrics.cats.search cannot be answered: No kind "cat"'],
    notes: [],
  });
  deepStrictEqual(await trial(broken(false), config, {}), {
    faults: [],
    notes: [
      'metric "cats" was not tried, as nothing was collected yet: No kind "cat"',
    ],
  });
});

Deno.test("metricTrial() tells what gives nothing, and what the search warns of", async () => {
  const warned = graphOf([], { warnings: ['"x" is missing'] });
  deepStrictEqual(await trial(warned, document(cats(CATS)), {}), {
    faults: [],
    notes: ['metric "cats" gives nothing now; "x" is missing'],
  });
});

Deno.test("metricTrial() counts no series where no value is known", async () => {
  const rows = ["a", "b", "c"].map((kind) => ({
    group: { kind },
    max_of_age: null,
  }));
  const config = document(cats(CATS, { series_limit: 2 }));
  deepStrictEqual(await trial(graphOf(rows), config), {
    faults: [],
    notes: ['metric "cats" gives nothing now'],
  });
});

Deno.test("metricTrial() tells what it could not try", async () => {
  const config = document(cats(CATS));
  deepStrictEqual((await trial(undefined, config)).notes, [
    'no search was tried: there is no graph "main" yet',
  ]);
  const graph = graphOf(ROWS);
  deepStrictEqual(
    (await trial(graph, document(cats(CATS), { graph: "$(SKYMAP_G)" }))).notes,
    ["no search was tried: it refers to the environment of the exporter"],
  );
  const referring = `${CATS} and name = "$(SKYMAP_NAME)"`;
  deepStrictEqual(
    (await trial(graph, document(cats(referring)), document(cats(CATS)))).notes,
    [
      'metric "cats" was not tried: it refers to the environment of the exporter',
    ],
  );
  deepStrictEqual(graph.asked, []);
});

/** A graph that answers when it is interrupted, and not before. */
function slowGraph(begun: () => void = () => {}): TrialGraph {
  return {
    ...graphOf([]),
    async *aggregate(_search, { signal }) {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener(
        "abort",
        () => reject(new SkymapError("query_interrupted", "Interrupted")),
      );
      begun();
      yield await promise;
    },
  };
}

Deno.test("metricTrial() refuses searches that take too long", async () => {
  const { faults } = await metricTrial({
    graph: () => slowGraph(),
    timeoutMs: 5,
  })(document(cats(CATS)), document({}), never);
  deepStrictEqual(faults.map(({ path, message }) => [path.at(-2), message]), [[
    "cats",
    "was not answered within 0.005 s in which all are tried, wanted a search " +
    "that is answered sooner",
  ]]);
});

Deno.test("metricTrial() ends when whoever wanted it is gone", async () => {
  const gone = new AbortController();
  const graph = slowGraph(() => gone.abort(new Error("gone")));
  await rejects(
    metricTrial({ graph: () => graph })(
      document(cats(CATS)),
      document({}),
      gone.signal,
    ),
    { message: "gone" },
  );
});
