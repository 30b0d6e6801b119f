/**
 * The registry as files, for workers and other installations.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param } from "../endpoint.ts";
import type { Role, Services } from "../services.ts";
import { PUBLISHED_PLUGIN, REGISTRY_INDEX } from "./plugin_schemas.ts";

const TAG = "registry";
const ANY: readonly Role[] = ["worker", "metrics"];

/** A version never changes, so who has it need not ask again. */
const FOREVER = {
  "cache-control": "private, max-age=31536000, immutable",
};

/** Adds `/registry`. */
export function addRegistryRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/registry/index.json",
    tag: TAG,
    summary: "Lists the approved versions that can be had from here",
    roles: ANY,
    answer: { "application/json": REGISTRY_INDEX },
    handle: (context) => context.json(services.plugins.index()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/registry/{name}/{version}/manifest.json",
    tag: TAG,
    summary: "Tells what the module of a version is",
    roles: ANY,
    answer: { "application/json": PUBLISHED_PLUGIN },
    handle: (context) =>
      context.json(
        services.plugins.published(
          param(context, "name"),
          param(context, "version"),
        ),
        200,
        FOREVER,
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/registry/{name}/{version}/module.js",
    tag: TAG,
    summary: "Gives the module of a version",
    roles: ANY,
    answer: { "text/javascript": z.string() },
    handle: async (context) =>
      context.body(
        await services.plugins.module(
          param(context, "name"),
          param(context, "version"),
        ),
        200,
        { ...FOREVER, "content-type": "text/javascript; charset=utf-8" },
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/registry/{name}/{version}/lock.json",
    tag: TAG,
    summary: "Gives the lock that a version was packed with",
    roles: ANY,
    answer: { "application/json": z.unknown() },
    handle: async (context) =>
      context.body(
        await services.plugins.lock(
          param(context, "name"),
          param(context, "version"),
        ),
        200,
        { ...FOREVER, "content-type": "application/json" },
      ),
  });
}
