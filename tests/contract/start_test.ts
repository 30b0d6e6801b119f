import { match, notStrictEqual, ok, strictEqual } from "node:assert/strict";
import { freePort, RoleProcess, until } from "../helpers/system.ts";

const WORDS = { core: "core", worker: "worker", metrics: "metrics" } as const;

/** Process ids of the children of a process that run a role. */
async function childrenOf(pid: number): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = await Deno.readTextFile(`/proc/${name}/stat`);
      const [state, parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      if (Number(parent) !== pid || state === "Z") continue;
      const words = (await Deno.readTextFile(`/proc/${name}/cmdline`))
        .split("\0");
      for (const role of Object.values(WORDS)) {
        if (words.includes(role)) found.set(role, Number(name));
      }
    } catch {
      // It has ended meanwhile.
    }
  }
  return found;
}

async function isAlive(pid: number): Promise<boolean> {
  const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
  return stat !== "" && stat.slice(stat.lastIndexOf(")") + 2, -1)[0] !== "Z";
}

/** `skymap start` on free ports. */
class Start implements AsyncDisposable {
  readonly ports = {
    core: freePort(),
    worker: freePort(),
    metrics: freePort(),
  };
  readonly process: RoleProcess;

  constructor(dataDir: string) {
    this.process = new RoleProcess("start", [
      "--data-dir",
      dataDir,
      "--override",
      "demo.size=0.05",
      ...Object.entries(this.ports).flatMap(([role, port]) => [
        `--${role}-port`,
        String(port),
      ]),
    ]);
  }

  /** Waits until everything runs; gives the process ids. */
  async untilUp(): Promise<Map<string, number>> {
    await until("Skymap is up", async () => {
      if (this.process.ended) throw new Error(this.process.text);
      for (
        const [role, path] of [["core", "ready"], [
          "metrics",
          "health",
        ]] as const
      ) {
        const answer = await fetch(
          `http://127.0.0.1:${this.ports[role]}/${path}`,
        );
        await answer.body?.cancel();
        if (!answer.ok) return false;
      }
      return await this.connected("worker") && await this.connected("metrics");
    }, 30_000);
    return await childrenOf(this.process.pid);
  }

  /** Whether a subscriber says that it is connected to core. */
  async connected(role: "worker" | "metrics"): Promise<boolean> {
    const answer = await fetch(`http://127.0.0.1:${this.ports[role]}/health`);
    return (await answer.json() as { connected: boolean }).connected;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pids = await childrenOf(this.process.pid);
    await this.process[Symbol.asyncDispose]();
    for (const pid of pids.values()) {
      try {
        Deno.kill(pid, "SIGKILL");
      } catch {
        // It has ended by itself.
      }
    }
  }
}

Deno.test({
  name: "start brings all up, restarts what is killed, and takes all down",
  ignore: Deno.build.os !== "linux",
  async fn(t) {
    const dataDir = await Deno.makeTempDir({ prefix: "skymap-" });
    await using start = new Start(dataDir);
    let pids = await start.untilUp();

    await t.step("it says where to go next", async () => {
      await until(
        "the welcome",
        () => Promise.resolve(start.process.text.includes("Skymap is up.")),
      );
      const { text } = start.process;
      match(
        text,
        /search {4}deno task skymap shell .*--core-uri http:\S+ 'search/,
      );
      match(text, new RegExp(`metrics {3}http:\\S+:${start.ports.metrics}/`));
      strictEqual(pids.size, 3);
    });

    for (const role of Object.values(WORDS)) {
      await t.step(`${role} is started again after kill -9`, async () => {
        const old = pids.get(role) ?? 0;
        Deno.kill(old, "SIGKILL");
        await until(`${role} is gone`, async () => !await isAlive(old));
        await until(`${role} runs again`, async () => {
          pids = await start.untilUp();
          return pids.size === 3;
        }, 30_000);
        notStrictEqual(pids.get(role), old);
        match(start.process.text, new RegExp(`${role} ended with code`));
      });
    }

    await t.step(
      "a second start on its data directory ends with the reason",
      async () => {
        await using second = new Start(dataDir);
        strictEqual(await second.process.exit(), 1, second.process.text);
        match(
          second.process.text,
          new RegExp(
            `^Error: Cannot use data directory .*: process ${
              pids.get("core")
            } uses it`,
            "m",
          ),
        );
        ok(await start.connected("worker"));
      },
    );

    await t.step(
      "a second start on its ports ends with the reason",
      async () => {
        const other = await Deno.makeTempDir({ prefix: "skymap-" });
        await using second = new RoleProcess("start", [
          "--data-dir",
          other,
          ...Object.entries(start.ports).flatMap(([role, port]) => [
            `--${role}-port`,
            String(port),
          ]),
        ]);
        strictEqual(await second.exit(), 1, second.text);
        match(
          second.text,
          new RegExp(
            `^Error: .*127.0.0.1:${start.ports.core}: .*--core-port`,
            "m",
          ),
        );
        ok(!second.text.includes("Skymap is up."));
        await Deno.remove(other, { recursive: true });
      },
    );

    await t.step("SIGTERM ends all of them with 0", async () => {
      strictEqual(await start.process.stop("SIGTERM"), 0, start.process.text);
      for (const [role, pid] of pids) ok(!await isAlive(pid), role);
    });
    await Deno.remove(dataDir, { recursive: true });
  },
});

Deno.test({
  name: "what start has started ends when start is killed",
  ignore: Deno.build.os !== "linux",
  async fn() {
    const dataDir = await Deno.makeTempDir({ prefix: "skymap-" });
    await using start = new Start(dataDir);
    const pids = await start.untilUp();
    strictEqual(pids.size, 3);
    await start.process.stop("SIGKILL");
    for (const [role, pid] of pids) {
      await until(`${role} has ended`, async () => !await isAlive(pid), 20_000);
    }
    // The data directory is free, and nothing of it was lost.
    await using verifier = new RoleProcess("core", [
      "--data-dir",
      dataDir,
      "--verify",
    ]);
    strictEqual(await verifier.exit(), 0, verifier.text);
    await Deno.remove(dataDir, { recursive: true });
  },
});
