/**
 * What a plugin is: plain data and functions, given to {@linkcode definePlugin}.
 *
 * @module
 */

import type { Json, JsonObject } from "../json.ts";
import type { KindDeclaration } from "../resource/kind.ts";
import type { EdgeType, NodeSelector, ScopeUsage } from "./messages.ts";

/** Version of the messages between worker and plugin process. */
export const PROTOCOL_VERSION = 1;

/**
 * What a plugin wants to reach. Everything it does not name is refused.
 * `{ config: "endpoint" }` stands for the host of a URL in the plugin's own
 * configuration, so that the operator decides it.
 */
export interface PermissionRequest {
  /** Hosts, `host`, `host:port` or `*.domain:port`. Default: none. */
  readonly net?: readonly (string | { readonly config: string })[];
  /** Environment variable names; `AWS_*` is a prefix. Default: none. */
  readonly env?: readonly string[];
  /** Files and folders; `~/` is the operator's home. Default: none. */
  readonly read?: readonly string[];
  /** System facts, as in Deno's `--allow-sys`. Default: none. */
  readonly sys?: readonly string[];
  /** What it may do to the graph, by way of its worker. Default: nothing. */
  readonly graph?: readonly GraphRight[];
}

/** What a plugin may do to the graph. */
export type GraphRight =
  /** Search it. */
  | "search"
  /** Mark resources to be cleaned up, and take marks away. */
  | "clean"
  /** Protect resources from being cleaned up. */
  | "protect"
  /** Change tags of resources, in their cloud. */
  | "tag";

/** Every {@linkcode GraphRight}. */
export const GRAPH_RIGHTS: readonly GraphRight[] = [
  "search",
  "clean",
  "protect",
  "tag",
];

/** What a plugin is started for; each asks for permissions of its own. */
export type PermissionPhase =
  | "accounts"
  | "collect"
  | "actions"
  | "tasks"
  | "commands"
  | "reactions";

/** Every {@linkcode PermissionPhase}. */
export const PERMISSION_PHASES: readonly PermissionPhase[] = [
  "accounts",
  "collect",
  "actions",
  "tasks",
  "commands",
  "reactions",
];

/** What each phase may reach; a phase that is not named reaches nothing. */
export type PhasePermissions = Readonly<
  Partial<Record<PermissionPhase, PermissionRequest>>
>;

/** An account that a plugin can collect. */
export interface Account {
  /** The provider's id. */
  readonly id: string;
  /** Its name for people. Default: its id. */
  readonly name?: string;
  /** What is needed to reach this account alone. Never logged or stored. */
  readonly credentials?: JsonObject;
}

/** The answer to "which accounts are there?". */
export interface AccountList {
  /** The accounts to collect now. */
  readonly accounts: readonly Account[];
  /**
   * Ids of every account that exists, when that is known for certain. An
   * account of the graph that is not in it is shown as gone.
   */
  readonly all?: readonly string[];
  /** Accounts that are configured but cannot be reached now, and why. */
  readonly unreachable?: readonly {
    readonly id: string;
    readonly code: string;
    readonly message: string;
    readonly permission?: string;
  }[];
}

/** A resource, by what its provider calls it. */
export interface ResourceRef {
  /** Its kind. */
  readonly kind: string;
  /** The provider's id. */
  readonly id: string;
  /** Region id. Default: the region of the scope. */
  readonly region?: string;
  /** Account id. Default: the account of the scope. */
  readonly account?: string;
  /** Cloud id. Default: the plugin's cloud. */
  readonly cloud?: string;
}

/** A resource as a plugin found it. */
export interface FoundNode {
  /** The provider's id, unique in its scope. */
  readonly id: string;
  /** Availability zone, when it has one. */
  readonly zone?: string;
  /** Properties of its kind: `name`, `tags`, `ctime` and the rest. */
  readonly reported: JsonObject;
}

/** An edge as a plugin found it; one end must be a resource of the scope. */
export interface FoundEdge {
  /** Where it starts. */
  readonly from: ResourceRef;
  /** Where it ends. */
  readonly to: ResourceRef;
  /** Default: `default`. */
  readonly type?: EdgeType;
  /**
   * Properties of the edge. On one of type `default` `goes_along` says which end,
   * `to` or `from`, is deleted together with the other. Default: none.
   */
  readonly reported?: JsonObject;
}

