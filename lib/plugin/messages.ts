/**
 * Messages of a collect: what a plugin says, what the worker forwards to core
 * and what `POST /graph/{name}/merge` takes, one JSON object per line.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";

/** A part of a cloud that is listed as one: the unit of truth. */
export interface ScopeKey {
  /** Cloud id, such as `aws`. */
  readonly cloud: string;
  /** Account id. */
  readonly account: string;
  /** Region id; empty for what is not in a region. */
  readonly region: string;
  /** The kind that is listed. */
  readonly kind: string;
}

/** Why something could not be listed. */
export interface Failure {
  /** The provider's code or one of ours, such as `AccessDenied`. */
  readonly code: string;
  /** What happened, for people. */
  readonly message: string;
  /** The permission that would be needed, such as `ec2:DescribeVolumes`. */
  readonly permission?: string;
}

/** Opens a scope under a number that later messages of this stream use. */
export interface ScopeOpenMessage extends ScopeKey {
  /** Tells the message. */
  readonly type: "scope";
  /** Number of the scope in this stream, from 1. */
  readonly scope: number;
  /** `open`. */
  readonly state: "open";
  /** The account's name. Default: its id. */
  readonly account_name?: string;
  /** The region's name. Default: its id. */
  readonly region_name?: string;
}

/** What the listing of a scope took. */
export interface ScopeUsage {
  /** Calls that were made, those that were tried again included. */
  readonly calls: number;
  /** How many of them the provider turned away, for there were too many. */
  readonly throttles: number;
  /** Bytes of the answers. */
  readonly bytes: number;
  /** Milliseconds that calls waited for their turn. */
  readonly waited_ms: number;
}

/** Closes a scope: all of it was listed. What was not seen is deleted. */
export interface ScopeCompleteMessage {
  /** Tells the message. */
  readonly type: "scope";
  /** Number of the scope in this stream. */
  readonly scope: number;
  /** `complete`. */
  readonly state: "complete";
  /** What the listing took, when it is known. */
  readonly usage?: ScopeUsage;
}

/** Closes a scope that could not be listed. Nothing of it is deleted. */
export interface ScopeFailedMessage {
  /** Tells the message. */
  readonly type: "scope";
  /** Number of the scope in this stream. */
  readonly scope: number;
  /** `failed`. */
  readonly state: "failed";
  /** What the listing took, when it is known. */
  readonly usage?: ScopeUsage;
  /** Why. */
  readonly error: Failure;
}

/** Any message about a scope. */
export type ScopeMessage =
  | ScopeOpenMessage
  | ScopeCompleteMessage
  | ScopeFailedMessage;

/** One resource of an open scope. Its node id follows from scope and id. */
export interface NodeMessage {
  /** Tells the message. */
  readonly type: "node";
  /** Number of its scope. */
  readonly scope: number;
  /** The provider's id; also `reported.id` when that is missing. */
  readonly id: string;
  /** Availability zone, when it has one. */
  readonly zone?: string;
  /** What the provider reports; `id`, `name`, `tags`, `ctime` and the rest. */
  readonly reported: JsonObject;
}

/** An edge; one end is a node of its scope. Ends are node ids. */
export interface EdgeMessage {
  /** Tells the message. */
  readonly type: "edge";
  /** Number of its scope. */
  readonly scope: number;
  /** Node id it starts at. */
  readonly from: string;
  /** Node id it ends at. */
  readonly to: string;
  /** `default`, `delete` or `iam`. Default: `default`. */
  readonly edge_type?: EdgeType;
  /** Properties of the edge. */
  readonly reported?: JsonObject;
}

/** Finds exactly one node: by node id, or by a search. */
export type NodeSelector =
  | { readonly node_id: string }
  | { readonly search: string };

/** An edge whose ends are found after every plugin is done. */
export interface DeferredEdgeMessage {
  /** Tells the message. */
  readonly type: "deferred_edge";
  /** Number of its scope. */
  readonly scope: number;
  /** Where it starts. */
  readonly from: NodeSelector;
  /** Where it ends. */
  readonly to: NodeSelector;
  /** `default`, `delete` or `iam`. Default: `default`. */
  readonly edge_type?: EdgeType;
}

/** A complete list of the accounts of a cloud: others are gone. */
export interface AccountsMessage {
  /** Tells the message. */
  readonly type: "accounts";
  /** Cloud id. */
  readonly cloud: string;
  /** Ids of every account that exists. */
  readonly accounts: readonly string[];
}

/** Fails every scope of an account that this stream does not close. */
export interface AccountFailedMessage {
  /** Tells the message. */
  readonly type: "account_failed";
  /** Cloud id. */
  readonly cloud: string;
  /** Account id. */
  readonly account: string;
  /** Why. */
  readonly error: Failure;
}

/** How far a collect is. */
export interface ProgressMessage {
  /** Tells the message. */
  readonly type: "progress";
  /** Where: account, region, and so on. */
  readonly path: readonly string[];
  /** How many parts are done. */
  readonly current: number;
  /** Of how many. */
  readonly total: number;
}

/** Something a person should know; it does not fail a scope by itself. */
export interface IssueMessage {
  /** Tells the message. */
  readonly type: "issue";
  /** How bad it is. */
  readonly level: "info" | "warning" | "error";
  /** What it is. */
  readonly message: string;
  /** Facts for programs. */
  readonly details?: JsonObject;
}

/**
 * The last line of a merge stream. `account`, when given, was collected whole:
 * its scopes that the stream did not mention become stale. A stream without
 * this line was cut: what was closed stays, the rest is untouched.
 */
export interface EndMessage {
  /** Tells the message. */
  readonly type: "end";
  /** The account that was collected. */
  readonly collected?: { readonly cloud: string; readonly account: string };
}

/** Types of edges. */
export type EdgeType = "default" | "delete" | "iam";

/** Every edge type. */
export const EDGE_TYPES: readonly EdgeType[] = ["default", "delete", "iam"];

/** What a plugin's collect yields. */
export type CollectMessage =
  | ScopeMessage
  | NodeMessage
  | EdgeMessage
  | DeferredEdgeMessage
  | ProgressMessage
  | IssueMessage;

/** A line of `POST /graph/{name}/merge`. */
export type MergeMessage =
  | ScopeMessage
  | NodeMessage
  | EdgeMessage
  | DeferredEdgeMessage
  | AccountsMessage
  | AccountFailedMessage
  | ProgressMessage
  | IssueMessage
  | EndMessage;
