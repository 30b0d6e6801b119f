import { deepStrictEqual, ok } from "node:assert/strict";
import { DEFAULT_METRICS } from "@skymap/lib/metrics";
import { metricSearchProblem } from "../../core/config/metric_search.ts";
import { KindRegistry } from "../../core/model/kind_registry.ts";
import { parseQuery } from "../../core/query/parse.ts";
import { compileSearch } from "../../core/search/compile.ts";
import { modelWarnings } from "../../core/search/model_warnings.ts";
import { PropertyModel } from "../../core/search/property_model.ts";
import { Resolver } from "../../core/search/resolver.ts";
import { kindsOf } from "../../plugins/aws/kinds.ts";
import { RESOURCES } from "../../plugins/aws/resources/mod.ts";
import { KINDS } from "../../plugins/demo/kinds.ts";

Deno.test("every default metric is a search that kinds of all plugins can answer", async () => {
  const registry = new KindRegistry();
  for (
    const [cloud, kinds] of [["aws", kindsOf(RESOURCES)], [
      "demo",
      KINDS,
    ]] as const
  ) {
    const problems = registry.update({
      name: cloud,
      version: "1.0.0",
      cloud,
      containers: { account: `${cloud}_account`, region: `${cloud}_region` },
      kinds,
    });
    deepStrictEqual(problems, []);
  }
  const model = new PropertyModel(registry);
  const docs = await Deno.readTextFile(
    new URL("../../docs/metrics.md", import.meta.url),
  );
  const examples = docs.split("\n").filter((line) =>
    line.startsWith("aggregate(")
  ).map((search) => ({ name: "docs/metrics.md", search }));
  ok(examples.length > 1);
  for (const { name, search } of [...DEFAULT_METRICS, ...examples]) {
    deepStrictEqual(metricSearchProblem(search), undefined, name);
    const options = { text: search, model, nowMs: 0 };
    const query = parseQuery(search);
    ok(compileSearch(query, "list", options).sql.length > 0);
    const resolver = new Resolver(model, options);
    deepStrictEqual(modelWarnings(query, resolver), [], name);
  }
});
