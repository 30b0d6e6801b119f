/**
 * A session of the database: statements, and live queries.
 *
 * @module
 */

import type { LiveMessage, SurrealSession, Uuid } from "surrealdb";
import { retry } from "../retry.ts";
import { isConflict, isEcho, statementError } from "./database_error.ts";

/** What happened to a row. */
export type LiveAction = "CREATE" | "UPDATE" | "DELETE";

/** Told of each change; must not wait, so that no change is lost. */
export type OnLiveEvent<T> = (action: LiveAction, row: T) => void;

/** A place to run statements in one database, as one user. */
export interface DbSession extends AsyncDisposable {
  /**
   * Runs statements in one round trip. The answer has one entry for each,
   * `BEGIN` and `COMMIT` included. A statement that lost a race against another
   * session is run again when it stands alone or in a `BEGIN` block; in a list
   * of statements without one it throws `conflict`, for some of them may have
   * been carried out.
   *
   * `RETURN` in a block commits it and passes over the rest of it.
   *
   * What a session may not see or change is no error: the answer is empty. Ask
   * for `RETURN id` and look at the length.
   *
   * @throws SkymapError `database_…` or `conflict`.
   */
  query<R extends unknown[] = unknown[]>(
    sql: string,
    bindings?: Record<string, unknown>,
  ): Promise<R>;

  /**
   * Starts a `LIVE SELECT`; disposing of the handle ends it. Changes made before
   * the promise resolves may be missing: read the rows afterwards.
   */
  live<T>(
    sql: string,
    bindings: Record<string, unknown>,
    onEvent: OnLiveEvent<T>,
  ): Promise<AsyncDisposable>;
}

/** The part of an engine of the SDK that hands out live events. */
export interface LiveSource {
  /** Events of a live query until it is killed. */
  liveQuery(id: Uuid): AsyncIterable<LiveMessage>;
}

/**
 * Whether the text can be run again as a whole after a conflict: one statement,
 * or one block with nothing beside it.
 */
function isAtomic(sql: string, statements: number): boolean {
  return statements === 1 ||
    /^\s*BEGIN\b[^]*\bCOMMIT\s*;?\s*$/i.test(sql) &&
      sql.match(/\bCOMMIT\b/gi)?.length === 1;
}

/** A conflict in a list of statements that cannot be run again. */
class HalfDone extends Error {}

/**
 * Hands events on until the stream ends or the answered function is called. The
 * SDK's iterator drops what arrives while nobody waits for its next value, so
 * nothing here awaits between two, and the callback must not throw.
 */
export function pump(
  messages: AsyncIterable<LiveMessage>,
  onMessage: (message: LiveMessage) => void,
): () => void {
  const iterator = messages[Symbol.asyncIterator]();
  const step = (result: IteratorResult<LiveMessage>): void => {
    if (result.done === true) return;
    // Asked for before the message is handed on: the next one may be here.
    iterator.next().then(step, () => {});
    onMessage(result.value);
  };
  iterator.next().then(step, () => {});
  return () => void iterator.return?.();
}

/** A {@linkcode DbSession} over a session of the SDK. */
export class SdkSession implements DbSession {
  readonly #session: SurrealSession;
  readonly #source: LiveSource;
  readonly #lives = new Set<() => boolean>();

  /** Takes a session that has its user, namespace and database. */
  constructor(session: SurrealSession, source: LiveSource) {
    this.#session = session;
    this.#source = source;
  }

  /** Runs statements; see {@linkcode DbSession.query}. */
  query<R extends unknown[] = unknown[]>(
    sql: string,
    bindings: Record<string, unknown> = {},
  ): Promise<R> {
    // At most 1.2 s of pauses in all; races are over within milliseconds.
    return retry(() => this.#run<R>(sql, bindings), {
      attempts: 30,
      firstDelayMs: 2,
      maxDelayMs: 50,
      when: (error) => isConflict(error) && !(error instanceof HalfDone),
    }).catch((error) => {
      throw statementError(
        sql,
        error instanceof HalfDone ? error.cause : error,
      );
    });
  }

  async #run<R extends unknown[]>(
    sql: string,
    bindings: Record<string, unknown>,
  ): Promise<R> {
    const responses = await this.#session.query(sql, bindings).responses();
    const errors = responses.flatMap((response) =>
      response.success ? [] : [response.error]
    );
    if (errors.length > 0) {
      const cause = errors.find((error) => !isEcho(error)) ?? errors[0];
      if (isConflict(cause) && !isAtomic(sql, responses.length)) {
        throw new HalfDone(cause?.message, { cause });
      }
      throw cause;
    }
    return responses.map((response) =>
      response.success ? response.result : undefined
    ) as R;
  }

  /** Starts a live query; see {@linkcode DbSession.live}. */
  async live<T>(
    sql: string,
    bindings: Record<string, unknown>,
    onEvent: OnLiveEvent<T>,
  ): Promise<AsyncDisposable> {
    const [id] = await this.query<[Uuid]>(sql, bindings);
    const stop = pump(this.#source.liveQuery(id), (message) => {
      if (message.action === "KILLED") end();
      else if (this.#lives.has(end)) {
        onEvent(message.action, message.value as T);
      }
    });
    const end = (): boolean => {
      stop();
      return this.#lives.delete(end);
    };
    this.#lives.add(end);
    return {
      [Symbol.asyncDispose]: async () => {
        if (!end()) return;
        // A session that is gone has taken its live queries along.
        await this.query("KILL $id", { id }).catch(() => {});
      },
    };
  }

  /** Ends the session and its live queries. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const end of [...this.#lives]) end();
    await this.#session.closeSession().catch(() => {});
  }
}
