/**
 * The role `metrics`: exports aggregations over the graph to Prometheus.
 *
 * @module
 */

import { ConfigClient, type CoreClient, unwrap } from "@skymap/lib/client";
import { FollowedConfig } from "@skymap/lib/config";
import { messageOf } from "@skymap/lib/errors";
import { untilStopped } from "@skymap/lib/lifecycle";
import { configureLog, logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import { type Override, readSettings } from "@skymap/lib/settings";
import { runSubscriber, type TakenAction } from "@skymap/lib/subscriber";
import type { MetricDefinition } from "@skymap/lib/metrics";
import { Exporter } from "./exporter.ts";
import {
  type MetricsConfig,
  metricsOverrides,
  readMetricsConfig,
} from "./metrics_config.ts";
import { SETTINGS } from "./settings.ts";
import { type Aggregate, aggregateOver, updateMetrics } from "./update.ts";

const log = logger("metrics");

/** Seconds that an update may take as long as nobody says otherwise. */
const TIMEOUT_S = 300;

/** The step of workflows at which the metrics are computed anew. */
const STEP = "generate_metrics";

/** Computes every metric; fails only when none of them worked. */
async function update(
  exporter: Exporter,
  metrics: readonly MetricDefinition[],
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const results = await updateMetrics(metrics, aggregate, signal);
  exporter.keep(metrics.map(({ name }) => name));
  exporter.update(results);
  const failures = results.flatMap((result) =>
    result.ok ? [] : [`${result.metric.name}: ${result.message}`]
  );
  if (failures.length === results.length) {
    throw new Error(`Cannot update any metric: ${failures.join("; ")}`);
  }
  return failures;
}

/** What the document says, as long as core has it and it can be read. */
function followConfig(
  client: CoreClient,
  overrides: readonly Override[],
): FollowedConfig<MetricsConfig> {
  const documents = new ConfigClient(client);
  return new FollowedConfig({
    fetch: async (unless, signal) =>
      unwrap(
        await documents.active("skymap.metrics", {
          signal,
          ...(unless !== undefined && { unless }),
        }),
      ),
    read: (document) => readMetricsConfig(document, overrides),
  });
}

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, overrides: given } = readSettings(SETTINGS, {
    role: "metrics",
    brief: "Exports aggregations over the graph to Prometheus.",
    args,
    takesOverrides: true,
  });
  await configureLog(settings);
  const supervised = Deno.env.get("SKYMAP_SUPERVISED") === "true";
  const signal = untilStopped({ stopWithStdin: supervised });
  const { subscriberId, graph, timeout, webHost, webPort } = settings;
  const overrides = metricsOverrides(given, { graph, timeout });
  // What is wrong with them is told at once, and not by the first update.
  readMetricsConfig({}, overrides);
  const exporter = new Exporter();
  let isConnected = () => false;
  await using _pages = servePages({ host: webHost, port: webPort }, {
    metrics: exporter,
    connected: () => isConnected(),
  });
  let refresh: (action: Pick<TakenAction, "signal" | "info">) => Promise<void>;
  let followed: FollowedConfig<MetricsConfig> | undefined;
  const configOf = (client: CoreClient) =>
    followed ??= followConfig(client, overrides);
  const subscriberOf = (seconds: number) => ({
    id: subscriberId,
    subscriptions: {
      [STEP]: {
        message_type: STEP,
        wait_for_completion: true,
        timeout: seconds,
      },
    },
  });
  try {
    await runSubscriber({
      ...settings,
      role: "metrics",
      subscriber: subscriberOf(TIMEOUT_S),
      refresh: async (client) => {
        const config = configOf(client);
        await config.refresh(signal);
        return subscriberOf(
          config.isKnown ? config.current.timeoutSeconds : TIMEOUT_S,
        );
      },
      handlers: (client) => {
        const config = configOf(client);
        refresh = async ({ signal, info }) => {
          await config.refresh(signal);
          const { current, problem } = config;
          if (problem !== undefined) {
            info("warning", `${problem}; the last good configuration counts`);
          }
          const aggregate = aggregateOver(client, current.graph);
          const failures = await update(
            exporter,
            current.metrics,
            aggregate,
            AbortSignal.any([
              signal,
              AbortSignal.timeout(current.timeoutSeconds * 1_000),
            ]),
          );
          for (const failure of failures) {
            info("warning", `Cannot update metric ${failure}`);
          }
        };
        return { [STEP]: refresh };
      },
      onReady: (connected) => {
        isConnected = connected;
        log.info("Metrics are served at http://{webHost}:{webPort}/metrics", {
          webHost,
          webPort,
        });
        // What the graph holds already is shown at once, not after the next run.
        refresh({ signal, info: (_level, message) => log.warn(message) })
          .catch((error) => {
            if (!signal.aborted) {
              log.warn("{reason}", { reason: messageOf(error) });
            }
          });
      },
      signal,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}
