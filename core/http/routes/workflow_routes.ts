/**
 * Workflows, their runs, and who listens to them.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import { RUN, RUN_FRAME, RUN_LOG, SUBSCRIBER, WORKFLOW } from "../schemas.ts";
import type { Services } from "../services.ts";
import { streamAnswer, textsOf } from "../stream_answer.ts";

const TIME = z.iso.datetime({ offset: true });

const RUNS_QUERY = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  workflow: z.string().optional(),
  state: z.enum(["waiting", "running", "done", "failed", "stopped"]).optional(),
  started_after: TIME.optional(),
  started_before: TIME.optional(),
  has_errors: z.stringbool().optional(),
});

/** Adds `/workflows` and `/runs`. */
export function addWorkflowRoutes(api: Api, services: Services): void {
  const known = async (id: string) => {
    const run = await services.workflows.get(id);
    if (run !== undefined) return run;
    throw new SkymapError(
      "run_unknown",
      `Cannot find run "${id}": there is none of that id`,
    );
  };
  addEndpoint(api, {
    method: "get",
    path: "/workflows",
    tag: "workflows",
    summary: "Lists the workflows and when they run next",
    roles: ["metrics"],
    answer: { "application/json": z.array(WORKFLOW) },
    handle: (context) => context.json(services.workflows.list()),
  });
  addEndpoint(api, {
    method: "post",
    path: "/workflows/{name}/run",
    tag: "workflows",
    summary: "Starts a run, or gives the one that waits already",
    roles: [],
    answer: { "application/json": RUN },
    handle: async (context) =>
      context.json(
        await services.workflows.run(
          param(context, "name"),
          `api:${context.get("caller").subject}`,
        ),
      ),
  });
  addEndpoint(api, {
    method: "get",
    path: "/runs",
    tag: "workflows",
    summary: "Lists runs, the newest first",
    roles: ["metrics"],
    query: RUNS_QUERY,
    answer: { "application/json": z.array(RUN) },
    handle: async (context) => {
      const query = readQuery(context, RUNS_QUERY);
      const { limit, workflow, state } = query;
      return context.json(
        await services.workflows.runs({
          limit,
          ...(workflow !== undefined && { workflow }),
          ...(state !== undefined && { state }),
          ...(query.started_after !== undefined && {
            startedAfter: Date.parse(query.started_after),
          }),
          ...(query.started_before !== undefined && {
            startedBefore: Date.parse(query.started_before),
          }),
          hasErrors: query.has_errors ?? false,
        }),
      );
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/runs/{id}",
    tag: "workflows",
    summary: "Gives one run",
    roles: ["metrics"],
    answer: { "application/json": RUN },
    handle: async (context) => context.json(await known(param(context, "id"))),
  });
  addEndpoint(api, {
    method: "get",
    path: "/runs/{id}/log",
    tag: "workflows",
    summary: "Gives the log of a run, the oldest line first",
    roles: [],
    answer: { "application/json": z.array(RUN_LOG) },
    handle: async (context) => {
      const { id } = await known(param(context, "id"));
      return context.json(await services.workflows.log(id));
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/runs/{id}/follow",
    tag: "workflows",
    summary: "Tells how a run goes, from now to its end",
    roles: [],
    answer: { "application/x-ndjson": RUN_FRAME },
    handle: (context) =>
      streamAnswer(context, { shape: "records" }, () => ({
        texts: textsOf(
          services.workflows.follow(
            param(context, "id"),
            context.req.raw.signal,
          ),
        ),
      })),
  });
  addEndpoint(api, {
    method: "post",
    path: "/events/{name}",
    tag: "workflows",
    summary: "Tells jobs of an event of your own; gives the runs that start",
    roles: [],
    answer: { "application/json": z.array(RUN) },
    handle: async (context) =>
      context.json(await services.workflows.emit(param(context, "name"))),
  });
  addEndpoint(api, {
    method: "delete",
    path: "/runs/{id}",
    tag: "workflows",
    summary: "Stops a run; what it did stays",
    roles: [],
    handle: async (context) => {
      const { id } = await known(param(context, "id"));
      await services.workflows.stop(id);
      return context.body(null, 204);
    },
  });
}

/** Adds `/subscribers` and `/subscriber/{id}`. */
export function addSubscriberRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/subscribers",
    tag: "subscribers",
    summary: "Lists who listens to workflows",
    roles: [],
    answer: { "application/json": z.array(SUBSCRIBER) },
    handle: (context) => context.json(services.subscribers.list()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/subscriber/{id}",
    tag: "subscribers",
    summary: "Gives one subscriber",
    roles: [],
    answer: { "application/json": SUBSCRIBER },
    handle: (context) => {
      const id = param(context, "id");
      const subscriber = services.subscribers.get(id);
      if (subscriber !== undefined) return context.json(subscriber);
      throw new SkymapError(
        "subscriber_unknown",
        `Cannot find subscriber "${id}"`,
      );
    },
  });
  addEndpoint(api, {
    method: "put",
    path: "/subscriber/{id}",
    tag: "subscribers",
    summary: "Registers a subscriber; workers and metrics may only themselves",
    roles: ["worker", "metrics"],
    body: SUBSCRIBER,
    handle: async (context) => {
      const id = param(context, "id");
      const { role, subject } = context.get("caller");
      if (role !== "operator" && subject !== id) {
        throw new SkymapError(
          "permission_denied",
          `Cannot register subscriber "${id}": the token belongs to "${subject}"`,
        );
      }
      const subscriber = await readBody(context, SUBSCRIBER);
      if (subscriber.id !== id) {
        throw new SkymapError(
          "body_invalid",
          `Cannot register subscriber "${id}": the body names "${subscriber.id}"`,
        );
      }
      await services.subscribers.put(subscriber);
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/subscriber/{id}",
    tag: "subscribers",
    summary: "Removes a subscriber",
    roles: [],
    handle: async (context) => {
      await services.subscribers.remove(param(context, "id"));
      return context.body(null, 204);
    },
  });
}
