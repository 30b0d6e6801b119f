/**
 * A host that keeps what it receives, for tests.
 *
 * @module
 */

/** A request as it came. */
export interface Received {
  /** Such as `POST`. */
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  /** Its headers. */
  readonly headers: Headers;
  /** Its body, as it was sent. */
  readonly bytes: Uint8Array;
}

/** Where a receiver listens. */
export interface ReceiverOptions {
  /** Default: 127.0.0.1. */
  readonly hostname?: string;
  /** Default: any that is free. */
  readonly port?: number;
  /** Certificate and key, for TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

/** Keeps requests and answers them. */
export class Receiver implements AsyncDisposable {
  /** All requests, in their order. */
  readonly received: Received[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Starts to listen. `answer` gets the number of the request, from 0. */
  constructor(
    answer: (at: number, request: Received) => Response | Promise<Response> =
      () => new Response("ok"),
    { hostname = "127.0.0.1", port = 0, tls }: ReceiverOptions = {},
  ) {
    this.#server = Deno.serve(
      { hostname, port, onListen() {}, ...tls },
      async (request) => {
        const { pathname, search } = new URL(request.url);
        const received = {
          method: request.method,
          path: pathname + search,
          headers: request.headers,
          bytes: new Uint8Array(await request.arrayBuffer()),
        };
        const at = this.received.push(received) - 1;
        return await answer(at, received);
      },
    );
  }

  /** Its port. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Bodies of all requests, as text. */
  get bodies(): readonly string[] {
    return this.received.map(({ bytes }) => new TextDecoder().decode(bytes));
  }

  /** Stops to listen, and ends what is under way. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
