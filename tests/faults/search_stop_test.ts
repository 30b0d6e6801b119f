import { ok, rejects, strictEqual } from "node:assert/strict";
import process from "node:process";
import { createToken, loadKey } from "@skymap/lib/auth";
import { unwrap } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { nodeId } from "@skymap/lib/ids";
import { denseIndex } from "../helpers/dense_index.ts";
import { System, until } from "../helpers/system.ts";

/** Each would run for minutes on a dense graph. */
const ENDLESS = [
  "all with(count > 1000000, -[0:9]->)",
  "all {below[]: -[0:]->}",
  "all -[2:9]->",
];

/** Far more than stopping takes, and far less than the searches would. */
const PATIENCE_MS = 5_000;

/** Share of a core that the threads of an idle process use at most. */
const IDLE_SHARE = 0.2;

/** Whether this process did next to nothing for a while. */
async function isIdle(): Promise<boolean> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { user, system } = process.cpuUsage(before);
  const share = (user + system) / 1_000 / (performance.now() - startedAt);
  return share < IDLE_SHARE;
}

async function all(texts: AsyncIterable<unknown>): Promise<number> {
  let found = 0;
  for await (const _ of texts) found++;
  return found;
}

Deno.test("a search that is stopped stops in the engine, and the next one is answered", async (t) => {
  await using dense = await denseIndex({
    nodes: 2_000,
    connected: 1_500,
    chars: 64,
  });
  const { searcher } = dense;
  for (const search of ENDLESS) {
    await t.step(`${search}: aborted`, async () => {
      const controller = new AbortController();
      const { signal } = controller;
      const running = [
        all(searcher.list(search, { signal })),
        searcher.count(search, { signal }),
      ];
      setTimeout(() => controller.abort(), 200);
      const outcomes = await Promise.allSettled(running);
      for (const outcome of outcomes) {
        ok(outcome.status === "rejected");
        ok(isSkymapError(outcome.reason, "query_interrupted"));
      }
      await until("the engine is idle", isIdle, PATIENCE_MS);
    });
    await t.step(`${search}: too late`, async () => {
      await rejects(
        all(searcher.list(search, { timeoutMs: 200 })),
        (error) => isSkymapError(error, "query_interrupted"),
      );
      await until("the engine is idle", isIdle, PATIENCE_MS);
    });
  }
  strictEqual(await searcher.count("is(instance)"), 2_000);
});

/** Seconds that a process has used so far. */
async function secondsOf(pid: number): Promise<number> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const ACCOUNT = { cloud: "dense", account: "1", region: "" };
const SIZE = 250;

/** A stream of things of which each has an edge to each other. */
function denseStream(): ReadableStream<Uint8Array<ArrayBuffer>> {
  const id = (at: number) =>
    nodeId({ ...ACCOUNT, kind: "dense_thing", id: `t${at}` });
  const lines: unknown[] = [
    {
      type: "scope",
      scope: 1,
      state: "open",
      ...ACCOUNT,
      kind: "dense_account",
    },
    { type: "node", scope: 1, id: "1", reported: { name: "one" } },
    { type: "scope", scope: 1, state: "complete" },
    { type: "scope", scope: 2, state: "open", ...ACCOUNT, kind: "dense_thing" },
  ];
  for (let at = 0; at < SIZE; at++) {
    lines.push({ type: "node", scope: 2, id: `t${at}`, reported: {} });
  }
  for (let from = 0; from < SIZE; from++) {
    for (let to = 0; to < SIZE; to++) {
      if (from === to) continue;
      lines.push({ type: "edge", scope: 2, from: id(from), to: id(to) });
    }
  }
  lines.push({ type: "scope", scope: 2, state: "complete" }, { type: "end" });
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return ReadableStream.from([new TextEncoder().encode(text)]);
}

Deno.test("a search whose caller goes away stops in core", async () => {
  await using system = await System.start({ core: ["--no-scheduling"] });
  const client = await system.client();
  unwrap(
    await client.putModel("main", {
      plugin: {
        name: "dense",
        version: "1.0.0",
        cloud: "dense",
        containers: { account: "dense_account", region: "dense_region" },
        kinds: [
          { name: "dense_account", bases: ["account"] },
          { name: "dense_region", bases: ["region"] },
          { name: "dense_thing", bases: ["resource"] },
        ],
      },
    }),
  );
  unwrap(await client.merge("main", denseStream(), {}));
  const { pid } = system.process("core");
  const token = await createToken(
    await loadKey(system.dataDir, { create: false }),
    { subject: "test", role: "operator", ttlSeconds: 300 },
  );
  const ask = (path: string, search: string, signal?: AbortSignal) =>
    fetch(`${system.coreUri}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: search,
      ...(signal !== undefined && { signal }),
    });
  const isQuiet = async () => {
    const before = await secondsOf(pid);
    await new Promise((resolve) => setTimeout(resolve, 250));
    return (await secondsOf(pid) - before) / 0.25 < IDLE_SHARE;
  };
  await until("core has nothing to do", isQuiet);
  // Each sub search takes a second or more.
  const search = `is(dense_thing) {${
    Array.from({ length: 15 }, (_, at) => `x${at}[]: -[0:12]-> is(dense_thing)`)
      .join(", ")
  }}`;
  const controller = new AbortController();
  const before = await secondsOf(pid);
  const answer = ask(
    "/graph/main/search/list",
    search,
    controller.signal,
  );
  answer.catch(() => {});
  await until(
    "the search runs",
    async () => await secondsOf(pid) - before > 1,
  );
  controller.abort();
  await rejects(async () => await (await answer).text());
  await until("core has stopped", isQuiet, PATIENCE_MS);
  const next = await ask("/graph/main/search/list", "is(dense_thing) limit 1");
  strictEqual(next.status, 200);
  ok((await next.text()).includes("dense_thing"));
});
