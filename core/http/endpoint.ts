/**
 * One call registers a path: its handler, who may use it and its description.
 *
 * @module
 */

import { type OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { SkymapError } from "@skymap/lib/errors";
import type { Role } from "../cli/core_services.ts";
import type { ApiEnv } from "./middleware/api_env.ts";
import { allow } from "./middleware/authenticate.ts";
import { PROBLEM } from "./schemas.ts";

/** The application that paths are added to. */
export type Api = OpenAPIHono<ApiEnv>;

/** A path of the API. */
export interface Endpoint {
  /** HTTP method. */
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** Path with `{name}` for parameters. */
  readonly path: string;
  /** What it does, in one sentence. */
  readonly summary: string;
  /** Group in the document. */
  readonly tag: string;
  /** Roles beside `operator` that may use it. `open`: no token needed. */
  readonly roles: readonly Role[] | "open";
  /** Shape of the query parameters. */
  readonly query?: z.ZodObject;
  /** Shape of a JSON body, or the media type of another one. */
  readonly body?:
    | z.ZodType
    | "application/yaml"
    | "text/plain"
    | "application/x-ndjson"
    | "application/gzip";
  /** Parts of a multipart body that may come in place of it. Default: none. */
  readonly form?: z.ZodObject;
  /** Shape of the answer by media type. Default: 204, nothing. */
  readonly answer?: Readonly<Record<string, z.ZodType>>;
  /** Answers a request. */
  readonly handle: (
    context: Context<ApiEnv>,
  ) => Response | Promise<Response>;
}

/** Adds a path to the application and to its OpenAPI document. */
export function addEndpoint(api: Api, endpoint: Endpoint): void {
  const { method, path, roles, handle } = endpoint;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const bodyType = typeof endpoint.body === "string"
    ? endpoint.body
    : "application/json";
  const problem = { "application/problem+json": { schema: PROBLEM } };
  api.openAPIRegistry.registerPath({
    method,
    path,
    summary: endpoint.summary,
    tags: [endpoint.tag],
    security: roles === "open" ? [] : [{ bearer: [] }],
    request: {
      ...(names.length > 0 && {
        params: z.object(
          Object.fromEntries(names.map((name) => [name, z.string()])),
        ),
      }),
      ...(endpoint.query !== undefined && { query: endpoint.query }),
      ...(endpoint.body !== undefined && {
        body: {
          required: true,
          content: {
            [bodyType]: {
              schema: typeof endpoint.body === "string"
                ? z.string()
                : endpoint.body,
            },
            ...(endpoint.form !== undefined && {
              "multipart/form-data": { schema: endpoint.form },
            }),
          },
        },
      }),
    },
    responses: {
      ...(endpoint.answer === undefined ? { 204: { description: "Done" } } : {
        200: {
          description: "The answer",
          content: Object.fromEntries(
            Object.entries(endpoint.answer).map((
              [type, schema],
            ) => [type, { schema }]),
          ),
        },
      }),
      default: { description: "What went wrong", content: problem },
    },
  });
  const route = path.replaceAll(/\{(\w+)\}/g, ":$1");
  if (roles === "open") api.on(method, route, handle);
  else api.on(method, route, allow(...roles), handle);
}

/** A parameter of the path, which the route guarantees. */
export function param(context: Context<ApiEnv>, name: string): string {
  return context.req.param(name) ?? "";
}

/** Reads the query parameters; every fault is named. */
export function readQuery<T>(
  context: Context<ApiEnv>,
  schema: z.ZodType<T>,
): T {
  return checkShape(schema, context.req.query(), "query parameters");
}

/** Reads a JSON body; every fault is named with its path. */
export async function readBody<T>(
  context: Context<ApiEnv>,
  schema: z.ZodType<T>,
): Promise<T> {
  let body: unknown;
  try {
    body = await context.req.json();
  } catch (cause) {
    throw new SkymapError(
      "body_invalid",
      `Cannot read the body of ${context.req.method} ${context.req.path}: it is not JSON`,
      { cause },
    );
  }
  return checkShape(schema, body, "body");
}

/**
 * Reads a value as what it should be; every fault is named.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function checkShape<T>(
  schema: z.ZodType<T>,
  value: unknown,
  what: string,
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => ({
    path: issue.path.join("."),
    message: issue.message,
  }));
  throw new SkymapError(
    "body_invalid",
    `Cannot read the ${what}: ${
      problems.map(({ path, message }) =>
        path === "" ? message : `"${path}": ${message}`
      ).join("; ")
    }`,
    { details: { problems } },
  );
}
