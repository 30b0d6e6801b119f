import { isObject } from "../json.ts";
import { Redactor } from "./redact.ts";

/** A call over HTTP and the answer to it, without secrets. */
export interface RecordedAnswer {
  /** What was asked; a call is matched by all of it. */
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly body?: string;
  };
  /** What was answered. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  };
}

/** A file of recorded answers. */
export interface Recording {
  /** Version of the form. */
  readonly format: 1;
  /** Answers, in the order of the calls. */
  readonly answers: readonly RecordedAnswer[];
}

/**
 * Reads a file of recorded answers.
 *
 * @throws {TypeError} If it is none.
 */
export function parseRecording(text: string): Recording {
  const value: unknown = JSON.parse(text);
  if (
    !isObject(value) || value["format"] !== 1 ||
    !Array.isArray(value["answers"]) ||
    !value["answers"].every((each) =>
      isObject(each) && isObject(each["request"]) && isObject(each["response"])
    )
  ) {
    throw new TypeError(
      "Cannot read recording: it has no format 1 with answers, make it with plugin record",
    );
  }
  return value as unknown as Recording;
}

/** Headers that belong to the transport, and do not fit a body that was read. */
const TRANSPORT: ReadonlySet<string> = new Set([
  "connection",
  "content-encoding",
  "content-length",
  "date",
  "keep-alive",
  "transfer-encoding",
]);

/** The part of a request that a recording keeps. */
async function requestOf(
  request: Request,
  redactor: Redactor,
): Promise<RecordedAnswer["request"]> {
  const type = request.headers.get("content-type") ?? "";
  // Headers first: what is secret in them is taken out of all that follows.
  redactor.headers(request.headers);
  const url = redactor.url(request.url);
  const body = request.body === null
    ? ""
    : redactor.body(await request.clone().text(), type);
  return {
    method: request.method,
    url,
    ...(body !== "" && { body }),
  };
}

/** A fetch that tells each answer, without its secrets, before it gives it. */
export function recordFetch(
  fetch: typeof globalThis.fetch,
  tell: (answer: RecordedAnswer) => Promise<void>,
): typeof globalThis.fetch {
  const redactor = new Redactor();
  return async (input, init) => {
    const asked = new Request(input, init);
    const request = await requestOf(asked, redactor);
    const answer = await fetch(asked);
    const body = await answer.text();
    const type = answer.headers.get("content-type") ?? "";
    const kept = Object.entries(redactor.headers(answer.headers))
      .filter(([name]) => !TRANSPORT.has(name));
    await tell({
      request,
      response: {
        status: answer.status,
        headers: Object.fromEntries(kept),
        body: redactor.body(body, type),
      },
    });
    return bodyOf(body, answer.status, answer.headers);
  };
}

/** A response with a body that was read already. */
function bodyOf(body: string, status: number, headers: HeadersInit): Response {
  const kept = new Headers(headers);
  for (const name of TRANSPORT) kept.delete(name);
  const isEmpty = [101, 204, 205, 304].includes(status);
  return new Response(isEmpty ? null : body, { status, headers: kept });
}

/**
 * A fetch that answers from a recording. What was asked more than once is
 * answered in order, and then with the last answer again.
 */
export function replayFetch(
  answers: readonly RecordedAnswer[],
): typeof globalThis.fetch {
  const byRequest = new Map<string, RecordedAnswer["response"][]>();
  for (const { request: { method, url, body }, response } of answers) {
    const key = JSON.stringify([method, url, body]);
    byRequest.set(key, [...(byRequest.get(key) ?? []), response]);
  }
  return async (input, init) => {
    const asked = new Request(input, init);
    asked.signal.throwIfAborted();
    const { method, url, body } = await requestOf(asked, new Redactor());
    const left = byRequest.get(JSON.stringify([method, url, body]));
    const response = left === undefined || left.length > 1
      ? left?.shift()
      : left[0];
    if (response === undefined) {
      // No TypeError: to try again does not help.
      throw new Error(
        `Cannot replay ${method} ${url}: no such call was recorded, record again`,
      );
    }
    return bodyOf(response.body, response.status, response.headers);
  };
}
