/**
 * Reading a page of many series: ours against that of prom-client.
 *
 * @module
 */

import { get } from "node:http";
import { residentMb } from "./core_process.ts";
import { cpuOf } from "./process_usage.ts";
import { median, report } from "./report.ts";

const bench = "metrics";
/** Pages of each sort that are read after each swap. */
const LATER = 5;
const SWAPS = 3;

const SORTS = {
  text: { accept: "text/plain", "accept-encoding": "identity" },
  OpenMetrics: {
    accept: "application/openmetrics-text",
    "accept-encoding": "identity",
  },
  packed: { accept: "text/plain", "accept-encoding": "gzip" },
} as const;

/** A way to read the page. */
type Sort = keyof typeof SORTS;

/** One page as it came over the wire. */
interface Scrape {
  readonly milliseconds: number;
  readonly bytes: number;
}

function scrape(port: number, sort: Sort): Promise<Scrape> {
  const startedAt = performance.now();
  const { promise, resolve, reject } = Promise.withResolvers<Scrape>();
  get({ port, path: "/metrics", headers: SORTS[sort] }, (answer) => {
    let bytes = 0;
    answer.on("data", (chunk: Uint8Array) => bytes += chunk.length);
    answer.on("error", reject);
    answer.on(
      "end",
      () => resolve({ milliseconds: performance.now() - startedAt, bytes }),
    );
  }).on("error", reject);
  return promise;
}

/** What one way of serving came to. */
interface Measured {
  readonly samples: string;
  readonly swapMs: number;
  readonly first: Readonly<Record<Sort, number>>;
  readonly later: Readonly<Record<Sort, number>>;
  readonly bytes: Readonly<Record<Sort, number>>;
  /** Processor time of a later page. */
  readonly cpuMs: Readonly<Record<Sort, number>>;
  readonly peakMb: number;
}

function each(of: (sort: Sort) => number): Record<Sort, number> {
  return {
    text: of("text"),
    OpenMetrics: of("OpenMetrics"),
    packed: of("packed"),
  };
}

async function startPage(side: string, series: number) {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--frozen",
      new URL("metrics_page.ts", import.meta.url).href,
      side,
      String(series),
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  reader.releaseLock();
  if (value === undefined) throw new Error(`${side} does not serve`);
  return { child, port: Number(new TextDecoder().decode(value)) };
}

/** The samples of a page, but for those that tell how they came about. */
async function samplesAt(port: number): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  return (await answer.text()).split("\n")
    .filter((line) => line !== "" && !/^(#|skymap_metrics?_)/.test(line))
    .sort().join("\n");
}

async function measure(side: string, series: number): Promise<Measured> {
  const { child, port } = await startPage(side, series);
  try {
    const samples = await samplesAt(port);
    const swaps: number[] = [];
    const first: Record<Sort, number[]> = {
      text: [],
      OpenMetrics: [],
      packed: [],
    };
    const later = structuredClone(first);
    const cpu = structuredClone(first);
    const bytes = structuredClone(first);
    for (const sort of Object.keys(SORTS) as Sort[]) {
      for (let round = 0; round < SWAPS; round++) {
        const answer = await fetch(`http://127.0.0.1:${port}/swap`, {
          method: "POST",
        });
        swaps.push(await answer.json());
        const found = await scrape(port, sort);
        first[sort].push(found.milliseconds);
        bytes[sort].push(found.bytes);
        const [seconds] = await cpuOf(child.pid, async () => {
          for (let n = 0; n < LATER; n++) {
            later[sort].push((await scrape(port, sort)).milliseconds);
          }
        });
        cpu[sort].push(seconds * 1_000 / LATER);
      }
    }
    return {
      samples,
      swapMs: median(swaps),
      first: each((sort) => median(first[sort])),
      later: each((sort) => median(later[sort])),
      bytes: each((sort) => median(bytes[sort])),
      cpuMs: each((sort) => median(cpu[sort])),
      peakMb: await residentMb(child.pid, "peak"),
    };
  } finally {
    child.kill("SIGKILL");
    await child.status;
  }
}

/** Times, sizes, processor time and memory of a page with so many series. */
export async function measureScrapes(series: number): Promise<void> {
  const mine = await measure("ours", series);
  const alone = await measure("prom-client", series);
  if (mine.samples !== alone.samples) throw new Error("the pages differ");
  const row = (
    what: string,
    unit: string,
    of: (measured: Measured) => number,
    hasOther = true,
  ) =>
    report({
      bench,
      what,
      value: of(mine),
      unit,
      ...(hasOther && {
        against: "prom-client alone",
        other: of(alone),
        ratio: of(mine) / of(alone),
      }),
    });
  const many = `${series.toLocaleString("en")} series`;
  row(`${many}: taking new values over`, "ms", ({ swapMs }) => swapMs);
  for (const sort of ["text", "packed", "OpenMetrics"] as const) {
    const hasOther = sort !== "OpenMetrics";
    row(
      `${many}, ${sort}: first page after that`,
      "ms",
      ({ first }) => first[sort],
      hasOther,
    );
    row("the same, later pages", "ms", ({ later }) => later[sort], hasOther);
    row(
      "the same, processor time of a later page",
      "ms",
      ({ cpuMs }) => cpuMs[sort],
      hasOther,
    );
    row("the same, size", "MB", ({ bytes }) => bytes[sort] / 1e6, hasOther);
  }
  row(`${many}: peak memory of the process`, "MB", ({ peakMb }) => peakMb);
}
