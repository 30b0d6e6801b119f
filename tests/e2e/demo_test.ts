import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { createToken, loadKey } from "@skymap/lib/auth";
import { apiPath, type CoverageJson, unwrap } from "@skymap/lib/client";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** The last record of a search: how complete and old the answer is. */
async function coverageOf(system: System, text: string): Promise<CoverageJson> {
  const client = await system.client();
  const records = await Array.fromAsync(client.search("main", "list", text));
  return records.at(-1) as CoverageJson;
}

/** Runs one line in a shell of its own. */
async function shell(
  system: System,
  line: string,
  ...flags: readonly string[]
): Promise<{ code: number; text: string }> {
  await using process = new RoleProcess("shell", [
    "--data-dir",
    system.dataDir,
    "--core-uri",
    system.coreUri,
    ...flags,
    line,
  ]);
  const code = await process.exit();
  return { code, text: process.text };
}

Deno.test("a fresh installation collects the demo cloud by itself and answers", async (t) => {
  await using system = await System.start({
    metrics: true,
    core: ["--no-scheduling"],
    worker: ["--override", "demo.size=0.2", "--override", "demo.tick=1"],
  });
  const client = await system.client();
  const run = await until("the first run ends", async () => {
    const [first] = unwrap(await client.runs());
    return first?.ended_at === undefined ? undefined : first;
  });

  await t.step("the first run is done", async () => {
    strictEqual(run.workflow, "collect_and_cleanup");
    strictEqual(run.trigger, "first start");
    strictEqual(run.state, "done");
    const log = unwrap(await client.runLog(run.id));
    ok(log.some(({ message }) => /Collected \d+ nodes/.test(message)));
  });

  await t.step("the shell prints a line for each resource", async () => {
    const { code, text } = await shell(system, "search is(instance) limit 5");
    strictEqual(code, 0, text);
    const lines = text.split("\n").filter((line) => line.startsWith("kind="));
    strictEqual(lines.length, 5, text);
    match(lines[0] ?? "", /^kind=demo_instance, id=.*, account=.*, region=/);
    match(text, /5 elements from \d+ scopes/);
  });

  await t.step("a wrong search points at its column", async () => {
    const { code, text } = await shell(system, "search is(instance) and and");
    strictEqual(code, 2);
    match(text, /column|\^/);
  });

  await t.step("metrics show what was collected", async () => {
    const page = await until("metrics have instances", async () => {
      const answer = await fetch(
        `http://127.0.0.1:${system.ports.metrics}/metrics`,
      );
      const text = await answer.text();
      return text.includes("\nskymap_instances{") ? text : undefined;
    });
    const sum = page.split("\n")
      .filter((line) => line.startsWith("skymap_instances{"))
      .reduce((total, line) => total + Number(line.split(" ").at(-1)), 0);
    const all = await Array.fromAsync(
      client.search("main", "list", "is(instance)"),
    );
    strictEqual(sum, all.length - 1);
  });

  await t.step("collecting the same again writes nothing", async () => {
    const before = await coverageOf(system, "all");
    const again = await system.runWorkflow("collect");
    strictEqual(again.state, "done");
    deepStrictEqual(
      (await coverageOf(system, "all")).sequence,
      before.sequence,
    );
  });

  await t.step("tokens that are not good enough are refused", async () => {
    const key = await loadKey(system.dataDir, { create: false });
    const make = (
      psk: string,
      role: "operator" | "worker",
      ttlSeconds: number,
    ) => createToken(psk, { subject: "skymap.worker", role, ttlSeconds });
    const cases = [
      ["", 401, "token_missing"],
      [
        await make("another-key-of-some-length", "operator", 60),
        401,
        "token_invalid",
      ],
      [await make(key, "operator", -60), 401, "token_expired"],
      [await make(key, "worker", 60), 403, "permission_denied"],
    ] as const;
    for (const [token, status, code] of cases) {
      const answer = await fetch(`${system.coreUri}/graph/main/search/list`, {
        method: "POST",
        body: "all",
        headers: token === "" ? {} : { authorization: `Bearer ${token}` },
      });
      const problem = await answer.json();
      deepStrictEqual([answer.status, problem.code], [status, code]);
      match(answer.headers.get("content-type") ?? "", /problem\+json/);
    }
  });

  await t.step("a merge that is cut or malformed says where", async () => {
    const cases = [
      ['{"type":\n', "merge_malformed", /line 1/],
      ["", "merge_truncated", /end/],
    ] as const;
    for (const [body, code, text] of cases) {
      const answer = await client.fetch(apiPath`/graph/main/merge`, {
        method: "POST",
        body,
      });
      const problem = await answer.json();
      strictEqual(problem.code, code, JSON.stringify(problem));
      match(problem.detail, text);
    }
  });

  await t.step(
    "a second core on the data directory says who holds it",
    async () => {
      await using second = new RoleProcess("core", [
        "--data-dir",
        system.dataDir,
        "--port",
        "0",
      ]);
      strictEqual(await second.exit(), 1);
      match(second.text, new RegExp(`\\b${system.process("core").pid}\\b`));
    },
  );

  await t.step("a busy port is named", async () => {
    const dataDir = await Deno.makeTempDir();
    await using second = new RoleProcess("core", [
      "--data-dir",
      `${dataDir}/new`,
      "--port",
      String(system.ports.core),
    ]);
    strictEqual(await second.exit(), 1);
    match(second.text, new RegExp(`127.0.0.1:${system.ports.core}`));
    await Deno.remove(dataDir, { recursive: true });
  });

  await t.step("everything ends gently on SIGTERM", async () => {
    for (const role of ["worker", "metrics", "core"] as const) {
      strictEqual(await system.process(role).stop("SIGTERM"), 0, role);
    }
  });
});

Deno.test("the shell says where it looked when no core runs", async () => {
  await using process = new RoleProcess("shell", [
    "--core-uri",
    "http://127.0.0.1:9",
    "search all",
  ], { SKYMAP_SHELL_PSK: "a-key-that-is-long-enough" });
  strictEqual(await process.exit(), 1);
  match(
    process.text,
    /http:\/\/127\.0\.0\.1:9: no answer; start it with "deno task start"/,
  );
});
