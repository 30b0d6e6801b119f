/**
 * The exporter: computes metrics when workflows and changes of the graph ask
 * for it, and serves them.
 *
 * @module
 */

import type { CoreClient } from "@skymap/lib/client";
import type { FollowedConfig } from "@skymap/lib/config";
import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import type { Override, Settings } from "@skymap/lib/settings";
import { runSubscriber, type TakenAction } from "@skymap/lib/subscriber";
import { searchesOver } from "./core_searches.ts";
import { Exporter } from "./exporter.ts";
import { followConfig } from "./follow_config.ts";
import { listenToChanges } from "./listen.ts";
import type { MetricsConfig } from "./metrics_config.ts";
import { OwnSeries } from "./own_series.ts";
import type { SETTINGS } from "./settings.ts";
import { Updater } from "./updater.ts";

const log = logger("metrics");

/** Seconds that an update may take as long as nobody says otherwise. */
const TIMEOUT_S = 300;

/** The step of workflows at which all metrics are computed. */
const STEP = "generate_metrics";

/** The exporter as a subscriber. */
function subscriberOf(id: string, seconds: number) {
  return {
    id,
    subscriptions: {
      [STEP]: {
        message_type: STEP,
        wait_for_completion: true,
        timeout: seconds,
      },
    },
  };
}

/** What works with a client of core, once there is one. */
interface Parts {
  readonly config: FollowedConfig<MetricsConfig>;
  readonly updater: Updater;
}

/** Computes all metrics and says in the log of a run what failed. */
async function updateAll(
  { config, updater }: Parts,
  { signal, info }: Pick<TakenAction, "signal" | "info">,
  options?: { readonly yields: boolean },
): Promise<void> {
  await config.refresh(signal);
  const { current, problem } = config;
  if (problem !== undefined) {
    info("warning", `${problem}; the last good configuration counts`);
  }
  for (const failure of await updater.updateAll(current, signal, options)) {
    info("warning", `Cannot update metric ${failure}`);
  }
}

/** Exports metrics until the signal aborts; waits for core as long as needed. */
export async function runExporter(
  settings: Settings<typeof SETTINGS>,
  overrides: readonly Override[],
  signal: AbortSignal,
): Promise<void> {
  const { subscriberId, webHost, webPort } = settings;
  let isConnected = () => false;
  const exporter = new Exporter();
  const own = new OwnSeries(() => isConnected());
  await using _pages = servePages({ host: webHost, port: webPort }, {
    metrics: {
      async blocks() {
        const { blocks } = exporter;
        return [...blocks, ...await own.blocks()];
      },
    },
    connected: () => isConnected(),
    health: () => ({ updated_seconds_ago: exporter.ageSeconds ?? null }),
  });
  const make = (client: CoreClient): Parts => {
    const config = followConfig(client, overrides, () => updater.reconsider());
    const updater = new Updater({
      config: () => config.isKnown ? config.current : undefined,
      searches: (graph) => searchesOver(client, graph),
      exporter,
      own,
      signal,
    });
    return { config, updater };
  };
  let parts: Parts | undefined;
  const partsFor = (client: CoreClient): Parts => parts ??= make(client);
  await runSubscriber({
    ...settings,
    role: "metrics",
    subscriber: subscriberOf(subscriberId, TIMEOUT_S),
    refresh: async (client) => {
      const { config } = partsFor(client);
      await config.refresh(signal);
      return subscriberOf(
        subscriberId,
        config.isKnown ? config.current.timeoutSeconds : TIMEOUT_S,
      );
    },
    onSession: (db, client) => listenToChanges(db, partsFor(client).updater),
    handlers: (client) => ({
      [STEP]: (action) => updateAll(partsFor(client), action),
    }),
    onReady: (connected) => {
      isConnected = connected;
      log.info("Metrics are served at http://{webHost}:{webPort}/metrics", {
        webHost,
        webPort,
      });
      // What the graph holds already is shown at once, not after the next run.
      if (parts === undefined) return;
      updateAll(parts, {
        signal,
        info: (_level, message) => log.warn(message),
      }, { yields: true }).catch((error) => {
        if (!signal.aborted) log.warn("{reason}", { reason: messageOf(error) });
      });
    },
    signal,
  }).finally(() => parts?.updater[Symbol.dispose]());
}
