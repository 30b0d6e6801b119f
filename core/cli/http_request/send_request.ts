/**
 * One try of a request, to an address that was checked.
 *
 * @module
 */

import type { LookupAddress } from "node:dns";
import { lookup as lookUp } from "node:dns/promises";
import http, { type IncomingMessage } from "node:http";
import https from "node:https";
import { isIP, type LookupFunction } from "node:net";
import tls from "node:tls";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { AddressGuard } from "./address_guard.ts";
import type { RequestMessage, TryResult } from "./request_messages.ts";

/** What requests are sent with. */
export interface SendOptions {
  /** Says what may be reached. */
  readonly guard: AddressGuard;
  /** Time of one try. */
  readonly timeoutMs: number;
  /** Whether certificates are checked. */
  readonly verifiesTls: boolean;
  /** Addresses of a name. Default: those that the machine knows. */
  readonly resolve?: (name: string) => Promise<readonly LookupAddress[]>;
}

const MAX_REDIRECTS = 5;
/** Characters of an answer that are told. */
const MAX_TEXT = 300;
/** Bytes of an answer that are read, so that the connection can be used again. */
const MAX_BODY = 1_000_000;

/** An address that nothing is sent to. */
class Refused extends Error {}

/** What is said of errors that people meet most. */
const PLAIN_WORDS: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `nothing listens at ${host}`,
  ECONNRESET: (host) => `${host} closed the connection`,
  ENOTFOUND: (host) => `no name server knows ${host}`,
  EAI_AGAIN: (host) => `no name server answers for ${host}`,
};

/** A redirect that is not followed. */
class BadRedirect extends Error {}

/** What certificates can be wrong about; the same next time. */
const TLS_FAULT = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|certificate/i;

/**
 * Connects as Deno does. An agent of Node reads all certificates of the machine
 * before, for which it wants a permission that it does not need.
 */
class TlsAgent extends https.Agent {
  override createConnection(
    options: tls.ConnectionOptions,
    callback: () => void,
  ): tls.TLSSocket {
    return tls.connect(options, callback);
  }
}

/** Sends requests; connections to the same host are used again. */
export class RequestSender implements Disposable {
  readonly #options: SendOptions;
  readonly #agents = {
    "http:": new http.Agent({ keepAlive: true }),
    "https:": new TlsAgent({ keepAlive: true }),
  };

  /** Makes a sender; nothing is opened yet. */
  constructor(options: SendOptions) {
    this.#options = options;
  }

  /** Sends a request once and follows redirects; it throws nothing. */
  async send(message: RequestMessage): Promise<TryResult> {
    const { timeoutMs } = this.#options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      return await this.#follow(message, signal);
    } catch (error) {
      if (signal.aborted) {
        return {
          type: "failed",
          reason: `there was no answer within ${timeoutMs / 1_000} s`,
          isPassing: true,
        };
      }
      return failureOf(error);
    }
  }

  async #follow(
    message: RequestMessage,
    signal: AbortSignal,
  ): Promise<TryResult> {
    let url = new URL(message.url);
    let { method, headers } = message;
    let body = message.body === undefined
      ? undefined
      : await encoded(message.body, message.isCompressed ?? false);
    for (let redirects = 0;; redirects++) {
      const response = await this.#exchange(url, {
        method,
        headers: [...headers, ...body?.headers ?? []],
        ...(body !== undefined && { body: body.bytes }),
      }, signal).catch((error) => {
        throw plainError(error, url, redirects > 0);
      });
      const status = response.statusCode ?? 0;
      const target = redirectOf(response, url);
      if (target === undefined) return await answerOf(status, response);
      response.destroy();
      if (redirects === MAX_REDIRECTS) {
        throw new BadRedirect(`it redirects more than ${MAX_REDIRECTS} times`);
      }
      // "See other": what was sent was taken, and the answer lies elsewhere.
      if (status === 303) {
        method = method === "HEAD" ? "HEAD" : "GET";
        body = undefined;
      }
      // Nobody else gets what was meant for this host.
      if (target.origin !== url.origin) headers = publicHeaders(headers);
      url = target;
    }
  }

  async #exchange(
    url: URL,
    { method, headers, body }: {
      readonly method: string;
      readonly headers: RequestMessage["headers"];
      readonly body?: Uint8Array;
    },
    signal: AbortSignal,
  ): Promise<IncomingMessage> {
    const { guard, verifiesTls } = this.#options;
    const isTls = url.protocol === "https:";
    const port = url.port === "" ? (isTls ? 443 : 80) : Number(url.port);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) !== 0 && !guard.isAllowedAddress(host, port)) {
      throw refusal(url.hostname, []);
    }
    return await new Promise((resolve, reject) => {
      const request = (isTls ? https : http).request({
        host,
        port,
        path: `${url.pathname}${url.search}`,
        method,
        headers: headerLists(headers),
        agent: this.#agents[isTls ? "https:" : "http:"],
        lookup: this.#checkedLookup(port),
        ...(isTls && {
          rejectUnauthorized: verifiesTls,
          ...(isIP(host) === 0 && { servername: host }),
        }),
        signal,
      }, resolve);
      request.on("error", reject);
      request.end(body);
    });
  }

  /**
   * Finds the addresses of a name. The connection goes to what this gives, so
   * there is no second question that a name server could answer otherwise.
   */
  #checkedLookup(port: number): LookupFunction {
    const { guard, resolve = resolveName } = this.#options;
    return (name, options, callback) => {
      resolve(name).then((addresses) => {
        const refused = guard.isAllowedName(name, port) ? [] : addresses.filter(
          ({ address }) => !guard.isAllowedAddress(address, port),
        );
        if (refused.length > 0) throw refusal(name, refused);
        const [first] = addresses;
        if (first === undefined) {
          throw new Error(`the name "${name}" has no address`);
        }
        if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      }).catch((error) => callback(error, "", 0));
    };
  }

  /** Closes its connections. */
  [Symbol.dispose](): void {
    for (const agent of Object.values(this.#agents)) agent.destroy();
  }
}

async function resolveName(name: string): Promise<readonly LookupAddress[]> {
  return await lookUp(name, { all: true });
}

function refusal(host: string, addresses: readonly LookupAddress[]): Refused {
  const told = addresses.map(({ address }) => address).join(", ");
  return new Refused(
    `"${host}"${
      told === "" ? "" : ` (${told})`
    } lies inside, on this machine ` +
      "or in a private network",
  );
}

/** The body with the headers that say what it is. */
async function encoded(
  text: string,
  isCompressed: boolean,
): Promise<{
  readonly bytes: Uint8Array;
  readonly headers: RequestMessage["headers"];
}> {
  const plain = new TextEncoder().encode(text);
  const bytes = isCompressed
    ? new Uint8Array(await promisify(gzip)(plain))
    : plain;
  return {
    bytes,
    headers: [
      ["content-length", String(bytes.length)],
      ...(isCompressed ? [["content-encoding", "gzip"]] as const : []),
    ],
  };
}

/** Headers by their name, each with all of its values. */
function headerLists(
  headers: RequestMessage["headers"],
): Record<string, string | string[]> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of headers) {
    lists.set(name, [...lists.get(name) ?? [], value]);
  }
  return Object.fromEntries(
    [...lists].map(([name, values]) => [
      name,
      values.length === 1 ? values[0] ?? "" : values,
    ]),
  );
}

