/**
 * Every node through a pipeline of commands, against the raw answer of the API
 * through the program `jq`: rows a second, time to the first row, memory of core
 * and of its process of jq.
 *
 * `BENCH_NODES` are the resources of the cloud, about; `BENCH_DATA` is a data
 * directory that is kept and used again. Needs the programs `curl` and `jq`.
 */
import { residentMb } from "./core_process.ts";
import { report } from "./report.ts";

const NODES = Deno.env.get("BENCH_NODES") ?? "147200";
const DATA = Deno.env.get("BENCH_DATA");
const CHARS = "700";
const SAMPLE_MS = 200;
const bench = "pipeline";

/** Several ways to the same rows. */
interface Way {
  readonly name: string;
  /** Words of the shell: they write a line for each row. */
  readonly command: (base: string) => string;
}

const LINES =
  "-H 'authorization: Bearer operator' -H 'content-type: text/plain'";
const LIST =
  "-H 'authorization: Bearer operator' -H 'content-type: text/plain' " +
  "-H 'accept: application/x-ndjson'";

function line(text: string): Way["command"] {
  const quoted = text.replaceAll("'", `'\\''`);
  return (base) =>
    `curl -sSfN ${LINES} --data-binary '${quoted}' ${base}/cli/execute`;
}

function raw(filter: string): Way["command"] {
  return (base) =>
    `curl -sSfN ${LIST} --data-binary 'all' ` +
    `${base}/graph/main/search/list${filter}`;
}

/** Ours, and the same by hand. */
const PAIRS: readonly (readonly [ours: Way, other: Way])[] = [
  [{
    name: "search | jq | format --ndjson | write",
    command: line(
      "search all | jq '{id: ./id, kind, name}' | format --ndjson | write out.ndjson",
    ),
  }, {
    name: "raw stream | jq",
    command: raw(
      " | jq -c '{id: .id, kind: .reported.kind, name: .reported.name}'",
    ),
  }],
  [{
    name: "search | format --ndjson | write",
    command: line("search all | format --ndjson | write out.ndjson"),
  }, { name: "raw stream", command: raw("") }],
  [{
    name: "search | list --csv",
    command: line("search all | list --csv id, kind, name"),
  }, {
    name: "raw stream | jq @csv",
    command: raw(
      " | jq -r '[.reported.id, .reported.kind, .reported.name] | @csv'",
    ),
  }],
];

function note(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`  ${text}\n`));
}

/** Runs another file of this folder; gives what it prints. */
async function run(file: string, ...words: string[]): Promise<string> {
  const { stdout, success } = await denoRun(file, words).output();
  if (!success) throw new Error(`${file} failed`);
  return new TextDecoder().decode(stdout).trim();
}

function denoRun(file: string, words: readonly string[]): Deno.Command {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--unstable-cron",
      "--frozen",
      new URL(file, import.meta.url).href,
      ...words,
    ],
    stdout: "piped",
    stderr: "inherit",
  });
}

/** A core over the index, in a process of its own. */
async function startServer(dataDir: string): Promise<{
  readonly base: string;
  readonly child: Deno.ChildProcess;
}> {
  const child = denoRun("pipeline_core.ts", [dataDir]).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  if (value === undefined) throw new Error("the server did not start");
  const port = new TextDecoder().decode(value).trim();
  return { base: `http://127.0.0.1:${port}`, child };
}

/** Processes that a process started. */
async function childrenOf(pid: number): Promise<readonly number[]> {
  const path = `/proc/${pid}/task/${pid}/children`;
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split(" ").filter(Boolean).map(Number);
}

const TICKS = 100;

/** Seconds of processor time of a process and of those that it waited for. */
async function cpuSeconds(pid: number | "self"): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`);
  // Behind the name: user, system, and both of children that ended.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
  const own = pid === "self" ? [] : fields.slice(11, 13);
  return [...own, ...fields.slice(13, 15)].reduce((a, b) => a + b) / TICKS;
}

/** What a way took. */
interface Measured {
  readonly rows: number;
  readonly perSecond: number;
  readonly firstMs: number;
  /** Of core, of processes that it started, and of those that read. */
  readonly cpuSeconds: number;
  readonly coreMb: number;
  /** Of processes that core started. */
  readonly sideMb: number;
}

async function measure(way: Way, dataDir: string): Promise<Measured> {
  const { base, child } = await startServer(dataDir);
  let sideMb = 0;
  const sampler = setInterval(async () => {
    for (const pid of await childrenOf(child.pid)) {
      sideMb = Math.max(sideMb, await residentMb(pid, "peak").catch(() => 0));
    }
  }, SAMPLE_MS);
  try {
    const before = await cpuSeconds(child.pid) + await cpuSeconds("self");
    const startedAt = performance.now();
    const shell = new Deno.Command("bash", {
      args: ["-c", `set -o pipefail; ${way.command(base)}`],
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    let firstMs = 0;
    let rows = 0;
    for await (const chunk of shell.stdout) {
      if (rows === 0) firstMs = performance.now() - startedAt;
      for (
        let at = chunk.indexOf(10);
        at >= 0;
        at = chunk.indexOf(10, at + 1)
      ) {
        rows++;
      }
    }
    const seconds = (performance.now() - startedAt) / 1_000;
    const { success } = await shell.status;
    if (!success) throw new Error(`"${way.name}" failed`);
    const coreMb = await residentMb(child.pid, "peak");
    const after = await cpuSeconds(child.pid) + await cpuSeconds("self");
    return {
      rows,
      perSecond: rows / seconds,
      firstMs,
      cpuSeconds: after - before,
      coreMb,
      sideMb,
    };
  } finally {
    clearInterval(sampler);
    child.kill("SIGKILL");
    await child.status;
  }
}

const dataDir = DATA ?? await Deno.makeTempDir();
try {
  const hasIndex = await Deno.stat(`${dataDir}/index/main`).then(
    () => true,
    () => false,
  );
  if (!hasIndex) {
    note(await run("search_fill.ts", dataDir, NODES, CHARS, "index"));
  }
  for (const [ours, other] of PAIRS) {
    const mine = await measure(ours, dataDir);
    const hand = await measure(other, dataDir);
    note(`${ours.name}: ${JSON.stringify(mine)}`);
    note(`${other.name}: ${JSON.stringify(hand)}`);
    // The raw stream ends with its coverage; a table begins with its head.
    if (Math.abs(mine.rows - hand.rows) > 1) {
      throw new Error(`${ours.name}: ${mine.rows} rows, ${hand.rows} by hand`);
    }
    const against = other.name;
    report({
      bench,
      what: `${ours.name}, ${mine.rows} rows`,
      value: mine.perSecond,
      unit: "rows/s",
      against,
      other: hand.perSecond,
      ratio: mine.perSecond / hand.perSecond,
    }, {
      bench,
      what: "the same, processor time of all processes",
      value: mine.cpuSeconds,
      unit: "s",
      against,
      other: hand.cpuSeconds,
      ratio: mine.cpuSeconds / hand.cpuSeconds,
    }, {
      bench,
      what: "the same, first row",
      value: mine.firstMs,
      unit: "ms",
      against,
      other: hand.firstMs,
    }, {
      bench,
      what: "the same, memory of core",
      value: mine.coreMb,
      unit: "MB",
      against,
      other: hand.coreMb,
    }, {
      bench,
      what: "the same, memory of its processes",
      value: mine.sideMb,
      unit: "MB",
    });
  }
} finally {
  if (DATA === undefined) await Deno.remove(dataDir, { recursive: true });
}
