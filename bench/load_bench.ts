/**
 * Loading a graph of 100,000 nodes and 200,000 edges into a core over HTTP, with
 * history and index; then the same again, unchanged; then the index made anew.
 *
 * The load is compared with the same node, edge and history rows, read back from
 * that core's record, in bare bulk inserts: see `load_raw.ts`.
 */
import { type MergeReport, unwrap } from "@skymap/lib/client";
import { residentMb, startCore } from "./core_process.ts";
import { makeChunks, MODEL, NODES } from "./load_world.ts";
import { median, report } from "./report.ts";

const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 3);
interface Round {
  readonly loadSeconds: number;
  readonly againSeconds: number;
  readonly rawSeconds: number;
  readonly rawOwnSeconds: number;
  readonly rebuildSeconds: number;
  readonly peakMb: number;
  readonly peakAgainMb: number;
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const startedAt = performance.now();
  const result = await work();
  return [(performance.now() - startedAt) / 1_000, result];
}

/** Seconds of bare bulk inserts of the rows that a core has written. */
async function insertRaw(
  loaded: string,
  encoder: "sdk" | "own",
): Promise<number> {
  const empty = await Deno.makeTempDir({ prefix: "skymap-bench-" });
  try {
    const { stdout, success } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--allow-all",
        "--frozen",
        new URL("load_raw.ts", import.meta.url).href,
        loaded,
        empty,
        encoder,
      ],
      stdout: "piped",
      stderr: "inherit",
    }).output();
    if (!success) throw new Error("raw inserts failed");
    const text = new TextDecoder().decode(stdout);
    note(`raw ${encoder}: nodes, edges, history ${text.trim()}`);
    return (JSON.parse(text) as number[]).reduce((sum, each) => sum + each);
  } finally {
    await Deno.remove(empty, { recursive: true });
  }
}

function note(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`  ${text}\n`));
}

function written(merged: MergeReport): number {
  return merged.nodes_created + merged.nodes_updated + merged.nodes_deleted +
    merged.edges_created + merged.edges_updated + merged.edges_deleted;
}

async function measure(
  chunks: readonly Uint8Array<ArrayBuffer>[],
): Promise<Round> {
  const dataDir = await Deno.makeTempDir({ prefix: "skymap-bench-" });
  try {
    const first = await startCore(dataDir);
    await using core = first.process;
    unwrap(await first.client.putModel("main", MODEL));
    const merge = () =>
      timed(async () =>
        unwrap(
          await first.client.merge("main", ReadableStream.from(chunks), {}),
        )
      );
    const [loadSeconds, loaded] = await merge();
    if (loaded.nodes_created < NODES) throw new Error(JSON.stringify(loaded));
    note(`load ${loadSeconds.toFixed(1)} s`);
    const peakMb = await residentMb(core.pid, "peak");
    const [againSeconds, again] = await merge();
    if (written(again) !== 0 || again.sequence !== loaded.sequence) {
      throw new Error(`the same again wrote: ${JSON.stringify(again)}`);
    }
    const peakAgainMb = await residentMb(core.pid, "peak");
    await core.stop();

    const withIndex = await startCore(dataDir);
    await withIndex.process.stop();
    await Deno.remove(`${dataDir}/index`, { recursive: true });
    const without = await startCore(dataDir);
    await without.process.stop();

    return {
      loadSeconds,
      againSeconds,
      peakMb,
      peakAgainMb,
      rebuildSeconds: without.seconds - withIndex.seconds,
      rawSeconds: await insertRaw(dataDir, "sdk"),
      rawOwnSeconds: await insertRaw(dataDir, "own"),
    };
  } finally {
    await Deno.remove(dataDir, { recursive: true });
  }
}

const chunks = makeChunks();
const rounds: Round[] = [];
for (let round = 0; round < ROUNDS; round++) {
  rounds.push(await measure(chunks));
}

const middle = (read: (round: Round) => number) => median(rounds.map(read));
const load = middle(({ loadSeconds }) => loadSeconds);
const bench = "load";
report({
  bench,
  what: "first load over HTTP, 100,000 nodes and 200,000 edges",
  value: NODES / load,
  unit: "nodes/s",
  against: "raw SDK inserts of the same rows",
  other: NODES / middle(({ rawSeconds }) => rawSeconds),
  ratio: middle(({ rawSeconds, loadSeconds }) => rawSeconds / loadSeconds),
  aim: ">= 0.8, >= 5,850 nodes/s",
}, {
  bench,
  what: "the same",
  value: NODES / load,
  unit: "nodes/s",
  against: "the same with Skymap's encoder in the SDK",
  other: NODES / middle(({ rawOwnSeconds }) => rawOwnSeconds),
  ratio: middle(({ rawOwnSeconds, loadSeconds }) =>
    rawOwnSeconds / loadSeconds
  ),
}, {
  bench,
  what: "the same again, nothing written",
  value: middle(({ againSeconds }) => againSeconds),
  unit: "s",
  against: "first load",
  other: load,
  ratio: middle(({ againSeconds, loadSeconds }) => loadSeconds / againSeconds),
  aim: ">= 10",
}, {
  bench,
  what: "peak memory of core at the first load",
  value: middle(({ peakMb }) => peakMb),
  unit: "MB",
}, {
  bench,
  what: "peak memory of core after the second load",
  value: middle(({ peakAgainMb }) => peakAgainMb),
  unit: "MB",
}, {
  bench,
  what: "index made anew, beyond a start with one",
  value: middle(({ rebuildSeconds }) => rebuildSeconds),
  unit: "s",
});
