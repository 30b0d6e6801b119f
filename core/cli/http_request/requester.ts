import { SkymapError } from "@skymap/lib/errors";
import { lineBatches } from "@skymap/lib/ndjson";
import { parseHostPattern } from "../../config/host_pattern.ts";
import { sideModule, SideProcess } from "../side_process/side_process.ts";
import { INSIDE_V4 } from "./address_guard.ts";
import type {
  ReplyMessage,
  RequestMessage,
  RequestsSetup,
  TryResult,
} from "./request_messages.ts";

/** What a {@linkcode Requester} is made with. */
export interface RequesterOptions extends RequestsSetup {
  /** Ends it, and every request with it. */
  readonly signal: AbortSignal;
}

const MAX_HEAP_MB = 256;
/** Variables that name certificates to trust beside those that Deno knows. */
const CERTIFICATES = [
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_DIR",
  "SSL_CERT_FILE",
];
/** Characters of one answer of the process: it cuts what hosts say. */
const MAX_LINE = 100_000;

/**
 * Flags that keep the process from what lies inside, should its own check ever
 * fail. Deno knows networks of version 4 alone. Where the configuration opens
 * something by a name, that may lie anywhere; where it opens a network, that one
 * and those around or within it are left out.
 */
export function denyFlags(allowed: readonly string[]): readonly string[] {
  const patterns = allowed.map(parseHostPattern);
  if (patterns.some((pattern) => pattern?.type === "name")) return [];
  const opened = patterns.flatMap((pattern) =>
    pattern?.type === "network" ? [pattern] : []
  );
  const closed = INSIDE_V4.filter((network) =>
    !opened.some(({ version, address, bits }) =>
      version === 4 && overlaps(network, `${address}/${bits}`)
    )
  );
  const six = opened.some(({ version }) => version === 6)
    ? []
    : ["[::1]", "[::]", "[fd00:ec2::254]"];
  return [`--deny-net=${[...closed, ...six].join(",")}`];
}

function certificateEnvironment(): Record<string, string> {
  const env: Record<string, string> = {};
  for (const name of CERTIFICATES) {
    const { state } = Deno.permissions.querySync({
      name: "env",
      variable: name,
    });
    const value = state === "granted" ? Deno.env.get(name) : undefined;
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** First and last address of a network of version 4. */
function rangeOf(network: string): readonly [number, number] {
  const [address = "", bits] = network.split("/");
  const number = address.split(".")
    .reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(bits));
  const first = Math.floor(number / size) * size;
  return [first, first + size - 1];
}

function overlaps(one: string, two: string): boolean {
  const [first, last] = rangeOf(one);
  const [otherFirst, otherLast] = rangeOf(two);
  return first <= otherLast && otherFirst <= last;
}

/**
 * Sends requests from a process that may use the network, which core itself may
 * not. Disposing of it ends the process.
 */
export class Requester implements AsyncDisposable {
  readonly #process: SideProcess;
  readonly #waiting = new Map<number, PromiseWithResolvers<TryResult>>();
  readonly #reading: Promise<void>;
  #failure: { readonly reason: unknown } | undefined;
  #next = 0;

  /** Starts the process. */
  constructor({ signal, ...setup }: RequesterOptions) {
    this.#process = new SideProcess({
      module: sideModule("http_request/requests_process.ts"),
      flags: [
        "--no-config",
        "--no-lock",
        "--no-remote",
        "--no-npm",
        "--allow-net",
        ...denyFlags(setup.allowed),
      ],
      env: certificateEnvironment(),
      maxHeapMb: MAX_HEAP_MB,
      failure: (reason) =>
        new SkymapError("request_failed", `Cannot send requests: ${reason}`),
      signal,
    });
    this.#process.send(`${JSON.stringify(setup)}\n`);
    this.#reading = this.#read();
  }

  /** Tries a request once. */
  async send(request: Omit<RequestMessage, "id">): Promise<TryResult> {
    if (this.#failure !== undefined) throw this.#failure.reason;
    const id = this.#next++;
    const answer = Promise.withResolvers<TryResult>();
    this.#waiting.set(id, answer);
    const message: RequestMessage = { ...request, id };
    await this.#process.send(`${JSON.stringify(message)}\n`);
    return await answer.promise;
  }

  async #read(): Promise<void> {
    try {
      for await (const lines of lineBatches(this.#process.chunks(), MAX_LINE)) {
        for (const line of lines) {
          const { id, result } = JSON.parse(line) as ReplyMessage;
          this.#waiting.get(id)?.resolve(result);
          this.#waiting.delete(id);
        }
      }
      throw new SkymapError(
        "request_failed",
        "Cannot send requests: the process that sends them has ended",
      );
    } catch (reason) {
      this.#failure = { reason };
      for (const answer of this.#waiting.values()) answer.reject(reason);
      this.#waiting.clear();
    }
  }

  /** Ends the process; what waits for an answer fails. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await this.#reading;
  }
}
