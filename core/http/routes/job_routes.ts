/**
 * Jobs.
 *
 * @module
 */

import type { Context } from "hono";
import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param, readBody } from "../endpoint.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import { JOB, JOB_DEFINITION, RUN } from "../schemas.ts";
import type { Services } from "../services.ts";

const TAG = "jobs";

/** Adds `/jobs` and the paths below `/job`. */
export function addJobRoutes(api: Api, services: Services): void {
  const id = (context: Context<ApiEnv>) => param(context, "id");
  addEndpoint(api, {
    method: "get",
    path: "/jobs",
    tag: TAG,
    summary: "Lists the jobs, by id",
    roles: [],
    answer: { "application/json": z.array(JOB) },
    handle: (context) => context.json(services.jobs.list()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/job/{id}",
    tag: TAG,
    summary: "Gives one job",
    roles: [],
    answer: { "application/json": JOB },
    handle: (context) => context.json(services.jobs.get(id(context))),
  });
  addEndpoint(api, {
    method: "put",
    path: "/job/{id}",
    tag: TAG,
    summary: "Adds a job, or replaces it",
    roles: [],
    body: JOB_DEFINITION,
    answer: { "application/json": JOB },
    handle: async (context) => {
      const job = await readBody(context, JOB_DEFINITION);
      return context.json(await services.jobs.put(id(context), job));
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/job/{id}",
    tag: TAG,
    summary: "Deletes a job; what runs of it goes on",
    roles: [],
    handle: async (context) => {
      await services.jobs.remove(id(context));
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/job/{id}/run",
    tag: TAG,
    summary: "Runs a job now, or gives the run that waits already",
    roles: [],
    answer: { "application/json": RUN },
    handle: async (context) => {
      const trigger = `api:${context.get("caller").subject}`;
      return context.json(await services.jobs.run(id(context), trigger));
    },
  });
  for (
    const [verb, isActive] of [["activate", true], [
      "deactivate",
      false,
    ]] as const
  ) {
    addEndpoint(api, {
      method: "post",
      path: `/job/{id}/${verb}`,
      tag: TAG,
      summary: isActive
        ? "Lets the schedule and the event of a job count"
        : "Lets neither schedule nor event of a job count",
      roles: [],
      answer: { "application/json": JOB },
      handle: async (context) =>
        context.json(await services.jobs.setActive(id(context), isActive)),
    });
  }
}
