/** Time, for what waits for a cloud. */
export interface WorkClock {
  /** Milliseconds, from whenever. */
  now(): number;
  /** Waits; rejects with the signal's reason when it aborts. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The time of this machine. */
export const MACHINE_CLOCK: WorkClock = {
  now: () => performance.now(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        if (signal.aborted) reject(signal.reason);
        else resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener("abort", end, { once: true });
      if (signal.aborted) end();
    }),
};

/** Pauses between tries: a second, then twice as long each time, up to 15 s. */
export function* growingPauses(): Generator<number, never> {
  for (let pause = 1_000;; pause = Math.min(2 * pause, 15_000)) yield pause;
}
