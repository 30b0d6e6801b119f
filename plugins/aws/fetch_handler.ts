/** A request as the SDK makes and signs it. */
export interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly method: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: BodyInit | null;
}

/** An answer as the SDK reads it, and how long it was. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes of the body. */
  readonly byteLength: number;
}

const TIMEOUT_MS = 60_000;
/** Connections of one host that are kept though nobody uses them. */
const SPARE_CONNECTIONS = 8;

/** What transport says, and the codes that systems have for it. */
const CODES: readonly (readonly [code: string, said: RegExp])[] = [
  ["EAI_AGAIN", /temporary failure in name resolution/i],
  ["ENOTFOUND", /dns error|failed to lookup address/i],
  ["ECONNREFUSED", /connection refused/i],
  ["EHOSTUNREACH", /no route to host/i],
  ["ENETUNREACH", /network is unreachable/i],
  ["ETIMEDOUT", /timed out/i],
  ["EPIPE", /broken pipe/i],
  [
    "ECONNRESET",
    /connection (reset|closed)|reading a body|unexpected eof|end of file|SendRequest/i,
  ],
];

/** What was thrown, with the code that a system would give it. */
function withCode(thrown: unknown): unknown {
  if (!(thrown instanceof TypeError)) return thrown;
  const { cause, message } = thrown;
  const said = `${message}: ${cause instanceof Error ? cause.message : ""}`;
  const code = CODES.find(([, pattern]) => pattern.test(said))?.[0];
  return Object.assign(new Error(said.replace(/: $/, ""), { cause }), {
    name: code === undefined ? "TypeError" : "NetworkError",
    ...(code !== undefined && { code }),
  });
}

/** As signatures want it: more is encoded than in other addresses. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function queryOf({ query = {} }: SdkRequest): string {
  const pairs = Object.keys(query).sort().flatMap((name) => {
    const value = query[name];
    if (value === null || value === undefined) return [encoded(name)];
    return [value].flat().map((each) => `${encoded(name)}=${encoded(each)}`);
  });
  return pairs.length === 0 ? "" : `?${pairs.join("&")}`;
}

/** Names that `fetch` writes itself, with the values that were signed. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
]);

function headersOf({ headers }: SdkRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())),
  );
}

/**
 * Sends the SDK's requests with `fetch`. The one that the SDK brings for Node
 * wants to read the machine's certificates itself, which nothing but a blanket
 * permission for all facts of the system allows.
 */
export class FetchHandler {
  readonly #client = Deno.createHttpClient({
    poolMaxIdlePerHost: SPARE_CONNECTIONS,
  });

  /** Sends a request; resolves when the whole answer is there. */
  async handle(
    request: SdkRequest,
    { abortSignal }: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<{ response: SdkResponse }> {
    const { body, hostname, method, path, port, protocol } = request;
    const at = port === undefined ? hostname : `${hostname}:${port}`;
    const timeout = new AbortController();
    const timer = setTimeout(
      () =>
        timeout.abort(
          new DOMException(`No answer in ${TIMEOUT_MS} ms`, "TimeoutError"),
        ),
      TIMEOUT_MS,
    );
    const hasBody = method !== "GET" && method !== "HEAD";
    try {
      const response = await fetch(
        `${protocol}//${at}${path}${queryOf(request)}`,
        {
          method,
          headers: headersOf(request),
          body: hasBody ? body ?? null : null,
          // A bucket that lies elsewhere says so: the SDK follows it.
          redirect: "manual",
          signal: AbortSignal.any([
            timeout.signal,
            ...(abortSignal === undefined ? [] : [abortSignal]),
          ]),
          client: this.#client,
        },
      );
      const bytes = await response.bytes();
      return {
        response: {
          statusCode: response.status,
          reason: response.statusText,
          headers: Object.fromEntries(response.headers),
          body: ReadableStream.from([bytes]),
          byteLength: bytes.length,
        },
      };
    } catch (error) {
      throw withCode(error);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Part of what the SDK asks of a handler; there is nothing to change. */
  updateHttpClientConfig(): void {}

  /** Part of what the SDK asks of a handler. */
  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  /**
   * Called for each of the SDK's clients that is done with: the connections are
   * everybody's, and stay.
   */
  destroy(): void {}

  /** Closes the connections. */
  [Symbol.dispose](): void {
    this.#client.close();
  }
}
