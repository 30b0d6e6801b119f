/**
 * The typed way to core's HTTP API.
 *
 * @module
 */

import { isSkymapError, messageOf, SkymapError } from "../errors.ts";
import { readNdjson } from "../ndjson.ts";
import type { KindDeclaration } from "../resource/mod.ts";
import type {
  AttributeJson,
  ChangeJson,
  ChangeType,
  CountsJson,
  CoverageJson,
  ExplainJson,
  JobDefinitionJson,
  JobJson,
  LedgerEntryJson,
  MergeReport,
  ModelUpdate,
  NodeJson,
  NodePatch,
  NodeUpdateReport,
  PathCompletionJson,
  RunFrame,
  RunJson,
  RunLogJson,
  RunState,
  SnapshotJson,
  SubscriberJson,
  TemplateJson,
  TimelineRowJson,
  ValueJson,
  WorkflowJson,
} from "./api_types.ts";
import type { SearchKindsJson } from "./change_types.ts";
import type {
  CliFrame,
  CliInfoJson,
  CompletionsJson,
  EvaluatedLineJson,
} from "./cli_types.ts";
import {
  apiPath,
  type ApiRequest,
  type ApiResult,
  CoreTransport,
} from "./core_transport.ts";
import type { TagAnswer, TagChange } from "./tag_types.ts";

export * from "./core_transport.ts";

/** A record of a streamed search. */
export type SearchRecord = NodeJson | CoverageJson | Record<string, unknown>;

/** What a search is asked for. */
export type SearchKind = "list" | "graph" | "aggregate";

/** How a search is answered. */
export interface SearchOptions {
  /** Section of relative paths. Default: `reported`. */
  readonly section?: string;
  /** Stops it after this time, such as `10s`. Default: no limit. */
  readonly timeout?: string;
  /** Searches the past: a time, a duration ago or a snapshot. */
  readonly at?: string;
  /** Stops it, in core too. */
  readonly signal?: AbortSignal;
}

/** How a search is answered with records. */
export interface AnswerOptions extends SearchOptions {
  /** Fail when the answer is not complete. Default: no. */
  readonly requireComplete?: boolean;
}

/** How the history is searched. */
export interface HistoryOptions extends Omit<AnswerOptions, "at"> {
  /** Changes from this time on: a time, a duration ago or a snapshot. */
  readonly after?: string;
  /** Changes before this time. */
  readonly before?: string;
  /** Kinds of changes. Default: all that `of` allows. */
  readonly changes?: readonly ChangeType[];
  /** What has changed. Default: what `changes` names, else nodes. */
  readonly of?: "nodes" | "edges" | "all";
}

/** How properties are looked up. */
export interface PropertyOptions extends SearchOptions {
  /** The search of the nodes. Default: all of them. */
  readonly search?: string;
  /** Kinds of the nodes. Default: any. */
  readonly kinds?: readonly string[];
  /** How many at most. Default: 100. */
  readonly limit?: number;
  /** How many are left out first. Default: none. */
  readonly skip?: number;
}

/** Which runs are wanted. */
export interface RunsQuery {
  /** How many at most. Default: 100. */
  readonly limit?: number;
  /** Of this workflow; `job:` and an id for those of a job. */
  readonly workflow?: string;
  /** In this state. */
  readonly state?: RunState;
  /** Started then or later, as an ISO time. */
  readonly startedAfter?: string;
  /** Started before, as an ISO time. */
  readonly startedBefore?: string;
  /** Only those that failed or of which a step did. Default: all. */
  readonly hasErrors?: boolean;
}

type Query = NonNullable<ApiRequest["query"]>;

function searchQuery({ section, timeout, at }: SearchOptions): Query {
  return { section, search_timeout: timeout, at };
}

function answerQuery(options: AnswerOptions): Query {
  const { requireComplete = false } = options;
  return {
    ...searchQuery(options),
    require_complete: requireComplete ? "true" : undefined,
  };
}

/** A request that posts a search. */
function post(
  text: string,
  query: Query,
  { signal }: { readonly signal?: AbortSignal },
): ApiRequest {
  return {
    method: "POST",
    body: text,
    query,
    ...(signal !== undefined && { signal }),
  };
}

