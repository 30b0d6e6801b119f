/**
 * What core's HTTP API takes and gives, with its wire names.
 *
 * @module
 */

import type { Json, JsonObject } from "../json.ts";
import type { EdgeType, Failure, ScopeUsage } from "../plugin/messages.ts";
import type { PluginManifest } from "../plugin/contract.ts";

/** Id and name of a container of a node. */
export interface AncestorJson {
  /** The container's properties that are kept on each node. */
  readonly reported: { readonly id: string; readonly name: string };
}

/** A node as searches answer it. */
export interface NodeJson {
  /** Tells nodes from edges. */
  readonly type: "node";
  /** Node id. */
  readonly id: string;
  /** The kind and all its bases. */
  readonly kinds: readonly string[];
  /** What the provider reports; `kind` is set by core. */
  readonly reported: JsonObject;
  /** What people want of it. */
  readonly desired?: JsonObject;
  /** What Skymap knows of it. */
  readonly metadata?: JsonObject;
  /** Containers. */
  readonly ancestors: {
    readonly cloud?: AncestorJson;
    readonly account?: AncestorJson;
    readonly region?: AncestorJson;
    readonly zone?: AncestorJson;
  };
  /** Set when its scope could not be listed the last time. */
  readonly stale?: { readonly since: string; readonly reason: string };
}

/** An edge as searches answer it. */
export interface EdgeJson {
  /** Tells nodes from edges. */
  readonly type: "edge";
  /** Node id it starts at. */
  readonly from: string;
  /** Node id it ends at. */
  readonly to: string;
  /** Its type. */
  readonly edge_type: EdgeType;
  /** Its properties. */
  readonly reported?: JsonObject;
}

/** What a merge did. */
export interface MergeReport {
  /** Counts of written elements. */
  readonly nodes_created: number;
  readonly nodes_updated: number;
  readonly nodes_deleted: number;
  readonly nodes_unchanged: number;
  readonly edges_created: number;
  readonly edges_updated: number;
  readonly edges_deleted: number;
  readonly edges_unchanged: number;
  /** How many scopes were closed as complete. */
  readonly scopes_complete: number;
  /** How many scopes failed; the first 100 are listed. */
  readonly scopes_failed: number;
  readonly failed: readonly (ScopeFailure)[];
  /** How many elements were refused; the first 100 are listed. */
  readonly rejected: number;
  readonly rejections: readonly Rejection[];
  /** Last sequence number written, or the present one. */
  readonly sequence: number;
}

/** A scope that could not be listed. */
export interface ScopeFailure extends Failure {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
}

/** An element that does not fit what was declared. */
export interface Rejection {
  /** Line of the stream, from 1. */
  readonly line: number;
  /** Why: an error code. */
  readonly code: "kind_unknown" | "node_invalid" | "edge_invalid";
  /** What is wrong, with the path of the property. */
  readonly message: string;
}

/** What is changed of one node: what a collect does not report. */
export interface NodePatch {
  /** Id of the node. */
  readonly id: string;
  /**
   * Merged into what people want of it, as RFC 7396 says: null takes a key away,
   * or, in the place of the whole, all of them.
   */
  readonly desired?: JsonObject | null;
  /** The same for what is known of it. */
  readonly metadata?: JsonObject | null;
}

/** How much a graph holds. */
export interface GraphSizeJson {
  readonly name: string;
  /** Nodes, edges and scopes that are there now. */
  readonly nodes: number;
  readonly edges: number;
  readonly scopes: number;
  readonly snapshots: number;
  /** Last sequence number of the record, and the last that searches see. */
  readonly sequence: number;
  readonly index_sequence: number;
  /** Bytes of the search index on disk. */
  readonly index_bytes: number;
}

