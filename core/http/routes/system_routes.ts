/**
 * The whole system: what runs, backup and restore.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api } from "../endpoint.ts";
import { RESTORE_REPORT, SYSTEM_INFO } from "../schemas.ts";
import type { Services } from "../services.ts";
import { FORCE_QUERY, readReplacement } from "./graph_set_routes.ts";

const TAG = "system";

const GZIP = "application/gzip";

/** Adds the paths below `/system`. */
export function addSystemRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/system/info",
    tag: TAG,
    summary: "Says what runs, and how much it holds",
    roles: [],
    answer: { "application/json": SYSTEM_INFO },
    handle: async (context) => context.json(await services.system.info()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/system/backup",
    tag: TAG,
    summary: "Gives a file with everything in it",
    roles: [],
    answer: { [GZIP]: z.string() },
    handle: (context) =>
      context.body(
        ReadableStream.from(services.system.backup(context.req.raw.signal)),
        200,
        { "content-type": GZIP },
      ),
  });
  addEndpoint(api, {
    method: "post",
    path: "/system/restore",
    tag: TAG,
    summary: "Reads a backup, which counts from the next start of core on",
    roles: [],
    query: FORCE_QUERY,
    body: GZIP,
    answer: { "application/json": RESTORE_REPORT },
    handle: async (context) => {
      const { body, options } = readReplacement(context);
      return context.json(await services.system.restore(body, options));
    },
  });
}