/** Media type of {@linkcode CliFrame} lines. */
const CLI_FRAMES = "application/vnd.skymap.cli+ndjson";

/** How command lines are run. */
export interface ExecuteOptions {
  /** Variables of every line, such as `graph`. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the answer is shown. Default: nowhere. */
  readonly terminal?: {
    /** Its width. Default: unknown, nothing is cut. */
    readonly columns?: number;
    /** Whether it shows colours. */
    readonly hasColors: boolean;
  };
  /** Files of this machine, by the name that a line has for them. */
  readonly files?: ReadonlyMap<string, Blob>;
  /** Stops the lines, in core too. */
  readonly signal?: AbortSignal;
}

function terminalHeader(
  { columns, hasColors }: NonNullable<ExecuteOptions["terminal"]>,
): string {
  return (columns === undefined ? "" : `columns=${columns}; `) +
    `colors=${hasColors ? "yes" : "no"}`;
}

function formOf(lines: string, files: ReadonlyMap<string, Blob>): FormData {
  const form = new FormData();
  form.set("command", lines);
  for (const [name, file] of files) form.set(name, file, name);
  return form;
}

function cutAnswer(cause: unknown): SkymapError {
  if (isSkymapError(cause)) return cause;
  const why = cause === undefined ? "" : ` (${messageOf(cause)})`;
  return new SkymapError(
    "core_unreachable",
    `Cannot read all of the answer: it was cut${why}`,
    { cause },
  );
}

/** Talks to one core. Throws only when core cannot be reached or on abort. */
export class CoreClient extends CoreTransport {
  /** Merges a stream of NDJSON messages into a graph. */
  merge(
    graph: string,
    body: ReadableStream<Uint8Array>,
    query: { readonly run?: string; readonly step?: string },
    signal?: AbortSignal,
  ): Promise<ApiResult<MergeReport>> {
    return this.call(apiPath`/graph/${graph}/merge`, {
      method: "POST",
      body,
      query,
      ...(signal !== undefined && { signal }),
    });
  }

  /** Changes what people want and know of nodes. */
  updateNodes(
    graph: string,
    patches: Iterable<NodePatch> | AsyncIterable<NodePatch>,
    signal?: AbortSignal,
  ): Promise<ApiResult<NodeUpdateReport>> {
    const lines = ReadableStream.from(patches)
      .pipeThrough(
        new TransformStream<NodePatch, string>({
          transform: (patch, out) => out.enqueue(`${JSON.stringify(patch)}\n`),
        }),
      )
      .pipeThrough(new TextEncoderStream());
    return this.call(apiPath`/graph/${graph}/nodes`, {
      method: "PATCH",
      body: lines,
      ...(signal !== undefined && { signal }),
    });
  }

  /**
   * Changes tags of resources in their clouds; yields what became of each.
   *
   * @throws {SkymapError} What core says, when it does nothing of it.
   */
  tag(
    graph: string,
    changes: readonly TagChange[],
    signal?: AbortSignal,
  ): AsyncGenerator<TagAnswer> {
    return this.stream(apiPath`/graph/${graph}/tag`, {
      method: "POST",
      json: changes,
      ...(signal !== undefined && { signal }),
    });
  }

  /** Tells core the kinds of a plugin. */
  putModel(graph: string, update: ModelUpdate): Promise<ApiResult<null>> {
    return this.call(apiPath`/graph/${graph}/model`, {
      method: "PUT",
      json: update,
    });
  }

  /**
   * Streams the records of a search; the last is of type `coverage`.
   *
   * @param onCounts Asks how many records there are, and is told first.
   */
  search(
    graph: string,
    kind: SearchKind,
    text: string,
    options: AnswerOptions = {},
    onCounts?: (counts: CountsJson) => void,
  ): AsyncGenerator<SearchRecord> {
    const query = {
      ...answerQuery(options),
      count: onCounts === undefined ? undefined : "true",
    };
    return this.stream(
      apiPath`/graph/${graph}/search/${kind}`,
      post(text, query, options),
      (headers) =>
        onCounts?.({
          result: Number(headers.get("result-count")),
          total: Number(headers.get("total-count")),
        }),
    );
  }

