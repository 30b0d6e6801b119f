/**
 * What core itself does in steps of runs.
 *
 * @module
 */

import type { Clock } from "../events/clock.ts";

/**
 * Core's part of a step. It is run again when core was killed meanwhile, so
 * doing it twice must do no harm.
 */
export type StepHandler = (run: string, signal: AbortSignal) => Promise<void>;

/** How core's part of a step ended. */
export interface HandlerResult {
  /** Id of the run. */
  readonly run: string;
  /** Name of the step. */
  readonly step: string;
  /** What it threw, if it did. */
  readonly error?: unknown;
}

/** What {@linkcode StepHandlers} are made with. */
export interface StepHandlersOptions {
  /** By the name of the step. */
  readonly handlers: Readonly<Record<string, StepHandler>>;
  /** What time it is. */
  readonly clock: Clock;
  /** After this time a handler has failed. */
  readonly timeoutMs: number;
  /** The same for steps that have more or less, by their names. Default: none. */
  readonly timeoutsMs?: Readonly<Record<string, number>>;
  /** Told when there is a result to be taken. */
  readonly onEnd: () => void;
}

/** What differs from one step to the next. */
export interface StepHandlerOptions {
  /** What is done. Default: what belongs to the name of the step. */
  readonly handler?: StepHandler;
  /** After this time it has failed. Default: as any handler. */
  readonly timeoutMs?: number;
}

interface Running {
  readonly run: string;
  readonly step: string;
  readonly startedAt: number;
  readonly timeoutMs: number;
  readonly controller: AbortController;
  done: Promise<void>;
}

/** Runs handlers aside and keeps their results until they are taken. */
export class StepHandlers implements AsyncDisposable {
  /** Steps that have a handler. */
  readonly names: ReadonlySet<string>;
  readonly #options: StepHandlersOptions;
  readonly #running = new Map<string, Running>();
  readonly #results = new Map<string, HandlerResult>();

  /** Takes the handlers; nothing runs yet. */
  constructor(options: StepHandlersOptions) {
    this.#options = options;
    this.names = new Set(Object.keys(options.handlers));
  }

  /** Starts the handler of a step, unless it runs or has ended already. */
  run(run: string, step: string, options: StepHandlerOptions = {}): void {
    const key = `${run}:${step}`;
    if (this.#running.has(key) || this.#results.has(key)) return;
    const { handler = this.#options.handlers[step] } = options;
    const controller = new AbortController();
    const running: Running = {
      run,
      step,
      controller,
      timeoutMs: options.timeoutMs ?? this.#options.timeoutsMs?.[step] ??
        this.#options.timeoutMs,
      startedAt: this.#options.clock.now(),
      done: Promise.resolve(),
    };
    this.#running.set(key, running);
    running.done = (async () => {
      if (handler === undefined) {
        throw new TypeError(`Cannot do step "${step}": core has no part in it`);
      }
      await handler(run, controller.signal);
    })().then(
      () => this.#end(running),
      (error) =>
        this.#end(running, error ?? new Error("Failed without a reason")),
    );
  }

  #end(running: Running, error?: unknown): void {
    const { run, step } = running;
    const key = `${run}:${step}`;
    // Stopped, or too late: its place may be another's by now.
    if (this.#running.get(key) !== running) return;
    this.#running.delete(key);
    this.#results.set(key, {
      run,
      step,
      ...(error !== undefined && { error }),
    });
    this.#options.onEnd();
  }

  /** Fails those that take too long, whether they listen or not. */
  expire(): void {
    const { clock } = this.#options;
    for (const running of [...this.#running.values()]) {
      const { timeoutMs } = running;
      if (clock.now() - running.startedAt < timeoutMs) continue;
      const error = new DOMException(
        `Not done within ${timeoutMs / 1_000} s`,
        "TimeoutError",
      );
      this.#end(running, error);
      running.controller.abort(error);
    }
  }

  /** Stops a handler; it has no result. */
  stop(run: string, step: string): void {
    const key = `${run}:${step}`;
    const running = this.#running.get(key);
    this.#running.delete(key);
    this.#results.delete(key);
    running?.controller.abort(new DOMException("Run stopped", "AbortError"));
  }

  /** Results that were not taken yet. */
  results(): readonly HandlerResult[] {
    return [...this.#results.values()];
  }

  /** The result was taken. */
  forget({ run, step }: HandlerResult): void {
    this.#results.delete(`${run}:${step}`);
  }

  /** Stops all and waits for them. */
  async [Symbol.asyncDispose](): Promise<void> {
    const running = [...this.#running.values()];
    for (const { run, step } of running) this.stop(run, step);
    await Promise.all(running.map((each) => each.done));
  }
}
