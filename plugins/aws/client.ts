/**
 * Calls AWS.
 *
 * @module
 */

import type { JsonObject, ScopeUsage } from "@skymap/lib/plugin";
import {
  type AwsCredentials,
  constantCredentials,
  type CredentialsProvider,
} from "./account_credentials.ts";
import { AwsCallError } from "./aws_error.ts";
import { callFaultOf } from "./call_fault.ts";
import { actionOf, type CallName, type Paging } from "./declaration.ts";
import { hasList, parsePath, type Path, readAll, readFirst } from "./path.ts";
import { pause, RateGovernors } from "./rate_governor.ts";
import { SdkConnections } from "./sdk_connections.ts";
import { loadService, type SdkModule } from "./services.ts";
import { watchAnswer } from "./watch_answer.ts";

/** What a client is made with. */
export interface AwsClientOptions {
  /** Keys that sign every call, or what gives them. */
  readonly credentials: AwsCredentials | CredentialsProvider;
  /** Address that takes all calls. Default: that of service and region. */
  readonly endpoint?: string | undefined;
  /** How fast the services are called. Default: as they let. */
  readonly governors?: RateGovernors;
  /** Ends every call. */
  readonly signal: AbortSignal;
  /** Times a call is tried. Default: `AWS_MAX_ATTEMPTS`, or else 8. */
  readonly maxAttempts?: number;
}

/** What clients of one account share. */
interface Shared {
  readonly credentials: CredentialsProvider;
  readonly connections: SdkConnections;
  readonly governors: RateGovernors;
  readonly attempts: number;
  readonly signal: AbortSignal;
}

/** A call whose items are read page by page. */
export interface PagedCall extends CallName {
  /** Path of the items in an answer. */
  readonly result: string;
  /** How pages follow each other. Default: the first is all. */
  readonly pages?: Paging;
  /** Makes members of an answer out of what it holds as bytes or text. */
  readonly read?: (answer: Answer) => Answer;
  /** Path of the number of items; 0 stands for an empty list. */
  readonly count?: string;
  /** Whether an answer leaves out a list that is empty. */
  readonly omitsEmpty?: boolean;
}

/** An answer of AWS, as the SDK read it. */
export type Answer = Readonly<Record<string, unknown>>;

type Command = new (input: JsonObject) => unknown;

/** The first pause before another try; the next ones are twice as long. */
const FIRST_PAUSE_MS = 100;
/** The same where the service throttles. */
const FIRST_THROTTLE_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;
/** More does not help where there is no such host. */
const HOST_ATTEMPTS = 3;

/** Calls that may be made twice: they read, or end where they ended before. */
const REPEATABLE =
  /^(Add|Assume|CreateTags|Delete|Deregister|Describe|Detach|Disassociate|Generate|Get|List|PutBucketTagging|Release|Remove|Revoke|Tag|Terminate|Untag)/;

/** Codes that say that nothing was sent. */
const UNSENT: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
]);

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

/** The input of the next page, or undefined. */
function nextPage(
  tokens: readonly (readonly [member: string, path: Path])[],
  answer: Answer,
): JsonObject | undefined {
  const next = tokens.flatMap(([member, path]) => {
    const value = text(readFirst(path, answer));
    return value === undefined ? [] : [[member, value] as const];
  });
  return next.length === 0 ? undefined : Object.fromEntries(next);
}

/** Whether an answer says that there is more, for those that say it at all. */
function saysMore(pages: Paging | undefined, answer: Answer): boolean {
  if (pages === undefined) return false;
  const beside = pages.output.split(".").slice(0, -1);
  return ["IsTruncated", "Truncated", "HasMoreTables"].some((flag) =>
    readFirst(parsePath([...beside, flag].join(".")), answer) === true
  );
}

/**
 * Whether a call asks for something that is told in the body of the answer: one
 * without any says nothing, and must not be taken for "there is none".
 */
function isTold(operation: string, answer: Answer): boolean {
  // What is in an object may be nothing.
  return /^(Describe|Get|List)/.test(operation) &&
    answer["Body"] === undefined;
}

/** Whether an answer without a list says that the list is empty. */
function isEmpty({ count, omitsEmpty = false }: PagedCall, answer: Answer) {
  return omitsEmpty ||
    (count !== undefined && readFirst(parsePath(count), answer) === 0);
}

