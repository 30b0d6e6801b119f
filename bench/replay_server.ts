/**
 * A process that stands in front of an AWS endpoint: it records what the endpoint
 * answers, and from then on answers the same calls by itself, each of them late.
 *
 * `replay_server.ts ENDPOINT LATENCY_MS` prints its own address. `POST /-/replay`
 * ends the recording; `GET /-/calls` gives what was called since then.
 *
 * @module
 */

/** What was called of one service. */
export interface CallsOfService {
  /** Calls. */
  readonly calls: number;
  /** Pages of the longest listing: each one waits for the one before it. */
  readonly longest: number;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Members that a call asks for a further page with. */
const TOKEN = /(NextToken|nextToken|Marker|continuation-token|marker)["=]/;

/** Service of a signed call. */
function serviceOf(request: Request): string {
  const scope = request.headers.get("authorization") ?? "";
  return /Credential=[^/]+\/\d+\/[^/]+\/([^/]+)\//.exec(scope)?.[1] ?? "";
}

/** What is called: the action of a form, the target of JSON, or the method. */
function operationOf(request: Request, body: string): string {
  return /(?:^|&)Action=(\w+)/.exec(body)?.[1] ??
    request.headers.get("x-amz-target") ?? request.method;
}

class Replay {
  readonly #target: string;
  readonly #latencyMs: number;
  readonly #answers = new Map<string, Answer>();
  readonly #calls = new Map<string, number>();
  readonly #pages = new Map<string, number>();
  #isRecording = true;

  constructor(target: string, latencyMs: number) {
    this.#target = target;
    this.#latencyMs = latencyMs;
  }

  async answer(request: Request): Promise<Response> {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/-/replay") {
      this.#isRecording = false;
      return new Response(String(this.#answers.size));
    }
    if (pathname === "/-/calls") return Response.json(this.#told());
    const bytes = new Uint8Array(await request.arrayBuffer());
    const body = new TextDecoder().decode(bytes);
    const service = serviceOf(request);
    const operation = `${service} ${operationOf(request, body)}`;
    const key = `${operation} ${pathname}${search} ${body}`;
    if (this.#isRecording) {
      const answer = await this.#forward(request, bytes);
      this.#answers.set(key, answer);
      return respond(answer);
    }
    this.#calls.set(service, (this.#calls.get(service) ?? 0) + 1);
    if (TOKEN.test(`${search}${body}`)) {
      this.#pages.set(operation, (this.#pages.get(operation) ?? 1) + 1);
    }
    await new Promise((resolve) => setTimeout(resolve, this.#latencyMs));
    const answer = this.#answers.get(key);
    return answer === undefined
      ? new Response(`Not recorded: ${key}`, { status: 400 })
      : respond(answer);
  }

  /** What was called since the recording, and nothing of it before. */
  #told(): Record<string, CallsOfService> {
    const told = Object.fromEntries(
      [...this.#calls].map(([service, calls]) => {
        const pages = [...this.#pages].flatMap(([operation, count]) =>
          operation.startsWith(`${service} `) ? [count] : []
        );
        return [service, { calls, longest: Math.max(1, ...pages) }];
      }),
    );
    this.#calls.clear();
    this.#pages.clear();
    return told;
  }

  async #forward(
    request: Request,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<Answer> {
    const { pathname, search } = new URL(request.url);
    const headers = new Headers(request.headers);
    for (const name of ["host", "connection", "content-length"]) {
      headers.delete(name);
    }
    const answer = await fetch(`${this.#target}${pathname}${search}`, {
      method: request.method,
      headers,
      ...(body.length > 0 && { body }),
    });
    return {
      status: answer.status,
      type: answer.headers.get("content-type") ?? "text/xml",
      body: new Uint8Array(await answer.arrayBuffer()),
    };
  }
}

function respond({ status, type, body }: Answer): Response {
  const isEmpty = status === 204 || status === 304;
  return new Response(isEmpty ? null : body, {
    status,
    headers: { "content-type": type },
  });
}

if (import.meta.main) {
  const [target = "", latency = "5"] = Deno.args;
  const replay = new Replay(target, Number(latency));
  Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    onListen: ({ port }) =>
      Deno.stdout.writeSync(
        new TextEncoder().encode(`http://127.0.0.1:${port}\n`),
      ),
  }, (request) => replay.answer(request));
}
