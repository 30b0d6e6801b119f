import type { Json } from "../json.ts";
import { failureOf } from "./failure.ts";
import type { PluginAsk, WorkerAnswer } from "./protocol.ts";

/** Most that a process may wait for at once; what it asks beyond that waits. */
export const MAX_ASKS = 16;

/** Asks the worker of a plugin process, and gives what it answers. */
export type AskWorker = (ask: PluginAsk) => Promise<Json>;

/** What an {@linkcode Asks} needs. */
export interface AsksOptions {
  /** Sends a question at once. */
  readonly send: (id: number, ask: PluginAsk) => Promise<void>;
  /** Ends every question, asked and to be asked, with its reason. */
  readonly signal: AbortSignal;
}

/** Why a worker did not do what it was asked. */
export class AskRefused extends Error {
  /** The worker's or core's code, such as `permission_denied`. */
  readonly code: string;

  /** Makes the error. */
  constructor(code: string, message: string) {
    super(message);
    this.name = "AskRefused";
    this.code = code;
  }
}

/** A question that is not answered. */
interface Waiting {
  readonly resolve: (value: Json) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The questions of one plugin process. No more than {@linkcode MAX_ASKS} are
 * asked at once; an answer to what was not asked is ignored.
 */
export class Asks {
  readonly #options: AsksOptions;
  readonly #waiting = new Map<number, Waiting>();
  readonly #queue: (() => void)[] = [];
  #free = MAX_ASKS;
  #lastId = 0;

  /** Makes questions; none is asked. */
  constructor(options: AsksOptions) {
    this.#options = options;
    options.signal.addEventListener("abort", () => {
      for (const { reject } of this.#waiting.values()) {
        reject(options.signal.reason);
      }
      this.#waiting.clear();
      for (const start of this.#queue.splice(0)) start();
    }, { once: true });
  }

  /**
   * Asks a question.
   *
   * @throws {AskRefused} If the worker does not do it.
   */
  readonly ask: AskWorker = async (ask) => {
    this.#options.signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    // Whoever is answered hands its turn on.
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    this.#options.signal.throwIfAborted();
    const id = ++this.#lastId;
    const answered = new Promise<Json>((resolve, reject) =>
      this.#waiting.set(id, { resolve, reject })
    );
    // A process whose output is closed is about to end, and says so itself.
    this.#options.send(id, ask).catch((error) => this.#take(id)?.reject(error));
    return await answered;
  };

  /** Takes what the worker answered. */
  answer(answer: WorkerAnswer): void {
    const waiting = this.#take(answer.id);
    if (waiting === undefined) return;
    if ("error" in answer) {
      const { code, message } = answer.error;
      waiting.reject(new AskRefused(code, message));
    } else {
      waiting.resolve(answer.value);
    }
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (!this.#waiting.delete(id)) return;
    const next = this.#queue.shift();
    if (next === undefined) this.#free++;
    else next();
    return waiting;
  }
}

/** Asks where there is no worker: every question is refused. */
export const askNobody: AskWorker = ({ what }) =>
  Promise.reject(
    new AskRefused(
      "unavailable",
      `Cannot ask for "${what}": the plugin does not run in a worker`,
    ),
  );

/** What a worker answers when it could not do what it was asked. */
export function refusalOf(id: number, thrown: unknown): WorkerAnswer {
  const { code, message } = failureOf(thrown);
  return { type: "answer", id, error: { code, message } };
}
