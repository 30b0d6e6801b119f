/**
 * Keeps processes running: restarts what ends, stops all when one cannot run.
 *
 * @module
 */

import { delay } from "@skymap/lib/lifecycle";
import { logger } from "@skymap/lib/log";
import type { RoleName } from "./roles.ts";

/** A process as the supervisor sees it. */
export interface Child {
  /** How it ended. */
  readonly status: Promise<{ readonly code: number; readonly signal: unknown }>;
  /** Sends a signal. */
  kill(signal: "SIGTERM" | "SIGKILL"): void;
}

/** What a {@linkcode Supervisor} is made with. */
export interface SupervisorOptions {
  /** Starts a role. */
  readonly spawn: (role: RoleName) => Child;
  /** Pause before the first restart, doubled each time. Default: 500 ms. */
  readonly firstDelayMs?: number;
  /** Longest pause before a restart. Default: 30 s. */
  readonly maxDelayMs?: number;
  /** A process that ran this long starts with the first pause again. Default: 60 s. */
  readonly stableMs?: number;
  /** Time to stop before a process is killed. Default: 20 s. */
  readonly graceMs?: number;
}

const log = logger("start");

/** Runs roles until it is told to stop. */
export class Supervisor {
  readonly #options: Required<SupervisorOptions>;
  readonly #trusted = new Set<RoleName>();

  /** Makes a supervisor; nothing is started yet. */
  constructor(options: SupervisorOptions) {
    this.#options = {
      firstDelayMs: 500,
      maxDelayMs: 30_000,
      stableMs: 60_000,
      graceMs: 20_000,
      ...options,
    };
  }

  /**
   * A role has worked once: from now on it is restarted whenever it ends. A
   * role that never worked has a fault that a restart does not mend.
   */
  trust(role: RoleName): void {
    this.#trusted.add(role);
  }

  /**
   * Starts the roles and keeps them running until `signal` aborts, or until the
   * first of them, which the others depend on, ends before it was trusted.
   *
   * @returns 0 after a stop; else the exit code of what could not run.
   */
  async run(roles: readonly RoleName[], signal: AbortSignal): Promise<number> {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    let exitCode = 0;
    await Promise.all(roles.map(async (role) => {
      const code = await this.#keep(role, role === roles[0], either);
      if (code !== 0 && exitCode === 0) exitCode = code;
      if (code !== 0) stop.abort();
    }));
    return exitCode;
  }

  /** Runs one role until the end; gives 0, or the code it cannot live with. */
  async #keep(
    role: RoleName,
    first: boolean,
    signal: AbortSignal,
  ): Promise<number> {
    const { spawn, firstDelayMs, maxDelayMs, stableMs } = this.#options;
    let pauseMs = firstDelayMs;
    while (!signal.aborted) {
      const startedAt = Date.now();
      const { code } = await this.#untilEnd(spawn(role), signal);
      if (signal.aborted) return 0;
      // Wrong usage stays wrong; and nothing works without the first role.
      if (code === 2) return 2;
      if (first && !this.#trusted.has(role)) return code === 0 ? 1 : code;
      if (Date.now() - startedAt > stableMs) pauseMs = firstDelayMs;
      log.warning("{role} ended with code {code}; starting it again", {
        role,
        code,
        pauseMs,
      });
      await delay(pauseMs, signal).catch(() => {});
      pauseMs = Math.min(pauseMs * 2, maxDelayMs);
    }
    return 0;
  }

  /** Waits for the end of a process; a stop ends it, first gently. */
  async #untilEnd(
    child: Child,
    signal: AbortSignal,
  ): Promise<{ readonly code: number }> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      send(child, "SIGTERM");
      timer = setTimeout(() => send(child, "SIGKILL"), this.#options.graceMs);
    };
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
    try {
      return await child.status;
    } finally {
      signal.removeEventListener("abort", stop);
      clearTimeout(timer);
    }
  }
}

function send(child: Child, signal: "SIGTERM" | "SIGKILL"): void {
  try {
    child.kill(signal);
  } catch {
    // It has ended meanwhile.
  }
}
