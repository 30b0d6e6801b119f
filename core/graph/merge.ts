/**
 * The merge of one stream.
 *
 * @module
 */

import type { MergeReport } from "@skymap/lib/client";
import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import type {
  AccountFailedMessage,
  AccountsMessage,
  EndMessage,
  Failure,
  IssueMessage,
  MergeMessage,
  ProgressMessage,
  ScopeKey,
  ScopeMessage,
  ScopeOpenMessage,
  ScopeUsage,
} from "@skymap/lib/plugin_host";
import { LineSplitter } from "./line_splitter.ts";
import { type AccountMark, markAccount } from "./mark_account.ts";
import { MergeCounter } from "./merge_report.ts";
import { OpenScope, type ScopeSetup } from "./open_scope.ts";
import { malformed, readMessage } from "./read_message.ts";
import type { Holder, ScopeLease, ScopeLocks } from "./scope_locks.ts";
import { isOwnScope, scopeText } from "./scope_key.ts";
import {
  type CommitClock,
  StoredAccount,
  type StoredScope,
} from "./stored_account.ts";
import type { IndexReader } from "./index_reader.ts";
import type { GraphWriter } from "./writer.ts";

/** How a stream is merged. */
export interface MergeOptions {
  /** The run it belongs to. */
  readonly run?: string;
  /** Names the sender in errors. Default: `merge`. */
  readonly source?: string;
  /** Stops reading; what was closed before is in. */
  readonly signal: AbortSignal;
  /** Told of progress and issues. */
  readonly onMessage?: (message: ProgressMessage | IssueMessage) => void;
}

/** What a merge needs of its graph. */
export interface MergeContext {
  readonly writer: GraphWriter;
  readonly reader: IndexReader;
  readonly locks: ScopeLocks;
  readonly clock: CommitClock;
  readonly now: () => Date;
  /** Everything about a scope but the names that the stream gives. */
  setup(
    key: ScopeKey,
    stored: StoredScope,
  ): Omit<ScopeSetup, "number" | "accountName" | "regionName" | "stored">;
  /** Makes the cloud's own node, unless it is there. */
  ensureCloud(cloud: string, run: string | null): Promise<void>;
  /** Every account of a cloud that the ledger knows. */
  accountsOf(cloud: string): Promise<readonly string[]>;
  /** Kind of a cloud's accounts. */
  accountKind(cloud: string): string;
  /** Number for a scope that is new. */
  nextScope(): number;
}

const UNMENTIONED = {
  status: "unmentioned",
  error: {
    code: "unmentioned",
    message: "The last collect of the account did not mention this scope",
  },
} as const;

const GONE = {
  status: "gone",
  error: {
    code: "account_gone",
    message: "The account is not in the list of all accounts any more",
  },
} as const;

/** Accounts of which the stored state is held at a time. */
const MAX_ACCOUNTS = 4;

/** One stream on its way into the graph. */
export class Merge implements Holder {
  readonly name: string;
  readonly #context: MergeContext;
  readonly #options: MergeOptions;
  readonly #run: string | null;
  readonly #counter = new MergeCounter();
  readonly #open = new Map<number, OpenScope>();
  readonly #leases = new Map<OpenScope, ScopeLease>();
  readonly #openKeys = new Set<string>();
  readonly #mentioned = new Set<string>();
  readonly #accounts = new Map<string, StoredAccount>();
  readonly #failedAccounts = new Map<string, AccountFailedMessage>();
  readonly #listed: AccountsMessage[] = [];
  readonly #commits = new Set<Promise<void>>();
  #commitError: { readonly error: unknown } | undefined;
  #ended = false;

  /** Makes a merge into a graph. */
  constructor(context: MergeContext, options: MergeOptions) {
    this.#context = context;
    this.#options = options;
    this.#run = options.run ?? null;
    this.name = options.source ?? "merge";
  }

