/**
 * Stands in front of an AWS endpoint and spoils the calls it is told to.
 *
 * @module
 */

/** What may go wrong with a call. */
export const FAULTS = [
  "throttled",
  "denied",
  "cut",
  "half",
  "truncated",
  "empty",
] as const;

/**
 * `throttled` and `denied` are answers of AWS; `cut` ends the connection before
 * an answer, `half` in the middle of one; `truncated` is half an answer that
 * claims to be whole, `empty` one without a body.
 */
export type Fault = typeof FAULTS[number];

/** The code that a scope fails with. */
export const FAULT_CODES: Readonly<Record<Fault, RegExp>> = {
  throttled: /^RequestLimitExceeded$/,
  denied: /^UnauthorizedOperation$/,
  cut: /^(ECONNRESET|EPIPE|UND_ERR_SOCKET|call_failed)$/,
  half: /^(ECONNRESET|answer_malformed|UND_ERR_SOCKET|call_failed)$/,
  truncated: /^answer_malformed$/,
  empty: /^answer_incomplete$/,
};

/** Which calls to spoil, and how; undefined lets a call through. */
export type Spoil = (
  call: {
    readonly action: string;
    readonly region: string;
    /** Access key that signed it. */
    readonly key: string;
  },
) => Fault | undefined;

interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Times moto is asked when it fails of itself. */
const TRIES = 3;

const HEAD_END = "\r\n\r\n";

/** Reads requests one after the other until the client closes. */
async function* readRequests(
  connection: Deno.Conn,
): AsyncGenerator<HttpRequest> {
  const latin = new TextDecoder("latin1");
  let buffer = new Uint8Array(0);
  const chunk = new Uint8Array(65_536);
  async function more(): Promise<boolean> {
    const length = await connection.read(chunk);
    if (length === null) return false;
    const grown = new Uint8Array(buffer.length + length);
    grown.set(buffer);
    grown.set(chunk.subarray(0, length), buffer.length);
    buffer = grown;
    return true;
  }
  for (;;) {
    let end: number;
    while ((end = latin.decode(buffer).indexOf(HEAD_END)) === -1) {
      if (!await more()) return;
    }
    const [first = "", ...lines] = latin.decode(buffer.subarray(0, end))
      .split("\r\n");
    const [method = "", path = ""] = first.split(" ");
    const headers = new Headers(lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }));
    const start = end + HEAD_END.length;
    const size = Number(headers.get("content-length") ?? 0);
    while (buffer.length < start + size) if (!await more()) return;
    yield { method, path, headers, body: buffer.slice(start, start + size) };
    buffer = buffer.slice(start + size);
  }
}

/** An error as EC2 writes it, or a service that speaks JSON. */
function refusal(
  { headers, path }: HttpRequest,
  code: string,
  message: string,
): string {
  if (/json/.test(headers.get("content-type") ?? "") || path.length > 1) {
    return JSON.stringify({ __type: code, message });
  }
  return `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>1</RequestID></Response>`;
}

/** Key, region and action of a signed call. */
function callOf(
  { method, path, headers, body }: HttpRequest,
): Parameters<Spoil>[0] {
  const [, key = "", region = ""] = /Credential=([^/]+)\/\d+\/([^/]+)\//.exec(
    headers.get("authorization") ?? "",
  ) ?? [];
  const form = new URLSearchParams(new TextDecoder().decode(body));
  // As services of the query protocol, of JSON and those of REST are called.
  const target = headers.get("x-amz-target")?.split(".").at(-1);
  const action = form.get("Action") ?? target ??
    `${method} ${path.split("?")[0]}`;
  return { action, region, key };
}

/** A proxy on a free port. */
export class FaultProxy implements AsyncDisposable {
  /** Its address. */
  readonly endpoint: string;
  /** Which calls to spoil from now on. Default: none. */
  spoil: Spoil = () => undefined;
  /** Actions that were called, with how often. */
  readonly calls = new Map<string, number>();
  readonly #target: string;
  readonly #listener: Deno.TcpListener;
  readonly #serving: Promise<void>;
  readonly #connections = new Set<Deno.Conn>();

  /** Starts it in front of an endpoint. */
  constructor(target: string) {
    this.#target = target;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.endpoint = `http://127.0.0.1:${this.#listener.addr.port}`;
    this.#serving = this.#serve();
  }

  async #serve(): Promise<void> {
    const open = new Set<Promise<void>>();
    for await (const connection of this.#listener) {
      const done = this.#connection(connection)
        .catch(() => {})
        .finally(() => {
          this.#connections.delete(connection);
          open.delete(done);
          try {
            connection.close();
          } catch {
            // It is closed already.
          }
        });
      this.#connections.add(connection);
      open.add(done);
    }
    await Promise.all(open);
  }

  async #connection(connection: Deno.Conn): Promise<void> {
    for await (const request of readRequests(connection)) {
      const call = callOf(request);
      this.calls.set(call.action, (this.calls.get(call.action) ?? 0) + 1);
      const fault = this.spoil(call);
      if (fault === "cut") return;
      const { status, body } = fault === "throttled"
        ? {
          status: 503,
          body: refusal(
            request,
            "RequestLimitExceeded",
            "Request limit exceeded.",
          ),
        }
        : fault === "denied"
        ? {
          status: 403,
          body: refusal(
            request,
            "UnauthorizedOperation",
            "You are not authorized.",
          ),
        }
        : await this.#forward(request);
      const bytes = new TextEncoder().encode(body);
      const part = fault === "half" || fault === "truncated"
        ? bytes.subarray(0, bytes.length >> 1)
        : fault === "empty"
        ? new Uint8Array(0)
        : bytes;
      const length = fault === "half" ? bytes.length : part.length;
      await this.#write(connection, status, length, part);
      if (fault === "half") return;
    }
  }

  async #forward(
    { method, path, headers, body }: HttpRequest,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const sent = new Headers(headers);
    for (const name of ["host", "connection", "content-length"]) {
      sent.delete(name);
    }
    for (let tries = 1;; tries++) {
      const answer = await fetch(`${this.#target}${path}`, {
        method,
        headers: sent,
        ...(method !== "GET" && method !== "HEAD" && { body }),
        redirect: "manual",
      });
      const text = await answer.text();
      // A page of moto's web server: its own fault, rare, when calls meet.
      // Nobody else asks again where a test allows a single attempt.
      if (text.startsWith("<!doctype html") && tries < TRIES) continue;
      return { status: answer.status, body: text };
    }
  }

  async #write(
    connection: Deno.Conn,
    status: number,
    length: number,
    body: Uint8Array,
  ): Promise<void> {
    const head = new TextEncoder().encode(
      `HTTP/1.1 ${status} x\r\ncontent-type: text/xml\r\ncontent-length: ${length}\r\n\r\n`,
    );
    const all = new Uint8Array(head.length + body.length);
    all.set(head);
    all.set(body, head.length);
    for (let at = 0; at < all.length;) {
      at += await connection.write(all.subarray(at));
    }
  }

  /** Stops it and drops every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch {
        // It is closed already.
      }
    }
    await this.#serving;
  }
}
