/**
 * Shapes of the API for checking what comes in and for the OpenAPI document.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type {
  AttributeJson,
  CoverageJson,
  EdgeJson,
  JobDefinitionJson,
  JobJson,
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
  NodeUpdateReport,
  PathCompletionJson,
  RestoreReport,
  RunFrame,
  RunJson,
  RunLogJson,
  SearchKindsJson,
  SnapshotJson,
  SubscriberJson,
  SystemInfoJson,
  TagAnswer,
  TagChange,
  TemplateJson,
  TimelineRowJson,
  ValueJson,
  WorkflowJson,
} from "@skymap/lib/client";
import { CHANGE_TYPES } from "../graph/history.ts";
import { ERROR_CODES, type Problem } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type { GraphChange } from "@skymap/lib/plugin";
import { KIND_OPERATIONS } from "@skymap/lib/resource";

const object = z.record(z.string(), z.unknown()) as unknown as z.ZodType<
  JsonObject
>;
const count = z.int().nonnegative();
const time = z.string().openapi({ format: "date-time" });
const codes = Object.keys(ERROR_CODES) as (keyof typeof ERROR_CODES)[];

/** Makes the compiler prove that a schema is of the client's type. */
function shape<T>(name: string, schema: z.ZodType): z.ZodType<T> {
  return schema.openapi(name) as z.ZodType<T>;
}

const failure = z.object({
  code: z.string(),
  message: z.string(),
  permission: z.string().optional(),
});

const scope = z.object({
  cloud: z.string(),
  account: z.string(),
  region: z.string(),
  kind: z.string(),
});

/** What went wrong. */
export const PROBLEM: z.ZodType<Problem> = shape(
  "Problem",
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(codes as [typeof codes[0], ...typeof codes]),
    request_id: z.string().optional(),
    details: object.optional(),
  }),
);

const ancestor = z.object({
  reported: z.object({ id: z.string(), name: z.string() }),
});

/** A node. */
export const NODE: z.ZodType<NodeJson> = shape(
  "Node",
  z.object({
    type: z.literal("node"),
    id: z.string(),
    kinds: z.array(z.string()),
    reported: object,
    desired: object.optional(),
    metadata: object.optional(),
    ancestors: z.object({
      cloud: ancestor.optional(),
      account: ancestor.optional(),
      region: ancestor.optional(),
      zone: ancestor.optional(),
    }),
    stale: z.object({ since: time, reason: z.string() }).optional(),
  }),
);

/** An edge. */
export const EDGE: z.ZodType<EdgeJson> = shape(
  "Edge",
  z.object({
    type: z.literal("edge"),
    from: z.string(),
    to: z.string(),
    edge_type: z.enum(["default", "delete", "iam"]),
    reported: object.optional(),
  }),
);

/** The last record of an answer. */
export const COVERAGE: z.ZodType<CoverageJson> = shape(
  "Coverage",
  z.object({
    type: z.literal("coverage"),
    scopes: count,
    complete: count,
    stale: count,
    failed: count,
    oldest: time.optional(),
    sequence: count,
    at: time.optional(),
    problems: z.array(z.object({
      ...scope.shape,
      status: z.enum(["failed", "unmentioned", "gone"]),
      reason: z.string(),
      since: time.nullable(),
    })),
    problems_total: count,
    gaps: z.array(z.string()),
    warnings: z.array(z.string()),
  }),
);

/** A row of an aggregation. */
export const ROW: z.ZodType = z.record(z.string(), z.unknown());

/** Kinds that a search is about. */
export const SEARCH_KINDS: z.ZodType<SearchKindsJson> = shape(
  "SearchKinds",
  z.object({ kinds: z.array(z.string()).nullable() }),
);

/** The tree of a search. */
export const AST: z.ZodType = z.looseObject({ type: z.literal("query") });

const OPERATOR = z.object({
  name: z.string(),
  estimated_rows: z.number().optional(),
  rows: z.number().optional(),
  ms: z.number().optional(),
  details: object,
  children: z.array(z.looseObject({})).openapi({
    description: "Operators of the same shape",
  }),
}).openapi("ExplainOperator");

/** How a search is answered; each operator of the plan has children alike. */
export const EXPLAIN: z.ZodType = z.object({
  search: z.string(),
  sql: z.string(),
  parameters: z.array(z.unknown()),
  rating: z.enum(["simple", "complex", "bad"]),
  reasons: z.array(z.string()),
  plan: z.array(OPERATOR),
  ms: z.number().optional(),
}).openapi("Explain");

/** A key of an object. */
export const ATTRIBUTE: z.ZodType<AttributeJson> = shape(
  "Attribute",
  z.object({ key: z.string(), count }),
);

/** A value of a property. */
export const VALUE: z.ZodType<ValueJson> = shape(
  "Value",
  z.object({ value: z.unknown(), count }),
);

