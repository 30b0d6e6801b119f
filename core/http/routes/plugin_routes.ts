/**
 * Plugins: added, looked at, approved, stopped.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { throwFailure } from "../../registry/plugin_commands.ts";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import type { Services } from "../services.ts";
import {
  PLUGIN,
  PLUGIN_ADDED,
  PLUGIN_ADDITION,
  PLUGIN_APPROVAL,
  PLUGIN_AUDIT,
  PLUGIN_CALL,
  PLUGIN_CHOICE,
  PLUGIN_SUMMARY,
} from "./plugin_schemas.ts";
import { addPolicyRoutes } from "./plugin_policy_routes.ts";
import { addWorkerRoutes } from "./plugin_worker_routes.ts";

const TAG = "plugins";

const AUDIT_QUERY = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  denied: z.enum(["true", "false"]).default("false"),
});

/** Changes that need nothing but the name. */
const CHANGES = [
  ["disable", "Stops a plugin from running"],
  ["rollback", "Returns to the version that was active before"],
] as const;

const REMOVALS = [
  ["/plugins/{name}", "Removes every version of a plugin that was added"],
  ["/plugins/{name}/{version}", "Removes a version that is not active"],
] as const;

/** Adds `/plugins`. What names no plugin comes first: such names are reserved. */
export function addPluginRoutes(api: Api, services: Services): void {
  addWorkerRoutes(api, services);
  addPolicyRoutes(api, services);
  addCommandRoute(api, services);
  addEndpoint(api, {
    method: "get",
    path: "/plugins",
    tag: TAG,
    summary: "Lists the plugins",
    roles: [],
    answer: { "application/json": z.array(PLUGIN_SUMMARY) },
    handle: (context) => context.json(services.plugins.list()),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins",
    tag: TAG,
    summary: "Adds a version of a plugin, which waits for approval",
    roles: [],
    body: PLUGIN_ADDITION,
    answer: { "application/json": PLUGIN_ADDED },
    handle: async (context) =>
      context.json(
        await services.plugins.add(
          await readBody(context, PLUGIN_ADDITION),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/plugins/{name}",
    tag: TAG,
    summary: "Gives a plugin with all its versions",
    roles: [],
    answer: { "application/json": PLUGIN },
    handle: (context) =>
      context.json(services.plugins.get(param(context, "name"))),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins/{name}/{version}/approve",
    tag: TAG,
    summary: "Approves a version as it was seen, and lets it run",
    roles: [],
    body: PLUGIN_APPROVAL,
    answer: { "application/json": PLUGIN },
    handle: async (context) =>
      context.json(
        await services.plugins.approve(
          param(context, "name"),
          param(context, "version"),
          await readBody(context, PLUGIN_APPROVAL),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins/{name}/enable",
    tag: TAG,
    summary: "Lets a plugin run: its active version, or the one that is named",
    roles: [],
    body: PLUGIN_CHOICE,
    answer: { "application/json": PLUGIN },
    handle: async (context) => {
      const { version } = await readBody(context, PLUGIN_CHOICE);
      return context.json(
        await services.plugins.enable(
          param(context, "name"),
          version,
          context.get("caller").subject,
        ),
      );
    },
  });
  for (const [change, summary] of CHANGES) {
    addEndpoint(api, {
      method: "post",
      path: `/plugins/{name}/${change}`,
      tag: TAG,
      summary,
      roles: [],
      answer: { "application/json": PLUGIN },
      handle: async (context) =>
        context.json(
          await services.plugins[change](
            param(context, "name"),
            context.get("caller").subject,
          ),
        ),
    });
  }
  for (const [path, summary] of REMOVALS) {
    addEndpoint(api, {
      method: "delete",
      path,
      tag: TAG,
      summary,
      roles: [],
      handle: async (context) => {
        await services.plugins.remove(
          param(context, "name"),
          context.req.param("version"),
          context.get("caller").subject,
        );
        return context.body(null, 204);
      },
    });
  }
  addEndpoint(api, {
    method: "get",
    path: "/plugins/{name}/audit",
    tag: TAG,
    summary: "Lists what happened to a plugin and what it did, newest first",
    roles: [],
    query: AUDIT_QUERY,
    answer: { "application/json": z.array(PLUGIN_AUDIT) },
    handle: async (context) => {
      const { limit, denied } = readQuery(context, AUDIT_QUERY);
      return context.json(
        await services.plugins.audit(param(context, "name"), limit, {
          denied: denied === "true",
        }),
      );
    },
  });
}

/** Adds the commands of plugins. */
function addCommandRoute(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "post",
    path: "/plugins/{name}/commands/{command}",
    tag: TAG,
    summary: "Runs a command of a plugin, and gives what it printed",
    roles: [],
    body: PLUGIN_CALL,
    answer: { "application/json": z.array(z.unknown()) },
    handle: async (context) => {
      const { args = [], input = [] } = await readBody(context, PLUGIN_CALL);
      const result = await services.pluginCommands.run(
        param(context, "name"),
        param(context, "command"),
        { args, input, signal: context.req.raw.signal },
      );
      throwFailure(result);
      return new Response(JSON.stringify(result.printed), {
        headers: { "content-type": "application/json" },
      });
    },
  });
}
