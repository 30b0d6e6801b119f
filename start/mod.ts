/**
 * The role `start`: core, one worker and metrics on this machine, kept running.
 *
 * @module
 */

import { aborted, delay, untilStopped } from "@skymap/lib/lifecycle";
import { configureLog } from "@skymap/lib/log";
import { readSettings } from "@skymap/lib/settings";
import { spawnRole } from "./launch.ts";
import { PORTS } from "./places.ts";
import { Supervisor } from "./supervisor.ts";

const SETTINGS = {
  dataDir: { type: "text", help: "Where core keeps its data." },
  verbose: { type: "boolean", help: "Logs more.", short: "v", default: false },
  quiet: { type: "boolean", help: "Logs errors only.", default: false },
} as const;

/** Waits until a page answers with 200. */
async function untilHealthy(url: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      const answer = await fetch(url, { signal });
      await answer.body?.cancel();
      if (answer.ok) return;
    } catch {
      signal.throwIfAborted();
    }
    await delay(100, signal);
  }
}

const WELCOME = `
Skymap is up.

  search    deno task skymap shell 'search is(instance) limit 5'
  API       http://127.0.0.1:${PORTS.core}/docs
  metrics   http://127.0.0.1:${PORTS.metrics}/metrics

It shows a made-up cloud until a real one is configured: docs/aws.md.
Stop it with Ctrl-C.
`;

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, overrides } = readSettings(SETTINGS, {
    role: "start",
    brief: "Runs core, one worker and metrics, and keeps them running.",
    args,
  });
  await configureLog(settings);
  const stopped = untilStopped();
  const common = [
    ...(settings.dataDir === undefined ? [] : ["--data-dir", settings.dataDir]),
    ...(settings.verbose ? ["--verbose"] : []),
    ...(settings.quiet ? ["--quiet"] : []),
  ];
  const overrideArgs = overrides.flatMap(({ path, value }) => [
    "--override",
    `${path.join(".")}=${JSON.stringify(value)}`,
  ]);
  const supervisor = new Supervisor({
    spawn: (role) =>
      spawnRole(role, [
        ...common,
        ...(role === "worker" ? overrideArgs : []),
      ], { stdin: "piped" }),
  });
  const ended = supervisor.run(["core", "worker", "metrics"], stopped);
  const failed = new AbortController();
  ended.then(() => failed.abort(), () => failed.abort());
  const both = AbortSignal.any([stopped, failed.signal]);
  untilHealthy(`http://127.0.0.1:${PORTS.core}/health`, both)
    .then(() => supervisor.trust("core"))
    .then(() => untilHealthy(`http://127.0.0.1:${PORTS.core}/ready`, both))
    .then(() => {
      Deno.stdout.writeSync(new TextEncoder().encode(WELCOME));
    })
    .catch(() => aborted(both));
  return await ended;
}