  /**
   * Reads the stream to its end. Scopes that were closed are in the graph when
   * this resolves, and also when it rejects.
   */
  async run(body: AsyncIterable<Uint8Array>): Promise<MergeReport> {
    try {
      await this.#read(body);
      await this.#settle();
    } catch (error) {
      await this.#settle().catch(() => {});
      throw this.#withReport(error);
    } finally {
      for (const lease of this.#leases.values()) lease.release();
      for (const account of this.#accounts.values()) {
        account[Symbol.dispose]();
      }
    }
    return this.#report();
  }

  #report(): MergeReport {
    return this.#counter.report(this.#context.writer.sequence);
  }

  /** Whoever sent the stream learns what is in all the same. */
  #withReport(error: unknown): unknown {
    if (!isSkymapError(error)) return error;
    return new SkymapError(error.code, error.message, {
      details: { ...error.details, report: this.#report() },
      ...(error.cause !== undefined && { cause: error.cause }),
    });
  }

  async #read(body: AsyncIterable<Uint8Array>): Promise<void> {
    const { signal } = this.#options;
    const splitter = new LineSplitter();
    for await (const chunk of body) {
      signal.throwIfAborted();
      const before = splitter.lines;
      const lines = splitter.push(chunk);
      for (let at = 0; at < lines.length; at++) {
        const work = this.#line(lines[at] ?? "", before + at + 1);
        if (work !== undefined) {
          await work;
          signal.throwIfAborted();
        }
      }
    }
    const last = splitter.end();
    if (last !== undefined) await this.#lastLine(last, splitter.lines);
    if (!this.#ended) {
      throw new SkymapError(
        "merge_truncated",
        `Cannot finish merge: the stream ended after line ${splitter.lines}, wanted an "end" message; scopes that were closed before are merged`,
        { details: { line: splitter.lines, open: this.#open.size } },
      );
    }
  }

  /** A last line without its end may be half a line. */
  async #lastLine(line: string, number: number): Promise<void> {
    try {
      await this.#line(line, number);
    } catch (error) {
      if (!isSkymapError(error, "merge_malformed") || this.#ended) throw error;
      throw new SkymapError(
        "merge_truncated",
        `Cannot finish merge: the stream ended within line ${number}; scopes that were closed before are merged`,
        { cause: error, details: { line: number, open: this.#open.size } },
      );
    }
  }

  /** Takes a line; gives a promise only where something has to be waited for. */
  #line(text: string, number: number): Promise<void> | undefined {
    if (text === "" || text.trim() === "") return undefined;
    if (this.#ended) {
      throw malformed(number, `it follows the "end" message`);
    }
    const message: MergeMessage = readMessage(text, number);
    switch (message.type) {
      case "node":
        this.#scope(message.scope, number).node(message, number);
        return undefined;
      case "edge":
        this.#scope(message.scope, number).edge(message, number);
        return undefined;
      case "deferred_edge":
        this.#scope(message.scope, number).deferredEdge(message, number);
        return undefined;
      case "scope":
        return this.#scopeMessage(message, number);
      case "accounts":
        this.#listed.push(message);
        return undefined;
      case "account_failed":
        this.#failedAccounts.set(
          JSON.stringify([message.cloud, message.account]),
          message,
        );
        return undefined;
      case "progress":
      case "issue":
        this.#options.onMessage?.(message);
        return undefined;
      case "end":
        this.#ended = true;
        return this.#end(message);
    }
  }

  #scope(number: number, line: number): OpenScope {
    const scope = this.#open.get(number);
    if (scope === undefined) {
      throw malformed(line, `scope ${number} is not open`);
    }
    return scope;
  }

