/**
 * What workers ask and tell of plugins.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, readBody, readQuery } from "../endpoint.ts";
import type { Services } from "../services.ts";
import {
  ACTIVE_PLUGINS,
  INSTALLED_PLUGINS,
  PLUGIN_ACCESSES,
  REFUSED_PLUGINS,
} from "./plugin_schemas.ts";

const TAG = "plugins";

/** The revision that the caller has: nothing is answered when it is the same. */
const ACTIVE_QUERY = z.object({ unless: z.string().optional() });

/** Adds what workers ask and tell. */
export function addWorkerRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/plugins/active",
    tag: TAG,
    summary: "Lists what workers run, with what each may reach and use",
    roles: ["worker"],
    query: ACTIVE_QUERY,
    answer: { "application/json": ACTIVE_PLUGINS },
    handle: (context) => {
      const { unless } = readQuery(context, ACTIVE_QUERY);
      const active = services.plugins.active();
      return active.revision === unless
        ? context.body(null, 204)
        : context.json(active);
    },
  });
  addEndpoint(api, {
    method: "put",
    path: "/plugins/installation",
    tag: TAG,
    summary: "Tells the plugins that came with a worker's Skymap",
    roles: ["worker"],
    body: INSTALLED_PLUGINS,
    answer: { "application/json": REFUSED_PLUGINS },
    handle: async (context) =>
      context.json(
        await services.plugins.announce(
          await readBody(context, INSTALLED_PLUGINS),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins/audit",
    tag: TAG,
    summary: "Tells what plugins reached for",
    roles: ["worker"],
    body: PLUGIN_ACCESSES,
    handle: async (context) => {
      await services.plugins.record(
        await readBody(context, PLUGIN_ACCESSES),
        context.get("caller").subject,
      );
      return context.body(null, 204);
    },
  });
}
