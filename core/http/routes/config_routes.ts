/**
 * The configuration: its documents, their revisions and schemas.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type { Context } from "hono";
import { MAX_CHARS } from "../../config/read_document.ts";
import type { Caller } from "../../cli/core_services.ts";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import type { ApiEnv } from "../middleware/api_env.ts";
import type { Services } from "../services.ts";
import {
  ACTIVE_CONFIG,
  CONFIG,
  CONFIG_CHANGED,
  CONFIG_REVISION,
  CONFIG_SUMMARY,
  CONFIG_VALIDATED,
} from "./config_schemas.ts";

const TAG = "configuration";
const YAML = "application/yaml";

const flag = z.stringbool().optional();
const revision = z.coerce.number().int().nonnegative().optional();

const SHOW = z.object({
  secrets: flag.openapi({ description: "Whether secrets are shown" }),
  effective: flag.openapi({
    description: "As YAML: whether it shows what counts, and where it is from",
  }),
  revision: revision.openapi({ description: "An earlier state" }),
});

const BASE = z.object({
  revision: revision.openapi({
    description: "Revision that the change is based on; another is a conflict",
  }),
});

const ROLLBACK = z.strictObject({ revision: z.int().positive() });

const ACTIVE = z.object({
  unless: z.string().optional().openapi({
    description: "Version that the caller has: nothing is answered for it",
  }),
});

/** Adds the paths of the configuration. */
export function addConfigRoutes(api: Api, services: Services): void {
  addReading(api, services);
  addChanging(api, services);
}

function addReading(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/configs",
    tag: TAG,
    summary: "Lists the documents of the configuration",
    roles: [],
    answer: { "application/json": z.array(CONFIG_SUMMARY) },
    handle: () => Response.json(services.configs.list()),
  });
  addEndpoint(api, {
    method: "get",
    path: "/config/{id}",
    tag: TAG,
    summary: "Gives a document; as YAML with what each property means",
    roles: [],
    query: SHOW,
    answer: { "application/json": CONFIG, [YAML]: z.string() },
    handle: async (context) => {
      const query = readQuery(context, SHOW);
      const id = param(context, "id");
      if (!wantsYaml(context)) {
        return Response.json(await services.configs.get(id, query));
      }
      const text = await services.configs.text(id, query);
      return new Response(text, { headers: { "content-type": YAML } });
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/config/{id}/schema",
    tag: TAG,
    summary: "Gives the JSON schema of a document",
    roles: [],
    answer: { "application/json": z.looseObject({}) },
    handle: (context) =>
      Response.json(services.configs.schema(param(context, "id"))),
  });
  addEndpoint(api, {
    method: "get",
    path: "/config/{id}/history",
    tag: TAG,
    summary: "Lists the revisions of a document, the newest first",
    roles: [],
    answer: { "application/json": z.array(CONFIG_REVISION) },
    handle: async (context) =>
      Response.json(await services.configs.history(param(context, "id"))),
  });
  addEndpoint(api, {
    method: "get",
    path: "/config/{id}/active",
    tag: TAG,
    summary: "Gives what a process works with, secrets included",
    roles: ["worker", "metrics"],
    query: ACTIVE,
    answer: { "application/json": ACTIVE_CONFIG },
    handle: (context) => {
      const id = param(context, "id");
      checkOwn(id, context.get("caller"));
      const active = services.configs.active(id);
      return active.version === readQuery(context, ACTIVE).unless
        ? context.body(null, 204)
        : Response.json(active);
    },
  });
}

function addChanging(api: Api, services: Services): void {
  const changeOf = (context: Context<ApiEnv>) => ({
    by: context.get("caller").subject,
    revision: readQuery(context, BASE).revision,
    signal: context.req.raw.signal,
  });
  addEndpoint(api, {
    method: "put",
    path: "/config/{id}",
    tag: TAG,
    summary: "Sets a document, given as YAML or JSON",
    roles: [],
    query: BASE,
    body: YAML,
    answer: { "application/json": CONFIG_CHANGED },
    handle: async (context) =>
      Response.json(
        await services.configs.put(
          param(context, "id"),
          await readText(context),
          changeOf(context),
        ),
      ),
  });
  addEndpoint(api, {
    method: "patch",
    path: "/config/{id}",
    tag: TAG,
    summary: "Changes parts of a document, as RFC 7396 says",
    roles: [],
    query: BASE,
    body: PATCH,
    answer: { "application/json": CONFIG_CHANGED },
    handle: async (context) =>
      Response.json(
        await services.configs.patch(
          param(context, "id"),
          await readBody(context, PATCH),
          changeOf(context),
        ),
      ),
  });
  addEndpoint(api, {
    method: "delete",
    path: "/config/{id}",
    tag: TAG,
    summary: "Deletes a document: its defaults count again",
    roles: [],
    query: BASE,
    handle: async (context) => {
      await services.configs.remove(param(context, "id"), changeOf(context));
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/config/{id}/validate",
    tag: TAG,
    summary: "Says what setting a document would, and sets nothing",
    roles: [],
    body: YAML,
    answer: { "application/json": CONFIG_VALIDATED },
    handle: async (context) => {
      const input = await readText(context);
      const notes = await services.configs.validate(
        param(context, "id"),
        input,
        context.req.raw.signal,
      );
      return Response.json({ notes });
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/config/{id}/rollback",
    tag: TAG,
    summary: "Sets a document to what it was in a revision",
    roles: [],
    body: ROLLBACK,
    answer: { "application/json": CONFIG_CHANGED },
    handle: async (context) => {
      const { revision } = await readBody(context, ROLLBACK);
      return Response.json(
        await services.configs.rollback(param(context, "id"), revision, {
          by: context.get("caller").subject,
          signal: context.req.raw.signal,
        }),
      );
    },
  });
}

const PATCH = z.record(z.string(), z.unknown()) as unknown as z.ZodType<
  JsonObject
>;

/** Whether YAML is more welcome than JSON. */
function wantsYaml(context: Context<ApiEnv>): boolean {
  const accept = context.req.header("accept") ?? "";
  const yaml = /\b(?:application|text)\/(?:x-)?yaml\b/.exec(accept)?.index;
  const json = /\bapplication\/json\b/.exec(accept)?.index;
  return yaml !== undefined && (json === undefined || yaml < json);
}

/** The text of a body: JSON is YAML, and read as that it has places too. */
async function readText(context: Context<ApiEnv>): Promise<string> {
  const length = Number(context.req.header("content-length") ?? 0);
  // A character has at most four bytes.
  if (length > 4 * MAX_CHARS) {
    throw new SkymapError(
      "config_invalid",
      `Cannot read configuration: it has ${length} bytes, at most ${MAX_CHARS} ` +
        "characters are kept",
    );
  }
  return await context.req.text();
}

/** The documents that processes work with. */
const OWN: Readonly<Partial<Record<Caller["role"], string>>> = {
  worker: "skymap.worker",
  metrics: "skymap.metrics",
};

/** Refuses what is none of a process's business. */
function checkOwn(id: string, { role }: Caller): void {
  if (role === "operator" || OWN[role] === id) return;
  throw new SkymapError(
    "permission_denied",
    `Cannot give configuration "${id}": a token with role "${role}" was sent, ` +
      `which may read ${OWN[role]} alone`,
  );
}