function isDeepEqual(one: JsonObject, other: JsonObject | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function sharedOf(
  { credentials, endpoint, governors, signal, maxAttempts }: AwsClientOptions,
): Shared {
  const provider = typeof credentials === "function"
    ? credentials
    : constantCredentials(credentials);
  const rates = governors ?? new RateGovernors();
  return {
    credentials: provider,
    connections: new SdkConnections({ credentials: provider, endpoint }),
    governors: rates,
    attempts: maxAttempts ?? Number(Deno.env.get("AWS_MAX_ATTEMPTS") ?? 8),
    signal,
  };
}

/** Calls AWS for one account. */
export class AwsClient implements Disposable {
  readonly #shared: Shared;
  readonly #lane: string;
  readonly #usage = { calls: 0, throttles: 0, bytes: 0, waited_ms: 0 };

  /** Makes a client; nothing is called yet. */
  constructor(options: AwsClientOptions);
  /** Makes one that takes turns with others of its account. */
  constructor(shared: Shared, lane: string);
  constructor(options: AwsClientOptions | Shared, lane?: string) {
    this.#shared = lane === undefined
      ? sharedOf(options as AwsClientOptions)
      : options as Shared;
    this.#lane = lane ?? "";
  }

  /**
   * The same client for one kind: it takes turns with other kinds, and tells what
   * its own calls took.
   */
  forKind(kind: string): AwsClient {
    return new AwsClient(this.#shared, kind);
  }

  /** What the calls of this client took so far. */
  get usage(): ScopeUsage {
    return { ...this.#usage, waited_ms: Math.round(this.#usage.waited_ms) };
  }

  /** Lets go of what was needed to call a region. */
  release(region: string): void {
    this.#shared.connections.release(region);
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
    const { connections, credentials, governors, signal } = this.#shared;
    const { service, operation } = name;
    const attempts = Math.min(
      name.attempts ?? Infinity,
      this.#shared.attempts,
    );
    const governor = governors.of(region, service);
    let renewed = false;
    for (let attempt = 1;; attempt++) {
      const [module, client] = await connections.of(service, region);
      const command = new (commandOf(module, operation))(input);
      let retryAfterMs = 0;
      let length = 0;
      watchAnswer(command, {
        bytes(count) {
          length = count;
        },
        retryAfter: (milliseconds) => retryAfterMs = milliseconds,
      });
      const turn = await governor.turn(this.#lane, signal);
      this.#usage.calls++;
      this.#usage.waited_ms += turn.waitedMs;
      try {
        const answer = await client.send(command, { abortSignal: signal });
        if (length > 0 || !isTold(operation, answer)) return answer;
        throw Object.assign(new Error("The answer is empty"), {
          code: "answer_incomplete",
        });
      } catch (cause) {
        signal.throwIfAborted();
        const fault = callFaultOf(cause);
        const { code, expired, message, passing, throttled } = fault;
        if (throttled) {
          this.#usage.throttles++;
          turn.end({ throttled, retryAfterMs });
        }
        const most = code === "ENOTFOUND"
          ? Math.min(HOST_ATTEMPTS, attempts)
          : attempts;
        const isRenewable = expired && !renewed;
        const isHelpful = isRenewable || throttled ||
          (passing && (REPEATABLE.test(operation) || UNSENT.has(code)));
        if (attempt >= most || !isHelpful) {
          throw new AwsCallError({
            code,
            message,
            permission: actionOf(name),
            region,
            cause,
          });
        }
        turn.end({});
        if (isRenewable) {
          renewed = true;
          await credentials({ renew: true });
          connections.release(region, service);
          continue;
        }
        const longest = Math.min(
          LONGEST_PAUSE_MS,
          (throttled ? FIRST_THROTTLE_PAUSE_MS : FIRST_PAUSE_MS) *
            2 ** (attempt - 1),
        );
        const wait = Math.max(retryAfterMs, Math.random() * longest);
        this.#usage.waited_ms += wait;
        await pause(governors.clock, wait, signal);
      } finally {
        this.#usage.bytes += length;
        turn.end({});
      }
    }
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
    const tokens = Object.entries(
      pages === undefined ? {} : { [pages.input]: pages.output, ...pages.also },
    ).map(([member, path]) => [member, parsePath(path)] as const);
    let page: JsonObject | undefined = {};
    do {
      const answer = read(
        await this.call(region, name, { ...input, ...size, ...page }),
      );
      if (!hasList(result, answer) && !isEmpty(name, answer)) {
        throw incomplete(`the answer has no ${name.result}`);
      }
      yield readAll(result, answer);
      const next = nextPage(tokens, answer);
      if (next !== undefined && isDeepEqual(next, page)) {
        throw incomplete("the answer leads to the same page again");
      }
      if (next === undefined && saysMore(pages, answer)) {
        throw incomplete("the answer does not say where its next page is");
      }
      page = next;
    } while (page !== undefined);
  }

  /** Closes the connections, those of all kinds. */
  [Symbol.dispose](): void {
    this.#shared.connections[Symbol.dispose]();
  }
}
