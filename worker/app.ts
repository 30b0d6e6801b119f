import { type CoreClient, PluginClient, unwrap } from "@skymap/lib/client";
import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import {
  type ActionHandler,
  runSubscriber,
  type TaskHandler,
} from "@skymap/lib/subscriber";
import { AccessReports } from "./access_reports.ts";
import {
  collectAll,
  collectFailure,
  type Collecting,
  type CollectTarget,
} from "./collect.ts";
import { WorkerMetrics } from "./metrics.ts";
import { findInstallation, type Installation } from "./plugin/source.ts";
import { PluginSet } from "./plugin_set.ts";
import { PluginWork, subscriberOf } from "./plugin_work.ts";
import { selectPlugins } from "./select_plugins.ts";
import type { WorkerSettings } from "./settings.ts";
import { Slots } from "./slots.ts";

/** How long core may take to note what plugins did. */
const REPORT_MS = 30_000;

const log = logger("worker");

/** What a worker does its work with, once it knows core. */
interface Parts {
  readonly client: CoreClient;
  readonly reports: AccessReports;
  readonly set: PluginSet;
  readonly work: PluginWork;
}

function partsOf(
  settings: WorkerSettings,
  client: CoreClient,
  installation: Installation,
): Parts {
  const registry = new PluginClient(client);
  const reports = new AccessReports({
    // A core that never answers does not keep a worker from ending.
    send: async (accesses) =>
      void unwrap(
        await registry.record(accesses, AbortSignal.timeout(REPORT_MS)),
      ),
  });
  const { collector, pluginConfig, most } = settings;
  const set = new PluginSet({
    client: registry,
    installation,
    reports,
    pluginConfig,
    most,
  });
  const work = new PluginWork(
    set,
    (name) => collector === undefined || collector.includes(name),
  );
  return { client, reports, set, work };
}

/** Plugins to collect with, and why others that were meant are not. */
async function loadPlugins(
  { collector, pluginConfig }: WorkerSettings,
  set: PluginSet,
  signal: AbortSignal,
): Promise<{ plugins: readonly Collecting[]; failures: readonly string[] }> {
  await set.refresh(signal);
  const { plugins, failures } = selectPlugins(set.active, {
    named: collector,
    configured: Object.keys(pluginConfig),
  });
  const hosts: Collecting[] = [];
  const reasons = [...failures];
  for (const plugin of plugins) {
    try {
      hosts.push(await set.host(plugin, signal));
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(messageOf(error));
    }
  }
  return { plugins: hosts, failures: reasons };
}

/** The handler of `collect`: one at a time, as they share all accounts. */
function collectHandler(
  settings: WorkerSettings,
  { client, set }: Parts,
  metrics: WorkerMetrics,
): ActionHandler {
  const one = new Slots(1);
  return ({ run, step, signal, info }) =>
    one.run(async () => {
      const { graph, pluginConfig, poolSize, timeoutSeconds } = settings;
      const limited = AbortSignal.any([
        signal,
        AbortSignal.timeout(timeoutSeconds * 1_000),
      ]);
      const target: CollectTarget = {
        async putModel(update) {
          unwrap(await client.putModel(graph, update));
        },
        async merge(body, mergeSignal) {
          return unwrap(
            await client.merge(graph, body, { run, step }, mergeSignal),
          );
        },
      };
      const { plugins, failures } = await loadPlugins(settings, set, limited);
      for (const failure of failures) info("error", failure);
      const summary = await collectAll({
        plugins,
        pluginConfig,
        target,
        poolSize,
        metrics,
        signal: limited,
        info,
      });
      info("info", `Collected ${summary.nodes} nodes`, {
        accounts: summary.accounts,
        nodes: summary.nodes,
        failed_scopes: summary.failedScopes,
      });
      const failure = collectFailure({
        ...summary,
        failures: [...failures, ...summary.failures],
      });
      if (failure !== undefined) throw failure;
    }, signal);
}

/** What is done for each message: collecting, and the plugins' own part. */
function actionHandlers(
  settings: WorkerSettings,
  parts: Parts,
  metrics: WorkerMetrics,
): Readonly<Record<string, ActionHandler>> {
  const { reports, work } = parts;
  const collect = collectHandler(settings, parts, metrics);
  const handle = (event: string): ActionHandler => async (action) => {
    try {
      const { run, step, signal } = action;
      if (event === "collect") await collect(action);
      await work.act(event, { run, step }, signal);
    } finally {
      await reports.flush();
    }
  };
  return byName(handle);
}

function taskHandlers({ reports, work }: Parts): Record<string, TaskHandler> {
  return byName(() => async (task) => {
    try {
      return await work.doTask(task);
    } finally {
      await reports.flush();
    }
  });
}

/** Handlers by any name: which there are depends on the plugins of the day. */
function byName<T>(make: (name: string) => T): Record<string, T> {
  return new Proxy({}, {
    get: (_target, name) => typeof name === "string" ? make(name) : undefined,
  });
}

/** Works for core until the signal aborts; waits for core as long as needed. */
export async function runWorker(
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<void> {
  const { subscriberId, webHost, webPort, collector = [] } = settings;
  const metrics = new WorkerMetrics();
  const installation = await findInstallation();
  let isConnected = () => false;
  await using _web = servePages({ host: webHost, port: webPort }, {
    metrics,
    connected: () => isConnected(),
  });
  let parts: Parts | undefined;
  const partsFor = (client: CoreClient): Parts =>
    parts ??= partsOf(settings, client, installation);
  await runSubscriber({
    ...settings,
    role: "worker",
    subscriber: subscriberOf(settings, []),
    refresh: async (client) => {
      const { reports, set, work } = partsFor(client);
      await reports.flush();
      await set.refresh(signal);
      return subscriberOf(settings, work.plugins);
    },
    handlers: (client) => actionHandlers(settings, partsFor(client), metrics),
    tasks: (client) => taskHandlers(partsFor(client)),
    onEnd: (type, result) => metrics.action(type, result),
    onReady: (connected) => {
      isConnected = connected;
      log.info("Worker {subscriberId} is ready", { subscriberId, collector });
    },
    signal,
  });
  await parts?.reports.flush();
}
