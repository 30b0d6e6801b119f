import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { SkymapError } from "@skymap/lib/errors";
import type { GraphService } from "../../cli/core_services.ts";
import { apiOf, problemOf, request } from "../_test_api.ts";

Deno.test("POST /cli/complete tells how a line may go on", async () => {
  const answer = await request("/cli/complete", {
    method: "POST",
    body: JSON.stringify({ line: "graph=ma all", offset: 8 }),
  });
  strictEqual(answer.status, 200);
  deepStrictEqual(await answer.json(), {
    start: 6,
    end: 8,
    suggestions: [{ type: "graph", text: "main" }],
  });
});

Deno.test("POST /cli/complete refuses what is no line, and who may not ask", async () => {
  const body = JSON.stringify({ line: 3 });
  const wrong = await request("/cli/complete", { method: "POST", body });
  deepStrictEqual(await problemOf(wrong), [400, "body_invalid"]);
  const worker = await request("/cli/complete", {
    method: "POST",
    body: JSON.stringify({ line: "" }),
    token: "worker",
  });
  match((await problemOf(worker))[1], /permission_denied/);
});

Deno.test("POST /cli/complete is about the graph that core is configured with", async () => {
  const asked: string[] = [];
  const graph = (name: string): GraphService => {
    asked.push(name);
    throw new SkymapError("graph_unknown", `Cannot find graph "${name}"`);
  };
  const api = apiOf({}, { graph }, [], { graph: "prod" });
  const complete = (path: string) =>
    api.request(path, {
      method: "POST",
      headers: { authorization: "Bearer operator" },
      body: JSON.stringify({ line: "search is(inst" }),
    });
  strictEqual((await complete("/cli/complete")).status, 200);
  strictEqual((await complete("/cli/complete?graph=other")).status, 200);
  deepStrictEqual(asked, ["prod", "other"]);
});
