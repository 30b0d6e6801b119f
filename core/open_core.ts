/**
 * Opens all that core does, over a database that is open.
 *
 * @module
 */

import { Cleanup } from "./cleanup/cleanup.ts";
import { CLEANUP_TIMEOUT_MS, cleanupSteps } from "./cleanup/cleanup_steps.ts";
import { dropDeletions } from "./cleanup/drop_deletions.ts";
import type { CommandLine } from "./cli/command_line.ts";
import type { SecretMarks } from "./config/secrets.ts";
import type { TimeSeriesConfig } from "./config/timeseries_section.ts";
import { Daily } from "./daily.ts";
import { downsampleDaily, pruneDaily } from "./daily_works.ts";
import type { Database } from "./db/mod.ts";
import { Actions } from "./events/actions.ts";
import { type Clock, SYSTEM_CLOCK } from "./events/clock.ts";
import { Subscribers } from "./events/subscribers.ts";
import { linesOf } from "./graph/mod.ts";
import { Graphs } from "./graphs.ts";
import { coreState, newestListing } from "./core_state.ts";
import { type CoreMetrics, DiskWatch, type Services } from "./http/mod.ts";
import { jobLines } from "./job_lines.ts";
import {
  configuredKeepMs,
  followSchedules,
  openConfigs,
} from "./open_configs.ts";
import type { CoreOptions } from "./open_database.ts";
import { type AppendLog, ownSteps } from "./own_steps.ts";
import { installedPlugins } from "./registry/installed_plugins.ts";
import { PluginCommands } from "./registry/plugin_commands.ts";
import { Reactions } from "./registry/reactions.ts";
import { PluginRegistry } from "./registry/registry.ts";
import { TemplateStore } from "./search/template_store.ts";
import { ServedGraphs } from "./served_graphs.ts";
import { createSystemService } from "./system_service.ts";
import { Tagging } from "./tagging/tagging.ts";
import { timeSeriesSteps } from "./timeseries_steps.ts";
import { TaskQueue } from "./tasks/queue.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import { WorkflowEngine } from "./workflow/engine.ts";
import { ExecuteLines } from "./workflow/execute_lines.ts";
import { JobStore } from "./workflow/job_store.ts";
import { Jobs } from "./workflow/jobs.ts";
import { Schedules } from "./workflow/schedules.ts";

/** What answers requests once everything is open. */
export type OpenServices =
  & Omit<
    Services,
    "version" | "ready" | "authenticate" | "metrics" | "time" | "rpc"
  >
  & { readonly rpc: Required<Services>["rpc"] };

/** What {@linkcode openCore} takes. */
export interface OpenCoreOptions extends
  Pick<
    CoreOptions,
    "settings" | "overrides" | "dataDir" | "signal"
  > {
  /** Where everything is kept. */
  readonly database: Database;
  /** What counts requests. */
  readonly metrics: CoreMetrics;
  /** What runs the lines of jobs. */
  readonly commandLine: CommandLine;
  /** Fulfilled when lines can be run. */
  readonly opened: Promise<void>;
  /** What time it is. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Makes ids of runs and plans. Default: random ones. */
  readonly newId?: () => string;
  /** What is shown in the place of secrets. Default: marks of this process. */
  readonly marks?: SecretMarks;
}

/** Core at work; it ends when it is disposed of. */
export interface OpenCore extends AsyncDisposable {
  /** What answers requests. */
  readonly services: OpenServices;
  /** What runs workflows. */
  readonly engine: WorkflowEngine;
  /** Who listens to workflows. */
  readonly subscribers: Subscribers;
}

/** Opens the control plane and the graphs, and starts what runs by itself. */
export async function openCore(options: OpenCoreOptions): Promise<OpenCore> {
  await using stack = new AsyncDisposableStack();
  const opened = await openParts(options, stack);
  const held = stack.move();
  return { ...opened, [Symbol.asyncDispose]: () => held.disposeAsync() };
}

