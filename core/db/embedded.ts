/**
 * The database engine inside this process.
 *
 * @module
 */

import { createNodeEngines } from "@surrealdb/node";
import {
  type ConnectionState,
  type DriverContext,
  type RpcEngine,
  type RpcRequest,
  Surreal,
  type SurrealEngine,
  type Uuid,
} from "surrealdb";
import { connectionError, FastCodec, SdkSession } from "@skymap/lib/db";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { delay } from "@skymap/lib/lifecycle";

/** A request as the SDK's protocol knows it. */
export interface EngineRequest {
  /** Name of the method. */
  readonly method: string;
  /** Its arguments. */
  readonly params?: unknown[];
  /** Session it runs in; the gateway never leaves it out. */
  readonly session: Uuid;
}

/** What the native engine is, beyond what the SDK's factories promise. */
type Engine = SurrealEngine & Pick<RpcEngine, "send">;

/** The engine of this process. */
export interface EmbeddedEngine extends AsyncDisposable {
  /** A new session as owner, in a database or in none. */
  openSession(
    place: { readonly namespace?: string; readonly database?: string },
  ): Promise<SdkSession>;
  /** Carries a request out; rejects with the SDK's errors. */
  send(request: EngineRequest): Promise<unknown>;
  /** The engine's version, as the protocol says it. */
  version(): Promise<string>;
  /** Events of live queries of every session. */
  readonly liveQuery: SurrealEngine["liveQuery"];
}

/**
 * Caches that fit beside the search index: the record is written in bulk and
 * read by id, so that larger ones buy nothing (135 MB less at equal speed).
 *
 * The block cache must be larger than a write buffer by more than the largest
 * transaction. The engine keeps as many written buffers as it may have, to find
 * conflicts, and stalls all writers while these and the buffer in use are larger
 * than all buffers and the cache together: without room to spare it waits for
 * ever. (With 32 MB a transaction of 30 MB never ended.)
 */
const CACHES: Readonly<Record<string, string>> = {
  SURREAL_ROCKSDB_BLOCK_CACHE_SIZE: String(64 * 1024 * 1024),
  SURREAL_ROCKSDB_WRITE_BUFFER_SIZE: String(16 * 1024 * 1024),
  SURREAL_ROCKSDB_MAX_WRITE_BUFFER_NUMBER: "2",
};

/** Sets the engine's caches, where the operator did not and Deno lets us. */
function limitCaches(): void {
  for (const [variable, value] of Object.entries(CACHES)) {
    const { state } = Deno.permissions.querySync({ name: "env", variable });
    if (state === "granted" && Deno.env.get(variable) === undefined) {
      Deno.env.set(variable, value);
    }
  }
}

/** Nothing that reaches out of the engine: no scripts, no network, no files. */
const CAPABILITIES = {
  scripting: false,
  guest_access: false,
  live_query_notifications: true,
  functions: { allow: true, deny: ["http"] },
  network_targets: false,
  experimental: false,
};

/**
 * Makes the engine open the path as it is. It takes the text of the SDK's URL
 * for a path and never decodes it: a blank would become a folder with "%20".
 */
function openAt(engine: Engine, path: string): Engine {
  const open = engine.open.bind(engine);
  engine.open = (state: ConnectionState) =>
    open(Object.create(state, {
      url: { value: { toString: () => `rocksdb://${path}` } },
    }));
  return engine;
}

/** The native engine keeps a path's files open until the process ends. */
const opened = new Set<string>();

function openError(path: string, thrown: unknown): SkymapError {
  const cause = thrown instanceof Error && thrown.cause instanceof Error
    ? thrown.cause
    : thrown;
  const message = messageOf(cause);
  if (/lock file|lock hold|resource temporarily unavailable/i.test(message)) {
    return new SkymapError(
      "data_dir_locked",
      `Cannot open database "${path}": another process uses it`,
      { cause: thrown },
    );
  }
  if (/permission|read-only|create rocksdb directory/i.test(message)) {
    return new SkymapError(
      "data_dir_unusable",
      `Cannot open database "${path}": ${message}`,
      { cause: thrown },
    );
  }
  if (/corrupt|checksum|invalid argument|no such file/i.test(message)) {
    return new SkymapError(
      "database_corrupt",
      `Cannot open database "${path}": its files are damaged (${message}), ` +
        "wanted them as they were written; restore them from a backup",
      { cause: thrown },
    );
  }
  return connectionError(path, cause);
}

