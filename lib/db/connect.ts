/**
 * A session of a database in another process that outlives its connections.
 *
 * @module
 */

import { decodeJwt } from "jose";
import { Surreal, WebSocketEngine } from "surrealdb";
import { DATABASE_SCOPE } from "../auth.ts";
import { SkymapError } from "../errors.ts";
import { delay } from "../lifecycle.ts";
import { connectionError } from "./database_error.ts";
import { FastCodec } from "./fast_codec.ts";
import { type DbSession, type OnLiveEvent, SdkSession } from "./session.ts";

/** Where to connect, as whom, and who wants to know. */
export interface RemoteOptions {
  /** `ws://` or `wss://`; a path other than `/rpc` gets `/rpc` appended. */
  readonly url: string;
  /** Makes a token; asked before each connection and each renewal. */
  readonly token?: () => Promise<string>;
  /** A system user of the database, in the place of a token. */
  readonly user?: { readonly username: string; readonly password: string };
  /** Database of the namespace; null selects none. Default: `system`. */
  readonly database?: string | null;
  /** Ends the session. */
  readonly signal: AbortSignal;
  /**
   * Told when a lost connection is back and live queries run again, so that the
   * caller reads what it may have missed.
   */
  readonly onReconnect?: () => void;
  /** Told of each lost connection and each failed try to make one. */
  readonly onFailure?: (error: SkymapError) => void;
  /** How long a statement waits for a lost connection. Default: 30,000 ms. */
  readonly patienceMs?: number;
  /** Pause between two looks whether the peer lives. Default: 15,000 ms. */
  readonly heartbeatMs?: number;
  /** How long a connection or a sign of life may take. Default: 10,000 ms. */
  readonly answerMs?: number;
}

/** Longest pause between two tries to connect. */
const MAX_PAUSE_MS = 5_000;

/** Seconds before a token's end at which the SDK asks for the next one. */
function renewalMargin(token: string): number {
  const { exp = 0 } = decodeJwt(token);
  const seconds = exp - Math.floor(Date.now() / 1000);
  return Math.max(1, Math.floor(seconds / 5));
}

/** Rejects when the promise takes too long. */
async function within<T>(
  milliseconds: number,
  promise: Promise<T>,
): Promise<T> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      promise,
      delay(milliseconds, timer.signal).then(() => {
        throw new Error(`no answer within ${milliseconds} ms`);
      }),
    ]);
  } finally {
    timer.abort();
  }
}

/** One connection, from its opening to its loss. */
class Connection {
  readonly #db: Surreal;
  readonly #rejects = new Set<(error: Error) => void>();
  readonly #url: string;
  #engine: WebSocketEngine | undefined;
  #lost: SkymapError | undefined;
  #onLost: (error: SkymapError) => void = () => {};
  #heartbeat: ReturnType<typeof setInterval> | undefined;

