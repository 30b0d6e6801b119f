/**
 * Whether core is alive and ready: the only paths that need no token.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import { addEndpoint, type Api } from "../endpoint.ts";
import type { Services } from "../services.ts";

/** Adds `GET /health` and `GET /ready`. */
export function addHealthRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/health",
    tag: "system",
    summary: "Says that core is alive",
    roles: "open",
    answer: {
      "application/json": z.object({
        status: z.literal("ok"),
        version: z.string(),
      }),
    },
    handle: (context) =>
      context.json({ status: "ok", version: services.version }),
  });
  addEndpoint(api, {
    method: "get",
    path: "/ready",
    tag: "system",
    summary: "Says whether requests can be answered now",
    roles: "open",
    answer: { "application/json": z.object({ status: z.literal("ready") }) },
    handle: (context) => {
      const reason = services.ready();
      if (reason === undefined) return context.json({ status: "ready" });
      throw new SkymapError("unavailable", `Cannot answer yet: ${reason}`);
    },
  });
}