  /** The answer to a search in another form, such as `graphml` or `csv`. */
  searchAs(
    graph: string,
    kind: SearchKind,
    text: string,
    format: string,
    options: AnswerOptions = {},
  ): Promise<Response> {
    const query = { ...answerQuery(options), format };
    return this.fetchGood(
      apiPath`/graph/${graph}/search/${kind}`,
      post(text, query, options),
    );
  }

  /** How a search is answered; with `analyze` it is run. */
  explain(
    graph: string,
    text: string,
    options: SearchOptions & { readonly analyze?: boolean } = {},
  ): Promise<ApiResult<ExplainJson>> {
    const analyze = options.analyze === true ? "true" : undefined;
    return this.call(
      apiPath`/graph/${graph}/search/explain`,
      post(text, { ...searchQuery(options), analyze }, options),
    );
  }

  /** Kinds whose changes can change the answer to a search. */
  searchKinds(
    graph: string,
    text: string,
    options: Pick<SearchOptions, "section" | "signal"> = {},
  ): Promise<ApiResult<SearchKindsJson>> {
    return this.call(
      apiPath`/graph/${graph}/search/kinds`,
      post(text, searchQuery(options), options),
    );
  }

  /** The tree of a search. */
  structure(graph: string, text: string): Promise<ApiResult<unknown>> {
    return this.call(
      apiPath`/graph/${graph}/search/structure`,
      post(text, {}, {}),
    );
  }

  /**
   * Streams changes, the oldest first; or rows of an `aggregate(…)`. The last
   * record is of type `coverage`.
   */
  history(
    graph: string,
    kind: "list",
    text: string,
    options?: HistoryOptions,
  ): AsyncGenerator<ChangeJson | CoverageJson>;
  history(
    graph: string,
    kind: "list" | "aggregate",
    text: string,
    options?: HistoryOptions,
  ): AsyncGenerator<ChangeJson | CoverageJson | Record<string, unknown>>;
  history(
    graph: string,
    kind: "list" | "aggregate",
    text: string,
    options: HistoryOptions = {},
  ): AsyncGenerator<ChangeJson | CoverageJson | Record<string, unknown>> {
    return this.stream(
      apiPath`/graph/${graph}/search/history/${kind}`,
      post(text, historyQuery(options), options),
    );
  }

  /**
   * Streams how many changes there were in each stretch of time; the last record
   * is of type `coverage`.
   */
  timeline(
    graph: string,
    text: string,
    granularity: string,
    options: HistoryOptions = {},
  ): AsyncGenerator<TimelineRowJson | CoverageJson> {
    return this.stream(
      apiPath`/graph/${graph}/search/history/timeline`,
      post(text, { ...historyQuery(options), granularity }, options),
    );
  }

  /** Names of states of a graph, the oldest state first. */
  snapshots(graph: string): Promise<ApiResult<readonly SnapshotJson[]>> {
    return this.call(apiPath`/graph/${graph}/snapshots`);
  }

  /** Names a state of a graph. Default: the present. */
  createSnapshot(
    graph: string,
    label: string,
    at?: string,
  ): Promise<ApiResult<SnapshotJson>> {
    return this.call(apiPath`/graph/${graph}/snapshots`, {
      method: "POST",
      json: { label, at },
    });
  }

  /** Forgets a name of a state. */
  removeSnapshot(graph: string, label: string): Promise<ApiResult<null>> {
    return this.call(apiPath`/graph/${graph}/snapshots/${label}`, {
      method: "DELETE",
    });
  }

  /** Streams the keys of an object, the most frequent first. */
  attributes(
    graph: string,
    property: string,
    options: PropertyOptions = {},
  ): AsyncGenerator<AttributeJson> {
    return this.stream(
      apiPath`/graph/${graph}/property/attributes`,
      propertyRequest(property, options),
    );
  }

  /** Streams the values of a property, the most frequent first. */
  values(
    graph: string,
    property: string,
    options: PropertyOptions = {},
  ): AsyncGenerator<ValueJson> {
    return this.stream(
      apiPath`/graph/${graph}/property/values`,
      propertyRequest(property, options),
    );
  }

