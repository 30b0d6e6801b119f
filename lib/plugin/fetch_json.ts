import { retryAfterOf } from "./answer_headers.ts";
import { callApi, callName, type CallOptions } from "./call_api.ts";
import { CallError } from "./call_error.ts";

/** An answer that is no success, as the reason of a scope that failed. */
export class HttpError extends CallError {
  /** The status; the code is `http_` and it. */
  readonly status: number;

  /** Makes the error of an answer; 408, 429 and 5xx may be asked again. */
  constructor(
    call: string,
    { status, headers }: Pick<Response, "status" | "headers">,
    message: string,
  ) {
    const isPassing = status === 408 || status === 429 || status >= 500;
    super(call, {
      code: `http_${status}`,
      message,
      ...(isPassing && { again: retryAfterOf(headers) ?? "soon" }),
    });
    this.name = "HttpError";
    this.status = status;
  }
}

/** The answer, unless it is no success. */
async function success(answer: Response, call: string): Promise<Response> {
  if (answer.ok) return answer;
  const body = (await answer.text()).trim().slice(0, 200);
  throw new HttpError(call, answer, body);
}

/**
 * Calls an API and gives its answer, read to its end. Tries again after 408,
 * 429, 5xx and lost connections, as late as `Retry-After` wants; with the
 * defaults the pauses are at most 0.5, 1, 2 and 4 s. Redirects are no success.
 *
 * @throws {CallError} The last failure: {@linkcode HttpError} when it was an
 * answer, else `timed_out` or `connection_failed`.
 */
export async function fetchAnswer(
  url: string,
  options: CallOptions = {},
): Promise<Response> {
  const name = callName(url, options);
  return await callApi(url, (answer) => success(answer, name), options);
}

/**
 * Calls an API as {@linkcode fetchAnswer} does and reads its answer as JSON.
 *
 * @throws {SyntaxError} If the answer is no JSON.
 */
export async function fetchJson<T>(
  url: string,
  options: CallOptions = {},
): Promise<T> {
  return await (await fetchAnswer(url, options)).json() as T;
}
