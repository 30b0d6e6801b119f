/**
 * How requests go to core, and answers come back.
 *
 * @module
 */

import { isSkymapError, type Problem, SkymapError } from "../errors.ts";
import { readNdjson } from "../ndjson.ts";

/** An answer of core, good or bad. */
export type ApiResult<T> =
  | { readonly ok: true; readonly data: T }
  | { readonly ok: false; readonly problem: Problem };

/** The data of an answer; a problem is thrown as {@linkcode SkymapError}. */
export function unwrap<T>(result: ApiResult<T>): T {
  if (result.ok) return result.data;
  const { code, detail, details } = result.problem;
  throw new SkymapError(code, detail, { details: details ?? {} });
}

/** A path whose parts were encoded. */
export type ApiPath = string & { readonly apiPath: unique symbol };

/** Builds a path; every value is encoded, so it stays one part. */
export function apiPath(
  texts: TemplateStringsArray,
  ...values: readonly (string | number)[]
): ApiPath {
  return texts.map((text, at) =>
    text + (at < values.length ? encodeURIComponent(values[at] ?? "") : "")
  ).join("") as ApiPath;
}

/** What a client is made with. */
export interface CoreClientOptions {
  /** Address of core, such as `http://127.0.0.1:8900`. */
  readonly coreUri: string;
  /** Makes the token of each request. */
  readonly token: () => Promise<string>;
  /** Aborts every request. */
  readonly signal?: AbortSignal;
}

/** A request beside its path. */
export interface ApiRequest {
  /** Default: `GET`. */
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is. */
  readonly body?: BodyInit;
  /** Query parameters; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** What the answer should be. Default: `application/json`. */
  readonly accept?: string;
  /** Further headers. Default: none. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
}

/** Sends requests to one core. Throws only when it is out of reach or on abort. */
export class CoreTransport {
  /** Address of core. */
  readonly coreUri: string;
  readonly #token: () => Promise<string>;
  readonly #signal: AbortSignal | undefined;

  /**
   * Makes a client; nothing is sent yet.
   *
   * @throws {SkymapError} `usage`, if the address is none.
   */
  constructor(options: CoreClientOptions) {
    const { coreUri } = options;
    if (!/^https?:$/.test(URL.parse(coreUri)?.protocol ?? "")) {
      throw new SkymapError(
        "usage",
        `Cannot reach core at "${coreUri}": that is no address, wanted one ` +
          "such as http://127.0.0.1:8900",
      );
    }
    this.coreUri = coreUri.replace(/\/+$/, "");
    this.#token = options.token;
    this.#signal = options.signal;
  }

  /**
   * Sends a request and gives the raw answer.
   *
   * @throws {SkymapError} `core_unreachable`, if there is no answer.
   */
  async fetch(path: ApiPath, request: ApiRequest = {}): Promise<Response> {
    const url = new URL(this.coreUri + path);
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value !== undefined) url.searchParams.set(name, value);
    }
    const signals = [this.#signal, request.signal].filter((each) =>
      each !== undefined
    );
    const body = request.json === undefined
      ? request.body
      : JSON.stringify(request.json);
    const headers = new Headers({
      ...request.headers,
      authorization: `Bearer ${await this.#token()}`,
      accept: request.accept ?? "application/json",
    });
    if (request.json !== undefined) {
      headers.set("content-type", "application/json");
    }
    try {
      return await fetch(url, {
        method: request.method ?? "GET",
        headers,
        ...(body !== undefined && { body }),
        ...(signals.length > 0 && { signal: AbortSignal.any(signals) }),
      });
    } catch (cause) {
      for (const signal of signals) signal.throwIfAborted();
      // A body that fails while it is sent is its maker's error, not ours.
      if (isSkymapError(cause)) throw cause;
      throw new SkymapError(
        "core_unreachable",
        `Cannot reach core at ${this.coreUri}: no answer; start it with ` +
          `"deno task start", or name another address with --core-uri`,
        { cause, details: { core_uri: this.coreUri } },
      );
    }
  }

  /** Sends a request and reads the answer as JSON. */
  async call<T>(path: ApiPath, request?: ApiRequest): Promise<ApiResult<T>> {
    const response = await this.fetch(path, request);
    if (response.ok) {
      const text = await response.text();
      return { ok: true, data: (text === "" ? null : JSON.parse(text)) as T };
    }
    return { ok: false, problem: await readProblem(response) };
  }

  /**
   * Sends a request and gives the raw answer, if it is a good one.
   *
   * @throws {SkymapError} What core says, if it is not.
   */
  async fetchGood(path: ApiPath, request?: ApiRequest): Promise<Response> {
    const response = await this.fetch(path, request);
    if (response.ok) return response;
    throw unwrapProblem(await readProblem(response));
  }

  /**
   * Streams the records of an answer.
   *
   * @throws {SkymapError} What core says, also when it says it in the middle.
   */
  async *stream<T extends object>(
    path: ApiPath,
    request: ApiRequest,
    onBegin: (headers: Headers) => void = () => {},
  ): AsyncGenerator<T> {
    const response = await this.fetchGood(path, {
      ...request,
      accept: "application/x-ndjson",
    });
    onBegin(response.headers);
    if (response.body === null) return;
    for await (const record of readNdjson<T>(response.body)) {
      if ((record as { type?: unknown }).type === "error") {
        throw unwrapProblem(record as unknown as Problem);
      }
      yield record;
    }
  }
}

function unwrapProblem(problem: Problem): SkymapError {
  return new SkymapError(problem.code, problem.detail, {
    details: problem.details ?? {},
  });
}

/** The problem of a bad answer, also when its body is none. */
export async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    if (typeof problem.code === "string") return problem;
  } catch {
    // Not JSON: something else answers at this address. Told below.
  }
  return {
    type: "urn:skymap:error:core_unreachable",
    title: "No core answered at the address that was tried",
    status: response.status,
    code: "core_unreachable",
    detail: `Cannot talk to core at ${new URL(response.url).origin}: ` +
      `the answer was HTTP ${response.status} and no problem document; ` +
      `is it another program?`,
  };
}
