import { retry } from "../retry.ts";
import { CallError } from "./call_error.ts";
import type { TokenBucket } from "./token_bucket.ts";

/** How a call is made. */
export interface CallOptions {
  /**
   * Method, headers and body. A redirect is an answer like any other, as
   * credentials are for the host that was asked; `redirect: "follow"` follows.
   */
  readonly init?: Omit<RequestInit, "signal">;
  /** What errors call it. Default: method and address, without parameters. */
  readonly name?: string;
  /** Limits the rate of the tries. Default: no limit. */
  readonly rate?: TokenBucket;
  /** Tries in all. Default: 5. */
  readonly attempts?: number;
  /** Pause after the first failure, doubled each time. Default: 500 ms. */
  readonly firstDelayMs?: number;
  /**
   * Longest pause, also when an API asks for one: a call that would have to
   * wait longer has failed. Default: 60,000 ms.
   */
  readonly maxRetryAfterMs?: number;
  /** Longest time until the whole answer of a try is there. Default: 30,000 ms. */
  readonly timeoutMs?: number;
  /** Waits between two tries. Default: a timer. */
  readonly sleep?: (
    milliseconds: number,
    signal?: AbortSignal,
  ) => Promise<void>;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/** Statuses of answers that have no body. */
const WITHOUT_BODY: ReadonlySet<number> = new Set([204, 205, 304]);

/** What errors call a call: its parameters may hold a secret. */
export function callName(url: string, { init, name }: CallOptions): string {
  const { origin, pathname } = new URL(url);
  return name ?? `${init?.method ?? "GET"} ${origin}${pathname}`;
}

/** One try: the answer, with its body read to the end. */
async function ask(url: string, options: CallOptions): Promise<Response> {
  const { init, rate, signal, timeoutMs = 30_000 } = options;
  await rate?.take(signal);
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), timeoutMs);
  const ends = signal === undefined ? [] : [signal];
  try {
    const answer = await fetch(url, {
      redirect: "manual",
      ...init,
      signal: AbortSignal.any([late.signal, ...ends]),
    });
    const { status, statusText, headers } = answer;
    const body = await answer.arrayBuffer();
    return new Response(WITHOUT_BODY.has(status) ? null : body, {
      status,
      statusText,
      headers,
    });
  } catch (cause) {
    signal?.throwIfAborted();
    const name = callName(url, options);
    if (late.signal.aborted) {
      throw new CallError(name, {
        code: "timed_out",
        message: `no answer within ${timeoutMs} ms`,
        again: "soon",
      });
    }
    // What fetch throws when a connection fails; a refused host is no such.
    if (!(cause instanceof TypeError)) throw cause;
    throw new CallError(name, {
      code: "connection_failed",
      again: "soon",
      cause,
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Milliseconds that an error asks to wait for; none when any pause will do. */
function askedMs(error: unknown, tries: number): number | undefined {
  if (!(error instanceof CallError)) return;
  const { again } = error;
  if (again === "soon") return;
  return typeof again === "function" ? again(tries) : again;
}

/**
 * Calls an API and reads its answer: what `read` throws tells whether the call
 * is made again. With the defaults the pauses are at most 0.5, 1, 2 and 4 s.
 *
 * @throws {CallError} The last one that was thrown by `read`, or `timed_out` or
 * `connection_failed`.
 *
 * @example
 * ```ts
 * import { callApi, CallError } from "@skymap/lib/plugin";
 *
 * async function countServers(endpoint: string): Promise<number> {
 *   return await callApi(`${endpoint}/count`, async (answer) => {
 *     const { busy, count } = await answer.json();
 *     if (!busy) return count;
 *     throw new CallError("count", { code: "busy", again: 10_000 });
 *   });
 * }
 * ```
 */
export async function callApi<T>(
  url: string,
  read: (answer: Response) => T | Promise<T>,
  options: CallOptions = {},
): Promise<T> {
  const {
    attempts = 5,
    firstDelayMs = 500,
    maxRetryAfterMs = 60_000,
    signal,
    sleep,
  } = options;
  // A text that is no address does not become one.
  const address = new URL(url).href;
  return await retry(async () => await read(await ask(address, options)), {
    attempts,
    firstDelayMs,
    maxDelayMs: maxRetryAfterMs,
    when: (error, tries) =>
      error instanceof CallError && error.again !== undefined &&
      (askedMs(error, tries) ?? 0) <= maxRetryAfterMs,
    atLeastMs: askedMs,
    ...(sleep !== undefined && { sleep }),
    ...(signal !== undefined && { signal }),
  });
}
