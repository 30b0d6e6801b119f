/**
 * The registry as files, for workers and other installations.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param } from "../endpoint.ts";
import type { Role } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";
import { PUBLISHED_PLUGIN, REGISTRY_INDEX } from "./plugin_schemas.ts";

const TAG = "registry";
const ANY: readonly Role[] = ["worker", "metrics"];

/** A version never changes, so who has it need not ask again. */
const FOREVER = {
  "cache-control": "private, max-age=31536000, immutable",
};

/** Files of a version that are given as they are. */
const TEXTS = [
  {
    file: "module.js",
    text: "module",
    type: "text/javascript; charset=utf-8",
    summary: "Gives the module of a version",
    answer: { "text/javascript": z.string() },
  },
  {
    file: "lock.json",
    text: "lock",
    type: "application/json",
    summary: "Gives the lock that a version was packed with",
    answer: { "application/json": z.unknown() },
  },
] as const;

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
  for (const { file, text, type, summary, answer } of TEXTS) {
    addEndpoint(api, {
      method: "get",
      path: `/registry/{name}/{version}/${file}`,
      tag: TAG,
      summary,
      roles: ANY,
      answer,
      handle: async (context) =>
        context.body(
          await services.plugins[text](
            param(context, "name"),
            param(context, "version"),
          ),
          200,
          { ...FOREVER, "content-type": type },
        ),
    });
  }
}
