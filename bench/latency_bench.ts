/**
 * How long an action takes from core, which writes the row, to a worker in
 * another process, through the gateway; against a live query inside the process
 * of the same engine. The samples of both take turns.
 */
import { RecordId } from "@skymap/lib/db";
import { readNdjson } from "@skymap/lib/ndjson";
import { openTestDatabase } from "../core/db/test_database.ts";
import { Actions } from "../core/events/actions.ts";
import { SYSTEM_CLOCK } from "../core/events/clock.ts";
import { percentile, report } from "./report.ts";

const SAMPLES = 1_000;
const WARM_UP = 50;
const WORKER = "bench";

interface Line {
  readonly told: number;
  readonly handled: number;
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

await using world = await openTestDatabase();
const { system } = world.db;
await world.addWorker(WORKER);
await using actions = await Actions.open({ db: system, clock: SYSTEM_CLOCK });

const worker = new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "--allow-all",
    "--frozen",
    new URL("latency_worker.ts", import.meta.url).href,
    world.url,
    await world.token(WORKER, "worker", 600),
  ],
  stdout: "piped",
}).spawn();
const lines = readNdjson<Line>(worker.stdout);
await lines.next();

/** Milliseconds until the worker was told, and until its handler ran. */
async function overGateway(run: string): Promise<[number, number]> {
  const startedAt = now();
  await actions.create([{
    run,
    step: "bench",
    subscriber: WORKER,
    worker: WORKER,
    wait: true,
    deadline: Date.now() + 60_000,
    payload: {},
  }]);
  const { value } = await lines.next();
  if (value === undefined) throw new Error("the worker ended");
  const { told, handled } = value as Line;
  return [told - startedAt, handled - startedAt];
}

let onBare = (): void => {};
await system.query("DEFINE TABLE bare SCHEMALESS");
const bare = await system.live("LIVE SELECT * FROM bare", {}, () => onBare());

/** Milliseconds from a row to the callback of a live query beside it. */
async function inProcess(row: number): Promise<number> {
  const told = new Promise<number>((resolve) => {
    onBare = () => resolve(now());
  });
  const startedAt = now();
  await system.query("CREATE $id CONTENT $row RETURN NONE", {
    id: new RecordId("bare", row),
    row: { run: `run${row}`, state: "pending", payload: {} },
  });
  return await told - startedAt;
}

const told: number[] = [];
const handled: number[] = [];
const beside: number[] = [];
for (let sample = -WARM_UP; sample < SAMPLES; sample++) {
  const [toldAfter, handledAfter] = await overGateway(`run${sample}`);
  const besideAfter = await inProcess(sample);
  if (sample < 0) continue;
  told.push(toldAfter);
  handled.push(handledAfter);
  beside.push(besideAfter);
}

for (const [name, share] of [["p50", 0.5], ["p99", 0.99]] as const) {
  const value = percentile(told, share);
  const other = percentile(beside, share);
  report({
    bench: "latency",
    what: `action row to a worker's live query over the gateway, ${name}`,
    value,
    unit: "ms",
    against: "bare live query in process",
    other,
    ratio: value / other,
  });
}
report({
  bench: "latency",
  what: "action row to the worker's handler, claim included, p50",
  value: percentile(handled, 0.5),
  unit: "ms",
}, {
  bench: "latency",
  what: "action row to the worker's handler, claim included, p99",
  value: percentile(handled, 0.99),
  unit: "ms",
});

await bare[Symbol.asyncDispose]();
worker.kill("SIGKILL");
await worker.status;
