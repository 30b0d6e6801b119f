/**
 * Elements to requests: some at a time, each tried again when that may help.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { mapConcurrent } from "@skymap/lib/plugin_host";
import { retry, retryAfterMs } from "@skymap/lib/retry";
import type { Batches } from "../batch.ts";
import type { RequestMessage, TryResult } from "./request_messages.ts";
import {
  type RequestPlan,
  shownTarget,
  withoutSecrets,
} from "./request_plan.ts";

/** How elements are sent. */
export interface SendElementsOptions {
  /** The request that each becomes. */
  readonly plan: RequestPlan;
  /** Tries a request once. */
  readonly send: (request: Omit<RequestMessage, "id">) => Promise<TryResult>;
  /** Tries of each request. */
  readonly attempts: number;
  /** Pause after the first failure, doubled each time. Default: 500 ms. */
  readonly firstDelayMs?: number;
  /** Told after each request how many have been answered. */
  readonly onAnswer?: (count: number) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Requests under way at the same time. */
const CONCURRENCY = 8;
/** Longest pause between two tries. */
const MAX_DELAY_MS = 30_000;
/** A host that wants to be left alone for longer is given up. */
const MAX_RETRY_AFTER_MS = 120_000;

/** A try that failed; another may go better. */
class TryFailed extends Error {
  readonly result: TryResult;

  constructor(result: TryResult) {
    super("try failed");
    this.result = result;
  }
}

/** The last try of a request failed: no further one is begun. */
class GivenUp extends Error {
  readonly result: TryResult;
  readonly tries: number;

  constructor(result: TryResult, tries: number) {
    super("given up");
    this.result = result;
    this.tries = tries;
  }
}

function isSuccess(result: TryResult): boolean {
  return result.type === "answer" && result.status >= 200 &&
    result.status < 300;
}

/** Whether another try may go better. */
function isPassing(result: TryResult): boolean {
  return result.type === "failed"
    ? result.isPassing
    : result.status === 408 || result.status === 429 || result.status >= 500;
}

function pauseOf(error: unknown): number | undefined {
  return error instanceof TryFailed && error.result.type === "answer"
    ? retryAfterMs(error.result.retryAfter)
    : undefined;
}

async function* textsOf(batches: Batches): AsyncGenerator<string> {
  for await (const batch of batches) yield* batch.texts;
}

/** Sends the elements of one line, and counts. */
class Sending {
  readonly #options: SendElementsOptions;
  /** Requests by the status of their last answer. */
  readonly #statuses = new Map<number, number>();
  /** The first answer that was no success, and did not end the line. */
  #refusal: TryResult | undefined;
  #failed = 0;
  #count = 0;

  constructor(options: SendElementsOptions) {
    this.#options = options;
  }

  /** Sends one element. */
  async send(text: string): Promise<void> {
    const { plan, attempts, firstDelayMs = 500, signal, send } = this.#options;
    const { method, url, headers, hasBody, isCompressed } = plan;
    const message = {
      method,
      url: url.href,
      headers,
      ...(hasBody && { body: text, isCompressed }),
    };
    let tries = 0;
    const result = await retry(async (attempt) => {
      tries = attempt;
      const result = await send(message);
      if (isPassing(result)) throw new TryFailed(result);
      return result;
    }, {
      attempts,
      firstDelayMs,
      maxDelayMs: MAX_DELAY_MS,
      when: (error) =>
        error instanceof TryFailed &&
        (pauseOf(error) ?? 0) <= MAX_RETRY_AFTER_MS,
      atLeastMs: pauseOf,
      signal,
    }).catch((error) => {
      if (error instanceof TryFailed) return error.result;
      throw error;
    });
    this.#note(result);
    if (isPassing(result) || result.type === "failed") {
      throw new GivenUp(result, tries);
    }
  }

  #note(result: TryResult): void {
    if (result.type === "answer") {
      const { status } = result;
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    }
    if (!isSuccess(result)) {
      this.#failed++;
      this.#refusal ??= result;
    }
    this.#count++;
    this.#options.onAnswer?.(this.#count);
  }

  /** Whether a request was answered, or given up. */
  get hasSent(): boolean {
    return this.#count > 0;
  }

  /** A line for each status, in their order. */
  *lines(): Generator<string> {
    const statuses = [...this.#statuses].sort(([one], [two]) => one - two);
    for (const [status, count] of statuses) {
      yield `${count} ${requests(count)} with status ${status} sent.\n`;
    }
    if (this.#count === 0) yield "0 requests sent.\n";
  }

  /** Why the line failed, given what ended it; undefined if it did not. */
  failure(end: GivenUp | undefined): SkymapError | undefined {
    const result = end?.result ?? this.#refusal;
    if (result === undefined) return;
    const { plan } = this.#options;
    const target = shownTarget(plan);
    const sent = this.#count - this.#failed;
    const why = withoutSecrets(plan, reasonOf(result));
    if (result.type === "failed" && result.isRefused === true) {
      return new SkymapError(
        "address_refused",
        `Cannot send to ${target}: ${why}; wanted a host on the internet, or ` +
          `one that core.cli.http_allowed_hosts in the configuration skymap.core names`,
        { details: { sent } },
      );
    }
    const failed = this.#failed;
    const tries = end?.tries ?? 1;
    return new SkymapError(
      "request_failed",
      `Cannot send every element to ${target}: ${failed} ` +
        `${requests(failed)} failed, ${
          end === undefined
            ? `the first because ${why}`
            : `after ${tries} ${tries === 1 ? "try" : "tries"} because ${why}`
        }; ${sent} ${sent === 1 ? "was" : "were"} sent${
          end === undefined ? "" : ", what followed was not tried"
        }; wanted a status from 200 to 299`,
      { details: { sent, failed, tries } },
    );
  }
}

function requests(count: number): string {
  return count === 1 ? "request" : "requests";
}

function reasonOf(result: TryResult): string {
  if (result.type === "failed") return result.reason;
  const { status, text } = result;
  return `the answer had status ${status}${
    text === "" ? "" : ` and said ${JSON.stringify(text)}`
  }`;
}

/**
 * Sends every element as a request of its own. Gives a line for each status when
 * all are answered; a request that fails after its last try ends it.
 *
 * @throws {SkymapError} `request_failed` behind those lines, if a request was not
 * answered with success; `address_refused`, if it was not sent.
 */
export async function* sendElements(
  batches: Batches,
  options: SendElementsOptions,
): AsyncGenerator<string> {
  const sending = new Sending(options);
  let end: GivenUp | undefined;
  try {
    await mapConcurrent(textsOf(batches), (text) => sending.send(text), {
      limit: CONCURRENCY,
      signal: options.signal,
    });
  } catch (error) {
    if (!(error instanceof GivenUp)) {
      // What came before it fails; what was sent was sent.
      if (sending.hasSent && !options.signal.aborted) yield* sending.lines();
      throw error;
    }
    end = error;
  }
  yield* sending.lines();
  const failure = sending.failure(end);
  if (failure !== undefined) throw failure;
}
