import { createToken } from "@skymap/lib/auth";
import { CoreClient, type SubscriberJson, unwrap } from "@skymap/lib/client";
import { connectRemote, type DbSession } from "@skymap/lib/db";
import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { findKey } from "@skymap/lib/key";
import { aborted, delay } from "@skymap/lib/lifecycle";
import { logger } from "@skymap/lib/log";
import { retry } from "@skymap/lib/retry";
import { type ActionHandler, ActionRunner } from "./actions.ts";
import { collectAll, collectFailure, type CollectTarget } from "./collect.ts";
import { WorkerMetrics } from "./metrics.ts";
import { loadPlugins } from "./plugins.ts";
import type { WorkerSettings } from "./settings.ts";
import { Slots } from "./slots.ts";
import { serveWeb } from "./web.ts";

const HEARTBEAT_MS = 10_000;

const log = logger("worker");

/** Tries for as long as core is not there, telling now and then. */
function patiently<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let told = "";
  return retry(call, {
    attempts: Infinity,
    firstDelayMs: 100,
    maxDelayMs: 3_000,
    when: (error) =>
      isSkymapError(
        error,
        "core_unreachable",
        "unavailable",
        "database_unreachable",
        // Core makes the key at its first start.
        "token_missing",
      ),
    onRetry: (error) => {
      const reason = messageOf(error);
      if (reason !== told) log.info("Waiting for core: {reason}", { reason });
      told = reason;
    },
    signal,
  });
}

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

/** Address of the database protocol that core serves. */
function rpcUrl(coreUri: string): string {
  return `${coreUri.replace(/^http/, "ws").replace(/\/+$/, "")}/rpc`;
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

/** Says that this worker lives, again and again. */
async function beat(
  client: CoreClient,
  subscriber: SubscriberJson,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(HEARTBEAT_MS, signal);
    try {
      unwrap(await client.putSubscriber(subscriber));
    } catch (error) {
      signal.throwIfAborted();
      log.warn("Cannot reach core: {reason}", { reason: messageOf(error) });
    }
  }
}

/** The connection to core's database, and whether it stands. */
async function connect(
  settings: WorkerSettings,
  token: () => Promise<string>,
  signal: AbortSignal,
): Promise<
  {
    db: DbSession;
    connected: () => boolean;
    onBack: (call: () => void) => void;
  }
> {
  let connected = false;
  let back = () => {};
  const db = await patiently(() =>
    connectRemote({
      url: rpcUrl(settings.coreUri),
      token,
      signal,
      onReconnect: () => {
        connected = true;
        log.info("Connected to core again");
        back();
      },
      onFailure: (error) => {
        if (connected) {
          log.warn("Lost core: {reason}", { reason: error.message });
        }
        connected = false;
      },
    }), signal);
  connected = true;
  return { db, connected: () => connected, onBack: (call) => back = call };
}

/** Works for core until the signal aborts; waits for core as long as needed. */
export async function runWorker(
  settings: WorkerSettings,
  signal: AbortSignal,
): Promise<void> {
  const { subscriberId, coreUri, webHost, webPort } = settings;
  const metrics = new WorkerMetrics();
  let isConnected = () => false;
  await using _web = serveWeb({ host: webHost, port: webPort }, {
    metrics,
    connected: () => isConnected(),
  });
  const psk = await patiently(() => findKey(settings), signal);
  const token = () =>
    createToken(psk, { subject: subscriberId, role: "worker" });
  const client = new CoreClient({ coreUri, token });
  const subscriber = subscriberOf(settings);
  await patiently(
    async () => unwrap(await client.putSubscriber(subscriber)),
    signal,
  );
  const { db, connected, onBack } = await connect(settings, token, signal);
  await using session = db;
  isConnected = connected;
  await using runner = await ActionRunner.start({
    db: session,
    handlers: { collect: collectHandler(settings, client, metrics) },
    onEnd: (type, result) => metrics.action(type, result),
    signal,
  });
  onBack(() => {
    runner.catchUp({ leftovers: true }).catch((error) =>
      log.warn("Cannot catch up: {reason}", { reason: messageOf(error) })
    );
  });
  log.info("Worker {subscriberId} is ready", {
    subscriberId,
    collector: settings.collector,
  });
  beat(client, subscriber, signal).catch(() => {});
  await aborted(signal);
}
