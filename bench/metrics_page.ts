/**
 * Serves a page of many series, until it is killed: by our exporter or by
 * prom-client alone. `POST /swap` gives every series a new value and answers
 * with the milliseconds that took. Prints its port.
 *
 * Words: `ours` or `prom-client`; series.
 */
import { metricsInForce } from "@skymap/lib/metrics";
import { answerPage } from "@skymap/lib/pages";
import { gzipSync } from "node:zlib";
import { Gauge, Registry } from "prom-client";
import { Exporter } from "../metrics/exporter.ts";
import type { Sample } from "../metrics/sample.ts";

const [side = "", count = ""] = Deno.args;
const series = Number(count);

const metrics = metricsInForce({
  metrics: {},
  series_limit: series,
}).slice(0, 20);
const LABELS = ["cloud", "account", "region", "type", "status"];

/** The samples of a metric: those of five statuses in so many accounts. */
function samplesOf(round: number): readonly Sample[] {
  const each = Math.ceil(series / metrics.length);
  return Array.from({ length: each }, (_, at) => ({
    labels: {
      cloud: "demo",
      account: `acme-team-${Math.floor(at / 60)}`,
      region: ["eu-west", "us-east", "ap-south"][Math.floor(at / 20) % 3] ?? "",
      type: `d${Math.floor(at / 5) % 4 + 1}.xlarge`,
      status: ["running", "stopped", "terminated", "busy", "unknown"][at % 5] ??
        "",
    },
    value: at * 1.5 + round,
  }));
}

/** A page, and what gives it new values. */
interface Served {
  readonly swap: (rounds: readonly (readonly Sample[])[]) => void;
  readonly answer: (request: Request) => Promise<Response>;
}

function ours(): Served {
  const exporter = new Exporter();
  const pages = {
    metrics: { blocks: () => Promise.resolve(exporter.blocks) },
    connected: () => true,
  };
  return {
    swap: (found) =>
      exporter.update({
        graph: "main",
        metrics,
        results: metrics.map((metric, at) => ({
          ok: true,
          metric,
          set: {
            metric,
            rows: found[at]?.length ?? 0,
            samples: found[at] ?? [],
          },
          coverage: { scopes: 9, complete: 9, stale: 0, failed: 0 },
          at: Date.now(),
          durationMs: 1,
        })),
        durationMs: 1,
      }),
    answer: (request) => answerPage(request, pages),
  };
}

function promClient(): Served {
  const registry = new Registry();
  const gauges = metrics.map(({ name, help }) =>
    new Gauge({
      name: `skymap_${name}`,
      help,
      labelNames: LABELS,
      registers: [registry],
    })
  );
  return {
    swap: (found) => {
      for (const [at, gauge] of gauges.entries()) {
        gauge.reset();
        for (const { labels, value } of found[at] ?? []) {
          gauge.set({ ...labels }, value);
        }
      }
    },
    answer: async ({ headers }) => {
      const text = await registry.metrics();
      const isPacked = headers.get("accept-encoding")?.includes("gzip");
      return new Response(isPacked ? new Uint8Array(gzipSync(text)) : text, {
        headers: {
          "content-type": registry.contentType,
          ...(isPacked && { "content-encoding": "gzip" }),
        },
      });
    },
  };
}

const { swap, answer } = side === "ours" ? ours() : promClient();
let round = 0;

/** New values for all; only taking them over counts. */
function swapAll(): number {
  const found = metrics.map(() => samplesOf(round));
  round++;
  const startedAt = performance.now();
  swap(found);
  return performance.now() - startedAt;
}

swapAll();
Deno.serve(
  {
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) =>
      Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`)),
  },
  (request) =>
    request.method === "POST" ? Response.json(swapAll()) : answer(request),
);
