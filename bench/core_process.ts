/**
 * A core in a process of its own, with the permissions it has in production.
 *
 * @module
 */

import { createToken, loadKey } from "@skymap/lib/auth";
import { CoreClient } from "@skymap/lib/client";
import { freePort, RoleProcess, until } from "../tests/helpers/system.ts";

/** Starting a core, and what that took. */
export interface CoreProcess {
  /** The process. */
  readonly process: RoleProcess;
  /** Talks to it as an operator. */
  readonly client: CoreClient;
  /** Seconds from its start until it was ready. */
  readonly seconds: number;
}

/** Starts a core on a free port and waits until it is ready. */
export async function startCore(dataDir: string): Promise<CoreProcess> {
  const port = freePort();
  const coreUri = `http://127.0.0.1:${port}`;
  const startedAt = performance.now();
  const process = new RoleProcess("core", [
    "--data-dir",
    dataDir,
    "--port",
    String(port),
    "--no-scheduling",
  ]);
  await until("core is ready", async () => {
    if (process.ended) return true;
    const answer = await fetch(`${coreUri}/ready`);
    await answer.body?.cancel();
    return answer.ok;
  }, 300_000);
  if (process.ended) throw new Error(`core ended:\n${process.text}`);
  const seconds = (performance.now() - startedAt) / 1_000;
  const key = await loadKey(dataDir, { create: false });
  const client = new CoreClient({
    coreUri,
    token: () =>
      createToken(key, { subject: "bench", role: "operator", ttlSeconds: 300 }),
  });
  return { process, client, seconds };
}

const STATUS_FIELD = { now: "VmRSS", peak: "VmHWM" } as const;

/** Resident memory of a process in MB: now, or the most since its start. */
export async function residentMb(
  pid: number,
  which: "now" | "peak",
): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const found = new RegExp(`^${STATUS_FIELD[which]}:\\s+(\\d+) kB`, "m")
    .exec(status);
  if (found === null) throw new Error(`no memory of process ${pid}`);
  return Number(found[1]) / 1_024;
}