async function openParts(
  options: OpenCoreOptions,
  stack: AsyncDisposableStack,
): Promise<Omit<OpenCore, keyof AsyncDisposable>> {
  const { database, settings, dataDir, metrics, commandLine, signal, newId } =
    options;
  const { clock = SYSTEM_CLOCK } = options;
  const db = database.system;
  const graphs = stack.use(
    await Graphs.open(database, dataDir, signal, () => new Date(clock.now())),
  );
  const subscribers = stack.use(await Subscribers.open({ db, clock }));
  const actions = stack.use(await Actions.open({ db, clock }));
  await dropDeletions(db, new Date(clock.now()));
  const tasks = stack.use(await TaskQueue.open({ db, clock, subscribers }));
  const schedules = await Schedules.open({
    db,
    clock,
    workflows: BUILTIN_WORKFLOWS,
    isPaused: settings.noScheduling,
  });
  const store = await JobStore.open(db);
  const templates = await TemplateStore.open({ db, nowMs: () => clock.now() });
  const installed = await installedPlugins();
  const plugins = await PluginRegistry.open({
    db,
    clock,
    installed,
    onAccess: (accesses) => metrics.plugins.accessed(accesses),
  });
  const { configs } = stack.use(
    await openConfigs({
      db,
      clock,
      plugins,
      overrides: options.overrides ?? [],
      overridePaths: settings.overridePath,
      marks: options.marks,
      graph: (name) =>
        graphs.names().includes(name) ? served.get(name).trial : undefined,
    }),
  );
  const appendLog: AppendLog = (run, entries) => engine.appendLog(run, entries);
  const served = stack.use(
    new ServedGraphs({
      graphs,
      templates,
      metrics,
      log: appendLog,
      timeSeriesConfig: (): TimeSeriesConfig => configs.core().timeseries,
      tagging: stack.use(new Tagging(tasks)),
      signal,
      nowMs: () => clock.now(),
    }),
  );
  const cleanup = stack.use(
    await Cleanup.open({
      db,
      clock,
      graph: (name) => served.get(name),
      tasks,
      subscribers,
      config: () => configs.core().cleanup,
      witness: metrics.cleanup,
      ...(newId !== undefined && { newId }),
    }),
  );
  const { runLine, checkLine } = jobLines(commandLine, options.opened);
  const lines = new ExecuteLines({ runLine, log: appendLog });
  const engine = stack.use(
    new WorkflowEngine({
      db,
      clock,
      subscribers,
      actions,
      schedules,
      handlers: {
        ...ownSteps(() => served.all(), appendLog),
        ...cleanupSteps({ cleanup, log: appendLog }),
        ...timeSeriesSteps({
          isEnabled: () => configs.core().timeseries.enabled,
          metrics: () => configs.active("skymap.metrics").config,
          graph: (name) =>
            graphs.names().includes(name)
              ? served.get(name).timeSeries
              : undefined,
          log: appendLog,
        }),
      },
      handlerTimeoutsMs: { cleanup: CLEANUP_TIMEOUT_MS },
      jobs: store,
      execute: lines.execute,
      progress: (run) => lines.progress(run),
      ...(newId !== undefined && { newId }),
    }),
  );
  stack.use(await followSchedules(configs, schedules));
  const jobs = await Jobs.open({ store, schedules, engine, checkLine, clock });
  await metrics.runs.begin(
    await engine.ends(),
    clock.now(),
    () => newestListing(graphs.all()),
  );
  stack.use(engine.onChange((run) => metrics.runs.hear(run)));
  stack.use(cleanup.onChange((plan) => metrics.cleanup.hear(plan)));
  await engine.start();
  const disk = new DiskWatch(dataDir);
  metrics.state.watch(
    coreState(
      {
        database,
        graphs,
        subscribers,
        actions,
        tasks,
        engine,
        jobs: store,
        plugins,
        disk,
      },
      metrics,
      clock.now(),
    ),
  );
  stack.defer(() => metrics.state.watch(undefined));
  const dailyWorks = () => {
    const keepMs = configuredKeepMs(configs);
    const { timeseries } = configs.core();
    return served.all().flatMap(({ graph, timeSeries }) => [
      ...(keepMs === undefined ? [] : [pruneDaily(graph, keepMs)]),
      downsampleDaily(graph, timeSeries, timeseries),
    ]);
  };
  stack.use(new Daily({ works: dailyWorks, clock }));
  stack.use(
    Reactions.start({
      db,
      clock,
      registry: plugins,
      tasks,
      graphs: () => served.all().map(({ watched }) => watched),
    }),
  );
  const services: OpenServices = {
    graphs: () => graphs.names(),
    graph: (name) => served.get(name).service,
    graphSet: {
      create: (name) => graphs.create(name),
      import: (name, body, force) => graphs.import(name, linesOf(body), force),
      copy: (from, to, force) => graphs.copy(from, to, force),
      remove: async (name) => {
        await graphs.remove(name);
        await metrics.work.forget(name);
      },
    },
    system: createSystemService({
      database,
      graphs,
      subscribers,
      plugins,
      clock,
      dataDir,
      ...(settings.database !== undefined && {
        databaseUrl: settings.database,
      }),
      signal,
    }),
    subscribers,
    workflows: engine,
    cleanup,
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
  };
  return { services, engine, subscribers };
}
