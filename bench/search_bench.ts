/**
 * Searches over the demo cloud: against SQL by hand over the same index, against
 * SurrealQL over the record, and against what they may take at most.
 *
 * `BENCH_NODES` are the resources of the cloud, about; `BENCH_LARGE=1000000` runs
 * the aims on a second, larger cloud too; `BENCH_ROUNDS` is how often each search
 * is answered.
 */
import type { IndexReader as Reader } from "../core/index/reader.ts";
import { IndexReader } from "../core/index/reader.ts";
import { parseQuery } from "../core/query/parse.ts";
import { compileSearch } from "../core/search/compile.ts";
import { PropertyModel } from "../core/search/property_model.ts";
import { Searcher } from "../core/search/searcher.ts";
import { median, percentile, report } from "./report.ts";
import { type AimedFigure, measureAims, PAST_SEARCHES } from "./search_aims.ts";
import { type SearchCase, searchCases } from "./search_cases.ts";
import { byHand, inTurns, ours } from "./search_measure.ts";
import { openIndex } from "./search_place.ts";
import { type AskRecord, openRecord } from "./search_record.ts";
import { ENDLESS, timeToStop } from "./search_stop.ts";
import { worldRegistry } from "./search_world.ts";

const NODES = Deno.env.get("BENCH_NODES") ?? "147200";
const LARGE = Deno.env.get("BENCH_LARGE");
const ROUNDS = Number(Deno.env.get("BENCH_ROUNDS") ?? 20);
/** How often SurrealQL is asked: it takes long. */
const SURREAL_ROUNDS = 5;
const CHARS = "700";
const COMPILE_MS = 2_000;
const bench = "search";
const registry = worldRegistry();

/** What `search_fill.ts` says of the cloud. */
interface Filled {
  readonly nodes: number;
  readonly edges: number;
  readonly past: number;
  readonly chars: number;
  readonly loaded: number;
}

function note(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`  ${text}\n`));
}

/** Runs another file of this folder; gives what it prints. */
async function run(file: string, ...words: string[]): Promise<string> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--unstable-cron",
      "--frozen",
      "--v8-flags=--max-old-space-size=8000",
      new URL(file, import.meta.url).href,
      ...words,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`${file} failed`);
  return new TextDecoder().decode(stdout).trim();
}

async function fill(
  dataDir: string,
  nodes: string,
  stores: "record" | "index",
): Promise<Filled> {
  const startedAt = performance.now();
  const text = await run("search_fill.ts", dataDir, nodes, CHARS, stores);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0);
  note(`filled in ${seconds} s: ${text}`);
  return JSON.parse(text) as Filled;
}

function parseAndCompile(cases: readonly SearchCase[]): void {
  const model = new PropertyModel(registry);
  const compile = (text: string) =>
    compileSearch(parseQuery(text), "list", { text, model, nowMs: 0 });
  const texts = cases.map(({ search }) => search);
  for (const text of texts) compile(text);
  let compiled = 0;
  const startedAt = performance.now();
  while (performance.now() - startedAt < COMPILE_MS) {
    for (const text of texts) compile(text);
    compiled += texts.length;
  }
  report({
    bench,
    what: "parse and compile, the twelve searches in turns",
    value: compiled / ((performance.now() - startedAt) / 1_000),
    unit: "/s",
    aim: ">= 10,000",
  });
}

/** Lines in an order of their own, so that answers can be compared. */
function sorted(lines: readonly string[]): string {
  return lines.map((line) => JSON.stringify(JSON.parse(line))).sort()
    .join("\n");
}

/** One search in three languages; refuses to time unequal answers. */
async function measureCase(
  each: SearchCase,
  searcher: Searcher,
  reader: Reader,
  record: AskRecord | undefined,
): Promise<void> {
  const { name } = each;
  const mine = await ours(searcher, each);
  const hand = await byHand(reader, each);
  if (sorted(mine) !== sorted(hand)) {
    throw new Error(`${name}: ${mine.length} rows, by hand ${hand.length}`);
  }
  const [times = [], handTimes = []] = await inTurns([
    async () => (await ours(searcher, each)).length,
    async () => (await byHand(reader, each)).length,
  ], ROUNDS);
  const rows = each.form === "count" ? "" : `, ${mine.length} rows`;
  report({
    bench,
    what: `${name}${rows}, p50`,
    value: median(times),
    unit: "ms",
    against: "SQL by hand",
    other: median(handTimes),
    ratio: median(times) / median(handTimes),
    aim: "<= 1.2",
  }, {
    bench,
    what: "the same, p95",
    value: percentile(times, 0.95),
    unit: "ms",
    against: "SQL by hand",
    other: percentile(handTimes, 0.95),
  });
  if (record === undefined) return;
  const answer = await record(each.surql);
  const found = each.form === "count" ? String(answer[0]) : answer.length;
  const wanted = each.form === "count" ? mine[0] : mine.length;
  if (found !== wanted) {
    throw new Error(`${name}: ${wanted} rows, in SurrealQL ${found}`);
  }
  const [again = [], surreal = []] = await inTurns([
    async () => (await ours(searcher, each)).length,
    async () => (await record(each.surql)).length,
  ], SURREAL_ROUNDS);
  report({
    bench,
    what: "the same, p50",
    value: median(again),
    unit: "ms",
    against: "SurrealQL",
    other: median(surreal),
    ratio: median(surreal) / median(again),
    aim: ">= 20",
  });
}

