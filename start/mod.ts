/**
 * The role `start`: core, one worker and metrics on this machine, kept running.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { delay, untilStopped } from "@skymap/lib/lifecycle";
import { configureLog } from "@skymap/lib/log";
import { type Override, readSettings } from "@skymap/lib/settings";
import { spawnRole } from "./launch.ts";
import { IS_BUNDLED, PORTS } from "./places.ts";
import { Supervisor } from "./supervisor.ts";

/** What is kept running; the others depend on the first. */
const SUPERVISED = ["core", "worker", "metrics"] as const;

/** How this program is called, for the words that can be copied. */
const PROGRAM = IS_BUNDLED ? "bin/skymap" : "deno task skymap";

const SETTINGS = {
  dataDir: { type: "text", help: "Where core keeps its data." },
  size: {
    type: "text",
    help: "Size of the made-up cloud; 1 is some 2,000 nodes. Default: 1.",
  },
  corePort: {
    type: "integer",
    help: "Port of core.",
    default: PORTS.core,
    min: 1,
    max: 65_535,
  },
  workerPort: {
    type: "integer",
    help: "Port of the worker.",
    default: PORTS.worker,
    min: 1,
    max: 65_535,
  },
  metricsPort: {
    type: "integer",
    help: "Port of metrics.",
    default: PORTS.metrics,
    min: 1,
    max: 65_535,
  },
  verbose: { type: "boolean", help: "Logs more.", short: "v", default: false },
  quiet: { type: "boolean", help: "Logs errors only.", default: false },
} as const;

/**
 * Refuses ports that another process has: its answers would be taken for those
 * of ours.
 *
 * @throws {SkymapError} `port_in_use`, naming the flag for another one.
 */
function checkPorts(ports: Readonly<Record<string, number>>): void {
  for (const [role, port] of Object.entries(ports)) {
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
      throw new SkymapError(
        "port_in_use",
        `Cannot start ${role} on 127.0.0.1:${port}: another process listens ` +
          `there; stop it, or name another port with --${role}-port`,
        { cause },
      );
    }
  }
}

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

/** What to do next, told once everything runs. */
function welcome(
  core: string,
  metrics: string,
  dataDir: string | undefined,
): string {
  const shell = [
    "shell",
    ...(dataDir === undefined ? [] : ["--data-dir", dataDir]),
    ...(core === `http://127.0.0.1:${PORTS.core}` ? [] : ["--core-uri", core]),
  ].join(" ");
  return `
Skymap is up.

  search    ${PROGRAM} ${shell} 'search is(instance) limit 5'
  API       ${core}/docs
  metrics   ${metrics}/metrics

It shows a made-up cloud until a real one is configured: docs/aws.md.
Stop it with Ctrl-C.
`;
}

/** Waits until core works, then says what to do next. */
async function greet(
  supervisor: Supervisor,
  core: string,
  metricsPort: number,
  dataDir: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  await untilHealthy(`${core}/health`, signal);
  supervisor.trust("core");
  await untilHealthy(`${core}/ready`, signal);
  const metrics = `http://127.0.0.1:${metricsPort}`;
  await untilHealthy(`${metrics}/health`, signal);
  Deno.stdout.writeSync(
    new TextEncoder().encode(welcome(core, metrics, dataDir)),
  );
}

/** Whose configuration an override is for, by its section. */
function roleOf({ path }: Override): (typeof SUPERVISED)[number] {
  const [section] = path[0] === "skymap" ? path.slice(1) : path;
  if (section === "metrics") return "metrics";
  return section === "core" || section === "custom_commands"
    ? "core"
    : "worker";
}

/** Runs until it is stopped; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, overrides } = readSettings(SETTINGS, {
    role: "start",
    brief: "Runs core, one worker and metrics, and keeps them running.",
    args,
    takesOverrides: true,
  });
  await configureLog(settings);
  const stopped = untilStopped();
  const { dataDir, size, corePort, workerPort, metricsPort } = settings;
  checkPorts({ core: corePort, worker: workerPort, metrics: metricsPort });
  const core = `http://127.0.0.1:${corePort}`;
  const common = [
    ...(dataDir === undefined ? [] : ["--data-dir", dataDir]),
    ...(settings.verbose ? ["--verbose"] : []),
    ...(settings.quiet ? ["--quiet"] : []),
  ];
  const client = (port: number) => [
    ...common,
    "--core-uri",
    core,
    "--web-port",
    String(port),
  ];
  const overridesOf = (role: string) =>
    overrides.filter((each) => roleOf(each) === role).flatMap((
      { path, value },
    ) => ["--override", `${path.join(".")}=${JSON.stringify(value)}`]);
  const words: Record<(typeof SUPERVISED)[number], readonly string[]> = {
    core: [...common, "--port", String(corePort), ...overridesOf("core")],
    worker: [
      ...client(workerPort),
      ...overridesOf("worker"),
      ...(size === undefined ? [] : ["--override", `demo.size=${size}`]),
    ],
    metrics: [...client(metricsPort), ...overridesOf("metrics")],
  };
  const supervisor = new Supervisor({
    spawn: (role) =>
      spawnRole(role, words[role as keyof typeof words], { stdin: "piped" }),
  });
  const ended = supervisor.run(SUPERVISED, stopped);
  const over = new AbortController();
  ended.finally(() => over.abort());
  const either = AbortSignal.any([stopped, over.signal]);
  greet(supervisor, core, metricsPort, dataDir, either)
    .catch((error) => {
      if (!stopped.aborted && !over.signal.aborted) throw error;
    });
  return await ended;
}
