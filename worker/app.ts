import {
  type ActivePluginJson,
  ConfigClient,
  type CoreClient,
  PluginClient,
  unwrap,
} from "@skymap/lib/client";
import { FollowedConfig } from "@skymap/lib/config";
import { messageOf } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import {
  type ActionHandler,
  runSubscriber,
  type TaskHandler,
} from "@skymap/lib/subscriber";
import { AccountLists } from "./account_lists.ts";
import { AccessReports } from "./access_reports.ts";
import {
  collectAll,
  collectFailure,
  type Collecting,
  type CollectTarget,
} from "./collect.ts";
import { WorkerMetrics } from "./metrics.ts";
import { findInstallation, type Installation } from "./plugin/source.ts";
import { pluginAnswers } from "./plugin_answers.ts";
import { PluginSet } from "./plugin_set.ts";
import { PluginWork, subscriberOf } from "./plugin_work.ts";
import { selectPlugins } from "./select_plugins.ts";
import type { WorkerSettings } from "./settings.ts";
import { Slots } from "./slots.ts";
import {
  pluginSection,
  readWorkerConfig,
  referencedValues,
  type WorkerConfig,
} from "./worker_config.ts";

/** How long core may take to note what plugins did. */
const REPORT_MS = 30_000;

const log = logger("worker");

/** The document that workers are configured with. */
const DOCUMENT = "skymap.worker";

/** Seconds that an action may take as long as nobody says otherwise. */
const TIMEOUT_S = 10_800;

/** What a worker does its work with, once it knows core. */
interface Parts {
  readonly config: FollowedConfig<WorkerConfig>;
  readonly client: CoreClient;
  readonly reports: AccessReports;
  readonly set: PluginSet;
  readonly lists: AccountLists;
  readonly work: PluginWork;
}

function partsOf(
  { settings: { overrides }, client, installation, metrics, signal }: {
    readonly settings: WorkerSettings;
    readonly client: CoreClient;
    readonly installation: Installation;
    readonly metrics: WorkerMetrics;
    readonly signal: AbortSignal;
  },
): Parts {
  const registry = new PluginClient(client);
  const reports = new AccessReports({
    // A core that never answers does not keep a worker from ending.
    send: async (accesses) =>
      void unwrap(
        await registry.record(accesses, AbortSignal.timeout(REPORT_MS)),
      ),
  });
  const documents = new ConfigClient(client);
  const config = new FollowedConfig({
    fetch: async (unless, signal) =>
      unwrap(
        await documents.active(DOCUMENT, {
          signal,
          ...(unless !== undefined && { unless }),
        }),
      ),
    read: (document) => readWorkerConfig(document, overrides),
  });
  const lists: AccountLists = new AccountLists({
    async list(plugin, listSignal) {
      const host = await set.host(plugin, listSignal);
      return await host.accounts(set.config(plugin.name), listSignal);
    },
    config: (name) => set.config(name),
    signal,
  });
  const set = new PluginSet({
    client: registry,
    installation,
    reports,
    metrics,
    answers: (plugin) =>
      pluginAnswers(plugin, {
        lists,
        client: registry,
        graph: () => config.current.graph,
      }),
    config: (name) => pluginSection(config.current, name),
    referenced: (name) => referencedValues(config.current, name),
    most: () => config.current.most,
  });
  const work = new PluginWork(set, lists, (name) => {
    const { collector } = config.current;
    return collector === undefined || collector.includes(name);
  });
  return { client, config, reports, set, lists, work };
}

interface LoadedPlugins {
  readonly plugins: readonly Collecting[];
  /** Configuration of each, with the values of what it refers to. */
  readonly pluginConfig: Readonly<Record<string, JsonObject>>;
  readonly failures: readonly string[];
}

/** Plugins to collect with, and why others that were meant are not. */
async function loadPlugins(
  { config, set, lists }: Parts,
  signal: AbortSignal,
): Promise<LoadedPlugins> {
  const { collector, pluginConfig } = config.current;
  await set.refresh(signal);
  const { plugins, failures } = selectPlugins(set.active, {
    named: collector,
    configured: Object.keys(pluginConfig),
  });
  const hosts: Collecting[] = [];
  const resolved: Record<string, JsonObject> = {};
  const reasons = [...failures];
  for (const plugin of plugins) {
    try {
      resolved[plugin.name] = set.config(plugin.name);
      const host = await set.host(plugin, signal);
      hosts.push({
        spec: host.spec,
        describe: (listSignal) => host.describe(listSignal),
        // Anew, and for all: a collect begins with sessions that last.
        accounts: (_config, listSignal) => lists.relist(plugin, listSignal),
        collect: (...args) => host.collect(...args),
      });
    } catch (error) {
      signal.throwIfAborted();
      reasons.push(messageOf(error));
    }
  }
  return { plugins: hosts, pluginConfig: resolved, failures: reasons };
}

