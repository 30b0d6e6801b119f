/**
 * The life of a process: one signal that says "stop now".
 *
 * @module
 */

/** What {@linkcode untilStopped} listens to. */
export interface LifecycleOptions {
  /**
   * Also stop when standard input ends, so that a process whose supervisor was
   * killed does not stay behind. Default: false.
   */
  readonly stopWithStdin?: boolean;
}

/** Reads standard input to its end, throwing away what it says. */
async function drainStdin(): Promise<void> {
  const buffer = new Uint8Array(256);
  while (await Deno.stdin.read(buffer) !== null);
}

/**
 * A signal that aborts on the first SIGTERM or SIGINT. Further signals change
 * nothing: whoever stops has begun already.
 */
export function untilStopped(options: LifecycleOptions = {}): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(name, () => {
      controller.abort(new DOMException(`Stopped by ${name}`, "AbortError"));
    });
  }
  if (options.stopWithStdin === true) {
    drainStdin().finally(() => {
      controller.abort(
        new DOMException("Stopped: the supervisor is gone", "AbortError"),
      );
    });
  }
  return controller.signal;
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Waits; rejects with the signal's reason when that aborts first. */
export function delay(
  milliseconds: number,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
