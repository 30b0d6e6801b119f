/**
 * The role `metrics`: exports aggregations over the graph to Prometheus.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { untilStopped } from "@skymap/lib/lifecycle";
import { configureLog } from "@skymap/lib/log";
import { readSettings } from "@skymap/lib/settings";
import { runExporter } from "./app.ts";
import { metricsOverrides, readMetricsConfig } from "./metrics_config.ts";
import { printOnce } from "./once.ts";
import { SETTINGS } from "./settings.ts";

/** Runs until it is stopped, or once; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, overrides: given } = readSettings(SETTINGS, {
    role: "metrics",
    brief: "Exports aggregations over the graph to Prometheus.",
    args,
    takesOverrides: true,
  });
  const { once, format, graph, timeout, verbose, quiet } = settings;
  if (format !== undefined && !once) {
    throw new SkymapError(
      "usage",
      `Cannot use --format ${format}: it is for --once; who scrapes a page ` +
        "gets the format it asks for",
    );
  }
  await configureLog({ verbose, quiet });
  const supervised = Deno.env.get("SKYMAP_SUPERVISED") === "true";
  const signal = untilStopped({ stopWithStdin: supervised });
  const overrides = metricsOverrides(given, { graph, timeout });
  // What is wrong with them is told at once, and not by the first update.
  readMetricsConfig({}, overrides);
  try {
    if (once) return await printOnce(settings, overrides, signal);
    await runExporter(settings, overrides, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  // What was to be printed was not.
  return once ? 1 : 0;
}