/**
 * Takes what is found in one scope. Each promise resolves when the message may
 * be followed by another: await it, and memory stays bounded.
 */
export interface ScopeWriter {
  /** Adds a resource of this scope's kind. */
  node(node: FoundNode): Promise<void>;
  /** Adds an edge that starts or ends at a resource of this scope. */
  edge(edge: FoundEdge): Promise<void>;
  /**
   * Adds an edge whose other end belongs to another account or plugin; one end
   * must lie in the account that is collected.
   */
  deferredEdge(edge: {
    readonly from: NodeSelector;
    readonly to: NodeSelector;
    readonly type?: EdgeType;
  }): Promise<void>;
  /** The node id of a resource. */
  nodeId(ref: ResourceRef): string;
  /** Says what the listing took; the last word counts. Default: unknown. */
  usage(usage: ScopeUsage): void;
}

/** Where a scope lies: the account comes from the context. */
export interface ScopePlace {
  /** The kind that is listed. */
  readonly kind: string;
  /** Region id. Default: none, the scope belongs to the account as a whole. */
  readonly region?: string;
  /** The region's name for people. Default: its id. */
  readonly regionName?: string;
}

/** How a scope ended. */
export type ScopeOutcome = "complete" | "failed";

/** What a collect is given: one account, and where to put what it finds. */
export interface CollectContext<Config> {
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** The account to collect, with its credentials. */
  readonly account: Account;
  /** The account with credentials that are fresh. */
  freshAccount(): Promise<Account>;
  /** Aborts when the run is cancelled or out of time. */
  readonly signal: AbortSignal;
  /**
   * Lists one scope. When `list` returns, the scope is complete and resources
   * that it did not name are gone; when it throws, the scope has failed,
   * nothing of it is deleted, and the error's `code` and `message` are kept as
   * the reason. Never throws, but for the abort of `signal`.
   */
  scope(
    place: ScopePlace,
    list: (scope: ScopeWriter) => Promise<void>,
  ): Promise<ScopeOutcome>;
  /** Says how far the collect is. */
  progress(path: readonly string[], current: number, total: number): void;
  /** Tells the operator something that fails no scope. */
  issue(
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ): void;
}

/** What the listing of accounts is given. */
export interface AccountsContext<Config> {
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** Aborts when the run is cancelled or out of time. */
  readonly signal: AbortSignal;
}

/** What a policy is to allow. */
export interface PolicyContext<Config> {
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** Whether tags are to be changed. */
  readonly tag: boolean;
  /** Whether resources are to be deleted. */
  readonly cleanup: boolean;
}

/** Reads a plugin's configuration; a zod schema is one. */
export interface ConfigSchema<Config> {
  /** Returns the configuration, or throws with every fault in it. */
  parse(value: unknown): Config;
}

/** A node of the graph, as searches give it. */
export interface GraphNode {
  /** Its node id. */
  readonly id: string;
  /** What its provider reports. */
  readonly reported: JsonObject;
  /** What people want of it. */
  readonly desired?: JsonObject;
  /** What is known of it beside that. */
  readonly metadata?: JsonObject;
  /** What it lies in: cloud, account, region and zone. */
  readonly ancestors?: JsonObject;
  /** Its kind and the bases of that. */
  readonly kinds?: readonly string[];
  /** Set when its scope could not be listed the last time. */
  readonly stale?: { readonly since: string; readonly reason: string };
}

/** What became of the nodes that a plugin changed. */
export interface GraphChange {
  /** How many were changed. */
  readonly changed: number;
  /** Those that were not, each with the reason. */
  readonly refused: readonly { readonly id: string; readonly reason: string }[];
}

/** How a plugin searches. */
export interface GraphSearchOptions {
  /**
   * Whether it is refused when something that it is about could not be listed:
   * who acts on what is *not* found has to know that it is not there. Default:
   * false.
   */
  readonly requireComplete?: boolean;
  /**
   * The state that is searched: an ISO time, a duration before now such as `14d`,
   * or the label of a snapshot. Default: the present.
   */
  readonly at?: string;
}

