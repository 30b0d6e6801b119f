import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { answerMetrics, pageText } from "./answer_metrics.ts";
import { MetricBlock } from "./metric_block.ts";
import { registryBlocks } from "./registry_blocks.ts";
import { servePages } from "./serve_pages.ts";

const TEXT = "text/plain";
const OPEN = "application/openmetrics-text";

/** A page with a gauge of so many series. */
function page(series = 1): readonly MetricBlock[] {
  return [
    new MetricBlock({
      name: "disk_bytes",
      help: 'A "disk"\nof \\',
      type: "gauge",
      samples: Array.from({ length: series }, (_, at) => ({
        labels: { disk: `disk-${at}` },
        value: at,
      })),
    }),
  ];
}

async function typeOf(accept: string | undefined): Promise<string> {
  const headers = new Headers(accept === undefined ? {} : { accept });
  const response = await answerMetrics({ method: "GET", headers }, page());
  await response.body?.cancel();
  const [type = ""] = (response.headers.get("content-type") ?? "").split(";");
  return type;
}

Deno.test("answerMetrics() gives the format that is liked best", async () => {
  const table: readonly [string | undefined, string][] = [
    [undefined, TEXT],
    ["", TEXT],
    ["*/*", TEXT],
    ["text/html", TEXT],
    ["application/json", TEXT],
    [OPEN, OPEN],
    [`${OPEN}; version=1.0.0; charset=utf-8`, OPEN],
    [`${OPEN};version="1.0.0"`, OPEN],
    [`${OPEN};version=2.0.0`, TEXT],
    [`${OPEN.toUpperCase()}`, OPEN],
    [`${OPEN};q=0`, TEXT],
    [`${OPEN};q=0,*/*`, TEXT],
    [`${OPEN}, ${TEXT}`, TEXT],
    [`${OPEN}, */*`, OPEN],
    [`${OPEN};q=0.5, ${TEXT};q=0.9`, TEXT],
    [`${OPEN};q=0.9, ${TEXT};q=0.5`, OPEN],
    [`${TEXT};q=0, */*;q=0.1`, OPEN],
    ["application/*, text/*;q=0.5", OPEN],
    [";;;,q=1,=,x;q=x", TEXT],
    // What Prometheus 2.42 sends, and Prometheus 3.
    [
      "application/openmetrics-text;version=1.0.0;q=0.75,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
      OPEN,
    ],
    [
      "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      OPEN,
    ],
  ];
  for (const [accept, wanted] of table) {
    strictEqual(await typeOf(accept), wanted, accept);
  }
});

Deno.test("answerMetrics() packs only for those who take it", async () => {
  const table: readonly [string | undefined, boolean][] = [
    [undefined, false],
    ["", false],
    ["gzip", true],
    ["GZIP", true],
    ["x-gzip", true],
    ["deflate, gzip;q=0.5", true],
    ["gzip;q=0", false],
    ["gzip; q=0.000", false],
    ["*", true],
    ["*;q=0", false],
    ["gzip;q=0, *", false],
    ["identity", false],
    ["identity, gzip;q=0.5", false],
    ["br", false],
  ];
  for (const [accepted, isPacked] of table) {
    const headers = new Headers(
      accepted === undefined ? {} : { "accept-encoding": accepted },
    );
    const response = await answerMetrics({ method: "GET", headers }, page());
    await response.body?.cancel();
    strictEqual(
      response.headers.get("content-encoding"),
      isPacked ? "gzip" : null,
      accepted,
    );
    strictEqual(response.headers.get("vary"), "Accept, Accept-Encoding");
  }
});

