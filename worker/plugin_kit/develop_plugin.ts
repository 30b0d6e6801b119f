import { isSkymapError, messageOf } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type { RecordedAnswer } from "@skymap/lib/plugin_host";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { CollectTarget } from "../collect.ts";
import { findFaults } from "./find_faults.ts";
import { addressOf, packPlugin } from "./pack_plugin.ts";
import { showFindings, showGraph } from "./show_trial.ts";
import { tryPlugin } from "./try_plugin.ts";

/** How a plugin is run while it is written. */
export interface DevelopOptions {
  /** Path or URL of its module. */
  readonly spec: string;
  /** Its configuration, by its name. */
  readonly config: (name: string) => JsonObject;
  /** Whether it is run only once. */
  readonly once: boolean;
  /** Answers that its calls get in place of the network's. */
  readonly replay?: readonly RecordedAnswer[];
  /** Where what it finds goes, too. */
  readonly target?: CollectTarget;
  /** Takes what is shown. */
  readonly print: (lines: readonly string[]) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Changes that come together are one. */
const SETTLE_MS = 100;

/** Runs it once and shows what it did; gives the number of faults. */
async function runOnce(options: DevelopOptions): Promise<number> {
  const { spec, replay, target, print, signal } = options;
  try {
    const packed = await packPlugin({ spec, signal });
    const config = options.config(packed.published.manifest.name);
    const trial = await tryPlugin({
      packed,
      config,
      record: true,
      ...(replay !== undefined && { replay }),
      ...(target !== undefined && { target }),
      signal,
    });
    const { faults, notes } = findFaults(trial, config, Deno.env.get("HOME"));
    print([
      ...trial.printed.split("\n").filter((line) => line !== "")
        .map((line) => `printed: ${line}`),
      ...showGraph(trial),
      ...showFindings({ faults, notes }),
    ]);
    return faults.length;
  } catch (error) {
    signal.throwIfAborted();
    if (!isSkymapError(error)) throw error;
    print([`fault: ${messageOf(error)}`]);
    return 1;
  }
}

/** Resolves when a source has changed and all is quiet again, or on abort. */
async function untilChanged(
  watcher: Deno.FsWatcher,
  signal: AbortSignal,
): Promise<void> {
  const changed = new AbortController();
  const end = AbortSignal.any([signal, changed.signal]);
  end.addEventListener("abort", () => watcher.close(), { once: true });
  if (signal.aborted) return watcher.close();
  let settled: ReturnType<typeof setTimeout> | undefined;
  for await (const { kind, paths } of watcher) {
    if (kind === "access" || paths.every(isNoSource)) continue;
    clearTimeout(settled);
    settled = setTimeout(() => changed.abort(), SETTLE_MS);
  }
}

/** What is no part of a plugin: packages, and what editors leave for a moment. */
function isNoSource(path: string): boolean {
  return /\/(node_modules|\.git)\/|~$|\.sw[a-z]$/.test(path);
}

/**
 * Runs a plugin and shows what it found, what it was refused and what is wrong
 * with it; then again whenever a file beside it changes. Gives the exit code.
 */
export async function developPlugin(options: DevelopOptions): Promise<number> {
  const { spec, once, print, signal } = options;
  const url = addressOf(spec);
  if (once || !url.startsWith("file:")) {
    return await runOnce(options) === 0 ? 0 : 1;
  }
  const folder = dirname(fileURLToPath(url));
  for (;;) {
    // Watched from before the run: what is written meanwhile counts.
    const watcher = Deno.watchFs(folder);
    try {
      await runOnce(options);
    } catch (error) {
      watcher.close();
      if (signal.aborted) return 0;
      throw error;
    }
    print(["waiting for changes; stop with Ctrl-C"]);
    await untilChanged(watcher, signal);
    if (signal.aborted) return 0;
  }
}
