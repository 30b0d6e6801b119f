/**
 * What the HTTP API needs of the rest of core, as small as can be.
 *
 * @module
 */

import type {
  CoverageJson,
  EdgeJson,
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
  RunJson,
  RunLogJson,
  SubscriberJson,
  WorkflowJson,
} from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import type { MiddlewareHandler } from "hono";
import type { KindDeclaration } from "@skymap/lib/resource";
import type { ApiEnv } from "./middleware/api_env.ts";

/** What one request may do. */
export type Role = "operator" | "worker" | "metrics";

/** Who asks. */
export interface Caller {
  /** Name of the process or person. */
  readonly subject: string;
  /** What it may do. */
  readonly role: Role;
}

/** How a search is asked for. */
export interface SearchRequest {
  /** The search. */
  readonly text: string;
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Stops it after this time. */
  readonly timeoutMs?: number;
  /** Stops it when the caller is gone. */
  readonly signal: AbortSignal;
}

/** A row of an aggregation. */
export type AggregateRow = Readonly<Record<string, Json>>;

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
  /** Nodes that match. */
  list(request: SearchRequest): AsyncIterable<NodeJson>;
  /** Nodes that match, and the edges that were walked. */
  graph(request: SearchRequest): AsyncIterable<NodeJson | EdgeJson>;
  /** Rows of an `aggregate(…)`. */
  aggregate(request: SearchRequest): AsyncIterable<AggregateRow>;
  /** How a search would be answered. */
  explain(request: SearchRequest): Promise<Json>;
  /** How complete and old an answer to the search is. */
  coverage(request: SearchRequest): Promise<CoverageJson>;
}

/** Everything the API serves. */
export interface Services {
  /** Version of this program. */
  readonly version: string;
  /** Whether requests can be answered now; a reason when not. */
  ready(): string | undefined;
  /** Who a token belongs to; throws `token_invalid` or `token_expired`. */
  authenticate(token: string): Promise<Caller>;
  /** Names of the graphs. */
  graphs(): readonly string[];
  /** A graph; throws `graph_unknown`. */
  graph(name: string): GraphService;
  /** Who listens to workflows. */
  readonly subscribers: {
    list(): readonly SubscriberJson[];
    get(id: string): SubscriberJson | undefined;
    put(subscriber: SubscriberJson): Promise<unknown>;
    remove(id: string): Promise<void>;
  };
  /** Workflows and their runs. */
  readonly workflows: {
    list(): readonly WorkflowJson[];
    run(name: string, trigger: string): Promise<RunJson>;
    runs(limit: number): Promise<readonly RunJson[]>;
    get(id: string): Promise<RunJson | undefined>;
    log(id: string): Promise<readonly RunLogJson[]>;
    stop(id: string): Promise<void>;
  };
  /** The page of core's own Prometheus metrics. */
  metrics(): Promise<string>;
  /** Times requests. Default: nobody does. */
  readonly time?: MiddlewareHandler<ApiEnv>;
  /** Serves the database's WebSocket protocol, when the engine is embedded. */
  readonly rpc?: (request: Request) => Response | Promise<Response>;
}
