import { retry, retryAfterMs } from "../retry.ts";
import type { TokenBucket } from "./token_bucket.ts";

/** An answer that is no success, as the reason of a scope that failed. */
export class HttpError extends Error {
  /** `http_` and the status. */
  readonly code: string;
  /** The status. */
  readonly status: number;
  /** Seconds after which the API wants to be asked again, or none. */
  readonly retryAfterSeconds?: number;

  /** Makes the error of an answer. */
  constructor(status: number, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = "HttpError";
    this.code = `http_${status}`;
    this.status = status;
    if (retryAfterSeconds !== undefined) {
      this.retryAfterSeconds = retryAfterSeconds;
    }
  }
}

/** How a call is made. */
export interface FetchJsonOptions {
  /** Method, headers and body. */
  readonly init?: Omit<RequestInit, "signal">;
  /** Limits the rate of the tries. Default: no limit. */
  readonly rate?: TokenBucket;
  /** Tries in all. Default: 5. */
  readonly attempts?: number;
  /** Pause after the first failure, doubled each time. Default: 500 ms. */
  readonly firstDelayMs?: number;
  /** Longest pause that an API may ask for. Default: 60,000 ms. */
  readonly maxRetryAfterMs?: number;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Whether asking again may help: too many calls, or the API is in trouble. */
function isPassing(error: unknown): boolean {
  if (error instanceof HttpError) {
    return error.status === 408 || error.status === 429 || error.status >= 500;
  }
  // What fetch throws when there is no connection; a refused host is no such.
  return error instanceof TypeError;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1_000;
}

async function ask(
  url: string,
  { init, rate, signal }: FetchJsonOptions,
): Promise<Response> {
  await rate?.take(signal);
  const answer = await fetch(url, {
    ...init,
    ...(signal !== undefined && { signal }),
  });
  if (answer.ok) return answer;
  const { origin, pathname } = new URL(url);
  const body = (await answer.text()).trim().slice(0, 200);
  throw new HttpError(
    answer.status,
    // Without its parameters, which may hold a secret.
    `${
      init?.method ?? "GET"
    } ${origin}${pathname} answered ${answer.status} ${body}`.trim(),
    seconds(retryAfterMs(answer.headers.get("retry-after"))),
  );
}

/**
 * Calls an API and gives its answer. Tries again after 408, 429, 5xx and lost
 * connections, as late as `Retry-After` wants; with the defaults the pauses are
 * at most 0.5, 1, 2 and 4 s.
 *
 * @throws {HttpError} The last answer that was no success.
 */
export async function fetchAnswer(
  url: string,
  options: FetchJsonOptions = {},
): Promise<Response> {
  const { attempts = 5, firstDelayMs = 500, maxRetryAfterMs = 60_000, signal } =
    options;
  // A text that is no address does not become one.
  const address = new URL(url).href;
  const isWorthIt = (error: unknown) =>
    isPassing(error) &&
    !(error instanceof HttpError &&
      (error.retryAfterSeconds ?? 0) * 1_000 > maxRetryAfterMs);
  return await retry(() => ask(address, options), {
    attempts,
    firstDelayMs,
    when: isWorthIt,
    atLeastMs: (error) =>
      error instanceof HttpError && error.retryAfterSeconds !== undefined
        ? error.retryAfterSeconds * 1_000
        : undefined,
    ...(signal !== undefined && { signal }),
  });
}

/**
 * Calls an API as {@linkcode fetchAnswer} does and reads its answer as JSON.
 *
 * @throws {SyntaxError} If the answer is no JSON.
 */
export async function fetchJson<T>(
  url: string,
  options: FetchJsonOptions = {},
): Promise<T> {
  return await (await fetchAnswer(url, options)).json() as T;
}
