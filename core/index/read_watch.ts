/**
 * Ends the reading of an answer that is no longer wanted or takes too long.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { SkymapError } from "@skymap/lib/errors";

/** When reading ends before the answer does. */
export interface ReadOptions {
  /** Stops the statement in the engine. */
  readonly signal?: AbortSignal;
  /** Stops it after this time, waiting included. Default: no limit. */
  readonly timeoutMs?: number;
  /**
   * Since when the time counts, as `performance.now()` tells it: several readings
   * for one answer share their time. Default: since this reading begins.
   */
  readonly since?: number;
}

/** How often a statement that does not hear is interrupted, in ms. */
const AGAIN_MS = 20;

/** Watches one reading, from before it has a connection. */
export class ReadWatch implements Disposable {
  readonly #controller = new AbortController();
  readonly #wanted: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout> | undefined;
  #connection: DuckDBConnection | undefined;
  #again: ReturnType<typeof setInterval> | undefined;

  /** Begins to watch. */
  constructor({ signal, timeoutMs, since }: ReadOptions) {
    this.#wanted = signal;
    if (signal?.aborted === true) this.#cancel();
    else signal?.addEventListener("abort", this.#cancel, { once: true });
    if (timeoutMs === undefined) return;
    const late = () => this.#stop(`it took longer than ${timeoutMs} ms`);
    const spent = since === undefined ? 0 : performance.now() - since;
    if (spent >= timeoutMs) late();
    else this.#timer = setTimeout(late, timeoutMs - spent);
  }

  /** Aborts when the reading has to stop. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** `query_interrupted` once the reading has to stop. */
  get reason(): SkymapError | undefined {
    return this.signal.aborted ? this.signal.reason : undefined;
  }

  /**
   * Throws when the reading has to stop.
   *
   * @throws SkymapError `query_interrupted`
   */
  check(): void {
    this.signal.throwIfAborted();
  }

  /**
   * Interrupts this connection when the reading has to stop.
   *
   * @throws SkymapError `query_interrupted`, if it has to already.
   */
  guard(connection: DuckDBConnection): void {
    this.check();
    this.#connection = connection;
  }

  readonly #cancel = (): void =>
    this.#stop("it was cancelled", { cause: this.#wanted?.reason });

  #stop(why: string, options?: ErrorOptions): void {
    if (this.signal.aborted) return;
    const message = `Cannot answer the search: ${why}`;
    this.#controller.abort(
      new SkymapError("query_interrupted", message, options),
    );
    this.#connection?.interrupt();
    // A statement that is just being started does not hear the first one.
    this.#again = setInterval(() => this.#connection?.interrupt(), AGAIN_MS);
  }

  /** Ends the watch. */
  [Symbol.dispose](): void {
    this.#wanted?.removeEventListener("abort", this.#cancel);
    clearTimeout(this.#timer);
    clearInterval(this.#again);
    this.#connection = undefined;
  }
}
