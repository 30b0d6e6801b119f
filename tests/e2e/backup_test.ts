import { deepStrictEqual, ok, rejects } from "node:assert/strict";
import { type ApiPath, SystemClient, unwrap } from "@skymap/lib/client";
import { RoleProcess, System } from "../helpers/system.ts";

/** Lines of an answer, but for how complete it is. */
async function linesOf(
  system: System,
  path: string,
  search?: string,
): Promise<string[]> {
  const client = await system.client();
  const response = await client.fetchGood(path as ApiPath, {
    accept: "application/x-ndjson",
    ...(search !== undefined && { method: "POST", body: search }),
  });
  return (await response.text()).trim().split("\n")
    .filter((line) => !line.includes('"type":"coverage"')).sort();
}

/** What anybody can ask, in many words. */
async function answersOf(system: System): Promise<Record<string, string[]>> {
  return {
    nodes: await linesOf(
      system,
      "/graph/main/search/graph",
      "id(root) -[0:]->",
    ),
    volumes: await linesOf(
      system,
      "/graph/main/search/aggregate",
      "aggregate(kind: sum(1) as count): all",
    ),
    marked: await linesOf(
      system,
      "/graph/main/search/list",
      "/desired.review = true",
    ),
    before: await linesOf(
      system,
      "/graph/main/search/list?at=before",
      "is(account)",
    ),
    history: await linesOf(
      system,
      "/graph/main/search/history/list?of=all",
      "all",
    ),
    ledger: await linesOf(system, "/graph/main/ledger"),
    snapshots: await linesOf(system, "/graph/main/snapshots"),
    copy: await linesOf(system, "/graph/copy/search/list", "all"),
    templates: await linesOf(system, "/templates"),
    config: await linesOf(system, "/config/my.notes"),
    jobs: await linesOf(system, "/jobs"),
  };
}

Deno.test("a backup restored into a new data directory gives the same answers", async () => {
  await using one = await System.start({
    core: ["--no-scheduling"],
    worker: [
      "--override",
      "demo.size=0.1",
      "--override",
      "demo.latency_ms=0",
    ],
  });
  await one.untilSubscribed("skymap.worker");
  await one.runWorkflow("collect");
  const client = await one.client();
  const line = async (text: string) => {
    const response = await client.fetchGood("/cli/execute" as ApiPath, {
      method: "POST",
      body: text,
      accept: "*/*",
    });
    return await response.text();
  };
  await line("snapshots create before");
  await line("search is(instance) limit 3 | set_desired review=true");
  await line("search is(volume) limit 2 | clean nobody uses it");
  await line("graph copy copy");
  await line("configs set my.notes a.b=5 c=text");
  await line("templates add mine is(instance) and name =~ {{name}}");
  await line('jobs add --id later --schedule "0 4 * * *" search all');
  await one.process("worker").stop();
  const answers = await answersOf(one);
  ok(answers.nodes && answers.nodes.length > 100);
  deepStrictEqual(answers.marked?.length, 3);
  const bytes = new Uint8Array(
    await new Response(await new SystemClient(client).backup()).arrayBuffer(),
  );

  await using two = await System.start({ core: ["--no-scheduling"] });
  await two.process("worker").stop();
  const other = new SystemClient(await two.client());
  const file = () => ReadableStream.from([bytes]);
  const report = unwrap(await other.restore(file(), { force: true }));
  deepStrictEqual(report.graphs, ["copy", "main"]);
  await rejects(linesOf(two, "/graph/copy/search/list", "all"), {
    code: "graph_unknown",
  });
  await two.process("core").stop();
  await two.startCore();
  deepStrictEqual(await answersOf(two), answers);

  // It is a graph as any other: record and index agree, and it goes on.
  await two.process("core").stop();
  await using verifier = new RoleProcess("core", [
    "--data-dir",
    two.dataDir,
    "--verify",
  ]);
  deepStrictEqual([await verifier.exit(), verifier.text], [0, verifier.text]);
  await two.startCore();
  two.startWorker();
  await two.untilSubscribed("skymap.worker");
  const run = await two.runWorkflow("collect");
  deepStrictEqual(run.state, "done");
});
