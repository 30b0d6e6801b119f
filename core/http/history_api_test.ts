import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import type { SnapshotJson, TemplateJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { problemOf, request } from "./_test_api.ts";
import type { HistoryRequest } from "../cli/core_services.ts";
import type { Services } from "./services.ts";

Deno.test("history takes its bounds, and changes in either way", async () => {
  const asked: unknown[] = [];
  const note = (form: string, request: HistoryRequest) => {
    const { signal: _, since: __, ...rest } = request;
    asked.push([form, rest]);
    return ReadableStream.from([["{}"]]);
  };
  const ask = async (path: string) => {
    const response = await request(
      `/graph/main/search/history/${path}`,
      { method: "POST", body: "all" },
      {
        history: note,
        timeline: (request) => note("timeline", request),
      },
    );
    strictEqual(response.status, 200, await response.clone().text());
    match(response.headers.get("skymap-coverage") ?? "", /^scopes=3/);
    deepStrictEqual(await response.json(), [{}]);
  };
  await ask("list");
  await ask("list?after=1d&before=now&of=all&section=metadata");
  await ask("aggregate?change=node_created,node_deleted&change=edge_created");
  await ask("timeline?granularity=1h&search_timeout=2s");
  await ask("timeline");
  deepStrictEqual(asked, [
    ["list", { text: "all" }],
    ["list", {
      text: "all",
      section: "metadata",
      after: "1d",
      before: "now",
      of: "all",
    }],
    ["aggregate", {
      text: "all",
      changes: ["node_created", "node_deleted", "edge_created"],
    }],
    ["timeline", { text: "all", timeoutMs: 2000, granularity: "1h" }],
    ["timeline", { text: "all", granularity: "1d" }],
  ]);
});

Deno.test("history can be made to fail when it is not complete", async () => {
  for (const form of ["list", "aggregate", "timeline"]) {
    const response = await request(
      `/graph/main/search/history/${form}?require_complete=true`,
      { method: "POST", body: "all" },
    );
    deepStrictEqual(await problemOf(response), [412, "answer_incomplete"]);
  }
});

Deno.test("history refuses what it does not take", async () => {
  for (const query of ["of=things", "at=3d", "granularity=1h", "count=true"]) {
    const response = await request(
      `/graph/main/search/history/list?${query}`,
      { method: "POST", body: "all" },
    );
    deepStrictEqual(await problemOf(response), [400, "body_invalid"], query);
  }
});

const SNAPSHOT: SnapshotJson = {
  label: "before-release",
  sequence: 3,
  at: "2026-01-01T00:00:00.000Z",
  created_at: "2026-01-02T00:00:00.000Z",
};

Deno.test("snapshots are listed, made and removed", async () => {
  const seen: unknown[] = [];
  const graph = {
    snapshots: {
      list: () => Promise.resolve([SNAPSHOT]),
      create: (label: string, at: string | undefined) => {
        seen.push(["create", label, at]);
        return Promise.resolve(SNAPSHOT);
      },
      remove: (label: string) => {
        seen.push(["remove", label]);
        return label === "nope"
          ? Promise.reject(new SkymapError("not_found", "Cannot find"))
          : Promise.resolve();
      },
    },
  };
  const path = "/graph/main/snapshots";
  const send = (method: string, label: string, body?: unknown) =>
    request(
      path + label,
      { method, ...(body !== undefined && { body: JSON.stringify(body) }) },
      graph,
    );
  deepStrictEqual(await (await send("GET", "")).json(), [SNAPSHOT]);
  deepStrictEqual(
    await (await send("POST", "", { label: "a", at: "1d" })).json(),
    SNAPSHOT,
  );
  await (await send("POST", "", { label: "b" })).body?.cancel();
  strictEqual((await send("DELETE", "/a%20b")).status, 204);
  deepStrictEqual(await problemOf(await send("DELETE", "/nope")), [
    404,
    "not_found",
  ]);
  deepStrictEqual(seen, [
    ["create", "a", "1d"],
    ["create", "b", undefined],
    ["remove", "a b"],
    ["remove", "nope"],
  ]);
  for (const body of [{}, { label: 3 }, { label: "a", when: "1d" }]) {
    deepStrictEqual(await problemOf(await send("POST", "", body)), [
      400,
      "body_invalid",
    ]);
  }
});

Deno.test("templates are listed, given, stored, removed and tried", async () => {
  const stored = new Map<string, TemplateJson>();
  const get = (name: string) => {
    const found = stored.get(name);
    if (found !== undefined) return found;
    throw new SkymapError("template_unknown", `Cannot find "${name}"`);
  };
  const templates: Services["templates"] = {
    list: () => [...stored.values()],
    get,
    put: (name, template) => {
      stored.set(name, { name, template });
      return Promise.resolve(get(name));
    },
    remove: (name) => {
      get(name);
      stored.delete(name);
      return Promise.resolve();
    },
    expand: (text, zone) => `${text} in ${zone}`,
  };
  const send = (method: string, path: string, body?: unknown) =>
    request(
      `/templates${path}`,
      { method, ...(body !== undefined && { body: JSON.stringify(body) }) },
      {},
      { templates },
    );
  const old = { name: "old", template: "age > {{days}}d" };
  const put = await send("PUT", "/old", { template: old.template });
  deepStrictEqual(await put.json(), old);
  deepStrictEqual(await (await send("GET", "")).json(), [old]);
  deepStrictEqual(await (await send("GET", "/old")).json(), old);
  const text = "expand(old, days=3)";
  const tried = await send("POST", "/test", { text, time_zone: "UTC" });
  deepStrictEqual(await tried.json(), { search: `${text} in UTC` });
  strictEqual((await send("DELETE", "/old")).status, 204);
  deepStrictEqual(await problemOf(await send("GET", "/old")), [
    404,
    "template_unknown",
  ]);
  deepStrictEqual(await problemOf(await send("PUT", "/old", { text: "" })), [
    400,
    "body_invalid",
  ]);
});