/** How a path may go on. */
export const PATH_COMPLETION: z.ZodType<PathCompletionJson> = shape(
  "PathCompletion",
  z.object({
    path: z.string(),
    key: z.string(),
    kind: z.string(),
    description: z.string().optional(),
    source: z.enum(["model", "observed"]),
  }),
);

const change = z.enum(CHANGE_TYPES);

/** A change: the node or edge, and what happened to it. */
export const CHANGE: z.ZodType = z.looseObject({
  type: z.enum(["node", "edge"]),
  change,
  changed_at: time,
  run: z.string().optional(),
  before: object.nullable().optional(),
  changed: z.array(z.string()).optional(),
}).openapi("Change");

/** How many changes there were in a stretch of time. */
export const TIMELINE_ROW: z.ZodType<TimelineRowJson> = shape(
  "TimelineRow",
  z.object({ at: time, change, count }),
);

/** A name of a state. */
export const SNAPSHOT: z.ZodType<SnapshotJson> = shape(
  "Snapshot",
  z.object({ label: z.string(), sequence: count, at: time, created_at: time }),
);

/** A stored template. */
export const TEMPLATE: z.ZodType<TemplateJson> = shape(
  "Template",
  z.object({ name: z.string(), template: z.string() }),
);

/** What a merge did. */
export const MERGE_REPORT: z.ZodType<MergeReport> = shape(
  "MergeReport",
  z.object({
    nodes_created: count,
    nodes_updated: count,
    nodes_deleted: count,
    nodes_unchanged: count,
    edges_created: count,
    edges_updated: count,
    edges_deleted: count,
    edges_unchanged: count,
    scopes_complete: count,
    scopes_failed: count,
    failed: z.array(z.object({ ...scope.shape, ...failure.shape })),
    rejected: count,
    rejections: z.array(z.object({
      line: count,
      code: z.enum(["kind_unknown", "node_invalid", "edge_invalid"]),
      message: z.string(),
    })),
    sequence: count,
  }),
);

/** What runs, and how much it holds. */
export const SYSTEM_INFO: z.ZodType<SystemInfoJson> = shape(
  "SystemInfo",
  z.object({
    version: z.string(),
    started_at: time,
    uptime_s: count,
    memory_bytes: count,
    database: z.string(),
    database_bytes: count.optional(),
    data_dir: z.string(),
    graphs: z.array(z.object({
      name: z.string(),
      nodes: count,
      edges: count,
      scopes: count,
      snapshots: count,
      sequence: count,
      index_sequence: count,
      index_bytes: count,
    })),
    subscribers: z.array(z.string()),
    plugins: z.array(z.string()),
    waiting_restore: z.object({
      created_at: time,
      graphs: z.array(z.string()),
    }).optional(),
  }),
);

/** What a backup that was restored holds. */
export const RESTORE_REPORT: z.ZodType<RestoreReport> = shape(
  "RestoreReport",
  z.object({
    created_at: time,
    graphs: z.array(z.string()),
    rows: count,
    restart: z.literal(true),
  }),
);

/** What became of patches of nodes. */
export const NODE_UPDATE_REPORT: z.ZodType<NodeUpdateReport> = shape(
  "NodeUpdateReport",
  z.object({
    updated: count,
    unchanged: count,
    missing: count,
    skipped: count,
    missing_ids: z.array(z.string()),
    skipped_ids: z.array(z.string()),
  }),
);

/** A scope of the ledger. */
export const LEDGER_ENTRY: z.ZodType<LedgerEntryJson> = shape(
  "LedgerEntry",
  z.object({
    ...scope.shape,
    status: z.enum(["complete", "failed", "unmentioned", "gone"]),
    last_attempt: time,
    last_success: time.optional(),
    count,
    duration_ms: count,
    usage: z.object({
      calls: count,
      throttles: count,
      bytes: count,
      waited_ms: z.number(),
    }).optional(),
    error: failure.optional(),
  }),
);

const property = z.object({
  kind: z.string(),
  required: z.boolean().optional(),
  description: z.string().optional(),
  synthetic: z.object({ from: z.string() }).optional(),
  ignoreHistory: z.boolean().optional(),
});

/** A kind. */
export const KIND = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/),
  bases: z.array(z.string()).optional(),
  properties: z.record(z.string(), property).optional(),
  enum: z.array(z.string()).optional(),
  allowUnknown: z.boolean().optional(),
  description: z.string().optional(),
  categories: z.array(z.string()).optional(),
  operations: z.array(z.enum(KIND_OPERATIONS)).optional(),
  deletedAfter: z.array(z.string()).optional(),
}).openapi("Kind");

