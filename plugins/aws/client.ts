/**
 * Calls AWS.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/plugin";
import { AwsCallError } from "./aws_error.ts";
import type { CallLimits } from "./call_limits.ts";
import { actionOf, type CallName, type Paging } from "./declaration.ts";
import { hasList, parsePath, readAll } from "./path.ts";
import {
  loadService,
  type SdkClient,
  type SdkModule,
  type ServiceName,
} from "./services.ts";

/** Keys of one account. */
export interface AwsCredentials {
  /** Access key. */
  readonly accessKeyId: string;
  /** Its secret. */
  readonly secretAccessKey: string;
  /** Session token of a short-lived key. */
  readonly sessionToken?: string;
}

/** What a client is made with. */
export interface AwsClientOptions {
  /** Keys that sign every call. */
  readonly credentials: AwsCredentials;
  /** Address that takes all calls. Default: that of service and region. */
  readonly endpoint?: string | undefined;
  /** Bounds the calls that run side by side. */
  readonly limits: CallLimits;
  /** Ends every call. */
  readonly signal: AbortSignal;
  /** Times a call is tried. Default: `AWS_MAX_ATTEMPTS`, or else 5. */
  readonly maxAttempts?: number;
}

/** A call whose items are read page by page. */
export interface PagedCall extends CallName {
  /** Path of the items in an answer. */
  readonly result: string;
  /** How pages follow each other. Default: the first is all. */
  readonly pages?: Paging;
  /** Makes members of an answer out of what it holds as bytes or text. */
  readonly read?: (answer: Answer) => Answer;
}

/** An answer of AWS, as the SDK read it. */
export type Answer = Readonly<Record<string, unknown>>;

type Command = new (input: JsonObject) => unknown;

const CONNECT_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 60_000;

function commandOf({ exports }: SdkModule, operation: string): Command {
  const command = exports[`${operation}Command`];
  if (typeof command === "function") return command as Command;
  throw new TypeError(`Cannot call "${operation}": the SDK has no such call`);
}

/**
 * The SDK's own description of an operation: its schemas of input and output.
 *
 * @throws {TypeError} If the service has no such operation.
 */
export async function operationSchema(
  { service, operation }: CallName,
): Promise<{ readonly input: unknown; readonly output: unknown }> {
  const module = await loadService(service);
  commandOf(module, operation);
  const [, , , , input, output] = module
    .exports[`${operation}$`] as readonly unknown[];
  return { input, output };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The code of what the SDK threw. */
function codeOf(error: Readonly<Record<string, unknown>>): string {
  // Only what a service answered has a fault: it is named by the code.
  if (error["$fault"] !== undefined) return text(error["name"]) ?? "Unknown";
  const code = text(error["code"]);
  if (code !== undefined) return code;
  const { name } = error;
  // An answer that came, but could not be read, is an error without a name.
  if (name === "Error" || name === "SyntaxError") {
    return error["$metadata"] === undefined
      ? "call_failed"
      : "answer_malformed";
  }
  return text(name) ?? "call_failed";
}

/** What AWS said, without the parts that only machines read. */
function messageOf(error: Readonly<Record<string, unknown>>): string {
  return String(error["message"] ?? "")
    .replace(/\s*Encoded authorization failure message:[^]*$/, "")
    .replace(/\s*Deserialization error: to see[^]*$/, "")
    .slice(0, 500);
}

/** Calls AWS for one account. */
export class AwsClient implements Disposable {
  readonly #options: AwsClientOptions;
  readonly #clients = new Map<string, Promise<[SdkModule, SdkClient]>>();

  /** Makes a client; nothing is called yet. */
  constructor(options: AwsClientOptions) {
    this.#options = options;
  }

  async #connect(
    service: ServiceName,
    region: string,
  ): Promise<[SdkModule, SdkClient]> {
    const { credentials, endpoint, maxAttempts } = this.#options;
    const module = await loadService(service);
    const client = new module.Client({
      region,
      credentials,
      // A bucket has no host name of its own at an address that is given.
      ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
      retryMode: "adaptive",
      maxAttempts: maxAttempts ?? Number(Deno.env.get("AWS_MAX_ATTEMPTS") ?? 5),
      requestHandler: {
        connectionTimeout: CONNECT_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        throwOnRequestTimeout: true,
      },
    });
    return [module, client];
  }

  /** One for each service and region, so that each learns its own rate. */
  #client(
    service: ServiceName,
    region: string,
  ): Promise<[SdkModule, SdkClient]> {
    const key = `${service}:${region}`;
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = this.#connect(service, region);
      this.#clients.set(key, client);
    }
    return client;
  }

  /**
   * Makes one call, tried again as often as that may help.
   *
   * @throws {AwsCallError} If it fails for good.
   */
  async call(
    region: string,
    name: CallName,
    input: JsonObject,
  ): Promise<Answer> {
    const { limits, signal } = this.#options;
    const { service, operation } = name;
    const [module, client] = await this.#client(service, region);
    const command = new (commandOf(module, operation))(input);
    return await limits.run(region, service, async () => {
      signal.throwIfAborted();
      try {
        return await client.send(command, { abortSignal: signal });
      } catch (cause) {
        signal.throwIfAborted();
        const error = cause as Readonly<Record<string, unknown>>;
        throw new AwsCallError({
          code: codeOf(error),
          message: messageOf(error),
          permission: actionOf(name),
          region,
          cause,
        });
      }
    });
  }

  /**
   * The items of a call, page by page, until there is no further page.
   *
   * @throws {AwsCallError} If a page fails, or if an answer lacks the list that
   * was asked for: that is no empty list.
   */
  async *pages(
    region: string,
    name: PagedCall,
    input: JsonObject,
  ): AsyncGenerator<readonly unknown[]> {
    const { pages, read = (answer: Answer) => answer } = name;
    const result = parsePath(name.result);
    const incomplete = (message: string) =>
      new AwsCallError({
        code: "answer_incomplete",
        message,
        permission: actionOf(name),
        region,
      });
    const size = pages?.size === undefined
      ? {}
      : { [pages.size[0]]: pages.size[1] };
    let token: string | undefined;
    do {
      const page = token === undefined || pages === undefined
        ? {}
        : { [pages.input]: token };
      const answer = read(
        await this.call(region, name, { ...input, ...size, ...page }),
      );
      if (!hasList(result, answer)) {
        throw incomplete(`the answer has no ${name.result}`);
      }
      yield readAll(result, answer);
      const next = pages === undefined ? undefined : text(answer[pages.output]);
      if (next !== undefined && next === token) {
        throw incomplete("the answer leads to the same page again");
      }
      token = next;
    } while (token !== undefined);
  }

  /** Closes the connections. */
  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) {
      client.then(([, each]) => each.destroy(), () => {});
    }
    this.#clients.clear();
  }
}
