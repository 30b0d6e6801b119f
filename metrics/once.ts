/**
 * `skymap metrics --once`: the page, without a process that goes on.
 *
 * @module
 */

import { createToken } from "@skymap/lib/auth";
import { CoreClient } from "@skymap/lib/client";
import { findKey } from "@skymap/lib/key";
import { pageText } from "@skymap/lib/pages";
import type { Override, Settings } from "@skymap/lib/settings";
import { searchesOver } from "./core_searches.ts";
import { Exporter } from "./exporter.ts";
import { followConfig } from "./follow_config.ts";
import type { SETTINGS } from "./settings.ts";
import { updateMetrics } from "./update.ts";

/** Writes all of a text, or as much as its reader wants of it. */
function writeAll(
  to: { writeSync(bytes: Uint8Array): number },
  text: string,
): void {
  const bytes = new TextEncoder().encode(text);
  try {
    for (let at = 0; at < bytes.length;) at += to.writeSync(bytes.subarray(at));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

/**
 * Computes every metric and prints the page to standard output, and what failed
 * to standard error; gives the exit code.
 */
export async function printOnce(
  settings: Settings<typeof SETTINGS>,
  overrides: readonly Override[],
  signal: AbortSignal,
): Promise<number> {
  const key = await findKey(settings);
  const { coreUri, subscriberId } = settings;
  const format = settings.format === "openmetrics" ? "openmetrics" : "text";
  const client = new CoreClient({
    coreUri,
    token: () => createToken(key, { subject: subscriberId, role: "metrics" }),
    signal,
  });
  const followed = followConfig(client, overrides);
  await followed.refresh(signal);
  const { graph, metrics, timeoutSeconds } = followed.current;
  const exporter = new Exporter();
  const startedAt = performance.now();
  const results = await updateMetrics(metrics, searchesOver(client, graph), {
    deadline: AbortSignal.timeout(timeoutSeconds * 1_000),
    stop: signal,
  });
  signal.throwIfAborted();
  const durationMs = performance.now() - startedAt;
  exporter.update({ graph, metrics, results, durationMs });
  const failures = results.filter((result) => !result.ok);
  for (const { metric, message } of failures) {
    writeAll(
      Deno.stderr,
      `Error: Cannot compute metric "${metric.name}": ${message}\n`,
    );
  }
  writeAll(Deno.stdout, await pageText(exporter.blocks, format));
  return failures.length > 0 ? 1 : 0;
}
