/**
 * The composition root of core: opens everything, serves it, closes it again.
 *
 * @module
 */

import { verifyToken } from "@skymap/lib/auth";
import { SkymapError } from "@skymap/lib/errors";
import { aborted, delay } from "@skymap/lib/lifecycle";
import { logger } from "@skymap/lib/log";
import { VERSION } from "@skymap/lib/version";
import { DailyPrune } from "./daily_prune.ts";
import { Actions } from "./events/actions.ts";
import { SYSTEM_CLOCK } from "./events/clock.ts";
import { Subscribers } from "./events/subscribers.ts";
import { startFirstRun } from "./first_run.ts";
import { createGraphService } from "./graph_service.ts";
import { Graphs } from "./graphs.ts";
import { CoreMetrics, createApi, type Services } from "./http/mod.ts";
import {
  configuredKeepMs,
  followSchedules,
  openConfigs,
} from "./open_configs.ts";
import { type CoreOptions, openConfiguredDatabase } from "./open_database.ts";
import { IndexReader } from "./index/reader.ts";
import { type AppendLog, ownSteps } from "./own_steps.ts";
import { installedPlugins } from "./registry/installed_plugins.ts";
import { PluginCommands } from "./registry/plugin_commands.ts";
import { Reactions } from "./registry/reactions.ts";
import { PluginRegistry } from "./registry/registry.ts";
import { HistorySearch } from "./search/history_search.ts";
import { PointsInTime } from "./search/point_in_time.ts";
import { PropertySearch } from "./search/property_search.ts";
import { Searcher } from "./search/searcher.ts";
import { TemplateStore } from "./search/template_store.ts";
import { serve } from "./serve.ts";
import { TaskQueue } from "./tasks/queue.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import { WorkflowEngine } from "./workflow/engine.ts";
import { Schedules } from "./workflow/schedules.ts";

/** Time that requests in flight have to end when core stops. */
const DRAIN_MS = 5_000;

const log = logger("core");

/** What answers requests once everything is open. */
type OpenServices =
  & Omit<
    Services,
    "version" | "ready" | "authenticate" | "metrics" | "time" | "rpc"
  >
  & { readonly rpc: Required<Services>["rpc"] };

/**
 * Serves from the first moment: health at once, everything else when the
 * databases are open. An index that is rebuilt may take minutes.
 */
class Front {
  readonly #key: string;
  readonly #metrics: CoreMetrics;
  #open: OpenServices | undefined;
  #reason = "core is starting";

  constructor(key: string, metrics: CoreMetrics) {
    this.#key = key;
    this.#metrics = metrics;
  }

  open(services: OpenServices): void {
    this.#open = services;
  }

  close(): void {
    this.#open = undefined;
    this.#reason = "core is stopping";
  }

  #services(): OpenServices {
    if (this.#open !== undefined) return this.#open;
    throw new SkymapError("unavailable", `Cannot answer yet: ${this.#reason}`);
  }

