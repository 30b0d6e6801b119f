/**
 * The HTTP API of core: every path, in one place.
 *
 * @module
 */

import { OpenAPIHono } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import { randomId } from "@skymap/lib/ids";
import { answerMetrics } from "@skymap/lib/pages";
import { CommandLine } from "../cli/command_line.ts";
import { DOCS_PAGE } from "./docs_page.ts";
import type { Api } from "./endpoint.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import { authenticate } from "./middleware/authenticate.ts";
import { problemResponse } from "./middleware/problem.ts";
import { addCleanupRoutes } from "./routes/cleanup_routes.ts";
import { addCliRoutes } from "./routes/cli_routes.ts";
import { addCompleteRoutes } from "./routes/complete_routes.ts";
import { addConfigRoutes } from "./routes/config_routes.ts";
import { addGraphRoutes } from "./routes/graph_routes.ts";
import { addGraphSetRoutes } from "./routes/graph_set_routes.ts";
import { addHealthRoutes } from "./routes/health_routes.ts";
import { addHistoryRoutes } from "./routes/history_routes.ts";
import { addJobRoutes } from "./routes/job_routes.ts";
import { addPluginGraphRoutes } from "./routes/plugin_graph_routes.ts";
import { addTagRoutes } from "./routes/tag_routes.ts";
import { addPluginRoutes } from "./routes/plugin_routes.ts";
import { addPropertyRoutes } from "./routes/property_routes.ts";
import { addRegistryRoutes } from "./routes/registry_routes.ts";
import { addSearchRoutes } from "./routes/search_routes.ts";
import { addSystemRoutes } from "./routes/system_routes.ts";
import { addTimeSeriesRoutes } from "./routes/timeseries_routes.ts";
import { addTemplateRoutes } from "./routes/template_routes.ts";
import {
  addSubscriberRoutes,
  addWorkflowRoutes,
} from "./routes/workflow_routes.ts";
import type { Services } from "./services.ts";

/** The only address the page of `/docs` may talk to is its own. */
const DOCS_POLICY = "default-src 'none'; style-src 'unsafe-inline'; " +
  "script-src 'unsafe-inline'; connect-src 'self'";

/**
 * Makes the application; `app.request()` answers without a socket.
 *
 * @param commandLine What runs lines. Default: the commands of core, alone.
 */
export function createApi(
  services: Services,
  commandLine: CommandLine = new CommandLine({ services }),
): Api {
  const api: Api = new OpenAPIHono<ApiEnv>();
  api.onError(problemResponse);
  api.notFound((context) =>
    problemResponse(
      new SkymapError(
        "not_found",
        `Cannot ${context.req.method} ${context.req.path}: no such path; /docs lists them all`,
      ),
      context,
    )
  );
  if (services.time !== undefined) api.use(services.time);
  api.use(async (context, next) => {
    context.set("requestId", randomId());
    await next();
    context.header("x-request-id", context.get("requestId"));
    context.header("x-content-type-options", "nosniff");
  });

  addHealthRoutes(api, services);
  const { rpc } = services;
  if (rpc !== undefined) {
    // The socket signs in by itself, with the same tokens.
    api.get("/rpc", (context) => rpc(context.req.raw));
  }
  api.get("/docs", (context) => {
    context.header("content-security-policy", DOCS_POLICY);
    return context.html(DOCS_PAGE);
  });
  api.doc31("/openapi.json", {
    openapi: "3.1.0",
    info: { title: "Skymap", version: services.version },
  });
  api.openAPIRegistry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
  });
  api.use(authenticate(services));
  api.get(
    "/metrics",
    async ({ req }) => answerMetrics(req.raw, await services.metrics()),
  );
  addGraphRoutes(api, services);
  addGraphSetRoutes(api, services);
  addSearchRoutes(api, services);
  addHistoryRoutes(api, services);
  addTimeSeriesRoutes(api, services);
  addPropertyRoutes(api, services);
  addTemplateRoutes(api, services);
  addSystemRoutes(api, services);
  addConfigRoutes(api, services);
  addCliRoutes(api, commandLine);
  addCompleteRoutes(api, services, commandLine);
  addPluginRoutes(api, services);
  addPluginGraphRoutes(api, services);
  addTagRoutes(api, services);
  addRegistryRoutes(api, services);
  addSubscriberRoutes(api, services);
  addWorkflowRoutes(api, services);
  addJobRoutes(api, services);
  addCleanupRoutes(api, services);
  return api;
}
