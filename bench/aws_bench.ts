/**
 * Collects 5,000 instances, 5,000 volumes, 1,000 roles and 1,000 buckets of AWS:
 * from recorded answers that are each 5 ms late, compared with the rate at which
 * they could be had at best; and from moto, beside Cloud Custodian, which lists
 * the same.
 */
import { MotoServer, setUpMoto } from "../tests/helpers/moto/moto_server.ts";
import type { Collected } from "./aws_collect.ts";
import { runCustodian, runProgram, setUpCustodian } from "./custodian.ts";
import type { CallsOfService } from "./replay_server.ts";
import { median, report } from "./report.ts";

/** Share of the account that is made: all of it takes minutes. */
const SCALE = Number(Deno.env.get("BENCH_AWS_SCALE") ?? 1);

const COUNTS = {
  aws_ec2_instance: 5_000 * SCALE,
  // moto gives each instance a volume to start from.
  aws_ec2_volume: 5_000 * SCALE,
  aws_iam_role: 1_000 * SCALE,
  aws_s3_bucket: 1_000 * SCALE,
};
/** What Cloud Custodian calls them. */
const THEIRS = ["aws.ec2", "aws.ebs", "aws.iam-role", "aws.s3"];
const LATENCY_MS = 5;
/** Calls of one service in one region side by side, as it is by default. */
const SIDE_BY_SIDE = 20;
const ROUNDS = 3;

const HERE = import.meta.dirname ?? "bench";
const VENV = new URL("../.venv/bin/python", import.meta.url).pathname;
const DENO = ["run", "--allow-all", "--frozen"];

const total = Object.values(COUNTS).reduce((sum, count) => sum + count, 0);

/** Collects in a process of its own; everything must have been found. */
async function collect(endpoint: string) {
  const run = await runProgram(Deno.execPath(), [
    ...DENO,
    `${HERE}/aws_collect.ts`,
    endpoint,
    ...Object.keys(COUNTS),
  ]);
  const collected = JSON.parse(run.stdout) as Collected;
  for (const [kind, count] of Object.entries(COUNTS)) {
    if (collected.nodes[kind] === count) continue;
    throw new Error(
      `${kind}: ${collected.nodes[kind]} of ${count}; ${collected.failed[0]}`,
    );
  }
  return { ...run, collected };
}

/** Seconds that calls take when none ever waits but for its turn. */
function idealSeconds(calls: Readonly<Record<string, CallsOfService>>): number {
  const each = Object.values(calls).map(({ calls, longest }) =>
    Math.max(calls / SIDE_BY_SIDE, longest)
  );
  return Math.max(...each) * LATENCY_MS / 1_000;
}

/** Collects from recorded answers. */
async function replay(target: string): Promise<void> {
  const server = new Deno.Command(Deno.execPath(), {
    args: [
      ...DENO,
      `${HERE}/replay_server.ts`,
      target,
      String(LATENCY_MS),
    ],
    stdout: "piped",
  }).spawn();
  try {
    const reader = server.stdout.getReader();
    const { value } = await reader.read();
    const endpoint = new TextDecoder().decode(value).trim();
    await collect(endpoint);
    await (await fetch(`${endpoint}/-/replay`, { method: "POST" })).text();
    const shares: number[] = [];
    const seconds: number[] = [];
    let calls = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const { collected } = await collect(endpoint);
      const told: Record<string, CallsOfService> =
        await (await fetch(`${endpoint}/-/calls`)).json();
      calls = Object.values(told).reduce((sum, each) => sum + each.calls, 0);
      seconds.push(collected.seconds);
      shares.push(idealSeconds(told) / collected.seconds);
    }
    report({
      bench: "aws",
      what: `${total} resources from a server with ${LATENCY_MS} ms latency`,
      value: median(seconds),
      unit: `s, ${calls} calls`,
      against: `${SIDE_BY_SIDE} calls of a service always on their way`,
      other: median(shares) * median(seconds),
      ratio: median(shares),
    });
    await reader.cancel();
  } finally {
    server.kill("SIGKILL");
    await server.status;
  }
}

/** Lists the same with Cloud Custodian, in turns. */
async function compare(endpoint: string): Promise<void> {
  const ours = await collect(endpoint);
  const theirs = await runCustodian(endpoint, THEIRS);
  const counts = Object.values(COUNTS);
  for (const [at, resource] of THEIRS.entries()) {
    if (theirs.counts[resource] === counts[at]) continue;
    throw new Error(`${resource}: ${theirs.counts[resource]} of ${counts[at]}`);
  }
  report({
    bench: "aws",
    what: `the same from moto, whole process`,
    value: ours.seconds,
    unit: "s",
    against: "Cloud Custodian",
    other: theirs.seconds,
    ratio: ours.seconds / theirs.seconds,
  }, {
    bench: "aws",
    what: "peak memory of that",
    value: ours.peakMb,
    unit: "MB",
    against: "Cloud Custodian",
    other: theirs.peakMb,
    ratio: ours.peakMb / theirs.peakMb,
  });
}

const reason = await setUpMoto();
if (reason !== undefined) throw new Error(reason);
await setUpCustodian();
/** Fills a new moto, which takes minutes. */
async function fill(): Promise<MotoServer> {
  const moto = await MotoServer.start();
  await runProgram(VENV, [
    `${HERE}/aws_seed.py`,
    moto.endpoint,
    ...Object.values(COUNTS).map(String),
  ]);
  return moto;
}

// One that was filled by aws_seed.py before saves the minutes.
const filled = Deno.env.get("BENCH_AWS_ENDPOINT");
await using moto = filled === undefined ? await fill() : undefined;
const endpoint = moto?.endpoint ?? filled ?? "";
await replay(endpoint);
await compare(endpoint);
Deno.exit(0);