  /** How the path of a property may go on. */
  completePath(
    graph: string,
    begin: string,
    options: PropertyOptions = {},
  ): Promise<ApiResult<readonly PathCompletionJson[]>> {
    return this.call(
      apiPath`/graph/${graph}/property/path/complete`,
      propertyRequest(begin, options),
    );
  }

  /** Every kind of a graph. */
  kinds(graph: string): Promise<ApiResult<readonly KindDeclaration[]>> {
    return this.call(apiPath`/graph/${graph}/model`);
  }

  /** The stored templates, by name. */
  templates(): Promise<ApiResult<readonly TemplateJson[]>> {
    return this.call(apiPath`/templates`);
  }

  /** One template. */
  template(name: string): Promise<ApiResult<TemplateJson>> {
    return this.call(apiPath`/templates/${name}`);
  }

  /** Stores a template, in place of one of the same name. */
  putTemplate(
    name: string,
    template: string,
  ): Promise<ApiResult<TemplateJson>> {
    return this.call(apiPath`/templates/${name}`, {
      method: "PUT",
      json: { template },
    });
  }

  /** Removes a template. */
  removeTemplate(name: string): Promise<ApiResult<null>> {
    return this.call(apiPath`/templates/${name}`, { method: "DELETE" });
  }

  /** The search that a text with templates and placeholders stands for. */
  testTemplate(
    text: string,
    timeZone?: string,
  ): Promise<ApiResult<{ readonly search: string }>> {
    return this.call(apiPath`/templates/test`, {
      method: "POST",
      json: { text, time_zone: timeZone },
    });
  }

  /**
   * Runs command lines and streams what they give, frame by frame.
   *
   * @throws {SkymapError} What core says before anything runs; what goes wrong
   * later is the last frame. `core_unreachable`, when the answer is cut.
   */
  async *execute(
    lines: string,
    { environment = {}, terminal, files = new Map(), signal }: ExecuteOptions =
      {},
  ): AsyncGenerator<CliFrame> {
    const response = await this.fetchGood(apiPath`/cli/execute`, {
      method: "POST",
      query: environment,
      accept: CLI_FRAMES,
      headers: terminal === undefined
        ? {}
        : { "skymap-terminal": terminalHeader(terminal) },
      body: files.size === 0 ? lines : formOf(lines, files),
      ...(signal !== undefined && { signal }),
    });
    if (response.body === null) return;
    // Lines that are all empty give nothing.
    let isWhole = true;
    try {
      for await (const frame of readNdjson<CliFrame>(response.body)) {
        yield frame;
        isWhole = frame.type === "end" || frame.type === "error";
      }
    } catch (cause) {
      signal?.throwIfAborted();
      throw cutAnswer(cause);
    }
    signal?.throwIfAborted();
    if (!isWhole) throw cutAnswer(undefined);
  }