/** What runs, and how much it holds. */
export interface SystemInfoJson {
  readonly version: string;
  /** ISO time at which core was ready. */
  readonly started_at: string;
  readonly uptime_s: number;
  readonly memory_bytes: number;
  /** Where the record is: `embedded`, or the address of a server. */
  readonly database: string;
  /** Bytes of the embedded database on disk. */
  readonly database_bytes?: number;
  readonly data_dir: string;
  readonly graphs: readonly GraphSizeJson[];
  /** Ids of who listens to workflows. */
  readonly subscribers: readonly string[];
  /** Plugins that run, as name@version. */
  readonly plugins: readonly string[];
  /** A backup that takes the place of everything at the next start of core. */
  readonly waiting_restore?: {
    readonly created_at: string;
    readonly graphs: readonly string[];
  };
}

/** What a backup that was restored holds. */
export interface RestoreReport {
  /** ISO time at which it was made. */
  readonly created_at: string;
  /** Names of its graphs. */
  readonly graphs: readonly string[];
  /** Rows of the control plane: configuration, jobs, templates, plugins, runs. */
  readonly rows: number;
  /** It is what counts once core is started anew. */
  readonly restart: true;
}

/** What became of patches. */
export interface NodeUpdateReport {
  /** Nodes that are not what they were. */
  readonly updated: number;
  /** Nodes that were so already: nothing is written for them. */
  readonly unchanged: number;
  /** Nodes that are not there, or not any more. */
  readonly missing: number;
  /** Nodes that were left alone because they are protected. */
  readonly skipped: number;
  /** Ids of the first 100 that are not there. */
  readonly missing_ids: readonly string[];
  /** Ids of the first 100 that were left alone. */
  readonly skipped_ids: readonly string[];
}

/** State of a scope in the ledger. */
export type ScopeStatus = "complete" | "failed" | "unmentioned" | "gone";

/** One scope of the ledger. */
export interface LedgerEntryJson {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly status: ScopeStatus;
  /** ISO time of the last try. */
  readonly last_attempt: string;
  /** ISO time of the last complete listing, or none. */
  readonly last_success?: string;
  /** Nodes it held then. */
  readonly count: number;
  /** Milliseconds the listing took. */
  readonly duration_ms: number;
  /** What its calls took, if its plugin told. */
  readonly usage?: ScopeUsage;
  /** Why it is not complete. */
  readonly error?: Failure;
}

/** A message type that a subscriber wants. */
export interface SubscriptionJson {
  readonly message_type: string;
  /** Whether a workflow waits for its answer. Default: true. */
  readonly wait_for_completion: boolean;
  /** Seconds to wait. Default: 60. */
  readonly timeout: number;
}

/** Which tasks a subscriber can do. */
export interface CapabilityJson {
  /** Task name. */
  readonly name: string;
  /** Attribute values it is limited to; an absent key is no limit. */
  readonly filter: Readonly<Record<string, readonly string[]>>;
}

/** Who listens to workflows. */
export interface SubscriberJson {
  readonly id: string;
  readonly subscriptions: Readonly<Record<string, SubscriptionJson>>;
  /** Tasks it can do. Default: none. */
  readonly capabilities?: readonly CapabilityJson[];
  /** How many tasks it does side by side. Default: 5. */
  readonly parallel_tasks?: number;
}

/** State of an action: one per run, step and subscriber. */
export type ActionState =
  | "pending"
  | "claimed"
  | "done"
  | "failed"
  | "timed_out"
  | "aborted";

/** State of a task: exactly one owner at a time. */
export type TaskState = "pending" | "assigned" | "running" | "done" | "failed";

/** State of a workflow run. */
export type RunState = "waiting" | "running" | "done" | "failed" | "stopped";

/** Somebody that a step of a run asked to act. */
export interface RunActionJson {
  readonly subscriber: string;
  readonly state: "open" | "done" | "failed" | "timed_out" | "aborted";
  /** Whether the step waits for the answer. */
  readonly wait: boolean;
  /** How far the subscriber says it is, while the action is open. */
  readonly progress?: unknown;
}