  private constructor(url: string) {
    this.#url = url;
    const engine = (
      context: ConstructorParameters<typeof WebSocketEngine>[0],
    ) => this.#engine = new WebSocketEngine(context);
    this.#db = new Surreal({
      engines: { ws: engine, wss: engine },
      codecs: { cbor: (options) => new FastCodec(options) },
      codecOptions: { useNativeDates: true },
    });
  }

  /** Connects, signs in and selects the database. */
  static async open(options: RemoteOptions): Promise<Connection> {
    const connection = new Connection(options.url);
    try {
      await connection.#open(options);
      return connection;
    } catch (error) {
      connection.lose(error);
      throw connectionError(options.url, error);
    }
  }

  async #open(options: RemoteOptions): Promise<void> {
    const token = await options.token?.();
    let first = token;
    const { database = DATABASE_SCOPE.database } = options;
    const opened = this.#db.connect(options.url, {
      ...(database !== null && {
        namespace: DATABASE_SCOPE.namespace,
        database,
      }),
      // The SDK's own way to reconnect sends unanswered statements again, which
      // could carry them out twice.
      reconnect: false,
      ...(options.user && { authentication: options.user }),
      ...(options.token && token !== undefined && {
        expiryMargin: renewalMargin(token),
        authentication: async () => {
          const next = first ?? await options.token?.() ?? null;
          first = undefined;
          return next;
        },
      }),
    });
    // The SDK tells nobody when a socket cannot be opened: its promise would
    // stay open for ever.
    const failed = new Promise<never>((_, reject) => {
      this.#engine?.subscribe("error", reject);
      this.#engine?.subscribe("disconnected", () => {
        const error = new Error("the connection was closed");
        reject(error);
        this.lose(error);
      });
    });
    failed.catch(() => {});
    const { answerMs = 10_000, heartbeatMs = 15_000 } = options;
    await within(answerMs, Promise.race([opened, failed]));
    this.#db.subscribe("error", (error) => this.lose(error));
    this.#heartbeat = setInterval(() => {
      within(answerMs, this.#db.health()).catch((error) => this.lose(error));
    }, heartbeatMs);
  }

  /** The session of the signed-in user. */
  session(): SdkSession {
    const source = this.#engine;
    if (source === undefined) throw new TypeError("Cannot be: no engine");
    return new SdkSession(this.#db, source);
  }

  /** Calls back when the connection is lost, at once if it is already. */
  onLost(callback: (error: SkymapError) => void): void {
    this.#onLost = callback;
    if (this.#lost !== undefined) callback(this.#lost);
  }

  /** The promise, or a rejection when the connection is lost before. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#lost !== undefined) reject(this.#lost);
      this.#rejects.add(reject);
      promise.then(resolve, reject).finally(() => this.#rejects.delete(reject));
    });
  }

  /** Gives the connection up; what was not answered yet rejects. */
  lose(cause: unknown): void {
    if (this.#lost !== undefined) return;
    const error = connectionError(this.#url, cause);
    this.#lost = error;
    clearInterval(this.#heartbeat);
    for (const reject of this.#rejects) reject(error);
    // Not awaited: a dead peer never answers the good-bye.
    this.#db.close().catch(() => {});
    this.#onLost(error);
  }
}

/** A live query that is started again on each new connection. */
interface Subscription {
  readonly start: (session: SdkSession) => Promise<AsyncDisposable>;
  handle: AsyncDisposable | undefined;
}

class RemoteSession implements DbSession {
  readonly #options: RemoteOptions;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;
  readonly #subscriptions = new Set<Subscription>();
  #connection: Connection | undefined;
  #session: SdkSession | undefined;
  #waiting: (() => void)[] = [];

  constructor(options: RemoteOptions) {
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal]);
    this.#signal.addEventListener("abort", () => this.#end(), { once: true });
  }

  #end(): void {
    this.#connection?.lose(new Error("the session was ended"));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** Makes one connection and starts the live queries on it. */
  async connect(): Promise<void> {
    this.#signal.throwIfAborted();
    const connection = await Connection.open(this.#options);
    const session = connection.session();
    try {
      this.#signal.throwIfAborted();
      for (const subscription of this.#subscriptions) {
        const handle = await connection.guard(subscription.start(session));
        if (this.#subscriptions.has(subscription)) subscription.handle = handle;
        else await handle[Symbol.asyncDispose]();
      }
    } catch (error) {
      connection.lose(error);
      throw error;
    }
    this.#connection = connection;
    this.#session = session;
    for (const wake of this.#waiting.splice(0)) wake();
    connection.onLost((error) => {
      this.#connection = undefined;
      this.#session = undefined;
      if (this.#signal.aborted) return;
      this.#options.onFailure?.(error);
      void this.#reconnect();
    });
  }

  async #reconnect(): Promise<void> {
    for (let attempt = 0; !this.#signal.aborted; attempt++) {
      const pause = Math.min(100 * 2 ** attempt, MAX_PAUSE_MS);
      try {
        await delay(pause * (0.5 + Math.random() / 2), this.#signal);
        await this.connect();
        this.#options.onReconnect?.();
        return;
      } catch (error) {
        if (this.#signal.aborted) return;
        this.#options.onFailure?.(connectionError(this.#options.url, error));
      }
    }
  }

  /** The connection, waiting for it while it is being made again. */
  async #ready(): Promise<{ connection: Connection; session: SdkSession }> {
    const { patienceMs = 30_000, url } = this.#options;
    const deadline = Date.now() + patienceMs;
    for (;;) {
      this.#signal.throwIfAborted();
      const connection = this.#connection;
      const session = this.#session;
      if (connection !== undefined && session !== undefined) {
        return { connection, session };
      }
      const left = deadline - Date.now();
      const back = new Promise<void>((resolve) => this.#waiting.push(resolve));
      await within(left, back).catch((cause) => {
        throw new SkymapError(
          "database_unreachable",
          `Cannot reach database "${url}": the connection was lost ` +
            `${patienceMs} ms ago and is not back`,
          { cause },
        );
      });
    }
  }

  async query<R extends unknown[] = unknown[]>(
    sql: string,
    bindings: Record<string, unknown> = {},
  ): Promise<R> {
    const { connection, session } = await this.#ready();
    return await connection.guard(session.query<R>(sql, bindings));
  }

  async live<T>(
    sql: string,
    bindings: Record<string, unknown>,
    onEvent: OnLiveEvent<T>,
  ): Promise<AsyncDisposable> {
    const start = (session: SdkSession) => session.live(sql, bindings, onEvent);
    const { connection, session } = await this.#ready();
    const handle = await connection.guard(start(session));
    const subscription: Subscription = { start, handle };
    this.#subscriptions.add(subscription);
    return {
      [Symbol.asyncDispose]: async () => {
        if (!this.#subscriptions.delete(subscription)) return;
        const { handle } = subscription;
        const connection = this.#connection;
        // A closed socket has ended its live queries, and answers nothing more.
        if (handle === undefined || connection === undefined) return;
        if (this.#signal.aborted) return;
        await connection.guard(Promise.resolve(handle[Symbol.asyncDispose]()))
          .catch(() => {});
      },
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#subscriptions.clear();
    this.#stop.abort(new DOMException("Session ended", "AbortError"));
    return Promise.resolve();
  }
}

/**
 * Connects to core's `/rpc`, or to a SurrealDB server. The session renews its
 * token before it expires. When the connection is lost it is made again, with
 * pauses growing from 0.1 to 5 s, live queries are started again, and
 * `onReconnect` is called. A statement that was under way at the loss rejects
 * with `database_unreachable`, for it may have been carried out; one that comes
 * later waits for the new connection.
 *
 * @throws SkymapError `database_unreachable` or `database_denied` when the first
 * connection fails: that one is not tried again.
 */
export async function connectRemote(
  options: RemoteOptions,
): Promise<DbSession> {
  const session = new RemoteSession(options);
  try {
    await session.connect();
    return session;
  } catch (error) {
    await session[Symbol.asyncDispose]();
    throw error;
  }
}