/**
 * The accounts that tasks of a plugin may be for: none of what is not collected
 * here; undefined as long as it is not known.
 */
function reachOf(
  { config, set, lists }: Parts,
): (plugin: ActivePluginJson) => readonly string[] | undefined {
  const { collector, pluginConfig } = config.current;
  const { plugins } = selectPlugins(set.active, {
    named: collector,
    configured: Object.keys(pluginConfig),
  });
  return (plugin) => {
    if (!plugin.manifest.collects) return;
    const isCollected = plugins.some(({ name }) => name === plugin.name);
    if (!isCollected) return [];
    return lists.known(plugin)?.accounts.map(({ id }) => id);
  };
}

/** The handler of `collect`: one at a time, as they share all accounts. */
function collectHandler(
  parts: Parts,
  metrics: WorkerMetrics,
): ActionHandler {
  const { client, config } = parts;
  const one = new Slots(1);
  return ({ run, step, signal, info, progress }) =>
    one.run(async () => {
      await config.refresh(signal);
      const { current, problem } = config;
      if (problem !== undefined) {
        info("warning", `${problem}; the last good configuration counts`);
      }
      const { graph, poolSize, timeoutSeconds } = current;
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
      const { plugins, pluginConfig, failures } = await loadPlugins(
        parts,
        limited,
      );
      for (const failure of failures) info("error", failure);
      const summary = await collectAll({
        plugins,
        pluginConfig,
        target,
        poolSize,
        metrics,
        signal: limited,
        info,
        progress,
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
  parts: Parts,
  metrics: WorkerMetrics,
): Readonly<Record<string, ActionHandler>> {
  const { reports, work } = parts;
  const collect = collectHandler(parts, metrics);
  const handle = (event: string): ActionHandler => async (action) => {
    try {
      const { run, step, signal, info } = action;
      if (event === "collect") await metrics.collect(() => collect(action));
      await work.act(event, { run, step }, signal, info);
    } finally {
      await reports.flush();
    }
  };
  return byName(handle);
}

function taskHandlers(
  { reports, work }: Parts,
  metrics: WorkerMetrics,
): Record<string, TaskHandler> {
  return byName(() => async (task) => {
    try {
      return await metrics.task(() => work.doTask(task));
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
  const { subscriberId, webHost, webPort } = settings;
  const installation = await findInstallation();
  let isConnected = () => false;
  const metrics = new WorkerMetrics(() => isConnected());
  await using _web = servePages({ host: webHost, port: webPort }, {
    metrics,
    connected: () => isConnected(),
  });
  let parts: Parts | undefined;
  const partsFor = (client: CoreClient): Parts =>
    parts ??= partsOf({ settings, client, installation, metrics, signal });
  await runSubscriber({
    ...settings,
    role: "worker",
    subscriber: subscriberOf({ subscriberId, timeoutSeconds: TIMEOUT_S }, []),
    refresh: async (client) => {
      const known = partsFor(client);
      const { config, reports, set, work } = known;
      await reports.flush();
      await config.refresh(signal);
      // With nothing to go by it takes part nevertheless, and says what is wrong.
      if (!config.isKnown) {
        return subscriberOf({ subscriberId, timeoutSeconds: TIMEOUT_S }, []);
      }
      await set.refresh(signal);
      const { timeoutSeconds } = config.current;
      return subscriberOf(
        { subscriberId, timeoutSeconds },
        work.plugins,
        {
          reach: reachOf(known),
          isOff: (plugin) => work.isOff(plugin),
        },
      );
    },
    handlers: (client) => actionHandlers(partsFor(client), metrics),
    tasks: (client) => taskHandlers(partsFor(client), metrics),
    onEnd: (type, result) => metrics.action(type, result),
    onReady: (connected) => {
      isConnected = connected;
      log.info("Worker {subscriberId} is ready", { subscriberId });
    },
    signal,
  });
  await parts?.reports.flush();
}