/** A job that a step of a run waits for. */
export interface RunJobJson {
  /** Id of the job. */
  readonly job: string;
  /** Its run. */
  readonly run: string;
  /** How that ended; `left` when it is not waited for any longer. */
  readonly state: "running" | "done" | "failed" | "stopped" | "left";
  /** How far its lines say they are, while they run. */
  readonly progress?: string;
}

/** One step of a workflow run. */
export interface RunStepJson {
  readonly name: string;
  readonly state: "pending" | "running" | "done" | "failed";
  readonly started_at?: string;
  readonly ended_at?: string;
  /** Who was asked to act. Left out when nobody was. */
  readonly actions?: readonly RunActionJson[];
  /** Jobs that it waits for. Left out when there are none. */
  readonly jobs?: readonly RunJobJson[];
  /** How far the lines of a job are, while they run. */
  readonly progress?: string;
}

/** A workflow run. */
export interface RunJson {
  readonly id: string;
  readonly workflow: string;
  readonly state: RunState;
  readonly trigger: string;
  readonly created_at: string;
  readonly started_at?: string;
  readonly ended_at?: string;
  readonly steps: readonly RunStepJson[];
}

/** What is said to those who follow a run. */
export type RunFrame =
  /** The run, first and whenever it is another. */
  | { readonly type: "run"; readonly run: RunJson }
  /** A line of its log; the first frames tell what there is already. */
  | { readonly type: "log"; readonly line: RunLogJson };

/** One line of a run's log. */
export interface RunLogJson {
  readonly at: string;
  readonly level: "info" | "warning" | "error";
  readonly step: string;
  readonly source: string;
  readonly message: string;
  readonly details?: JsonObject;
}

/** A workflow and when it runs. */
export interface WorkflowJson {
  readonly name: string;
  readonly steps: readonly string[];
  /** Cron expression, or none. */
  readonly schedule?: string;
  /** Time zone the expression is meant in. */
  readonly time_zone?: string;
  /** ISO time of the next due run, or none. */
  readonly next_run?: string;
  /** Active jobs that its steps start and wait for, by step. */
  readonly jobs?: Readonly<Record<string, readonly string[]>>;
}

/** What a job does and when. */
export interface JobDefinitionJson {
  /** Lines of the command line. */
  readonly command: string;
  /** Cron expression it runs by. Default: none. */
  readonly schedule?: string;
  /** IANA name of the schedule's time zone. Default: `UTC`. */
  readonly time_zone?: string;
  /**
   * Event that it runs on; with a schedule too, what it waits for when it is
   * due. Default: none.
   */
  readonly event?: string;
  /** Seconds it has. Default: 3600. */
  readonly timeout?: number;
  /** Variables of its lines, such as `graph`. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether schedule and event count. Default: yes. */
  readonly active?: boolean;
}

/** A job that core keeps. */
export interface JobJson extends JobDefinitionJson {
  readonly id: string;
  readonly timeout: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly active: boolean;
  readonly created_at: string;
  readonly updated_at: string;
  /** ISO time when its schedule is due next, or none. */
  readonly next_run?: string;
}

/** Sent by a worker before it collects: what the plugin's kinds are. */
export interface ModelUpdate {
  readonly plugin: Pick<
    PluginManifest,
    "name" | "version" | "cloud" | "containers" | "kinds"
  >;
}

/** A scope that an answer rests on and that is not up to date. */
export interface ScopeProblemJson {
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly status: Exclude<ScopeStatus, "complete">;
  /** Why it is not complete. */
  readonly reason: string;
  /** ISO time of the last complete listing, or null for never. */
  readonly since: string | null;
}

