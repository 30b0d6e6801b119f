/**
 * A server that answers as an API once did, from files: what was asked must be
 * what was recorded, word for word.
 *
 * @module
 */

import { isDeepStrictEqual } from "node:util";
import type { Json } from "@skymap/lib/json";

/** One request and the answer to it. */
export interface Exchange {
  /** What is asked for. */
  readonly request: {
    /** Default: `GET`. */
    readonly method?: string;
    /** The path, without the query. */
    readonly path: string;
    /** Every parameter of the query. Default: none. */
    readonly query?: Readonly<Record<string, string>>;
    /** Headers that must be there, others may. Default: none. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The body, when it matters: as JSON, or as text when it is none. */
    readonly body?: Json;
  };
  /** What is answered; `{origin}` in headers stands for the server's own. */
  readonly response: {
    /** Default: 200. */
    readonly status?: number;
    /** Default: none beside the type of the body. */
    readonly headers?: Readonly<Record<string, string>>;
    /** JSON; a text is sent as it is. Default: none. */
    readonly body?: Json;
    /** Never answers. Default: false. */
    readonly hang?: boolean;
  };
}

/** Reads recorded exchanges: a JSON list of them in each file. */
export async function readExchanges(
  folder: URL,
  names: readonly string[],
): Promise<Exchange[]> {
  const files = await Promise.all(
    names.map((name) => Deno.readTextFile(new URL(`${name}.json`, folder))),
  );
  return files.flatMap((text) => JSON.parse(text) as Exchange[]);
}

function describe({ request }: Exchange): string {
  const { method = "GET", path, query = {} } = request;
  const parameters = new URLSearchParams(query).toString();
  return `${method} ${path}${parameters === "" ? "" : `?${parameters}`}`;
}

function bodyOf(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

/**
 * The server. Each exchange answers once; those of the same request in their
 * order. What was not recorded is answered with 501 and makes the disposal fail,
 * so that no test passes by asking for too much.
 */
export class RecordedApi implements AsyncDisposable {
  /** Where it is. */
  readonly origin: string;
  /** What it was asked, in order: method, path and query. */
  readonly requests: string[] = [];
  readonly #unexpected: string[] = [];
  readonly #left: Exchange[];
  readonly #hanging: PromiseWithResolvers<Response>[] = [];
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  /** Starts it on a free port. */
  constructor(exchanges: readonly Exchange[]) {
    this.#left = [...exchanges];
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => this.#answer(request),
    );
    this.origin = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** What was recorded and never asked for. */
  get unused(): string[] {
    return this.#left.map(describe);
  }

  /** How often a path was asked for. */
  calls(path: string): number {
    return this.requests.filter((request) =>
      request.split(" ")[1]?.split("?")[0] === path
    ).length;
  }

  async #answer(request: Request): Promise<Response> {
    const { pathname, search, searchParams } = new URL(request.url);
    const asked = `${request.method} ${pathname}${search}`;
    this.requests.push(asked);
    const text = await request.text();
    const at = this.#left.findIndex(({ request: expected }) =>
      (expected.method ?? "GET") === request.method &&
      expected.path === pathname &&
      isDeepStrictEqual(
        { ...expected.query },
        Object.fromEntries(searchParams),
      ) &&
      Object.entries(expected.headers ?? {}).every(([name, value]) =>
        request.headers.get(name) === value
      ) &&
      (expected.body === undefined ||
        isDeepStrictEqual(expected.body, bodyOf(text)))
    );
    const [exchange] = at === -1 ? [] : this.#left.splice(at, 1);
    if (exchange === undefined) {
      this.#unexpected.push(asked);
      return new Response("not recorded", { status: 501 });
    }
    const { status = 200, headers = {}, body, hang } = exchange.response;
    if (hang === true) {
      const never = Promise.withResolvers<Response>();
      this.#hanging.push(never);
      return await never.promise;
    }
    const sent = new Headers(
      typeof body === "string" ? {} : { "content-type": "application/json" },
    );
    for (const [name, value] of Object.entries(headers)) {
      sent.set(name, value.replaceAll("{origin}", this.origin));
    }
    return new Response(
      body === undefined || typeof body === "string"
        ? body ?? null
        : JSON.stringify(body),
      { status, headers: sent },
    );
  }

  /** Stops it; throws when it was asked for what was not recorded. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { resolve } of this.#hanging) resolve(new Response(null));
    await this.#server.shutdown();
    if (this.#unexpected.length > 0) {
      throw new Error(
        `Cannot answer what was not recorded:\n${this.#unexpected.join("\n")}`,
      );
    }
  }
}