/** What became of nodes that a plugin changed. */
export const GRAPH_CHANGE: z.ZodType<GraphChange> = shape(
  "GraphChange",
  z.object({
    changed: z.int(),
    refused: z.array(z.object({ id: z.string(), reason: z.string() })),
  }),
);

/** A plugin's kinds. */
export const MODEL_UPDATE: z.ZodType<ModelUpdate> = shape(
  "ModelUpdate",
  z.object({
    plugin: z.object({
      name: z.string(),
      version: z.string(),
      cloud: z.string(),
      containers: z.object({ account: z.string(), region: z.string() }),
      kinds: z.array(KIND),
    }),
  }),
);

/** Who listens, and to what. */
export const SUBSCRIBER: z.ZodType<SubscriberJson> = shape(
  "Subscriber",
  z.object({
    id: z.string().regex(/^[\w.-]{1,128}$/),
    subscriptions: z.record(
      z.string(),
      z.object({
        message_type: z.string(),
        wait_for_completion: z.boolean().default(true),
        timeout: z.number().positive().default(60),
      }),
    ),
    capabilities: z.array(z.object({
      name: z.string(),
      filter: z.record(z.string(), z.array(z.string())),
    })).optional(),
    parallel_tasks: z.int().positive().optional(),
  }),
);

/** A workflow. */
export const WORKFLOW: z.ZodType<WorkflowJson> = shape(
  "Workflow",
  z.object({
    name: z.string(),
    steps: z.array(z.string()),
    schedule: z.string().optional(),
    time_zone: z.string().optional(),
    next_run: time.optional(),
    jobs: z.record(z.string(), z.array(z.string())).optional(),
  }),
);

/** What a job does and when. */
export const JOB_DEFINITION: z.ZodType<JobDefinitionJson> = shape(
  "JobDefinition",
  z.strictObject({
    command: z.string(),
    schedule: z.string().optional(),
    time_zone: z.string().optional(),
    event: z.string().optional(),
    timeout: z.number().optional(),
    environment: z.record(z.string(), z.string()).optional(),
    active: z.boolean().optional(),
  }),
);

/** A job. */
export const JOB: z.ZodType<JobJson> = shape(
  "Job",
  z.object({
    id: z.string(),
    command: z.string(),
    schedule: z.string().optional(),
    time_zone: z.string().optional(),
    event: z.string().optional(),
    timeout: z.number(),
    environment: z.record(z.string(), z.string()),
    active: z.boolean(),
    created_at: time,
    updated_at: time,
    next_run: time.optional(),
  }),
);

/** A run of a workflow. */
export const RUN: z.ZodType<RunJson> = shape(
  "Run",
  z.object({
    id: z.string(),
    workflow: z.string(),
    state: z.enum(["waiting", "running", "done", "failed", "stopped"]),
    trigger: z.string(),
    created_at: time,
    started_at: time.optional(),
    ended_at: time.optional(),
    steps: z.array(z.object({
      name: z.string(),
      state: z.enum(["pending", "running", "done", "failed"]),
      started_at: time.optional(),
      ended_at: time.optional(),
      actions: z.array(z.object({
        subscriber: z.string(),
        state: z.enum(["open", "done", "failed", "timed_out", "aborted"]),
        wait: z.boolean(),
        progress: z.unknown().optional(),
      })).optional(),
      jobs: z.array(z.object({
        job: z.string(),
        run: z.string(),
        state: z.enum(["running", "done", "failed", "stopped", "left"]),
        progress: z.string().optional(),
      })).optional(),
      progress: z.string().optional(),
    })),
  }),
);

/** A line of a run's log. */
export const RUN_LOG: z.ZodType<RunLogJson> = shape(
  "RunLog",
  z.object({
    at: time,
    level: z.enum(["info", "warning", "error"]),
    step: z.string(),
    source: z.string(),
    message: z.string(),
    details: object.optional(),
  }),
);

/** What those who follow a run are told. */
export const RUN_FRAME: z.ZodType<RunFrame> = shape(
  "RunFrame",
  z.discriminatedUnion("type", [
    z.object({ type: z.literal("run"), run: RUN }),
    z.object({ type: z.literal("log"), line: RUN_LOG }),
  ]),
);

/** How tags of a node's resource are changed. */
export const TAG_CHANGE: z.ZodType<TagChange> = shape(
  "TagChange",
  z.strictObject({
    id: z.string().min(1),
    update: z.record(z.string().min(1), z.string()).optional(),
    remove: z.array(z.string().min(1)).optional(),
  }),
);

/** What became of a node's tags. */
export const TAG_ANSWER: z.ZodType<TagAnswer> = shape(
  "TagAnswer",
  z.union([
    z.object({ id: z.string(), tags: z.record(z.string(), z.string()) }),
    z.object({ id: z.string(), error: failure }),
  ]),
);