/** What any host may know of a request. */
function publicHeaders(
  headers: RequestMessage["headers"],
): RequestMessage["headers"] {
  const names = new Set(["accept", "content-type", "user-agent"]);
  return headers.filter(([name]) => names.has(name.toLowerCase()));
}

/** Where an answer leads to; undefined if it is none that does. */
function redirectOf(response: IncomingMessage, from: URL): URL | undefined {
  const { statusCode = 0, headers: { location } } = response;
  if (![301, 302, 303, 307, 308].includes(statusCode)) return;
  if (location === undefined) return;
  if (!URL.canParse(location, from)) {
    throw new BadRedirect("it redirects to what is no address");
  }
  const url = new URL(location, from);
  if (url.protocol !== "https:" && url.protocol !== from.protocol) {
    throw new BadRedirect(`it redirects from https to "${url.protocol}"`);
  }
  return url;
}

/** Reads an answer to its end, if that is near. */
async function answerOf(
  status: number,
  response: IncomingMessage,
): Promise<TryResult> {
  const isSuccess = status >= 200 && status < 300;
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response) {
    size += chunk.length;
    if (!isSuccess && text.length < MAX_TEXT) {
      text += decoder.decode(chunk, { stream: true });
    }
    if (size > MAX_BODY) break;
  }
  const retryAfter = response.headers["retry-after"];
  return {
    type: "answer",
    status,
    ...(retryAfter !== undefined && { retryAfter }),
    text: text.trim().slice(0, MAX_TEXT),
  };
}

/** An error of an exchange in plain words; it keeps its code. */
function plainError(error: unknown, url: URL, isRedirected: boolean): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { readonly code?: string };
  const words = code === undefined ? undefined : PLAIN_WORDS[code];
  if (words !== undefined) error.message = words(url.host);
  if (isRedirected) {
    error.message = `it redirects to ${url.origin}, and ${error.message}`;
  }
  return error;
}

function failureOf(error: unknown): TryResult {
  if (error instanceof Refused) {
    const reason = error.message;
    return { type: "failed", reason, isPassing: false, isRefused: true };
  }
  const { code = "", message = String(error) } = error as {
    readonly code?: string;
    readonly message?: string;
  };
  const isFinal = error instanceof BadRedirect ||
    error instanceof Deno.errors.NotCapable || TLS_FAULT.test(code) ||
    TLS_FAULT.test(message);
  return { type: "failed", reason: message, isPassing: !isFinal };
}
