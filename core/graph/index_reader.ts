/**
 * A connection to the present index for short questions.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import { indexError, isDamage } from "../index/open.ts";
import type { SearchIndex } from "../index/search_index.ts";

/** Asks one question after another on one connection. */
export class IndexReader implements Disposable {
  readonly #index: SearchIndex;
  readonly #onDamage: () => void;
  #connection: DuckDBConnection | undefined;
  #generation = -1;
  #last: Promise<unknown> = Promise.resolve();

  /** Takes an index; connects when the first question comes. */
  constructor(index: SearchIndex, onDamage: () => void) {
    this.#index = index;
    this.#onDamage = onDamage;
  }

  /** Asks; `what` says in the error what could not be done. */
  ask<T>(
    what: string,
    question: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> {
    const answer = this.#last.then(async () => {
      try {
        if (this.#generation !== this.#index.generation) this.#disconnect();
        this.#connection ??= await this.#index.connect();
        this.#generation = this.#index.generation;
        return await question(this.#connection);
      } catch (error) {
        this.#disconnect();
        if (isDamage(error)) this.#onDamage();
        throw indexError(what, error);
      }
    });
    this.#last = answer.catch(() => {});
    return answer;
  }

  #disconnect(): void {
    this.#connection?.closeSync();
    this.#connection = undefined;
  }

  /** Closes the connection. */
  [Symbol.dispose](): void {
    this.#disconnect();
  }
}
