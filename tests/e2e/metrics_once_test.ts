import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { commandOf } from "../../start/launch.ts";
import { System } from "../helpers/system.ts";
import { addToyCloud, listToys } from "../helpers/toy_cloud.ts";

/** Runs the role to its end. */
async function runMetrics(...args: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: commandOf("metrics", args),
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

Deno.test("skymap metrics --once prints the page and ends", async (t) => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: null,
  });
  const client = await system.client();
  await addToyCloud(client);
  await listToys(client, "toy_volume", { v1: { volume_size: 2 } });
  const { dataDir, coreUri, ports } = system;
  const once = ["--once", "--data-dir", dataDir, "--core-uri", coreUri];
  // A process that listens has this port: --once does not want it.
  using _taken = Deno.listen({ hostname: "127.0.0.1", port: ports.metrics });
  const port = ["--web-port", String(ports.metrics)];

  await t.step("as text", async () => {
    const { code, out, err } = await runMetrics(...once, ...port);
    deepStrictEqual([code, err], [0, ""]);
    match(out, /^skymap_volumes\{cloud="toy",account="1",.*\} 1$/m);
    match(out, /^skymap_metric_up\{metric="volumes"\} 1$/m);
  });

  await t.step("as OpenMetrics", async () => {
    const { code, out } = await runMetrics(...once, "--format", "openmetrics");
    strictEqual(code, 0);
    match(out, /^# UNIT skymap_volume_bytes bytes$/m);
    match(out, /# EOF\n$/);
  });

  await t.step("with what failed on standard error", async () => {
    const { code, out, err } = await runMetrics(
      ...once,
      "--override",
      'metrics.metrics.bad={"help":"Bad","search":"aggregate(sum(1) as bad): is(nothing_such)"}',
    );
    strictEqual(code, 1);
    match(err, /^Error: Cannot compute metric "bad": .*nothing_such/);
    match(out, /^skymap_metric_up\{metric="bad"\} 0$/m);
    match(out, /^skymap_volumes\{.*\} 1$/m);
  });

  await t.step("for a reader that went away", async () => {
    const child = new Deno.Command(Deno.execPath(), {
      args: commandOf("metrics", once),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await child.stdout.cancel();
    const err = await new Response(child.stderr).text();
    deepStrictEqual([(await child.status).code, err], [0, ""]);
  });

  await t.step("no subscriber is left behind", async () => {
    const answer = await client.fetch("/subscribers" as never);
    deepStrictEqual(await answer.json(), []);
  });

  await t.step("without core it says so", async () => {
    await system.process("core").stop();
    const { code, out, err } = await runMetrics(...once);
    deepStrictEqual([code, out], [1, ""]);
    match(err, /Cannot reach core at http:/);
  });

  await t.step("flags that mean nothing are refused", async () => {
    for (
      const args of [["--format", "openmetrics"], ["--once=7"], [
        "--format",
        "xml",
        "--once",
      ]]
    ) {
      const { code, out } = await runMetrics(...args);
      deepStrictEqual([code, out], [2, ""], args.join(" "));
    }
    const nowhere = once.with(-1, "core:8900");
    const { code, err } = await runMetrics(...nowhere);
    strictEqual(code, 2);
    match(err, /^Error: Cannot reach core at "core:8900": that is no address/);
  });
});
