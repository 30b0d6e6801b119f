import { match, strictEqual } from "node:assert/strict";
import { labelProblem } from "./label_problem.ts";

Deno.test("labelProblem() takes what Prometheus takes", () => {
  for (const name of ["owner", "_x", "cost_center2", "A"]) {
    strictEqual(labelProblem(name), undefined, name);
  }
});

Deno.test("labelProblem() proposes a name, and keeps those of Prometheus", () => {
  const table = [
    ["tags.owner", /no name of a label, wanted "… as owner"/],
    ["/ancestors.account", /wanted "… as account"/],
    ["12", /wanted "… as name"/],
    ["kosten-stelle", /wanted "… as stelle"/],
    ["__name__", /label of Prometheus itself/],
    ["le", /label of Prometheus itself/],
    ["quantile", /label of Prometheus itself/],
  ] as const;
  for (const [name, problem] of table) {
    match(labelProblem(name) ?? "", problem, name);
  }
});
