/**
 * The small pages of worker and metrics: `/health` and `/metrics`.
 *
 * @module
 */

import { messageOf, SkymapError } from "../errors.ts";
import type { JsonObject } from "../json.ts";
import { answerMetrics } from "./answer_metrics.ts";
import type { MetricBlock } from "./metric_block.ts";

/** What the pages tell. */
export interface Pages {
  /** Prometheus metrics. */
  readonly metrics: {
    /** All of them, as they are at one moment. */
    readonly blocks: () => Promise<readonly MetricBlock[]>;
  };
  /** Whether the process is connected to core. */
  readonly connected: () => boolean;
  /** What else there is to say of its health. Default: nothing. */
  readonly health?: () => JsonObject;
}

/** Answers `/health` and `/metrics`. */
export async function answerPage(
  request: Request,
  { metrics, connected, health }: Pages,
): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== "GET" && request.method !== "HEAD") {
    return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
  }
  switch (pathname) {
    case "/health":
      return Response.json({
        status: "ok",
        connected: connected(),
        ...health?.(),
      });
    case "/metrics":
      return answerMetrics(request, await metrics.blocks());
    default:
      return new Response("Not found\n", { status: 404 });
  }
}

/**
 * Serves the pages.
 *
 * @throws {SkymapError} `port_in_use`; `config_invalid`, if it is no address of
 * this machine.
 */
export function servePages(
  address: { readonly host: string; readonly port: number },
  pages: Pages,
): Deno.HttpServer<Deno.NetAddr> {
  const { host, port } = address;
  try {
    return Deno.serve(
      { hostname: host, port, onListen() {} },
      (request) => answerPage(request, pages),
    );
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) {
      throw new SkymapError(
        "config_invalid",
        `Cannot listen on ${host}:${port}: ${messageOf(cause)}; wanted ` +
          "--web-host and --web-port of this machine",
        { cause },
      );
    }
    throw new SkymapError(
      "port_in_use",
      `Cannot listen on ${host}:${port}: another process does; name another port with --web-port`,
      { cause },
    );
  }
}
