import assert from "node:assert/strict";
import {
  CoreClient,
  type JobJson,
  type RunFrame,
  type RunJson,
  unwrap,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { apiOf, problemOf, request } from "../_test_api.ts";
import type { Services } from "../services.ts";

const RUN: RunJson = {
  id: "r1",
  workflow: "job:a",
  state: "running",
  trigger: "test",
  created_at: "2026-01-01T00:00:00.000Z",
  steps: [{ name: "execute", state: "running", progress: "half" }],
};

const JOB: JobJson = {
  id: "a",
  command: "echo",
  timeout: 60,
  environment: {},
  active: true,
  created_at: "2026-01-01T00:00:00.000Z",
  updated_at: "2026-01-01T00:00:00.000Z",
};

/** The API over jobs that note what they are asked for. */
function api(asked: unknown[]): Partial<Services> {
  const known = (id: string) => {
    if (id === "a") return JOB;
    throw new SkymapError("job_unknown", `Cannot find job "${id}"`);
  };
  const jobs: Services["jobs"] = {
    list: () => [JOB],
    get: known,
    put: (...given) => {
      asked.push(["put", ...given]);
      return Promise.resolve(JOB);
    },
    setActive: (...given) => {
      asked.push(["setActive", ...given]);
      return Promise.resolve(JOB);
    },
    remove: (...given) => {
      asked.push(["remove", ...given]);
      return Promise.resolve();
    },
    run: (...given) => {
      asked.push(["run", ...given]);
      return Promise.resolve(RUN);
    },
  };
  return { jobs };
}

async function json(response: Response): Promise<unknown> {
  assert.equal(response.status, 200);
  return await response.json();
}

Deno.test("/jobs and /job answer with what there is", async () => {
  const services = api([]);
  assert.deepEqual(await json(await request("/jobs", {}, {}, services)), [JOB]);
  assert.deepEqual(await json(await request("/job/a", {}, {}, services)), JOB);
  assert.deepEqual(
    await problemOf(await request("/job/b", {}, {}, services)),
    [404, "job_unknown"],
  );
});

Deno.test("/job changes, runs and deletes jobs", async () => {
  const asked: unknown[] = [];
  const services = api(asked);
  const send = (method: string, path: string, body?: object) =>
    request(
      path,
      { method, ...(body !== undefined && { body: JSON.stringify(body) }) },
      {},
      services,
    );
  await json(await send("PUT", "/job/a", { command: "echo", timeout: 3 }));
  await json(await send("POST", "/job/a/run"));
  await json(await send("POST", "/job/a/activate"));
  await json(await send("POST", "/job/a/deactivate"));
  assert.equal((await send("DELETE", "/job/a")).status, 204);
  assert.deepEqual(asked, [
    ["put", "a", { command: "echo", timeout: 3 }],
    ["run", "a", "api:s.operator"],
    ["setActive", "a", true],
    ["setActive", "a", false],
    ["remove", "a"],
  ]);
  assert.deepEqual(
    await problemOf(await send("PUT", "/job/a", { command: "x", cron: "y" })),
    [400, "body_invalid"],
  );
});

Deno.test("jobs and events are the operator's alone", async () => {
  for (const token of ["worker", "metrics"]) {
    for (
      const [method, path] of [
        ["GET", "/jobs"],
        ["GET", "/job/a"],
        ["PUT", "/job/a"],
        ["DELETE", "/job/a"],
        ["POST", "/job/a/run"],
        ["POST", "/job/a/activate"],
        ["POST", "/events/x"],
        ["GET", "/runs/r1/follow"],
      ] as const
    ) {
      const response = await request(path, { method, token }, {}, api([]));
      assert.deepEqual(await problemOf(response), [403, "permission_denied"]);
    }
  }
});

Deno.test("/runs chooses among runs", async () => {
  const asked: unknown[] = [];
  const services = {
    workflows: {
      runs: (filter: unknown) => {
        asked.push(filter);
        return Promise.resolve([RUN]);
      },
    } as Partial<Services["workflows"]> as Services["workflows"],
  };
  const ask = (query: string) => request(`/runs${query}`, {}, {}, services);
  assert.deepEqual(await json(await ask("")), [RUN]);
  await ask(
    "?limit=2&workflow=job:a&state=failed&has_errors=true" +
      "&started_after=2026-01-01T00:00:00Z&started_before=2026-01-02T00:00:00Z",
  );
  assert.deepEqual(asked, [
    { limit: 100, hasErrors: false },
    {
      limit: 2,
      workflow: "job:a",
      state: "failed",
      hasErrors: true,
      startedAfter: Date.UTC(2026, 0, 1),
      startedBefore: Date.UTC(2026, 0, 2),
    },
  ]);
  for (const query of ["?started_after=soon", "?has_errors=x", "?state=odd"]) {
    assert.deepEqual(await problemOf(await ask(query)), [400, "body_invalid"]);
  }
});

Deno.test("/runs/{id}/follow tells each frame as it comes", async () => {
  const { promise: more, resolve } = Promise.withResolvers<void>();
  const frames: RunFrame[] = [
    { type: "run", run: RUN },
    {
      type: "log",
      line: {
        at: "2026-01-01T00:00:00.000Z",
        level: "info",
        step: "execute",
        source: "output",
        message: "hello",
      },
    },
  ];
  const services = {
    workflows: {
      async *follow() {
        yield frames[0];
        await more;
        yield frames[1];
      },
    } as Partial<Services["workflows"]> as Services["workflows"],
  };
  const response = await request(
    "/runs/r1/follow",
    {
      headers: { accept: "application/x-ndjson" },
    },
    {},
    services,
  );
  const reader = response.body?.pipeThrough(new TextDecoderStream())
    .getReader();
  const first = await reader?.read();
  assert.deepEqual(JSON.parse(first?.value ?? ""), frames[0]);
  resolve();
  const second = await reader?.read();
  assert.deepEqual(JSON.parse(second?.value ?? ""), frames[1]);
  assert.equal((await reader?.read())?.done, true);
});

Deno.test("/events gives the runs that an event starts", async () => {
  const services = {
    workflows: {
      emit: (name: string) => Promise.resolve(name === "deployed" ? [RUN] : []),
    } as Partial<Services["workflows"]> as Services["workflows"],
  };
  const send = (name: string) =>
    request(`/events/${name}`, { method: "POST" }, {}, services);
  assert.deepEqual(await json(await send("deployed")), [RUN]);
  assert.deepEqual(await json(await send("other")), []);
});

Deno.test("CoreClient uses jobs, runs and events", async () => {
  const asked: unknown[] = [];
  const workflows = {
    runs: (filter: object) => {
      asked.push(["runs", filter]);
      return Promise.resolve([RUN]);
    },
    stop: (id: string) => {
      asked.push(["stop", id]);
      return Promise.resolve();
    },
    emit: (name: string) => {
      asked.push(["emit", name]);
      return Promise.resolve([RUN]);
    },
    get: () => Promise.resolve(RUN),
    async *follow(id: string) {
      asked.push(["follow", id]);
      yield await Promise.resolve({ type: "run", run: RUN });
    },
  } as unknown as Services["workflows"];
  const served = apiOf({}, { ...api(asked), workflows });
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => served.fetch(request),
  );
  const client = new CoreClient({
    coreUri: `http://127.0.0.1:${server.addr.port}`,
    token: () => Promise.resolve("operator"),
  });
  assert.deepEqual(unwrap(await client.jobs()), [JOB]);
  assert.deepEqual(unwrap(await client.job("a")), JOB);
  assert.deepEqual(unwrap(await client.putJob("a", { command: "x" })), JOB);
  assert.deepEqual(unwrap(await client.runJob("a")), RUN);
  unwrap(await client.activateJob("a", true));
  unwrap(await client.activateJob("a", false));
  unwrap(await client.removeJob("a"));
  assert.deepEqual(unwrap(await client.emitEvent("deployed")), [RUN]);
  unwrap(await client.stopRun("r1"));
  unwrap(
    await client.runs({
      limit: 3,
      workflow: "job:a",
      state: "failed",
      hasErrors: true,
      startedAfter: "2026-01-01T00:00:00Z",
      startedBefore: "2026-01-01T00:00:01Z",
    }),
  );
  const frames: RunFrame[] = [];
  for await (const frame of client.followRun("r1")) frames.push(frame);
  assert.deepEqual(frames, [{ type: "run", run: RUN }]);
  assert.deepEqual(asked, [
    ["put", "a", { command: "x" }],
    ["run", "a", "api:s.operator"],
    ["setActive", "a", true],
    ["setActive", "a", false],
    ["remove", "a"],
    ["emit", "deployed"],
    ["stop", "r1"],
    ["runs", {
      limit: 3,
      workflow: "job:a",
      state: "failed",
      hasErrors: true,
      startedAfter: Date.UTC(2026, 0, 1),
      startedBefore: Date.UTC(2026, 0, 1, 0, 0, 1),
    }],
    ["follow", "r1"],
  ]);
});
