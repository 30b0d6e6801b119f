/**
 * The role `core`: keeps the graphs, searches them, runs the workflows and
 * serves the API.
 *
 * ```ts
 * import { run } from "@skymap/core";
 *
 * Deno.exit(await run(["--port", "8900"]));
 * ```
 *
 * @module
 */

import { loadKey } from "@skymap/lib/auth";
import { dataDirectory } from "@skymap/lib/data_dir";
import { findKey } from "@skymap/lib/key";
import { untilStopped } from "@skymap/lib/lifecycle";
import { configureLog } from "@skymap/lib/log";
import { readSettings } from "@skymap/lib/settings";
import { runCore } from "./app.ts";
import { prepareDataDir, takeLock } from "./db/mod.ts";
import { checkSettings, flagOverrides, SETTINGS } from "./settings.ts";
import { verifyGraphs } from "./verify_graphs.ts";

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, overrides } = readSettings(SETTINGS, {
    role: "core",
    brief: "Keeps the graph, searches it and runs the workflows.",
    args,
    takesOverrides: true,
  });
  checkSettings(settings);
  await configureLog(settings);
  const supervised = Deno.env.get("SKYMAP_SUPERVISED") === "true";
  const signal = untilStopped({ stopWithStdin: supervised });
  const dataDir = dataDirectory(
    settings.dataDir,
    (name) => Deno.env.get(name),
  );
  await prepareDataDir(dataDir);
  await using _lock = await takeLock(dataDir);
  const key = settings.psk !== undefined || settings.pskFile !== undefined
    ? await findKey(settings)
    : await loadKey(dataDir, { create: true });
  const options = {
    settings,
    overrides: [...overrides, ...flagOverrides(settings)],
    dataDir,
    key,
    signal,
  };
  try {
    if (settings.verify) return await verifyGraphs(options);
    await runCore(options);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return 0;
}
