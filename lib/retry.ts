/**
 * Trying again, with growing pauses.
 *
 * @module
 */

import { delay } from "./lifecycle.ts";

/** How often and how patiently to try. */
export interface RetryOptions {
  /** Tries in all. Default: 5. */
  readonly attempts?: number;
  /** Pause after the first failure, doubled each time. Default: 100 ms. */
  readonly firstDelayMs?: number;
  /** Longest pause. Default: 10,000 ms. */
  readonly maxDelayMs?: number;
  /** Whether an error of a try, from 1, is worth another. Default: every error. */
  readonly when?: (error: unknown, attempt: number) => boolean;
  /** Shortest pause after an error of a try, as it asks for. Default: none. */
  readonly atLeastMs?: (error: unknown, attempt: number) => number | undefined;
  /** Told of each failure that is followed by another try. */
  readonly onRetry?: (error: unknown, delayMs: number) => void;
  /** Waits. Default: a timer. */
  readonly sleep?: (
    milliseconds: number,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Ends the tries; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Milliseconds that a `Retry-After` header asks for, a number or a date. */
export function retryAfterMs(
  header: string | null | undefined,
  nowMs: number = Date.now(),
): number | undefined {
  if (header === null || header === undefined) return;
  if (/^\d+(?:\.\d+)?$/.test(header)) return Number(header) * 1_000;
  // What has no letter is no date, though Date.parse() makes one of "-5".
  const at = /[a-z]/i.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - nowMs);
}

/**
 * Calls until it works. With the defaults the pauses are at most 100, 200, 400
 * and 800 ms, 1.5 s in all; each is shortened by up to a half at random, so
 * that many callers do not come back together.
 *
 * @throws The last error.
 */
export async function retry<T>(
  call: (attempt: number) => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { attempts = 5, firstDelayMs = 100, maxDelayMs = 10_000 } = options;
  const sleep = options.sleep ?? delay;
  for (let attempt = 1;; attempt++) {
    options.signal?.throwIfAborted();
    try {
      return await call(attempt);
    } catch (error) {
      if (attempt >= attempts || options.when?.(error, attempt) === false) {
        throw error;
      }
      const full = Math.min(firstDelayMs * 2 ** (attempt - 1), maxDelayMs);
      const pause = Math.max(
        full * (0.5 + Math.random() / 2),
        options.atLeastMs?.(error, attempt) ?? 0,
      );
      options.onRetry?.(error, pause);
      await sleep(pause, options.signal);
    }
  }
}
