import type { ActivePluginJson } from "@skymap/lib/client";
import { messageOf } from "@skymap/lib/errors";
import { canonicalJson, type Json, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { Account, AccountList } from "@skymap/lib/plugin";
import { accountIn } from "./plugin/account_list.ts";

/** What {@linkcode AccountLists} needs. */
export interface AccountListsOptions {
  /** Lists the accounts of a plugin, with their credentials. */
  readonly list: (
    plugin: ActivePluginJson,
    signal: AbortSignal,
  ) => Promise<AccountList>;
  /** Configuration of a plugin by its name, as of now. */
  readonly config: (name: string) => JsonObject;
  /** Milliseconds since 1970. Default: the clock. */
  readonly now?: () => number;
  /** Ends what is listed: nobody's own, for others wait for it too. */
  readonly signal: AbortSignal;
}

/** For how long a list is used. */
const KEEP_MS = 600_000;

/** What credentials must still be good for. */
const LEFT_MS = 300_000;

/** For how long it is enough to know which accounts there are. */
const KNOWN_MS = 3_600_000;

/** Pause before what failed is listed again, when nobody waits for it. */
const PAUSE_MS = 60_000;

const NONE: AccountList = { accounts: [] };

const log = logger("worker/plugin");

/** What was listed. */
interface Kept {
  /** What it was listed with. */
  readonly key: string;
  readonly list: AccountList;
  readonly at: number;
  readonly until: number;
}

/** When the credentials of an account end, if they tell it as `expires_at`. */
function endOf({ credentials }: Account): number {
  const end = credentials?.["expires_at"];
  const time = typeof end === "string" ? Date.parse(end) : NaN;
  return Number.isNaN(time) ? Infinity : time;
}

/**
 * The accounts of plugins with their credentials, in memory alone: for ten
 * minutes, or until the first session has less than five left. However many
 * want a list, it is made once.
 */
export class AccountLists {
  readonly #options: AccountListsOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #listing = new Map<
    string,
    { readonly key: string; readonly list: Promise<AccountList> }
  >();

  /** When a list failed that nobody waited for, and of what. */
  readonly #failed = new Map<
    string,
    { readonly key: string; readonly at: number }
  >();

  /** Makes an empty one. */
  constructor(options: AccountListsOptions) {
    this.#options = options;
  }

  get #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  /** What a list depends on: code, permissions and configuration. */
  #keyOf(plugin: ActivePluginJson): string {
    const config = this.#options.config(plugin.name);
    return canonicalJson({ plugin, config } as unknown as Json);
  }

  /**
   * Accounts that a plugin lists: none when they cannot be listed, undefined as
   * long as it is not known. Lists them in the background when they are not
   * known, or not any more.
   */
  known(plugin: ActivePluginJson): AccountList | undefined {
    const { name } = plugin;
    let key: string;
    try {
      key = this.#keyOf(plugin);
    } catch {
      // A configuration that cannot be read: whoever uses it says so.
      return;
    }
    const kept = this.#kept.get(name);
    const isKnown = kept?.key === key;
    if (!isKnown || kept.at + KNOWN_MS <= this.#now) this.#look(plugin, key);
    if (isKnown) return kept.list;
    return this.#failed.get(name)?.key === key ? NONE : undefined;
  }

  #look(plugin: ActivePluginJson, key: string): void {
    const { name } = plugin;
    const failed = this.#failed.get(name);
    if (this.#listing.get(name)?.key === key) return;
    if (failed?.key === key && failed.at + PAUSE_MS > this.#now) return;
    this.relist(plugin, this.#options.signal).then(
      () => this.#failed.delete(name),
      (error) => {
        this.#failed.set(name, { key, at: this.#now });
        log.warn("Cannot list the accounts that tasks may be for: {reason}", {
          reason: messageOf(error),
        });
      },
    );
  }

  /** The accounts of a plugin, as they were listed a while ago at most. */
  async list(
    plugin: ActivePluginJson,
    signal: AbortSignal,
  ): Promise<AccountList> {
    const kept = this.#kept.get(plugin.name);
    if (
      kept !== undefined && kept.until > this.#now &&
      kept.key === this.#keyOf(plugin)
    ) return kept.list;
    return await this.relist(plugin, signal);
  }

  /** The accounts of a plugin, listed now. */
  async relist(
    plugin: ActivePluginJson,
    signal: AbortSignal,
  ): Promise<AccountList> {
    const { name } = plugin;
    const key = this.#keyOf(plugin);
    const running = this.#listing.get(name);
    if (running?.key === key) return await unlessAborted(running.list, signal);
    const list = this.#list(plugin, key);
    this.#listing.set(name, { key, list });
    const forget = () => {
      if (this.#listing.get(name)?.list === list) this.#listing.delete(name);
    };
    list.then(forget, forget);
    return await unlessAborted(list, signal);
  }

  async #list(plugin: ActivePluginJson, key: string): Promise<AccountList> {
    const { list: ask, signal } = this.#options;
    const list = await ask(plugin, signal);
    const end = Math.min(...list.accounts.map(endOf));
    const at = this.#now;
    const until = Math.min(at + KEEP_MS, end - LEFT_MS);
    this.#kept.set(plugin.name, { key, list, at, until });
    return list;
  }

  /**
   * An account with credentials that last: listed anew when those that are known
   * have less than five minutes left.
   *
   * @throws {SkymapError} `task_failed`, if the plugin does not list it.
   */
  async account(
    plugin: ActivePluginJson,
    id: string,
    signal: AbortSignal,
  ): Promise<Account> {
    return accountIn(await this.list(plugin, signal), plugin.name, id);
  }
}

/** What a promise gives, unless the signal aborts before. */
async function unlessAborted<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  signal.throwIfAborted();
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