/** The graph, as far as a plugin may use it. */
export interface PluginGraph {
  /**
   * Yields the nodes that match, or the rows of an aggregation. Needs the right
   * `search`.
   */
  search(text: string, options?: GraphSearchOptions): AsyncIterable<GraphNode>;
  /**
   * Marks nodes to be cleaned up, with the reason; those that are protected are
   * refused. Needs the right `clean`.
   */
  clean(ids: readonly string[], reason: string): Promise<GraphChange>;
  /** Takes the marks of nodes away. Needs the right `clean`. */
  keep(ids: readonly string[]): Promise<GraphChange>;
  /** Protects nodes from being cleaned up. Needs the right `protect`. */
  protect(ids: readonly string[]): Promise<GraphChange>;
  /**
   * Sets tags of nodes in their cloud. Needs the right `tag`. Only an action waits
   * until they are set: all other work takes a place on a worker, which who sets
   * them may need. What fails after that is in the log of core.
   */
  tag(
    ids: readonly string[],
    update: Readonly<Record<string, string>>,
  ): Promise<GraphChange>;
}

/** What every function of a plugin is given, but for those that collect. */
export interface WorkContext<Config> {
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** The account that is worked on, with its credentials, when there is one. */
  readonly account?: Account;
  /**
   * An account of this plugin with credentials that are fresh: the one that is
   * worked on when the old ones are about to end, or any other one by its id.
   *
   * @throws {Error} If the plugin does not list such an account.
   */
  accountOf(id: string): Promise<Account>;
  /** The graph; what the plugin was not granted rejects. */
  readonly graph: PluginGraph;
  /** Aborts when the work is cancelled or out of time. */
  readonly signal: AbortSignal;
  /** Tells the operator something; only what is thrown fails the work. */
  issue(
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ): void;
}

/** What an action is given. */
export interface ActionContext<Config> extends WorkContext<Config> {
  /** The message type, such as `post_collect`. */
  readonly event: string;
  /** What the message says: run and step. */
  readonly data: JsonObject;
}

/** What a task is given. */
export interface TaskContext<Config> extends WorkContext<Config> {
  /** The task's name, such as `tag`. */
  readonly task: string;
  /** What is to be done, and to what. */
  readonly args: JsonObject;
}

/** What a command is given. */
export interface CommandContext<Config> extends WorkContext<Config> {
  /** The command's name. */
  readonly command: string;
  /** The words after the name. */
  readonly args: readonly string[];
  /** What the command before it in the pipe printed. */
  readonly input: readonly Json[];
  /** Prints a value; resolves when there is room for another. */
  write(value: Json): Promise<void>;
}

/** What happened to the nodes of a reaction's search. */
export interface ReactionChanges {
  /** Nodes that match now and did not before. */
  readonly appeared: readonly JsonObject[];
  /** Nodes that matched before, match now and are not what they were. */
  readonly changed: readonly {
    readonly before: JsonObject;
    readonly after: JsonObject;
  }[];
  /** Nodes that matched before and do no more, or are gone: as they were. */
  readonly left: readonly JsonObject[];
}

/** What a reaction is given. */
export interface ReactionContext<Config> extends WorkContext<Config> {
  /** The reaction's name. */
  readonly reaction: string;
  /** What happened, since the reaction was called last. */
  readonly changes: ReactionChanges;
}

/** Work that is done whenever the answer to a search changes. */
export interface Reaction<Config> {
  /** Its name, unique in the plugin. */
  readonly name: string;
  /** The search whose answer is watched. */
  readonly search: string;
  /**
   * Does the work. What it throws is told and tried again: it may be called
   * with the same changes twice.
   */
  react(context: ReactionContext<Config>): Promise<void> | void;
}

