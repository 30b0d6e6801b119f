/**
 * Stored templates of searches.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { addEndpoint, type Api, param, readBody } from "../endpoint.ts";
import { TEMPLATE } from "../schemas.ts";
import type { Services } from "../services.ts";

const TAG = "templates";

const NEW_TEMPLATE = z.strictObject({ template: z.string() });

const TEST = z.strictObject({
  text: z.string().openapi({
    description: "A search with expand(…) and placeholders",
    example: "expand(old, days=30)",
  }),
  time_zone: z.string().optional().openapi({ example: "Europe/Berlin" }),
});

/** Adds the paths below `/templates`. */
export function addTemplateRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/templates",
    tag: TAG,
    summary: "Lists the templates, by name",
    roles: [],
    answer: { "application/json": z.array(TEMPLATE) },
    handle: () => Response.json(services.templates.list()),
  });
  addEndpoint(api, {
    method: "post",
    path: "/templates/test",
    tag: TAG,
    summary: "Gives the search that a text with templates stands for",
    roles: [],
    body: TEST,
    answer: { "application/json": z.object({ search: z.string() }) },
    handle: async (context) => {
      const { text, time_zone } = await readBody(context, TEST);
      const search = services.templates.expand(text, time_zone);
      return Response.json({ search });
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/templates/{name}",
    tag: TAG,
    summary: "Gives a template",
    roles: [],
    answer: { "application/json": TEMPLATE },
    handle: (context) =>
      Response.json(services.templates.get(param(context, "name"))),
  });
  addEndpoint(api, {
    method: "put",
    path: "/templates/{name}",
    tag: TAG,
    summary: "Stores a template, in place of one of the same name",
    roles: [],
    body: NEW_TEMPLATE,
    answer: { "application/json": TEMPLATE },
    handle: async (context) => {
      const { template } = await readBody(context, NEW_TEMPLATE);
      const name = param(context, "name");
      return Response.json(await services.templates.put(name, template));
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/templates/{name}",
    tag: TAG,
    summary: "Removes a template",
    roles: [],
    handle: async (context) => {
      await services.templates.remove(param(context, "name"));
      return context.body(null, 204);
    },
  });
}