/** How complete and old an answer is; the last record of a stream. */
export interface CoverageJson {
  readonly type: "coverage";
  /** Scopes the answer rests on. */
  readonly scopes: number;
  /** Scopes of them that were listed completely the last time. */
  readonly complete: number;
  /** Scopes of them that are not up to date, for whatever reason. */
  readonly stale: number;
  /** Stale scopes whose last listing failed; the others were not named again. */
  readonly failed: number;
  /** ISO time of the oldest last success among them. */
  readonly oldest?: string;
  /** Sequence number of the state that was read; the answer is no older. */
  readonly sequence: number;
  /** ISO time that was searched, when it was the past. */
  readonly at?: string;
  /** The first 100 scopes that are not up to date. */
  readonly problems: readonly ScopeProblemJson[];
  /** How many there are. */
  readonly problems_total: number;
  /** What else keeps the answer from being whole: each kind never listed. */
  readonly gaps: readonly string[];
  /** What the search says, and may not mean. */
  readonly warnings: readonly string[];
}

/** How much a search asks of the index. */
export type SearchRating = "simple" | "complex" | "bad";

/** One operator of a plan. */
export interface ExplainOperatorJson {
  /** The engine's name of it. */
  readonly name: string;
  /** Rows that the engine expects. */
  readonly estimated_rows?: number;
  /** Rows that there were, if the search was run. */
  readonly rows?: number;
  /** Milliseconds that it took, if the search was run. */
  readonly ms?: number;
  /** What else the engine says. */
  readonly details: JsonObject;
  /** Where its rows come from. */
  readonly children: readonly ExplainOperatorJson[];
}

/** How a search is answered. */
export interface ExplainJson {
  /** Its canonical form. */
  readonly search: string;
  /** Its statement. */
  readonly sql: string;
  /** What is bound to the places of the statement. */
  readonly parameters: readonly Json[];
  /** How much it asks of the index. */
  readonly rating: SearchRating;
  /** Why, in words. */
  readonly reasons: readonly string[];
  /** What the engine does. */
  readonly plan: readonly ExplainOperatorJson[];
  /** Milliseconds in all, if the search was run. */
  readonly ms?: number;
}

/** A property that may follow, or a key of an open object. */
export interface AttributeJson {
  readonly key: string;
  /** How many nodes have it. */
  readonly count: number;
}

/** A value of a property. */
export interface ValueJson {
  readonly value: Json;
  /** How many nodes have it. */
  readonly count: number;
}

/** How a path may go on. */
export interface PathCompletionJson {
  /** The path with the next step. */
  readonly path: string;
  /** The next step alone. */
  readonly key: string;
  /** Kind of the property, `any` if nothing is known. */
  readonly kind: string;
  readonly description?: string;
  /** Whether the model declares it, or nodes merely have it. */
  readonly source: "model" | "observed";
}

/** How many records an answer has. */
export interface CountsJson {
  /** With its last limit. */
  readonly result: number;
  /** Without its last limit. */
  readonly total: number;
}

/** What happened to a node or an edge. */
export type ChangeType =
  | "node_created"
  | "node_updated"
  | "node_deleted"
  | "edge_created"
  | "edge_updated"
  | "edge_deleted";

/** When and how a node or an edge changed. */
interface ChangeFacts {
  readonly change: ChangeType;
  /** ISO time of the change. */
  readonly changed_at: string;
  /** The run that brought it. */
  readonly run?: string;
}

/** A node as it was when it had changed, or an edge. */
export type ChangeJson =
  | (NodeJson & ChangeFacts & {
    /** What was reported before an update. */
    readonly before?: JsonObject | null;
    /** Paths that an update changed. */
    readonly changed?: readonly string[];
  })
  | (EdgeJson & ChangeFacts);

/** How many changes of a kind there were in a stretch of time. */
export interface TimelineRowJson {
  /** ISO time at which the stretch begins. */
  readonly at: string;
  readonly change: ChangeType;
  readonly count: number;
}

/** A name of a state of a graph. */
export interface SnapshotJson {
  readonly label: string;
  /** Sequence number of the state. */
  readonly sequence: number;
  /** ISO time of the state. */
  readonly at: string;
  /** ISO time when it was named. */
  readonly created_at: string;
}

/** A stored template of searches. */
export interface TemplateJson {
  /** Its name in `expand(name, …)`. */
  readonly name: string;
  readonly template: string;
}
