import {
  type CoreClient,
  type SubscriberJson,
  unwrap,
} from "@skymap/lib/client";
import { logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import { type ActionHandler, runSubscriber } from "@skymap/lib/subscriber";
import { collectAll, collectFailure, type CollectTarget } from "./collect.ts";
import { WorkerMetrics } from "./metrics.ts";
import { loadPlugins } from "./plugins.ts";
import type { WorkerSettings } from "./settings.ts";
import { Slots } from "./slots.ts";

const log = logger("worker");

function subscriberOf(settings: WorkerSettings): SubscriberJson {
  return {
    id: settings.subscriberId,
    subscriptions: {
      collect: {
        message_type: "collect",
        wait_for_completion: true,
        timeout: settings.timeoutSeconds,
      },
    },
  };
}

/** The handler of `collect`: one at a time, as they share all accounts. */
function collectHandler(
  settings: WorkerSettings,
  client: CoreClient,
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
      const { plugins, failures } = await loadPlugins(settings);
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

/** Works for core until the signal aborts; waits for core as long as needed. */
export async function runWorker(
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<void> {
  const { subscriberId, webHost, webPort, collector } = settings;
  const metrics = new WorkerMetrics();
  let isConnected = () => false;
  await using _web = servePages({ host: webHost, port: webPort }, {
    metrics,
    connected: () => isConnected(),
  });
  await runSubscriber({
    ...settings,
    role: "worker",
    subscriber: subscriberOf(settings),
    handlers: (client) => ({
      collect: collectHandler(settings, client, metrics),
    }),
    onEnd: (type, result) => metrics.action(type, result),
    onReady: (connected) => {
      isConnected = connected;
      log.info("Worker {subscriberId} is ready", { subscriberId, collector });
    },
    signal,
  });
}