/**
 * Closes the engine so that the process can end. Its loop waits for an event of
 * a live query and would wait for ever, keeping the process alive; or, where the
 * isolate ends before the process, as in tests, wait on in a world that is gone
 * and take the process down (SIGSEGV). So the last thing is an event.
 */
async function part(db: Surreal, engine: Engine): Promise<void> {
  const { session } = await db.newSession();
  const send = (sql: string) =>
    engine.send({ method: "query", params: [sql], session });
  await engine.use({ namespace: "parting", database: "parting" }, session);
  const [, live] = await send(
    "DEFINE TABLE parting; LIVE SELECT * FROM parting",
  ) as readonly { readonly result: Uuid }[];
  if (live === undefined) throw new TypeError("Cannot be: no live query");
  const events = engine.liveQuery(live.result)[Symbol.asyncIterator]();
  // Under way when the engine is closed: one of its later events finds the loop
  // told to end. A request that the engine had not begun by then would take the
  // process down (a panic), so its first event is waited for.
  const parting = send(
    "CREATE parting;".repeat(100) + "REMOVE NAMESPACE parting",
  );
  await Promise.race([events.next(), parting]);
  await db.close();
  await parting;
}

/** The requests of an engine that are not answered yet. */
function trackRequests(engine: Engine): ReadonlySet<Promise<unknown>> {
  const pending = new Set<Promise<unknown>>();
  const send = engine.send.bind(engine);
  engine.send = <M extends string, P extends unknown[] | undefined, R>(
    request: RpcRequest<M, P>,
  ): Promise<R> => {
    const answer = send<M, P, R>(request);
    const settled = answer.catch(() => {}).finally(() => {
      pending.delete(settled);
    });
    pending.add(settled);
    return answer;
  };
  return pending;
}

/** How long the end waits for requests that are under way. */
const PARTING_MS = 2_000;

/** Resolves when all requests are answered, or time is up. */
async function settle(pending: ReadonlySet<Promise<unknown>>): Promise<void> {
  const timer = new AbortController();
  await Promise.race([
    Promise.all(pending),
    delay(PARTING_MS, timer.signal).catch(() => {}),
  ]);
  timer.abort();
}

/**
 * Opens the engine on RocksDB files. A path can be opened once in the life of a
 * process.
 *
 * @throws SkymapError `data_dir_locked`, `database_corrupt`, `database_full` or
 * `database_unreachable`.
 */
export async function openEmbedded(
  path: string,
  signal: AbortSignal,
): Promise<EmbeddedEngine> {
  signal.throwIfAborted();
  if (opened.has(path)) {
    throw new SkymapError(
      "data_dir_locked",
      `Cannot open database "${path}": this process has opened it before, ` +
        "and its engine keeps the files until the process ends",
    );
  }
  if (path.includes("?")) {
    throw new SkymapError(
      "data_dir_unusable",
      `Cannot open database "${path}": the engine takes what follows "?" for ` +
        "options, wanted a path without it",
    );
  }
  opened.add(path);
  limitCaches();
  const engines = createNodeEngines({ capabilities: CAPABILITIES });
  let engine: Engine | undefined;
  const db = new Surreal({
    codecs: { cbor: (options) => new FastCodec(options) },
    codecOptions: { useNativeDates: true },
    engines: {
      rocksdb: (context: DriverContext) =>
        engine = openAt(engines.rocksdb?.(context) as Engine, path),
    },
  });
  const connecting = db.connect("rocksdb://embedded");
  // The SDK does not pass on that opening failed: its promise stays open.
  const failed = Promise.withResolvers<never>();
  const giveUp = () => failed.reject(signal.reason);
  engine?.subscribe("error", failed.reject);
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    await Promise.race([connecting, failed.promise]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw openError(path, error);
  } finally {
    signal.removeEventListener("abort", giveUp);
  }
  if (engine === undefined) throw new TypeError("Cannot be: no engine");
  const source = engine;
  const pending = trackRequests(source);
  return {
    openSession: async (place) => {
      const session = await db.newSession();
      if (place.namespace !== undefined) await session.use(place);
      return new SdkSession(session, source);
    },
    send: (request) => source.send(request),
    version: async () => (await source.version()).version,
    liveQuery: (id) => source.liveQuery(id),
    [Symbol.asyncDispose]: async () => {
      // A request that the engine has not begun when it is closed would take
      // the process down.
      await settle(pending);
      await part(db, source).catch(() => db.close()).catch(() => {});
    },
  };
}
