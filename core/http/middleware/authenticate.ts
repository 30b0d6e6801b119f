/**
 * Who asks, and whether they may.
 *
 * @module
 */

import type { MiddlewareHandler } from "hono";
import { SkymapError } from "@skymap/lib/errors";
import type { Role } from "../../cli/core_services.ts";
import type { Services } from "../services.ts";
import type { ApiEnv } from "./api_env.ts";

/** Refuses requests without a valid bearer token. */
export function authenticate(services: Services): MiddlewareHandler<ApiEnv> {
  return async function authenticateRequest(context, next) {
    const header = context.req.header("authorization");
    const token = /^Bearer +(\S+)$/i.exec(header ?? "")?.[1];
    if (token === undefined) {
      throw new SkymapError(
        "token_missing",
        `Cannot answer ${context.req.method} ${context.req.path}: ` +
          `no "Authorization: Bearer …" header was sent`,
      );
    }
    context.set("caller", await services.authenticate(token));
    await next();
  };
}

/** Refuses callers whose role is not one of these; operators may do all. */
export function allow(...roles: readonly Role[]): MiddlewareHandler<ApiEnv> {
  return async function allowRoles(context, next) {
    const { role } = context.get("caller");
    if (role !== "operator" && !roles.includes(role)) {
      throw new SkymapError(
        "permission_denied",
        `Cannot ${context.req.method} ${context.req.path}: a token with role ` +
          `"${role}" was sent, one of ${
            ["operator", ...roles].join(", ")
          } is needed`,
      );
    }
    await next();
  };
}