  /** How a command line may go on at an offset of it. */
  complete(
    line: string,
    offset: number,
    { graph, section, signal }: {
      /** Graph of lines that name none. Default: what core is configured with. */
      readonly graph?: string | undefined;
      /** Section of lines that name none. Default: as for the graph. */
      readonly section?: string | undefined;
      /** Ends it. */
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ApiResult<CompletionsJson>> {
    return this.call(apiPath`/cli/complete`, {
      method: "POST",
      query: { graph, section },
      json: { line, offset },
      ...(signal !== undefined && { signal }),
    });
  }

  /** What command lines would do; nothing is run. */
  evaluate(
    lines: string,
    { environment, signal }: Pick<ExecuteOptions, "environment" | "signal"> =
      {},
  ): Promise<ApiResult<readonly EvaluatedLineJson[]>> {
    return this.call(
      apiPath`/cli/evaluate`,
      post(lines, environment ?? {}, signal === undefined ? {} : { signal }),
    );
  }

  /** Commands, variables and placeholders of command lines. */
  cliInfo(): Promise<ApiResult<CliInfoJson>> {
    return this.call(apiPath`/cli/info`);
  }

  /** The ledger: what was listed, when, and what could not be. */
  ledger(graph: string): Promise<ApiResult<readonly LedgerEntryJson[]>> {
    return this.call(apiPath`/graph/${graph}/ledger`);
  }

  /** Registers a subscriber, or changes it. */
  putSubscriber(subscriber: SubscriberJson): Promise<ApiResult<null>> {
    return this.call(apiPath`/subscriber/${subscriber.id}`, {
      method: "PUT",
      json: subscriber,
    });
  }

  /** Every workflow. */
  workflows(): Promise<ApiResult<readonly WorkflowJson[]>> {
    return this.call(apiPath`/workflows`);
  }

  /** Starts a run, or joins the one that waits already. */
  runWorkflow(name: string): Promise<ApiResult<RunJson>> {
    return this.call(apiPath`/workflows/${name}/run`, { method: "POST" });
  }

  /** Runs, the newest first. */
  runs(query: RunsQuery = {}): Promise<ApiResult<readonly RunJson[]>> {
    const { limit, workflow, state, startedAfter, startedBefore, hasErrors } =
      query;
    return this.call(apiPath`/runs`, {
      query: {
        limit: limit === undefined ? undefined : String(limit),
        workflow,
        state,
        started_after: startedAfter,
        started_before: startedBefore,
        has_errors: hasErrors === undefined ? undefined : String(hasErrors),
      },
    });
  }

  /** Tells how a run goes, from now to its end. */
  followRun(
    id: string,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<RunFrame> {
    return this.stream(
      apiPath`/runs/${id}/follow`,
      signal === undefined ? {} : { signal },
    );
  }

  /** Stops a run; what it did stays. */
  stopRun(id: string): Promise<ApiResult<null>> {
    return this.call(apiPath`/runs/${id}`, { method: "DELETE" });
  }

  /** Tells jobs of an event of one's own; gives the runs that start. */
  emitEvent(name: string): Promise<ApiResult<readonly RunJson[]>> {
    return this.call(apiPath`/events/${name}`, { method: "POST" });
  }

  /** Every job. */
  jobs(): Promise<ApiResult<readonly JobJson[]>> {
    return this.call(apiPath`/jobs`);
  }

  /** One job. */
  job(id: string): Promise<ApiResult<JobJson>> {
    return this.call(apiPath`/job/${id}`);
  }

  /** Adds a job, or replaces it. */
  putJob(id: string, job: JobDefinitionJson): Promise<ApiResult<JobJson>> {
    return this.call(apiPath`/job/${id}`, { method: "PUT", json: job });
  }

  /** Deletes a job; what runs of it goes on. */
  removeJob(id: string): Promise<ApiResult<null>> {
    return this.call(apiPath`/job/${id}`, { method: "DELETE" });
  }

  /** Runs a job now, or joins the run that waits already. */
  runJob(id: string): Promise<ApiResult<RunJson>> {
    return this.call(apiPath`/job/${id}/run`, { method: "POST" });
  }

  /** Lets the schedule and the event of a job count, or not. */
  activateJob(id: string, isActive: boolean): Promise<ApiResult<JobJson>> {
    return this.call(
      isActive ? apiPath`/job/${id}/activate` : apiPath`/job/${id}/deactivate`,
      { method: "POST" },
    );
  }

  /** One run. */
  run(id: string): Promise<ApiResult<RunJson>> {
    return this.call(apiPath`/runs/${id}`);
  }

  /** What a run logged, the oldest first. */
  runLog(id: string): Promise<ApiResult<readonly RunLogJson[]>> {
    return this.call(apiPath`/runs/${id}/log`);
  }
}

function historyQuery(options: HistoryOptions): Query {
  const { after, before, changes, of } = options;
  return {
    ...answerQuery(options),
    after,
    before,
    change: changes?.join(","),
    of,
  };
}

function propertyRequest(
  property: string,
  options: PropertyOptions,
): ApiRequest {
  const { search = "", kinds, limit, skip } = options;
  return post(search, {
    ...searchQuery(options),
    prop: property,
    kinds: kinds?.join(","),
    limit: limit?.toString(),
    skip: skip?.toString(),
  }, options);
}
