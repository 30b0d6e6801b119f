/**
 * What the graph holds of one account, read once for many scopes.
 *
 * @module
 */

import type { ScopeKey } from "@skymap/lib/plugin";
import type { ScopeRow } from "../index/index_batch.ts";
import {
  countNodes,
  readHashes,
  readScopes,
  type ScopePart,
} from "../index/stored_scopes.ts";
import type { IndexReader } from "./index_reader.ts";
import { scopeText } from "./scope_key.ts";

/**
 * Nodes whose hashes are read at once: about 30 MB. Larger accounts are read a
 * region, and larger regions a scope at a time.
 */
const MAX_AT_ONCE = 200_000;

/** A scope as it is stored. */
export interface StoredScope {
  /** Its state, if it was ever merged. */
  readonly row: ScopeRow | undefined;
  /** Content hash to node id; the caller may change it. */
  readonly hashes: Map<string, string>;
}

/**
 * When scopes were committed last, so that what was read before is not used.
 * Remembered for as long as somebody may hold what was read before.
 */
export class CommitClock {
  #now = 0;
  readonly #commits = new Map<string, number>();
  readonly #readers = new Set<{ readonly since: number }>();

  /** Begins to read: from now on commits are noticed. */
  begin(): { readonly since: number } {
    const reader = { since: this.#now };
    this.#readers.add(reader);
    return reader;
  }

  /** What was read is not used any more. */
  end(reader: { readonly since: number }): void {
    this.#readers.delete(reader);
    if (this.#readers.size === 0) this.#commits.clear();
  }

  /** A scope was committed. */
  tick(scope: string): void {
    this.#now++;
    if (this.#readers.size > 0) this.#commits.set(scope, this.#now);
  }

  /** Whether a scope was committed since a reader began. */
  isStale(scope: string, reader: { readonly since: number }): boolean {
    return (this.#commits.get(scope) ?? 0) > reader.since;
  }
}

/** What is stored of an account, as of the moment it was first read. */
export class StoredAccount implements Disposable {
  readonly #reader: IndexReader;
  readonly #clock: CommitClock;
  readonly #since: { readonly since: number };
  readonly #part: { readonly cloud: string; readonly account: string };
  readonly #rows = new Map<string, ScopeRow>();
  readonly #hashes = new Map<number, Map<string, string>>();
  readonly #regions = new Set<string>();
  #level: "account" | "region" | undefined;

  private constructor(
    reader: IndexReader,
    clock: CommitClock,
    part: { readonly cloud: string; readonly account: string },
  ) {
    this.#reader = reader;
    this.#clock = clock;
    this.#since = clock.begin();
    this.#part = part;
  }

  /** Reads what is stored of an account. */
  static async read(
    reader: IndexReader,
    clock: CommitClock,
    part: { readonly cloud: string; readonly account: string },
  ): Promise<StoredAccount> {
    const account = new StoredAccount(reader, clock, part);
    try {
      await account.#read();
      return account;
    } catch (error) {
      account[Symbol.dispose]();
      throw error;
    }
  }

  async #read(): Promise<void> {
    await this.#reader.ask("read the ledger", async (connection) => {
      for (const row of await readScopes(connection, this.#part)) {
        this.#rows.set(scopeText(row), row);
      }
    });
  }

  /** States of its scopes. */
  get rows(): readonly ScopeRow[] {
    return [...this.#rows.values()];
  }

  /** Reads the hashes of a part, unless they are too many to hold. */
  async #readAtOnce(part: ScopePart): Promise<boolean> {
    return await this.#reader.ask("read hashes", async (connection) => {
      if (await countNodes(connection, part) > MAX_AT_ONCE) return false;
      for (const [sid, hashes] of await readHashes(connection, part)) {
        this.#hashes.set(sid, hashes);
      }
      return true;
    });
  }

  /** Takes what is stored of a scope, whose lock the caller holds. */
  async take(key: ScopeKey): Promise<StoredScope> {
    const text = scopeText(key);
    if (this.#clock.isStale(text, this.#since)) return await this.#fresh(key);
    const row = this.#rows.get(text);
    if (row === undefined) return { row, hashes: new Map() };
    this.#level ??= await this.#readAtOnce(this.#part) ? "account" : "region";
    if (this.#level === "region" && !this.#regions.has(key.region)) {
      this.#regions.add(key.region);
      const { cloud, account, region } = key;
      if (!await this.#readAtOnce({ cloud, account, region })) {
        return await this.#fresh(key);
      }
    }
    const hashes = this.#hashes.get(row.sid);
    if (hashes !== undefined || this.#level === "account") {
      // Whoever takes it may change it; it is taken once.
      this.#hashes.delete(row.sid);
      return { row, hashes: hashes ?? new Map() };
    }
    return await this.#fresh(key);
  }

  /** The state of a scope, whose lock the caller holds. */
  async state(key: ScopeKey): Promise<ScopeRow | undefined> {
    const text = scopeText(key);
    if (!this.#clock.isStale(text, this.#since)) return this.#rows.get(text);
    return await this.#reader.ask("read a scope", async (connection) => {
      const [row] = await readScopes(connection, key);
      return row;
    });
  }

  async #fresh(key: ScopeKey): Promise<StoredScope> {
    return await this.#reader.ask("read a scope", async (connection) => {
      const [row] = await readScopes(connection, key);
      if (row === undefined) return { row, hashes: new Map() };
      const scopes = await readHashes(connection, key);
      return { row, hashes: scopes.get(row.sid) ?? new Map() };
    });
  }

  /** Lets go of what was read. */
  [Symbol.dispose](): void {
    this.#clock.end(this.#since);
    this.#hashes.clear();
  }
}
