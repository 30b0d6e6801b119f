/**
 * Cleanup plans.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type {
  CleanupBlockedJson,
  CleanupItemJson,
  CleanupPlanJson,
} from "@skymap/lib/client";
import { CLEANUP_LIMITS } from "../../config/cleanup_section.ts";
import { addEndpoint, type Api, param, readBody } from "../endpoint.ts";
import type { Services } from "../services.ts";
import { streamAnswer, textsOf } from "../stream_answer.ts";

const TAG = "cleanup";

const count = z.int().nonnegative();
const time = z.string().openapi({ format: "date-time" });

const ITEM_STATE = z.enum([
  "pending",
  "done",
  "gone",
  "changed",
  "refused",
  "failed",
  "skipped",
]);

const resource = z.object({
  node: z.string(),
  kind: z.string(),
  id: z.string(),
  name: z.string(),
  cloud: z.string(),
  account: z.string(),
  account_name: z.string(),
  region: z.string(),
});

const PLAN = z.object({
  id: z.string(),
  graph: z.string(),
  state: z.enum([
    "planned",
    "applying",
    "applied",
    "failed",
    "refused",
    "expired",
  ]),
  hash: z.string(),
  sequence: count,
  created_at: time,
  checked_at: time,
  by: z.string(),
  run: z.string().optional(),
  search: z.string().optional(),
  deletions: count,
  detachments: count,
  blocked: count,
  deleted_before: count,
  waves: count,
  wave_steps: z.array(count),
  groups: z.array(z.object({
    kind: z.string(),
    cloud: z.string(),
    account: z.string(),
    account_name: z.string(),
    deleted: count,
    blocked: count,
    oldest: time.optional(),
    cost: z.number().optional(),
  })),
  reasons: z.array(
    z.object({ reason: z.string(), count, example: z.string() }),
  ),
  crossed: z.array(z.object({
    limit: z.string(),
    subject: z.string(),
    value: z.number(),
    allowed: z.number(),
    message: z.string(),
  })),
  unseen: z.array(z.string()).optional(),
  belts: z.record(z.string(), z.unknown()),
  raised: z.array(z.object({
    limit: z.string(),
    value: z.union([z.number(), z.string()]),
    by: z.string(),
    at: time,
  })),
  progress: z.record(ITEM_STATE, count),
  applied_by: z.string().optional(),
  started_at: time.optional(),
  ended_at: time.optional(),
  error: z.string().optional(),
  dry_run: z.object({
    at: time,
    by: z.string(),
    would_be_done: count,
    problems: count,
  }).optional(),
}).openapi("CleanupPlan") as unknown as z.ZodType<CleanupPlanJson>;

const ITEM = z.object({
  position: count,
  action: z.enum(["detach", "delete"]),
  wave: count,
  ...resource.shape,
  created_at: time.optional(),
  cost: z.number().optional(),
  version: z.string(),
  needs: z.array(count),
  circle: count.optional(),
  state: ITEM_STATE,
  reason: z.string().optional(),
  ended_at: time.optional(),
  checked: z.string().optional(),
}).openapi("CleanupItem") as unknown as z.ZodType<CleanupItemJson>;

const BLOCKED = z.object({
  ...resource.shape,
  created_at: time.optional(),
  reason: z.string(),
  message: z.string(),
  by: resource.optional(),
}).openapi("CleanupBlocked") as unknown as z.ZodType<CleanupBlockedJson>;

const REQUEST = z.strictObject({
  graph: z.string().optional(),
  search: z.string().min(1).optional(),
}).openapi("CleanupRequest");

const APPLY = z.strictObject({
  dry_run: z.boolean().optional(),
  raise: z.partialRecord(
    z.enum(CLEANUP_LIMITS),
    z.union([z.number(), z.string()]),
  ).optional(),
}).openapi("CleanupApply");

/** Adds the paths below `/cleanup`. */
export function addCleanupRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/cleanup/plans",
    tag: TAG,
    summary: "Lists the cleanup plans, the newest first",
    roles: [],
    answer: { "application/json": z.array(PLAN) },
    handle: async (context) => context.json(await services.cleanup.list()),
  });
  addEndpoint(api, {
    method: "post",
    path: "/cleanup/plans",
    tag: TAG,
    summary: "Makes a plan of what is marked to be cleaned up",
    roles: [],
    body: REQUEST,
    answer: { "application/json": PLAN },
    handle: async (context) => {
      const { graph, search } = await readBody(context, REQUEST);
      const plan = await services.cleanup.plan(
        graph ?? services.configs.core().cli.default_graph,
        {
          by: `api:${context.get("caller").subject}`,
          signal: context.req.raw.signal,
          ...(search !== undefined && { search }),
        },
      );
      return context.json(plan);
    },
  });
  addEndpoint(api, {
    method: "get",
    path: "/cleanup/plan/{id}",
    tag: TAG,
    summary: "Gives a plan by its id, or by how that begins",
    roles: [],
    answer: { "application/json": PLAN },
    handle: async (context) =>
      context.json(await services.cleanup.get(param(context, "id"))),
  });
  for (
    const [name, record, summary] of [
      ["items", ITEM, "Lists the steps of a plan, in their order"],
      ["blocked", BLOCKED, "Lists what is marked and stays, with the reasons"],
    ] as const
  ) {
    addEndpoint(api, {
      method: "get",
      path: `/cleanup/plan/{id}/${name}`,
      tag: TAG,
      summary,
      roles: [],
      answer: { "application/x-ndjson": record },
      handle: (context) =>
        streamAnswer(context, { shape: "records" }, () => ({
          texts: textsOf(services.cleanup[name](param(context, "id"))),
        })),
    });
  }
  addEndpoint(api, {
    method: "post",
    path: "/cleanup/plan/{id}/apply",
    tag: TAG,
    summary: "Begins to apply a plan, and does not wait for its end",
    roles: [],
    body: APPLY,
    answer: { "application/json": PLAN },
    handle: async (context) => {
      const { dry_run, raise } = await readBody(context, APPLY);
      const { plan } = await services.cleanup.apply(param(context, "id"), {
        by: `api:${context.get("caller").subject}`,
        ...(dry_run !== undefined && { dry_run }),
        ...(raise !== undefined && {
          raise: Object.fromEntries(
            Object.entries(raise).flatMap(([name, value]) =>
              value === undefined ? [] : [[name, value]]
            ),
          ),
        }),
      });
      return context.json(plan);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/cleanup/plan/{id}/cancel",
    tag: TAG,
    summary: "Begins no further step of a plan, or lets nobody apply it",
    roles: [],
    answer: { "application/json": PLAN },
    handle: async (context) =>
      context.json(
        await services.cleanup.cancel(
          param(context, "id"),
          `api:${context.get("caller").subject}`,
        ),
      ),
  });
}
