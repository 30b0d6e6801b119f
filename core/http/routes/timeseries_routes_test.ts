import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import {
  type CoverageJson,
  TimeSeriesClient,
  unwrap,
} from "@skymap/lib/client";
import { CoreTransport } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { apiOf, COVERAGE } from "../_test_api.ts";
import type { GraphService } from "../../cli/core_services.ts";

type TimeSeriesService = GraphService["timeSeries"];

const AT = "2026-01-01T00:00:00.000Z";
const POINT = { ts: "boxes", at: AT, v: 1.5, group: { region: "eu, west" } };
const INFO = {
  name: "boxes",
  labels: ["region"],
  oldest: AT,
  newest: AT,
  snapshots: 1,
  values: 1,
  search: "aggregate(cloud as cloud: sum(1)): all",
};

function apiWith(timeSeries: Partial<TimeSeriesService>) {
  return apiOf({ timeSeries: timeSeries as TimeSeriesService });
}

function getter(seen: unknown[]): Partial<TimeSeriesService> {
  return {
    get: (name, query) => {
      seen.push([name, query]);
      return Promise.resolve({
        coverage: COVERAGE,
        points: ReadableStream.from([[POINT], [{ ...POINT, v: 2 }]]),
      });
    },
  };
}

function post(body: unknown, headers: Record<string, string> = {}) {
  return {
    method: "POST",
    body: JSON.stringify(body),
    headers: { authorization: "Bearer operator", ...headers },
  };
}

Deno.test("POST /graph/{graph}/timeseries/{name} answers in the form that is wanted", async () => {
  const seen: unknown[] = [];
  const api = apiWith(getter(seen));
  const query = { start: "3d", group: ["region"], granularity: 5 };
  const path = "/graph/main/timeseries/boxes";
  const lines = await api.request(
    path,
    post(query, { accept: "application/x-ndjson" }),
  );
  strictEqual(lines.status, 200);
  match(lines.headers.get("skymap-coverage") ?? "", /^scopes=3; complete=2/);
  deepStrictEqual(
    (await lines.text()).trim().split("\n").map((line) => JSON.parse(line)),
    [POINT, { ...POINT, v: 2 }, COVERAGE],
  );
  const json = await api.request(
    path,
    post({}, { accept: "application/json" }),
  );
  deepStrictEqual(await json.json(), [POINT, { ...POINT, v: 2 }]);
  const csv = await api.request(
    `${path}?format=csv`,
    post({}),
  );
  strictEqual(
    await csv.text(),
    `ts,at,v,region\r\nboxes,${AT},1.5,"eu, west"\r\nboxes,${AT},2,"eu, west"\r\n`,
  );
  deepStrictEqual(seen, [["boxes", query], ["boxes", {}], ["boxes", {}]]);
  const wrong = await api.request(path, post({ aggregation: "mean", a: 1 }));
  strictEqual(wrong.status, 400);
  match(await wrong.text(), /aggregation.*Unrecognized key.*a/s);
});

Deno.test("POST /graph/{graph}/timeseries/{name} says that there is none", async () => {
  const api = apiWith({
    get: () => Promise.reject(new SkymapError("not_found", "Cannot find it")),
  });
  const answer = await api.request("/graph/main/timeseries/x", post({}));
  strictEqual(answer.status, 404);
  deepStrictEqual((await answer.json()).code, "not_found");
});

Deno.test("a question has a hundred filters at most", async () => {
  const api = apiWith(getter([]));
  const ask = async (count: number) => {
    const filter = Array.from({ length: count }, () => "region == eu");
    const answer = await api.request(
      "/graph/main/timeseries/boxes",
      post({ filter }),
    );
    await answer.body?.cancel();
    return answer.status;
  };
  deepStrictEqual([await ask(100), await ask(101)], [200, 400]);
});

Deno.test("only operators change time series", async () => {
  const api = apiWith({ list: () => Promise.resolve([INFO]) });
  const headers = { authorization: "Bearer metrics" };
  const path = "/graph/main/timeseries";
  deepStrictEqual(await (await api.request(path, { headers })).json(), [INFO]);
  for (
    const [method, place] of [
      ["DELETE", `${path}/boxes`],
      ["POST", `${path}/boxes/snapshot`],
      ["POST", "/graph/main/downsample"],
    ] as const
  ) {
    const answer = await api.request(place, { method, headers });
    strictEqual(answer.status, 403, `${method} ${place}`);
    await answer.body?.cancel();
  }
});

Deno.test("TimeSeriesClient asks for everything that the API has", async () => {
  const seen: unknown[] = [];
  const taken = {
    name: "boxes",
    at: AT,
    values: 1,
    without_value: 0,
    coverage: COVERAGE as CoverageJson,
  };
  const done = { name: "boxes", snapshots: 9, left: 3, deleted: 1 };
  const api = apiWith({
    ...getter(seen),
    list: () => Promise.resolve([INFO]),
    snapshot: (name, search) => {
      seen.push([name, search]);
      return Promise.resolve(taken);
    },
    downsample: (name) => {
      seen.push(name);
      return Promise.resolve([done]);
    },
    remove: (name) => {
      seen.push(`no ${name}`);
      return Promise.resolve();
    },
  });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => api.fetch(request),
  );
  const core = new CoreTransport({
    coreUri: `http://127.0.0.1:${server.addr.port}`,
    token: () => Promise.resolve("operator"),
  });
  const client = new TimeSeriesClient(core, "main");
  deepStrictEqual(unwrap(await client.list()), [INFO]);
  deepStrictEqual(
    await Array.fromAsync(client.get("boxes", { end: "1d" })),
    [POINT, { ...POINT, v: 2 }, COVERAGE],
  );
  const search = "aggregate(kind: sum(1)): all";
  deepStrictEqual(unwrap(await client.snapshot("boxes", search)), taken);
  deepStrictEqual(unwrap(await client.downsample()), [done]);
  deepStrictEqual(unwrap(await client.downsample("boxes")), [done]);
  unwrap(await client.remove("boxes"));
  deepStrictEqual(seen, [
    ["boxes", { end: "1d" }],
    ["boxes", search],
    undefined,
    "boxes",
    "no boxes",
  ]);
});
