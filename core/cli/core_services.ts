/**
 * What commands and the HTTP API need of the rest of core, as small as can be.
 *
 * @module
 */

import type {
  CountsJson,
  CoverageJson,
  ExplainJson,
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
  NodePatch,
  NodeUpdateReport,
  PathCompletionJson,
  RestoreReport,
  SnapshotJson,
  SubscriberJson,
  SystemInfoJson,
  TagAnswer,
  TagChange,
  TemplateJson,
  TimeSeriesDownsampleJson,
  TimeSeriesInfoJson,
  TimeSeriesPointJson,
  TimeSeriesQueryJson,
  TimeSeriesSnapshotJson,
} from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import type { GraphSize, NodeUpdates, UpdateOptions } from "../graph/mod.ts";
import type { SourceText } from "../query/source_text.ts";
import type { SearchAt } from "../search/search_context.ts";
import type { CustomCommand } from "../config/commands_document.ts";
import type { Configs } from "../config/configs.ts";
import type { PluginCommands } from "../registry/plugin_commands.ts";
import type { PluginRegistry } from "../registry/registry.ts";
import type { KindDeclaration } from "@skymap/lib/resource";
import type { WorkflowEngine } from "../workflow/engine.ts";
import type { Jobs } from "../workflow/jobs.ts";
import type { Cleanup } from "../cleanup/cleanup.ts";

/** What one request may do. */
export type Role = "operator" | "worker" | "metrics" | "scraper";

/** Who asks. */
export interface Caller {
  /** Name of the process or person. */
  readonly subject: string;
  /** What it may do. */
  readonly role: Role;
}

/** How answers are asked for. */
export interface AnswerRequest {
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Stops it after this time. */
  readonly timeoutMs?: number;
  /** Since when that time counts, as `performance.now()` tells it. */
  readonly since?: number;
  /** Stops it when the caller is gone. */
  readonly signal: AbortSignal;
  /** Sequence number whose state is searched. Default: the present. */
  readonly sequence?: number;
  /** ISO time of that state. */
  readonly at?: string;
}

/** How a search is asked for. */
export interface SearchRequest extends AnswerRequest {
  /** The search. */
  readonly text: string;
  /** The same, if it was read already: errors then point where it was written. */
  readonly read?: SearchAt;
}

/** What a search is asked for. */
export type SearchForm = "list" | "graph" | "aggregate";

/** How properties are looked up. */
export interface PropertyRequest extends AnswerRequest {
  /** The property, alone or with a comparison; or the begin of a path. */
  readonly property: string;
  /** The search of the nodes it is looked up over. Default: all of them. */
  readonly text?: string;
  /** Kinds of the nodes. Default: any. */
  readonly kinds: readonly string[];
  /** Which stretch of the answer is wanted. */
  readonly page: { readonly limit: number; readonly skip: number };
}

/** How the history is searched. */
export interface HistoryRequest extends SearchRequest {
  /** Changes from this time on. */
  readonly after?: string;
  /** Changes before this time. */
  readonly before?: string;
  /** Kinds of changes. Default: all that `of` allows. */
  readonly changes?: readonly string[];
  /** What has changed. Default: what `changes` names, else nodes. */
  readonly of?: "nodes" | "edges" | "all";
}

/** Records as JSON texts, some at a time. */
export type Texts = AsyncIterable<readonly string[]>;