/** A plugin, as its author writes it: it collects, or does other work, or both. */
export interface PluginDefinition<Config = Record<string, Json>> {
  /** Name, `snake_case`. */
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
  /** What it does, in one sentence. */
  readonly description: string;
  /** Cloud id that all its scopes carry. Default: its name. */
  readonly cloud?: string;
  /**
   * The kinds of its accounts and regions, which must be declared too. Needed
   * by what collects.
   */
  readonly containers?: {
    readonly account: string;
    readonly region: string;
  };
  /** The kinds it collects. Needed by what collects. */
  readonly kinds?: readonly KindDeclaration[];
  /** Reads its configuration. Default: takes any object as it is. */
  readonly config?: ConfigSchema<Config>;
  /** JSON schema of the configuration, for people and editors. */
  readonly configSchema?: JsonObject;
  /** What each phase may reach. */
  readonly permissions: PhasePermissions;
  /**
   * Whether it collects only where no other plugin does, so that there is
   * something to look at. Default: false.
   */
  readonly fallback?: boolean;
  /** Whether the configuration is enough to collect something. Default: true. */
  isConfigured?(config: Config): boolean;
  /**
   * Writes down what the accounts must allow for what the configuration wants, in
   * the form that its cloud takes, such as an IAM policy; in several parts where
   * one would be larger than the cloud takes. It reaches nothing.
   */
  policy?(
    wanted: PolicyContext<Config>,
  ):
    | Promise<JsonObject | readonly JsonObject[]>
    | JsonObject
    | readonly JsonObject[];
  /** Lists the accounts. */
  accounts?(
    context: AccountsContext<Config>,
  ): Promise<AccountList> | AccountList;
  /**
   * Collects one account. The account's own node and its regions are scopes as
   * any other (kinds of `containers`, the account node with the account's id).
   */
  collect?(context: CollectContext<Config>): Promise<void>;
  /** Its part in steps of a run, by message type. */
  readonly actions?: Readonly<
    Record<string, (context: ActionContext<Config>) => Promise<void> | void>
  >;
  /** Tasks it can do, by name; what they return is the task's result. */
  readonly tasks?: Readonly<
    Record<
      string,
      (context: TaskContext<Config>) => Promise<Json | void> | Json | void
    >
  >;
  /** Commands it adds, by name. */
  readonly commands?: Readonly<
    Record<string, (context: CommandContext<Config>) => Promise<void> | void>
  >;
  /** What `help` says of its commands, by name. */
  readonly commandHelp?: Readonly<Record<string, CommandHelp>>;
  /** Searches that it watches. */
  readonly reactions?: readonly Reaction<Config>[];
}

/** What `help` says of a command. */
export interface CommandHelp {
  /** What it does: a sentence without its end. */
  readonly brief: string;
  /** What its words are, such as `SERVICE OPERATION`. */
  readonly words: string;
  /** How it is used. */
  readonly description: string;
  /** Lines, and what each of them does. */
  readonly examples: readonly {
    readonly line: string;
    readonly says: string;
  }[];
}

/** A plugin that collects. */
export type CollectorDefinition<Config = Record<string, Json>> =
  & PluginDefinition<Config>
  & Required<
    Pick<
      PluginDefinition<Config>,
      "containers" | "kinds" | "accounts" | "collect"
    >
  >;

/** What is known of a plugin without running its work. */
export interface PluginManifest {
  /** {@linkcode PROTOCOL_VERSION} it was written for. */
  readonly protocol: number;
  /** Its name. */
  readonly name: string;
  /** Its version. */
  readonly version: string;
  /** What it does. */
  readonly description: string;
  /** Cloud id of its scopes. */
  readonly cloud: string;
  /** Kinds of its accounts and regions; the bases when it collects nothing. */
  readonly containers: { readonly account: string; readonly region: string };
  /** The kinds it collects. */
  readonly kinds: readonly KindDeclaration[];
  /** JSON schema of its configuration, or none. */
  readonly configSchema?: JsonObject;
  /** Whether it lists accounts and collects them. */
  readonly collects: boolean;
  /** Whether it collects only where no other plugin does. Default: false. */
  readonly fallback?: boolean;
  /** Message types it has an action for. */
  readonly actions: readonly string[];
  /** Names of the tasks it can do. */
  readonly tasks: readonly string[];
  /** Names of the commands it adds. */
  readonly commands: readonly string[];
  /** What `help` says of those for which there is more to say. */
  readonly commandHelp?: Readonly<Record<string, CommandHelp>>;
  /** Searches that it watches. */
  readonly reactions: readonly {
    readonly name: string;
    readonly search: string;
  }[];
  /** What it asks for, each phase. */
  readonly permissions: Readonly<Record<PermissionPhase, PermissionRequest>>;
}
