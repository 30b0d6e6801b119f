import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { type Child, Supervisor } from "./supervisor.ts";
import type { RoleName } from "./roles.ts";

/** Processes that end when a test says so. */
class FakeProcesses {
  readonly started: RoleName[] = [];
  readonly signals: string[] = [];
  #ends = new Map<RoleName, (code: number) => void>();
  #wake: (() => void) | undefined;

  spawn = (role: RoleName): Child => {
    this.started.push(role);
    const status = new Promise<{ code: number; signal: null }>((resolve) =>
      this.#ends.set(role, (code) => resolve({ code, signal: null }))
    );
    this.#wake?.();
    return {
      status,
      kill: (signal) => {
        this.signals.push(`${role} ${signal}`);
        this.end(role, 0);
      },
    };
  };

  end(role: RoleName, code: number): void {
    this.#ends.get(role)?.(code);
  }

  async untilStarted(count: number): Promise<void> {
    while (this.started.length < count) {
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }
}

function setUp() {
  const processes = new FakeProcesses();
  const stop = new AbortController();
  const supervisor = new Supervisor({
    spawn: processes.spawn,
    firstDelayMs: 0,
  });
  return { processes, stop, supervisor };
}

Deno.test("Supervisor restarts a role that ends and stops all when told", async () => {
  const { processes, stop, supervisor } = setUp();
  supervisor.trust("core");
  const ended = supervisor.run(["core", "worker"], stop.signal);
  await processes.untilStarted(2);
  processes.end("worker", 1);
  await processes.untilStarted(3);
  processes.end("core", 137);
  await processes.untilStarted(4);
  stop.abort();
  strictEqual(await ended, 0);
  deepStrictEqual(processes.started, ["core", "worker", "worker", "core"]);
  deepStrictEqual(processes.signals.sort(), ["core SIGTERM", "worker SIGTERM"]);
});

Deno.test("Supervisor stops all when the first role never worked", async () => {
  const { processes, stop, supervisor } = setUp();
  const ended = supervisor.run(["core", "worker"], stop.signal);
  await processes.untilStarted(2);
  processes.end("core", 1);
  strictEqual(await ended, 1);
  deepStrictEqual(processes.signals, ["worker SIGTERM"]);
});

Deno.test("Supervisor does not restart what was used wrongly", async () => {
  const { processes, stop, supervisor } = setUp();
  supervisor.trust("core");
  const ended = supervisor.run(["core", "worker"], stop.signal);
  await processes.untilStarted(2);
  processes.end("worker", 2);
  strictEqual(await ended, 2);
  deepStrictEqual(processes.started, ["core", "worker"]);
});
