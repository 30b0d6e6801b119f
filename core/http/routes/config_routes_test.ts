import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ConfigClient, CoreClient, unwrap } from "@skymap/lib/client";
import { openTestDatabase } from "../../db/test_database.ts";
import { refusal, testConfigs } from "../../config/_test_configs.ts";
import type { Configs } from "../../config/configs.ts";
import { apiOf, problemOf, request } from "../_test_api.ts";

const at = await openTestDatabase();

/** The API over a configuration, on a port of its own. */
async function serve() {
  const configs = await testConfigs(at.db.system);
  const api = apiOf({}, { configs });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => api.fetch(request),
  );
  const clientOf = (role: string) =>
    new ConfigClient(
      new CoreClient({
        coreUri: `http://127.0.0.1:${server.addr.port}`,
        token: () => Promise.resolve(role),
      }),
    );
  return {
    configs,
    client: clientOf("operator"),
    clientOf,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function ask(
  configs: Configs,
  path: string,
  init: RequestInit & { token?: string } = {},
): Promise<Response> {
  return request(path, init, {}, { configs });
}

Deno.test("ConfigClient reads and changes documents", async () => {
  await using served = await serve();
  const { client } = served;
  deepStrictEqual(
    unwrap(await client.list()).map(({ id, revision }) => [id, revision]),
    [
      ["skymap.commands", 0],
      ["skymap.core", 0],
      ["skymap.metrics", 0],
      ["skymap.worker", 0],
    ],
  );
  const put = unwrap(
    await client.put("skymap.worker", "worker: {pool_size: 7}", {
      revision: 0,
    }),
  );
  strictEqual(put.revision, 1);
  strictEqual(put.updated_by, "s.operator");
  deepStrictEqual(put.notes, []);
  unwrap(await client.put("skymap.worker", { fruit: { pool_size: 3 } }));
  unwrap(
    await client.patch("skymap.worker", {
      fruit: { pool_size: null, api_token: "open-sesame" },
    }),
  );
  const { config, revision } = unwrap(await client.get("skymap.worker"));
  strictEqual(revision, 3);
  ok(!JSON.stringify(config).includes("sesame"));
  deepStrictEqual(
    unwrap(await client.get("skymap.worker", { secrets: true })).config,
    { fruit: { api_token: "open-sesame" } },
  );
  deepStrictEqual(
    unwrap(await client.get("skymap.worker", { revision: 1 })).config,
    { worker: { pool_size: 7 } },
  );
  match(
    await client.text("skymap.worker", { effective: true }),
    /^ {2}pool_size: 5 {2}# default$/m,
  );
  strictEqual(
    unwrap(await client.rollback("skymap.worker", 1)).revision,
    4,
  );
  deepStrictEqual(
    unwrap(await client.history("skymap.worker")).map((each) => each.revision),
    [4, 3, 2, 1],
  );
  const schema = unwrap(await client.schema("skymap.worker"));
  ok("fruit" in (schema["properties"] as object));
  deepStrictEqual(
    unwrap(await client.validate("skymap.worker", "worker: {graph: x}")),
    { notes: [] },
  );
  unwrap(await client.remove("skymap.worker", { revision: 4 }));
  deepStrictEqual(unwrap(await client.get("skymap.worker")).config, {});
});

Deno.test("a worker reads what it works with, and asks for it once", async () => {
  await using served = await serve();
  const { configs, clientOf } = served;
  await configs.put("skymap.worker", {
    fruit: { api_token: "open-sesame" },
  }, { by: "me" });
  const worker = clientOf("worker");
  const active = unwrap(await worker.active("skymap.worker"));
  deepStrictEqual(active?.config, { fruit: { api_token: "open-sesame" } });
  const unless = active?.version ?? "";
  strictEqual(unwrap(await worker.active("skymap.worker", { unless })), null);
  unwrap(await clientOf("metrics").active("skymap.metrics"));
  for (
    const [role, id] of [
      ["worker", "skymap.metrics"],
      ["worker", "skymap.core"],
      ["metrics", "skymap.worker"],
    ] as const
  ) {
    const answer = await clientOf(role).active(id);
    strictEqual(answer.ok ? "" : answer.problem.code, "permission_denied");
  }
  const paths = ["/configs", "/config/skymap.worker"];
  for (const path of paths) {
    const response = await ask(configs, path, { token: "worker" });
    deepStrictEqual(await problemOf(response), [403, "permission_denied"]);
  }
});

Deno.test("/config tells faults with their places, for programs too", async () => {
  const configs = await testConfigs(at.db.system);
  const response = await ask(configs, "/config/skymap.worker", {
    method: "PUT",
    body: "worker:\n  poolsize: 3\n",
  });
  strictEqual(response.status, 400);
  const { code, details } = await response.json();
  strictEqual(code, "config_invalid");
  deepStrictEqual(details.faults, [{
    path: "worker.poolsize",
    message: 'worker.poolsize is no such property; did you mean "pool_size"?',
    line: 2,
    column: 3,
  }]);
  // JSON that is none is shown where it goes wrong.
  const json = await ask(configs, "/config/x", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"a": [1, }',
  });
  match((await json.json()).detail, /line 1, column/);
  const list = await ask(configs, "/config/x", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: "[1]",
  });
  match((await list.json()).detail, /wanted lines such as name: value/);
  const twice = await ask(configs, "/config/x", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: '{"a": 1, "a": 2}',
  });
  match(
    (await twice.json()).detail,
    /line 1, column 10: stands here for the second time/,
  );
  deepStrictEqual(
    await problemOf(await ask(configs, "/config/x")),
    [404, "config_unknown"],
  );
  match(
    await refusal(configs.put("x".repeat(200), {}, { by: "me" })),
    /^config_invalid/,
  );
});
