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
import { CommandLine } from "./cli/command_line.ts";
import { DailyPrune } from "./daily_prune.ts";
import { Actions } from "./events/actions.ts";
import { SYSTEM_CLOCK } from "./events/clock.ts";
import { Subscribers } from "./events/subscribers.ts";
import { startFirstRun } from "./first_run.ts";
import { Graphs } from "./graphs.ts";
import { CoreMetrics, createApi, type Services } from "./http/mod.ts";
import {
  configuredKeepMs,
  followSchedules,
  openConfigs,
} from "./open_configs.ts";
import { type CoreOptions, openConfiguredDatabase } from "./open_database.ts";
import { jobLines } from "./job_lines.ts";
import { type AppendLog, ownSteps } from "./own_steps.ts";
import { installedPlugins } from "./registry/installed_plugins.ts";
import { PluginCommands } from "./registry/plugin_commands.ts";
import { Reactions } from "./registry/reactions.ts";
import { PluginRegistry } from "./registry/registry.ts";
import { TemplateStore } from "./search/template_store.ts";
import { serve } from "./serve.ts";
import { ServedGraphs } from "./served_graphs.ts";
import { TaskQueue } from "./tasks/queue.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import { WorkflowEngine } from "./workflow/engine.ts";
import { ExecuteLines } from "./workflow/execute_lines.ts";
import { JobStore } from "./workflow/job_store.ts";
import { Jobs } from "./workflow/jobs.ts";
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
      get jobs() {
        return open().jobs;
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
  const commandLine = new CommandLine({ services: front.services() });
  const api = createApi(front.services(), commandLine);
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
  const schedules = await Schedules.open({
    db,
    clock,
    workflows: BUILTIN_WORKFLOWS,
    isPaused: settings.noScheduling,
  });
  const store = await JobStore.open(db);
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
  const appendLog: AppendLog = (run, entries) => engine.appendLog(run, entries);
  await using served = new ServedGraphs({
    graphs,
    templates,
    metrics,
    log: appendLog,
    signal,
  });
  const opened = Promise.withResolvers<void>();
  const { runLine, checkLine } = jobLines(commandLine, opened.promise);
  const lines = new ExecuteLines({ runLine, log: appendLog });
  await using engine = new WorkflowEngine({
    db,
    clock,
    subscribers,
    actions,
    schedules,
    handlers: ownSteps(() => served.all(), appendLog),
    jobs: store,
    execute: lines.execute,
    progress: (run) => lines.progress(run),
  });
  using _schedules = await followSchedules(configs, schedules);
  const jobs = await Jobs.open({ store, schedules, engine, checkLine, clock });
  await engine.start();
  const keepMs = () => configuredKeepMs(configs);
  await using _prune = new DailyPrune({
    graphs: () => graphs.all(),
    keepMs,
    clock,
  });
  await using _reactions = Reactions.start({
    db,
    clock,
    registry: plugins,
    tasks,
    graphs: () => served.all().map(({ watched }) => watched),
  });
  front.open({
    graphs: () => graphs.names(),
    graph: (name) => served.get(name).service,
    subscribers,
    workflows: engine,
    jobs,
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
  opened.resolve();
  using _first = await startFirstRun(engine, subscribers);
  log.info("Ready; the data is in {dataDir}", { dataDir });
  await aborted(signal);
  log.info("Stopping");
  front.close();
  // Requests in flight end before what they use is closed; one whose sender
  // says nothing more does not keep core from ending.
  await Promise.race([server.shutdown(), delay(DRAIN_MS)]);
}
