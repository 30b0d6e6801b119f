/**
 * The role `metrics`: exports aggregations over the graph to Prometheus.
 *
 * @module
 */

import { messageOf } from "@skymap/lib/errors";
import { untilStopped } from "@skymap/lib/lifecycle";
import { configureLog, logger } from "@skymap/lib/log";
import { servePages } from "@skymap/lib/pages";
import { readSettings } from "@skymap/lib/settings";
import { runSubscriber, type TakenAction } from "@skymap/lib/subscriber";
import { DEFAULT_METRICS } from "./definitions.ts";
import { Exporter } from "./exporter.ts";
import { SETTINGS } from "./settings.ts";
import { type Aggregate, aggregateOver, updateMetrics } from "./update.ts";

const log = logger("metrics");

/** The step of workflows at which the metrics are computed anew. */
const STEP = "generate_metrics";

/** Computes every metric; fails only when none of them worked. */
async function update(
  exporter: Exporter,
  aggregate: Aggregate,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const results = await updateMetrics(DEFAULT_METRICS, aggregate, signal);
  exporter.update(results);
  const failures = results.flatMap((result) =>
    result.ok ? [] : [`${result.metric.name}: ${result.message}`]
  );
  if (failures.length === results.length) {
    throw new Error(`Cannot update any metric: ${failures.join("; ")}`);
  }
  return failures;
}

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings } = readSettings(SETTINGS, {
    role: "metrics",
    brief: "Exports aggregations over the graph to Prometheus.",
    args,
  });
  await configureLog(settings);
  const supervised = Deno.env.get("SKYMAP_SUPERVISED") === "true";
  const signal = untilStopped({ stopWithStdin: supervised });
  const { subscriberId, graph, timeout, webHost, webPort } = settings;
  const exporter = new Exporter();
  let isConnected = () => false;
  await using _pages = servePages({ host: webHost, port: webPort }, {
    metrics: exporter,
    connected: () => isConnected(),
  });
  let refresh: (action: Pick<TakenAction, "signal" | "info">) => Promise<void>;
  try {
    await runSubscriber({
      ...settings,
      role: "metrics",
      subscriber: {
        id: subscriberId,
        subscriptions: {
          [STEP]: { message_type: STEP, wait_for_completion: true, timeout },
        },
      },
      handlers: (client) => {
        const aggregate = aggregateOver(client, graph);
        refresh = async ({ signal, info }) => {
          for (const failure of await update(exporter, aggregate, signal)) {
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