Deno.test("pageText() writes counters, units and ends as each format has them", async () => {
  const registry = new Registry();
  const registers = [registry];
  new Counter({ name: "seen_total", help: "Seen", registers }).inc(3);
  new Gauge({ name: "age_seconds", help: 'An "age"', registers }).set(1.5);
  new Histogram({ name: "way", help: "Way", buckets: [1, 2.5], registers })
    .observe(2);
  const blocks = await registryBlocks(registry);
  deepStrictEqual((await pageText(blocks)).split("\n"), [
    "# HELP seen_total Seen",
    "# TYPE seen_total counter",
    "seen_total 3",
    '# HELP age_seconds An "age"',
    "# TYPE age_seconds gauge",
    "age_seconds 1.5",
    "# HELP way Way",
    "# TYPE way histogram",
    'way_bucket{le="1.0"} 0',
    'way_bucket{le="2.5"} 1',
    'way_bucket{le="+Inf"} 1',
    "way_sum 2",
    "way_count 1",
    "",
  ]);
  deepStrictEqual((await pageText(blocks, "openmetrics")).split("\n"), [
    "# TYPE seen counter",
    "# HELP seen Seen",
    "seen_total 3",
    "# TYPE age_seconds gauge",
    "# UNIT age_seconds seconds",
    '# HELP age_seconds An \\"age\\"',
    "age_seconds 1.5",
    "# TYPE way histogram",
    "# HELP way Way",
    'way_bucket{le="1.0"} 0',
    'way_bucket{le="2.5"} 1',
    'way_bucket{le="+Inf"} 1',
    "way_sum 2",
    "way_count 1",
    "# EOF",
    "",
  ]);
});

Deno.test("answerMetrics() lets others work while it writes a large page", async () => {
  let turns = 0;
  let isOver = false;
  const others = (async () => {
    while (!isOver) {
      turns++;
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  const headers = new Headers({ "accept-encoding": "gzip" });
  const startedAt = performance.now();
  const answer = await answerMetrics({ method: "GET", headers }, page(100_000));
  const tookMs = performance.now() - startedAt;
  isOver = true;
  await others;
  await answer.body?.cancel();
  ok(turns > 5, `${turns} turns of others in ${tookMs} ms`);
});

Deno.test("servePages() gives large pages whole, packed or not, and their head", async () => {
  const blocks = page(30_000);
  await using server = servePages({ host: "127.0.0.1", port: 0 }, {
    metrics: { blocks: () => Promise.resolve(blocks) },
    connected: () => true,
    health: () => ({ age: 7 }),
  });
  const url = `http://127.0.0.1:${server.addr.port}`;
  const text = await pageText(blocks);
  ok(text.length > 2 * 256 * 1024);
  for (const encoding of ["gzip", "identity", "br"]) {
    const response = await fetch(`${url}/metrics`, {
      headers: { "accept-encoding": encoding },
    });
    strictEqual(await response.text(), text, encoding);
  }
  const head = await fetch(`${url}/metrics`, {
    method: "HEAD",
    headers: { "accept-encoding": "identity" },
  });
  strictEqual(await head.text(), "");
  strictEqual(head.headers.get("content-length"), String(text.length));
  match(head.headers.get("content-type") ?? "", /^text\/plain/);
  const posted = await fetch(`${url}/metrics`, { method: "POST" });
  await posted.body?.cancel();
  strictEqual(posted.status, 405);
  deepStrictEqual(await (await fetch(`${url}/health`)).json(), {
    status: "ok",
    connected: true,
    age: 7,
  });
});

Deno.test("servePages() says where it cannot listen, and what to do", async () => {
  const pages = {
    metrics: { blocks: () => Promise.resolve([]) },
    connected: () => true,
  };
  await using server = servePages({ host: "127.0.0.1", port: 0 }, pages);
  const { port } = server.addr;
  throws(() => servePages({ host: "127.0.0.1", port }, pages), {
    code: "port_in_use",
    message: /name another port with --web-port$/,
  });
  // An address for documents, which no machine has.
  throws(() => servePages({ host: "192.0.2.1", port: 0 }, pages), {
    code: "config_invalid",
    message: /^Cannot listen on 192\.0\.2\.1:0: .*; wanted --web-host/,
  });
});
