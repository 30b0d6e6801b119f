/**
 * Core, workers and metrics as real processes, each with the permissions it has
 * in production, on free ports and in a data directory of their own.
 *
 * @module
 */

import { createToken, loadKey } from "@skymap/lib/auth";
import { CoreClient, type RunJson, unwrap } from "@skymap/lib/client";
import { delay } from "@skymap/lib/lifecycle";
import { commandOf } from "../../start/launch.ts";
import type { RoleName } from "../../start/roles.ts";
import { ProcessOutput } from "./process_output.ts";

/** A port that was free a moment ago. */
export function freePort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  return port;
}

/** Waits for a fact; says which one when it does not come. */
export async function until<T>(
  what: string,
  check: () => Promise<T | undefined | false>,
  timeoutMs = 60_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await check().catch(() => undefined);
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await delay(25);
  }
}

/** A role's process and what it said. */
export class RoleProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #output: ProcessOutput;

  /** Starts the role with these words. */
  constructor(
    role: RoleName,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: commandOf(role, args),
      env: { ...env, NO_COLOR: "1", SKYMAP_SUPERVISED: "true" },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#output = new ProcessOutput(this.#child);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#output.text;
  }

  /** Process id. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Whether it has ended. */
  get ended(): boolean {
    return this.#output.ended;
  }

  /** Resident memory in bytes. */
  async residentBytes(): Promise<number> {
    const text = await Deno.readTextFile(`/proc/${this.pid}/statm`);
    return Number(text.split(" ")[1]) * 4096;
  }

  /** Sends a signal and gives the exit code. */
  async stop(signal: Deno.Signal = "SIGTERM"): Promise<number> {
    if (!this.#output.ended) {
      try {
        this.#child.kill(signal);
      } catch {
        // It has ended meanwhile.
      }
    }
    return await this.exit();
  }

  /** Waits for its end and gives the exit code. */
  async exit(): Promise<number> {
    const { code } = await this.#child.status;
    await this.#output.done;
    // Closing an input that is gone already is no fault.
    await this.#child.stdin.close().catch(() => {});
    return code;
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

/** What a {@linkcode System} is made with. */
export interface SystemOptions {
  /** Further words for core. */
  readonly core?: readonly string[];
  /** Further words for the worker; null starts none. */
  readonly worker?: readonly string[] | null;
  /** Environment of the worker. */
  readonly workerEnv?: Readonly<Record<string, string>>;
  /** Whether metrics runs too. Default: false. */
  readonly metrics?: boolean;
  /** Data directory of core. Default: a new one. */
  readonly dataDir?: string;
}

/** A whole installation. */
export class System implements AsyncDisposable {
  /** Data directory of core. */
  readonly dataDir: string;
  /** Address of core. */
  readonly coreUri: string;
  /** Port of each role. */
  readonly ports: {
    readonly core: number;
    readonly worker: number;
    readonly metrics: number;
  };
  readonly #options: SystemOptions;
  readonly #running = new Map<RoleName, RoleProcess>();

  private constructor(dataDir: string, options: SystemOptions) {
    this.dataDir = dataDir;
    this.ports = { core: freePort(), worker: freePort(), metrics: freePort() };
    this.coreUri = `http://127.0.0.1:${this.ports.core}`;
    this.#options = options;
  }

  /** Starts core, then a worker, unless told not to, and metrics, if told to. */
  static async start(options: SystemOptions = {}): Promise<System> {
    const system = new System(
      options.dataDir ?? await Deno.makeTempDir({ prefix: "skymap-" }),
      options,
    );
    await system.startCore();
    if (options.worker !== null) system.startWorker();
    if (options.metrics === true) system.startMetrics();
    return system;
  }

  /** Starts core again, after it was stopped or killed. */
  async startCore(): Promise<RoleProcess> {
    const core = new RoleProcess("core", [
      "--data-dir",
      this.dataDir,
      "--port",
      String(this.ports.core),
      ...this.#options.core ?? [],
    ]);
    this.#running.set("core", core);
    await until(`core is ready\n${core.text}`, async () => {
      if (core.ended) return true;
      const answer = await fetch(`${this.coreUri}/ready`);
      await answer.body?.cancel();
      return answer.ok;
    });
    if (core.ended) throw new Error(`core ended:\n${core.text}`);
    return core;
  }

  /** Starts the worker again. */
  startWorker(): RoleProcess {
    return this.#client("worker", this.ports.worker, [
      ...this.#options.worker ?? [],
    ], this.#options.workerEnv);
  }

  /** Starts metrics again. */
  startMetrics(): RoleProcess {
    return this.#client("metrics", this.ports.metrics, []);
  }

  #client(
    role: "worker" | "metrics",
    port: number,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): RoleProcess {
    const process = new RoleProcess(role, [
      "--data-dir",
      this.dataDir,
      "--core-uri",
      this.coreUri,
      "--web-port",
      String(port),
      ...args,
    ], env);
    this.#running.set(role, process);
    return process;
  }

  /** The running process of a role. */
  process(role: RoleName): RoleProcess {
    const process = this.#running.get(role);
    if (process === undefined) throw new Error(`${role} does not run`);
    return process;
  }

  /** A client with an operator's token. */
  async client(): Promise<CoreClient> {
    const key = await loadKey(this.dataDir, { create: false });
    return new CoreClient({
      coreUri: this.coreUri,
      token: () =>
        createToken(key, {
          subject: "test",
          role: "operator",
          ttlSeconds: 300,
        }),
    });
  }

  /** Runs a workflow to its end. */
  async runWorkflow(name: string, timeoutMs = 180_000): Promise<RunJson> {
    const client = await this.client();
    const { id } = unwrap(await client.runWorkflow(name));
    return await this.untilRunEnds(id, timeoutMs);
  }

  /** Waits until a run has ended. */
  async untilRunEnds(id: string, timeoutMs = 180_000): Promise<RunJson> {
    const client = await this.client();
    return await until(`run ${id} ends`, async () => {
      const run = unwrap(await client.run(id));
      return run.ended_at === undefined ? undefined : run;
    }, timeoutMs);
  }

  /** Waits until every subscriber that a collect needs is there. */
  async untilSubscribed(...ids: readonly string[]): Promise<void> {
    const client = await this.client();
    await until(`${ids.join(" and ")} subscribed`, async () => {
      const answer = await client.fetch("/subscribers" as never);
      const there = (await answer.json() as { id: string }[])
        .map(({ id }) => id);
      return ids.every((id) => there.includes(id));
    });
  }

  /** Stops everything and removes the data. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#running.values()) {
      await process[Symbol.asyncDispose]();
    }
    await Deno.remove(this.dataDir, { recursive: true });
  }
}
