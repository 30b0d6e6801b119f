import { delay } from "../lifecycle.ts";

/** How fast a {@linkcode TokenBucket} lets calls go. */
export interface TokenBucketOptions {
  /** Calls a second in the long run. */
  readonly perSecond: number;
  /** Calls that may go at once after a pause. Default: 1. */
  readonly burst?: number;
  /** Milliseconds that never go back. Default: those of this process. */
  readonly now?: () => number;
  /** Waits. Default: a timer. */
  readonly sleep?: (
    milliseconds: number,
    signal?: AbortSignal,
  ) => Promise<void>;
}

/**
 * Limits the rate of calls: each takes a token, of which there are `perSecond`
 * more every second. Who comes first goes first.
 *
 * @example
 * ```ts
 * import { TokenBucket } from "@skymap/lib/plugin";
 *
 * const calls = new TokenBucket({ perSecond: 50, burst: 100 });
 * await calls.take();
 * ```
 */
export class TokenBucket {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #sleep: NonNullable<TokenBucketOptions["sleep"]>;
  #tokens: number;
  #at: number;

  /** Makes a full bucket. */
  constructor(options: TokenBucketOptions) {
    const { perSecond, burst = 1 } = options;
    if (!(perSecond > 0) || !(burst >= 1)) {
      throw new RangeError(
        `Cannot limit calls to ${perSecond} a second and ${burst} at once: wanted more than 0, and at least 1`,
      );
    }
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#now = options.now ?? (() => performance.now());
    this.#sleep = options.sleep ?? delay;
    this.#tokens = burst;
    this.#at = this.#now();
  }

  /**
   * Resolves when a call may go. A wait that is aborted gives its token back
   * and throws the signal's reason.
   */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const now = this.#now();
    const more = (now - this.#at) / 1_000 * this.#perSecond;
    this.#tokens = Math.min(this.#burst, this.#tokens + more) - 1;
    this.#at = now;
    // What is missing now was promised to those who wait already.
    if (this.#tokens >= 0) return;
    const waitMs = -this.#tokens / this.#perSecond * 1_000;
    try {
      await this.#sleep(waitMs, signal);
    } catch (error) {
      this.#tokens++;
      throw error;
    }
  }
}