  services(): Services {
    const open = () => this.#services();
    return {
      version: VERSION,
      ready: () => this.#open === undefined ? this.#reason : undefined,
      authenticate: (token) => verifyToken(this.#key, token),
      metrics: () => this.#metrics.page(),
      time: this.#metrics.time,
      graphs: () => open().graphs(),
      graph: (name) => open().graph(name),
      get subscribers() {
        return open().subscribers;
      },
      get templates() {
        return open().templates;
      },
      get configs() {
        return open().configs;
      },
      get commandConfig() {
        return open().commandConfig;
      },
      get plugins() {
        return open().plugins;
      },
      get pluginCommands() {
        return open().pluginCommands;
      },
      get workflows() {
        return open().workflows;
      },
      rpc: (request) => open().rpc(request),
    };
  }
}

/** How long a core whose disk is full has to answer its last requests. */
const FULL_GRACE_MS = 3_000;

/**
 * Runs until `signal` aborts.
 *
 * @throws {SkymapError} `database_full`, once the disk is: the engine then says
 * more than it wrote, and only a new process knows better.
 */
export async function runCore(options: CoreOptions): Promise<void> {
  const { dataDir } = options;
  const full = new AbortController();
  const onFull = (cause: unknown) => {
    if (full.signal.aborted) return;
    const error = new SkymapError(
      "database_full",
      `Cannot go on: the disk that holds "${dataDir}" is full; free some ` +
        "space, core is right again when it is started anew",
      { cause, details: { path: dataDir } },
    );
    log.error("{message}", { message: error.message });
    full.abort(error);
  };
  const signal = AbortSignal.any([options.signal, full.signal]);
  // An engine that cannot write may never close.
  const late = aborted(full.signal).then(() => delay(FULL_GRACE_MS));
  try {
    await Promise.race([serveUntil({ ...options, onFull, signal }), late]);
  } catch (error) {
    full.signal.throwIfAborted();
    throw error;
  }
  full.signal.throwIfAborted();
}

/** Opens the control plane and the graphs, and serves until `signal` aborts. */
async function serveUntil(options: CoreOptions): Promise<void> {
  const { settings, dataDir, key, signal } = options;
  const metrics = new CoreMetrics();
  const front = new Front(key, metrics);
  const api = createApi(front.services());
  const server = serve(settings, (request) => api.fetch(request));
  await using _served = {
    [Symbol.asyncDispose]: async () => {
      await Promise.race([server.shutdown(), delay(DRAIN_MS)]);
    },
  };
  log.info("Listening on http://{host}:{port}", {
    host: settings.host,
    port: server.addr.port,
  });

  await using database = await openConfiguredDatabase(options);
  const db = database.system;
  const clock = SYSTEM_CLOCK;
  await using graphs = await Graphs.open(database, dataDir, signal);
  await using subscribers = await Subscribers.open({ db, clock });
  await using actions = await Actions.open({ db, clock });
  await using tasks = await TaskQueue.open({ db, clock, subscribers });
  const schedules = settings.noScheduling
    ? undefined
    : await Schedules.open({ db, clock, workflows: BUILTIN_WORKFLOWS });
  const templates = await TemplateStore.open({ db });
  const installed = await installedPlugins();
  const plugins = await PluginRegistry.open({ db, clock, installed });
  using config = await openConfigs({
    db,
    clock,
    plugins,
    overrides: options.overrides ?? [],
    overridePaths: settings.overridePath,
  });
  const { configs } = config;
  await using readers = new AsyncDisposableStack();
  const searched = graphs.all().map((graph) => {
    const reader = readers.use(new IndexReader(graph.index));
    const { model: registry, snapshots } = graph;
    return {
      graph,
      searcher: new Searcher({ reader, registry, templates }),
      properties: new PropertySearch({ reader, registry, templates }),
      history: new HistorySearch({ reader, registry, templates, snapshots }),
      points: new PointsInTime({ reader, snapshots }),
    };
  });
  const appendLog: AppendLog = (run, entries) => engine.appendLog(run, entries);
  await using engine = new WorkflowEngine({
    db,
    clock,
    subscribers,
    actions,
    ...(schedules !== undefined && { schedules }),
    handlers: ownSteps(searched, appendLog),
  });
  using _schedules = schedules === undefined
    ? undefined
    : await followSchedules(configs, schedules);
  await engine.start();
  const services = new Map(
    searched.map((parts) => {
      const options = { ...parts, metrics, log: appendLog, signal };
      return [parts.graph.name, createGraphService(options)] as const;
    }),
  );
  const keepMs = () => configuredKeepMs(configs);
  await using _prune = new DailyPrune({ graphs: graphs.all(), keepMs, clock });
  await using _reactions = Reactions.start({
    db,
    clock,
    registry: plugins,
    tasks,
    graphs: searched.map(({ graph, searcher, points }) => ({
      name: graph.name,
      position: async () => (await graph.index.position()).sequence,
      oldest: async () => (await points.oldest())?.sequence,
      searcher,
    })),
  });
  front.open({
    graphs: () => graphs.names(),
    graph: (name) => {
      const service = services.get(graphs.get(name).name);
      if (service === undefined) throw new TypeError("Cannot happen");
      return service;
    },
    subscribers,
    workflows: engine,
    templates,
    configs,
    commandConfig: {
      allowedHosts: () => configs.core().cli.http_allowed_hosts,
      customCommands: () => configs.commands().custom_commands.commands,
    },
    plugins,
    pluginCommands: new PluginCommands({ registry: plugins, tasks }),
    rpc: database.gateway,
  });
  using _first = await startFirstRun(engine, subscribers);
  log.info("Ready; the data is in {dataDir}", { dataDir });
  await aborted(signal);
  log.info("Stopping");
  front.close();
  // Requests in flight end before what they use is closed; one whose sender
  // says nothing more does not keep core from ending.
  await Promise.race([server.shutdown(), delay(DRAIN_MS)]);
}