  #scopeMessage(message: ScopeMessage, line: number): Promise<void> {
    if (message.state === "open") return this.#openScope(message, line);
    const scope = this.#scope(message.scope, line);
    return this.#close(
      scope,
      message.state === "failed" ? message.error : undefined,
      message.usage,
    );
  }

  async #openScope(message: ScopeOpenMessage, line: number): Promise<void> {
    const { cloud, account, region, kind } = message;
    const key: ScopeKey = { cloud, account, region, kind };
    const text = scopeText(key);
    if (this.#open.has(message.scope)) {
      throw malformed(line, `scope ${message.scope} is open already`);
    }
    if (this.#openKeys.has(text)) {
      throw malformed(line, `another scope of this stream is open for ${text}`);
    }
    if (isOwnScope(key)) throw malformed(line, `scope ${text} is core's own`);
    await this.#context.writer.room();
    this.#throwCommitError();
    await this.#context.ensureCloud(cloud, this.#run);
    const lease = await this.#context.locks.acquire(
      text,
      this,
      this.#options.signal,
    );
    try {
      const stored = await (await this.#account(cloud, account)).take(key);
      const scope = new OpenScope({
        ...this.#context.setup(key, stored),
        number: message.scope,
        stored,
        accountName: message.account_name ?? account,
        regionName: message.region_name ?? region,
      }, (rejection) => this.#counter.reject(rejection));
      this.#open.set(message.scope, scope);
      this.#openKeys.add(text);
      this.#mentioned.add(text);
      this.#leases.set(scope, lease);
    } catch (error) {
      lease.release();
      throw error;
    }
  }

  async #account(cloud: string, account: string): Promise<StoredAccount> {
    const name = JSON.stringify([cloud, account]);
    const known = this.#accounts.get(name);
    if (known !== undefined) return known;
    if (this.#accounts.size >= MAX_ACCOUNTS) {
      const [oldest] = this.#accounts;
      oldest?.[1][Symbol.dispose]();
      this.#accounts.delete(oldest?.[0] ?? "");
    }
    const { reader, clock } = this.#context;
    const read = await StoredAccount.read(reader, clock, { cloud, account });
    this.#accounts.set(name, read);
    return read;
  }

  async #close(
    scope: OpenScope,
    failure: Failure | undefined,
    usage?: ScopeUsage,
  ): Promise<void> {
    const key = scope.setup.scope;
    const text = scopeText(key);
    const diff = await scope.close(this.#context.reader, failure, usage);
    this.#open.delete(scope.setup.number);
    this.#openKeys.delete(text);
    const lease = this.#leases.get(scope);
    this.#leases.delete(scope);
    lease?.finish();
    const commit = this.#context.writer
      .submit({ ...diff.changes, run: this.#run })
      .then(
        () => this.#counter.scope(key, diff.counts, diff.failure),
        (error) => {
          this.#commitError ??= { error };
        },
      )
      .finally(() => {
        this.#context.clock.tick(text);
        lease?.release();
        this.#commits.delete(commit);
      });
    this.#commits.add(commit);
  }

  #throwCommitError(): void {
    if (this.#commitError !== undefined) throw this.#commitError.error;
  }

  /** Waits until everything that was closed is written. */
  async #settle(): Promise<void> {
    while (this.#commits.size > 0) {
      this.#context.writer.flush();
      await Promise.all(this.#commits);
    }
    this.#throwCommitError();
  }

  async #end({ collected }: EndMessage): Promise<void> {
    for (const scope of [...this.#open.values()]) {
      await this.#close(scope, {
        code: "not_closed",
        message: "The plugin did not say whether the scope is complete",
      });
    }
    await this.#settle();
    for (const { cloud, account, error } of this.#failedAccounts.values()) {
      // An account that could never be collected must show in the ledger too.
      const enterAs = this.#context.accountKind(cloud);
      const mark = {
        cloud,
        account,
        error,
        enterAs,
        status: "failed",
      } as const;
      for (const key of await this.#mark(mark)) {
        this.#counter.scope(key, undefined, error);
      }
    }
    if (collected !== undefined) {
      const { cloud, account } = collected;
      await this.#mark({ cloud, account, ...UNMENTIONED });
    }
    for (const { cloud, accounts } of this.#listed) {
      const listed = new Set(accounts);
      for (const account of await this.#context.accountsOf(cloud)) {
        if (listed.has(account)) continue;
        await this.#mark({ cloud, account, ...GONE });
      }
    }
  }

  #mark(mark: Omit<AccountMark, "except">): Promise<readonly ScopeKey[]> {
    return markAccount(this.#context, { ...mark, except: this.#mentioned }, {
      holder: this,
      run: this.#run,
      signal: this.#options.signal,
    });
  }
}