async function measurePast(searcher: Searcher, sequence: number) {
  for (const [search, form] of PAST_SEARCHES) {
    const [present = [], past = []] = await inTurns([
      async () => (await ours(searcher, { search, form })).length,
      async () => (await ours(searcher, { search, form }, { sequence })).length,
    ], ROUNDS);
    report({
      bench,
      what: `--at: ${search}`,
      value: median(past),
      unit: "ms",
      against: "the present",
      other: median(present),
      ratio: median(past) / median(present),
      aim: "<= 1.5",
    });
  }
}

/** Memory of a process for each search, beyond that of an open index. */
async function measureMemory(dataDir: string, cases: readonly SearchCase[]) {
  const base = Number(await run("search_memory.ts", dataDir));
  report({
    bench,
    what: "peak memory of a process with an open index",
    value: base,
    unit: "MB",
  });
  const everything = { name: "everything", form: "list", search: "all" };
  for (const { name, form, search } of [...cases, everything]) {
    report({
      bench,
      what: `peak memory: ${name}`,
      value: Number(await run("search_memory.ts", dataDir, form, search)),
      unit: "MB",
      against: "an open index",
      other: base,
    });
  }
}

async function casesOf(dataDir: string): Promise<readonly SearchCase[]> {
  using index = await openIndex(dataDir);
  await using reader = new IndexReader(index);
  const one = async (sql: string) =>
    String((await reader.rows({ sql, parameters: [] }))[0]?.[0]);
  return searchCases({
    account: await one(
      "select id from node where kind = 'demo_account' and name = 'acme-data'",
    ),
    network: await one(
      "select id from node where kind = 'demo_network' order by id limit 1",
    ),
  });
}

function reportAims(figures: readonly AimedFigure[], nodes: number): void {
  for (const { what, value, limit } of figures) {
    report({
      bench,
      what: `${what}, of ${nodes.toLocaleString("en")} nodes`,
      value,
      unit: "ms",
      aim: `< ${limit}`,
    });
  }
}

async function measureAll(dataDir: string): Promise<readonly AimedFigure[]> {
  const filled = await fill(dataDir, NODES, "record");
  const cases = await casesOf(dataDir);
  // First, for only one process at a time may have an index open.
  await measureMemory(dataDir, cases);
  const record = await openRecord(dataDir);
  const index = await openIndex(dataDir);
  const reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  report({
    bench,
    what: `${filled.nodes.toLocaleString("en")} nodes, ${
      filled.past.toLocaleString("en")
    } versions of the past, ${filled.chars.toFixed(0)} characters each; edges`,
    value: filled.edges,
    unit: "",
  });
  parseAndCompile(cases);
  for (const each of cases) {
    note(each.name);
    await measureCase(each, searcher, reader, record);
  }
  const figures = await measureAims(searcher, reader, ROUNDS);
  reportAims(figures, filled.nodes);
  await measurePast(searcher, filled.loaded);
  for (const [what, search] of ENDLESS) {
    const value = await timeToStop(reader, registry, search);
    if (value === undefined) {
      note(`ended before it was stopped: ${what}`);
      continue;
    }
    report({
      bench,
      what: `until the engine has stopped: ${what}`,
      value,
      unit: "ms",
      aim: "< 100",
    });
  }
  await reader[Symbol.asyncDispose]();
  index[Symbol.dispose]();
  return figures;
}

/** The aims on a larger cloud, which has no record: that would take an hour. */
async function measureLarge(
  dataDir: string,
  nodes: string,
  small: readonly AimedFigure[],
): Promise<void> {
  const filled = await fill(dataDir, nodes, "index");
  const cases = await casesOf(dataDir);
  await measureMemory(dataDir, cases);
  const index = await openIndex(dataDir);
  const reader = new IndexReader(index);
  const searcher = new Searcher({ reader, registry });
  for (
    const [at, figure] of (await measureAims(searcher, reader, ROUNDS))
      .entries()
  ) {
    const other = small[at]?.value ?? Number.NaN;
    report({
      bench,
      what: `${figure.what}, of ${filled.nodes.toLocaleString("en")} nodes`,
      value: figure.value,
      unit: "ms",
      against: "the smaller cloud",
      other,
      ratio: figure.value / other,
      aim: `<= ${8 * figure.limit} ms`,
    });
  }
  for (const each of cases) {
    note(each.name);
    await measureCase(each, searcher, reader, undefined);
  }
  await measurePast(searcher, filled.loaded);
  await reader[Symbol.asyncDispose]();
  index[Symbol.dispose]();
}

const dataDir = await Deno.makeTempDir({ prefix: "skymap-bench-" });
try {
  const figures = await measureAll(`${dataDir}/one`);
  if (LARGE !== undefined) {
    await measureLarge(`${dataDir}/large`, LARGE, figures);
  }
} finally {
  await Deno.remove(dataDir, { recursive: true });
}
// The engine of the record keeps the process alive.
Deno.exit(0);
