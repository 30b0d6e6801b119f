import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { NodePatch } from "@skymap/lib/client";
import type { PermissionRequest } from "@skymap/lib/plugin";
import type { GraphService } from "../../cli/core_services.ts";
import type { UpdateOptions } from "../../graph/mod.ts";
import { testManifest } from "../../registry/_test_plugin.ts";
import { apiOf, problemOf } from "../_test_api.ts";
import type { Services } from "../services.ts";

/** The API with a plugin `garden` whose actions were granted this. */
function open(
  actions: PermissionRequest,
  graph: Partial<GraphService> = {},
) {
  const manifest = testManifest({ name: "garden", permissions: { actions } });
  const active = {
    revision: "1",
    plugins: [{
      name: "garden",
      version: "1.0.0",
      source: "published" as const,
      manifest,
      permissions: manifest.permissions,
      limits: { heap_mb: 1, memory_mb: 1, timeout_s: 1 },
    }],
    inactive: [],
  };
  const api = apiOf(graph, {
    plugins: { active: () => active } as unknown as Services["plugins"],
  });
  return (
    path: string,
    body: unknown,
    { token = "worker", plugin = "garden" } = {},
  ) =>
    api.request(`/graph/main/plugins/${plugin}/${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
}

/** A graph that keeps what it is to change: `p` is protected, `x` is not there. */
function changedGraph() {
  const changes: [readonly NodePatch[], boolean | undefined][] = [];
  const graph: Partial<GraphService> = {
    updateNodes(patches, { skipProtected }: UpdateOptions) {
      changes.push([patches, skipProtected]);
      const ids = patches.map(({ id }) => id);
      return Promise.resolve({
        updated: ids.filter((id) => !["p", "x"].includes(id)),
        unchanged: [],
        missing: ids.filter((id) => id === "x"),
        skipped: ids.filter((id) => id === "p"),
      });
    },
  };
  return { graph, changes };
}

Deno.test("a plugin that may clean marks nodes, but those that are protected", async () => {
  const { graph, changes } = changedGraph();
  const post = open({ graph: ["clean"] }, graph);
  const answer = await post("marks", {
    mark: "clean",
    ids: ["a", "p", "x"],
    reason: "nobody uses it",
  });
  deepStrictEqual(await answer.json(), {
    changed: 1,
    refused: [
      { id: "p", reason: "it is protected" },
      { id: "x", reason: "there is no such node" },
    ],
  });
  const [[patches, skipProtected] = [[]]] = changes;
  strictEqual(skipProtected, true);
  deepStrictEqual(patches[0], {
    id: "a",
    desired: { clean: true },
    metadata: {
      cleaned: null,
      cleaned_at: null,
      cleaned_plan: null,
      clean_reason: "nobody uses it (plugin garden)",
    },
  });
  await (await post("marks", { mark: "keep", ids: ["p"] })).json();
  deepStrictEqual(changes[1], [[{
    id: "p",
    desired: { clean: null },
    metadata: { clean_reason: null },
  }], false]);
});

Deno.test("a worker gets no more of a graph than a plugin of it was granted", async () => {
  const { graph, changes } = changedGraph();
  const mark = { mark: "clean", ids: ["a"], reason: "r" };
  const protect = { mark: "protect", ids: ["a"] };
  const cases = [
    [{}, "marks", mark],
    [{}, "search", "all"],
    [{ graph: ["search", "tag", "protect"] }, "marks", mark],
    [{ graph: ["search", "tag", "clean"] }, "marks", protect],
    [{ graph: ["clean", "protect", "tag"] }, "search", "all"],
  ] as const;
  for (const [granted, path, body] of cases) {
    const post = open(granted, graph);
    deepStrictEqual(
      await problemOf(await post(path, body)),
      [403, "permission_denied"],
      JSON.stringify([granted, path, body]),
    );
  }
  const post = open({ graph: ["clean"] }, graph);
  const other = await post("marks", mark, { plugin: "weeds" });
  match((await other.json()).detail, /plugin "weeds": it does not run/);
  deepStrictEqual(
    await problemOf(await post("marks", mark, { token: "metrics" })),
    [403, "permission_denied"],
  );
  deepStrictEqual(changes, []);
});

Deno.test("marks that are not in order are refused with their place", async () => {
  const { graph, changes } = changedGraph();
  const post = open({ graph: ["clean", "protect"] }, graph);
  const ids = Array.from({ length: 1_001 }, (_, at) => String(at));
  for (
    const body of [
      { mark: "clean", ids: ["a"] },
      { mark: "clean", ids: ["a"], reason: "x".repeat(1_001) },
      { mark: "clean", ids, reason: "r" },
      { mark: "keep", ids: [""] },
      { mark: "eat", ids: ["a"] },
      { mark: "protect", ids: ["a"], desired: { clean: true } },
    ]
  ) {
    deepStrictEqual(
      await problemOf(await post("marks", body)),
      [400, "body_invalid"],
      JSON.stringify(body).slice(0, 100),
    );
  }
  deepStrictEqual(changes, []);
});

Deno.test("a plugin that may search gets nodes, or the rows of an aggregation", async () => {
  const asked: unknown[] = [];
  const post = open({ graph: ["search"] }, {
    structure: (
      text,
    ) => (text.startsWith("aggregate") ? { aggregate: {} } : {}),
    async *search(form, { text, section }) {
      asked.push([form, text, section]);
      yield [JSON.stringify({ id: "n1" })];
    },
  });
  const lines = async (text: string) =>
    (await (await post("search", text)).text()).trimEnd().split("\n")
      .map((line) => JSON.parse(line));
  const [node, coverage] = await lines("is(volume)");
  deepStrictEqual(node, { id: "n1" });
  strictEqual(coverage.type, "coverage");
  await lines("aggregate(kind: sum(1)): all");
  deepStrictEqual(asked, [
    ["list", "is(volume)", undefined],
    ["aggregate", "aggregate(kind: sum(1)): all", undefined],
  ]);
});

Deno.test("a plugin that may tag sets tags, and is told which it could not", async () => {
  const asked: unknown[] = [];
  const tag: GraphService["tag"] = (changes, { isWaited }) => {
    asked.push([changes, isWaited]);
    return Promise.resolve([
      { id: "a", tags: { owner: "me" } },
      { id: "b", error: { code: "AccessDenied", message: "you may not" } },
    ]);
  };
  const body = { ids: ["a", "b"], update: { owner: "me" }, wait: true };
  const answer = await open({ graph: ["tag"] }, { tag })("tags", body);
  deepStrictEqual(await answer.json(), {
    changed: 1,
    refused: [{ id: "b", reason: "you may not" }],
  });
  deepStrictEqual(asked, [[
    ["a", "b"].map((id) => ({ id, update: { owner: "me" } })),
    true,
  ]]);
  const others = open({ graph: ["search", "clean", "protect"] }, { tag });
  deepStrictEqual(
    await problemOf(await others("tags", body)),
    [403, "permission_denied"],
  );
  strictEqual(asked.length, 1);
});

Deno.test("a plugin that needs a whole answer gets it or the reason", async () => {
  const post = open({ graph: ["search"] }, {
    structure: () => ({}),
    async *search() {
      yield [JSON.stringify({ id: "n1" })];
    },
  });
  // Of the scopes of this graph one is not up to date.
  const answer = await post("search?require_complete=true", "is(volume)");
  deepStrictEqual(await problemOf(answer), [412, "answer_incomplete"]);
  const some = await post("search?require_complete=false", "is(volume)");
  strictEqual(some.status, 200);
  await some.body?.cancel();
});
