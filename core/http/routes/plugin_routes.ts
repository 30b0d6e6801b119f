/**
 * Plugins: added, looked at, approved, stopped.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import type { Services } from "../services.ts";
import {
  ACTIVE_PLUGINS,
  INSTALLED_PLUGINS,
  NEW_PLUGIN_KEY,
  PLUGIN,
  PLUGIN_ACCESSES,
  PLUGIN_ADDED,
  PLUGIN_ADDITION,
  PLUGIN_APPROVAL,
  PLUGIN_AUDIT,
  PLUGIN_CALL,
  PLUGIN_CHOICE,
  PLUGIN_KEY,
  PLUGIN_POLICY,
  PLUGIN_POLICY_RESULT,
  PLUGIN_SUMMARY,
  REFUSED_PLUGINS,
} from "./plugin_schemas.ts";

const TAG = "plugins";

const AUDIT_QUERY = z.object({
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  denied: z.enum(["true", "false"]).default("false"),
});

/** The revision that the caller has: nothing is answered when it is the same. */
const ACTIVE_QUERY = z.object({ unless: z.string().optional() });

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
  addEndpoint(api, {
    method: "post",
    path: "/plugins/{name}/disable",
    tag: TAG,
    summary: "Stops a plugin from running",
    roles: [],
    answer: { "application/json": PLUGIN },
    handle: async (context) =>
      context.json(
        await services.plugins.disable(
          param(context, "name"),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins/{name}/rollback",
    tag: TAG,
    summary: "Returns to the version that was active before",
    roles: [],
    answer: { "application/json": PLUGIN },
    handle: async (context) =>
      context.json(
        await services.plugins.rollback(
          param(context, "name"),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "delete",
    path: "/plugins/{name}",
    tag: TAG,
    summary: "Removes every version of a plugin that was added",
    roles: [],
    handle: async (context) => {
      await services.plugins.remove(
        param(context, "name"),
        undefined,
        context.get("caller").subject,
      );
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/plugins/{name}/{version}",
    tag: TAG,
    summary: "Removes a version that is not active",
    roles: [],
    handle: async (context) => {
      await services.plugins.remove(
        param(context, "name"),
        param(context, "version"),
        context.get("caller").subject,
      );
      return context.body(null, 204);
    },
  });
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
      const printed = await services.pluginCommands.run(
        param(context, "name"),
        param(context, "command"),
        { args, input, signal: context.req.raw.signal },
      );
      return new Response(JSON.stringify(printed), {
        headers: { "content-type": "application/json" },
      });
    },
  });
}

/** Adds what workers ask and tell. */
function addWorkerRoutes(api: Api, services: Services): void {
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

/** Adds the policy and the trusted keys. */
function addPolicyRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/plugins/policy",
    tag: TAG,
    summary: "Gives the caps on what any plugin may get",
    roles: [],
    answer: { "application/json": PLUGIN_POLICY },
    handle: (context) => context.json(services.plugins.policy()),
  });
  addEndpoint(api, {
    method: "put",
    path: "/plugins/policy",
    tag: TAG,
    summary: "Sets the caps, and stops plugins that have more",
    roles: [],
    body: PLUGIN_POLICY,
    answer: { "application/json": PLUGIN_POLICY_RESULT },
    handle: async (context) =>
      context.json(
        await services.plugins.setPolicy(
          await readBody(context, PLUGIN_POLICY),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/plugins/keys",
    tag: TAG,
    summary: "Lists the keys whose signatures are trusted",
    roles: [],
    answer: { "application/json": z.array(PLUGIN_KEY) },
    handle: (context) => context.json(services.plugins.keys()),
  });
  addEndpoint(api, {
    method: "post",
    path: "/plugins/keys",
    tag: TAG,
    summary: "Trusts a key",
    roles: [],
    body: NEW_PLUGIN_KEY,
    answer: { "application/json": PLUGIN_KEY },
    handle: async (context) =>
      context.json(
        await services.plugins.putKey(
          await readBody(context, NEW_PLUGIN_KEY),
          context.get("caller").subject,
        ),
      ),
  });
  addEndpoint(api, {
    method: "delete",
    path: "/plugins/keys/{id}",
    tag: TAG,
    summary: "Trusts a key no more, and stops plugins that need it",
    roles: [],
    answer: { "application/json": PLUGIN_POLICY_RESULT },
    handle: async (context) =>
      context.json(
        await services.plugins.removeKey(
          param(context, "id"),
          context.get("caller").subject,
        ),
      ),
  });
}