/** One graph, as the API uses it. */
export interface GraphService {
  /** Merges NDJSON; see `POST /graph/{g}/merge`. */
  merge(
    body: AsyncIterable<Uint8Array>,
    options: {
      readonly run?: string;
      readonly step?: string;
      readonly source: string;
      readonly signal: AbortSignal;
    },
  ): Promise<MergeReport>;
  /** Changes `desired` and `metadata` of nodes, all of these or none. */
  updateNodes(
    patches: readonly NodePatch[],
    options: UpdateOptions,
  ): Promise<NodeUpdates>;
  /**
   * Changes tags of nodes in their clouds, and takes them over; gives what became
   * of each node. What is not waited for is done when workers are asked to: then
   * those are given that cannot be.
   */
  tag(
    changes: readonly TagChange[],
    options: {
      readonly signal: AbortSignal;
      /** Default: it is waited for. */
      readonly isWaited?: boolean;
    },
  ): Promise<readonly TagAnswer[]>;
  /** The same for NDJSON; see `PATCH /graph/{g}/nodes`. */
  patchNodes(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<NodeUpdateReport>;
  /** Nodes in this order; ids that are none are left out. */
  nodes(ids: readonly string[]): Promise<readonly NodeJson[]>;
  /** One node, or undefined. */
  node(id: string): Promise<NodeJson | undefined>;
  /** Every scope. */
  ledger(): AsyncIterable<LedgerEntryJson>;
  /** Every kind. */
  kinds(): readonly KindDeclaration[];
  /** Adds a plugin's kinds. */
  updateModel(update: ModelUpdate): Promise<void>;
  /** Removes what is gone; gives how many nodes went. */
  retire(cloud: string, account: string | undefined): Promise<number>;
  /** The state of the graph at a time, so long ago or of a snapshot. */
  pointInTime(
    at: string,
    signal: AbortSignal,
    /** Default: the system's clock. */
    nowMs?: number,
  ): Promise<{ readonly sequence: number; readonly at: string }>;
  /** Nodes that match, with the edges that were walked, or rows of them. */
  search(form: SearchForm, request: SearchRequest): Texts;
  /** How many records the answer to a search has. */
  counts(request: SearchRequest): Promise<CountsJson>;
  /** How a search would be answered. */
  explain(
    request: SearchRequest & { readonly analyze: boolean },
  ): Promise<ExplainJson>;
  /** The tree of a search. */
  structure(text: string): Json;
  /** Kinds whose changes can change the answer; null when it may be any. */
  searchKinds(
    request: Pick<SearchRequest, "text" | "section">,
  ): readonly string[] | null;
  /**
   * Looks whether a search that was read can be answered, and asks nothing;
   * throws `query_invalid`.
   */
  check(
    read: SearchAt,
    options: Pick<HistoryRequest, "section" | "changes" | "of"> & {
      /** Whether it is about changes. */
      readonly isHistory: boolean;
    },
  ): void;
  /** A search with its placeholders and templates replaced, not yet read. */
  expand(
    text: SourceText,
    options: { readonly nowMs: number; readonly timeZone?: string },
  ): SourceText;
  /** Keys of an object, with how many nodes have them. */
  attributes(request: PropertyRequest): Texts;
  /** Values of a property, with how many nodes have them. */
  values(request: PropertyRequest): Texts;
  /** How the path of a property may go on. */
  completePath(
    request: PropertyRequest,
  ): Promise<readonly PathCompletionJson[]>;
  /** Changes, or rows of an `aggregate(…)` over them. */
  history(form: "list" | "aggregate", request: HistoryRequest): Texts;
  /** How complete and old an answer about changes is. */
  historyCoverage(request: HistoryRequest): Promise<CoverageJson>;
  /** How many changes there were over time. */
  timeline(request: HistoryRequest & { readonly granularity: string }): Texts;
  /** Names of its states. */
  readonly snapshots: {
    list(): Promise<readonly SnapshotJson[]>;
    create(
      label: string,
      at: string | undefined,
      signal: AbortSignal,
    ): Promise<SnapshotJson>;
    remove(label: string): Promise<void>;
  };
  /** Values of searches over time. */
  readonly timeSeries: {
    /** Keeps what an aggregation gives now. */
    snapshot(
      name: string,
      search: string | SearchAt,
      options: {
        readonly section?: string;
        readonly signal: AbortSignal;
        /** The search as it was written, if it was read since. */
        readonly written?: string;
      },
    ): Promise<TimeSeriesSnapshotJson>;
    /** What was kept, a bucket of time after the other. */
    get(
      name: string,
      query: TimeSeriesQueryJson,
      signal: AbortSignal,
    ): Promise<{
      readonly coverage: CoverageJson;
      readonly points: AsyncIterable<readonly TimeSeriesPointJson[]>;
    }>;
    /** Every series, by name. */
    list(): Promise<readonly TimeSeriesInfoJson[]>;
    /** Makes less of what is older, as configured. Default: of all series. */
    downsample(
      name: string | undefined,
      signal: AbortSignal,
    ): Promise<readonly TimeSeriesDownsampleJson[]>;
    /** Deletes a series; throws `not_found`. */
    remove(name: string): Promise<void>;
  };
  /** How much it holds. */
  size(): Promise<GraphSize>;
  /** It and its past as lines of NDJSON, as it is now. */
  export(signal: AbortSignal): AsyncIterable<string>;
  /** How complete and old an answer to the search is. */
  coverage(request: SearchRequest): Promise<CoverageJson>;
}

/** What the configuration says of command lines. */
export interface CommandConfig {
  /**
   * Hosts that requests may go to though they lie inside; each can be read by
   * `parseHostPattern`.
   */
  allowedHosts(): readonly string[];
  /** Commands that stand for lines. */
  customCommands(): readonly CustomCommand[];
}

/** How something that may take the place of another is made. */
export interface ReplaceOptions {
  /** Whether it may take the place of what is there. Default: no. */
  readonly force?: boolean;
  /** Gives it up; then everything is as it was. */
  readonly signal: AbortSignal;
}

/** Makes, copies and removes graphs; each is whole or not there. */
export interface GraphSet {
  /** Makes an empty graph; throws `body_invalid` or `conflict`. */
  create(name: string): Promise<void>;
  /** Makes a graph out of NDJSON that one was exported to. */
  import(
    name: string,
    body: AsyncIterable<Uint8Array>,
    options: ReplaceOptions,
  ): Promise<void>;
  /** Makes a graph that is as another one is now, with its past. */
  copy(from: string, to: string, options: ReplaceOptions): Promise<void>;
  /** Removes a graph; throws `graph_unknown` or `conflict`. */
  remove(name: string): Promise<void>;
}

/** What is about everything. */
export interface SystemService {
  /** What runs, and how much it holds. */
  info(): Promise<SystemInfoJson>;
  /** A file with everything in it. */
  backup(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** Reads such a file: it is what counts from the next start of core on. */
  restore(
    body: AsyncIterable<Uint8Array>,
    options: ReplaceOptions,
  ): Promise<RestoreReport>;
}

/** Everything of core that a person can ask for. */
export interface CoreServices {
  /** Version of this program. */
  readonly version: string;
  /** Names of the graphs. */
  graphs(): readonly string[];
  /** A graph; throws `graph_unknown`. */
  graph(name: string): GraphService;
  /** Makes, copies and removes graphs. */
  readonly graphSet: GraphSet;
  /** Everything at once. */
  readonly system: SystemService;
  /** Who listens to workflows. */
  readonly subscribers: {
    list(): readonly SubscriberJson[];
    get(id: string): SubscriberJson | undefined;
    put(subscriber: SubscriberJson): Promise<unknown>;
    remove(id: string): Promise<void>;
  };
  /** Workflows and their runs. */
  readonly workflows: Pick<
    WorkflowEngine,
    "list" | "run" | "runs" | "get" | "log" | "stop" | "follow" | "emit"
  >;
  /** Plans of what is deleted. */
  readonly cleanup: Pick<
    Cleanup,
    | "plan"
    | "list"
    | "get"
    | "items"
    | "blocked"
    | "apply"
    | "cancel"
    | "onChange"
  >;
  /** Lines that run by themselves. */
  readonly jobs: Pick<Jobs, keyof Jobs>;
  /** Stored templates of searches. */
  readonly templates: {
    list(): readonly TemplateJson[];
    get(name: string): TemplateJson;
    put(name: string, template: string): Promise<TemplateJson>;
    remove(name: string): Promise<void>;
    expand(text: string, timeZone?: string): string;
  };
  /** The documents of the configuration. */
  readonly configs: Pick<Configs, keyof Configs>;
  /** What the configuration says of command lines, as it is now. */
  readonly commandConfig: CommandConfig;
  /** Plugins: what was added, what was approved, what runs. */
  readonly plugins: Pick<PluginRegistry, keyof PluginRegistry>;
  /** Commands of plugins. */
  readonly pluginCommands: Pick<PluginCommands, "run">;
}
