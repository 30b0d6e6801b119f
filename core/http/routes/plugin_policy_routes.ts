/**
 * The policy, and the keys that are trusted.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param, readBody } from "../endpoint.ts";
import type { Services } from "../services.ts";
import {
  NEW_PLUGIN_KEY,
  PLUGIN_KEY,
  PLUGIN_POLICY,
  PLUGIN_POLICY_RESULT,
} from "./plugin_schemas.ts";

const TAG = "plugins";

/** Adds the policy and the trusted keys. */
export function addPolicyRoutes(api: Api, services: Services): void {
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
