import { SkymapError } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { Account, GraphChange, GraphRight } from "@skymap/lib/plugin";
import {
  GRAPH_RIGHT_TEXTS,
  MAX_ASKS,
  type PluginAsk,
  type PluginRequest,
  refusalOf,
  type WorkerAnswer,
} from "@skymap/lib/plugin_host";
import type { Access } from "./audit.ts";
import { readAsk } from "./read_ask.ts";
import { SearchPages } from "./search_pages.ts";
import type { Message } from "./stream_guard.ts";

/** How a plugin marks nodes. */
export type MarkAsk = Extract<
  PluginAsk,
  { readonly what: "clean" | "keep" | "protect" }
>;

/** How a plugin searches. */
export type SearchAsk = Extract<PluginAsk, { readonly what: "search" }>;

/** Told what a plugin did to the graph. */
export type OnChange = (what: GraphAction, change: GraphChange) => void;

/** What can be done to nodes. */
export type GraphAction = MarkAsk["what"] | "tag";

/** What a worker does for a plugin that asks, once it may. */
export interface PluginAnswers {
  /** An account of the plugin, with credentials that are fresh. */
  account(id: string, signal: AbortSignal): Promise<Account>;
  /** The nodes that match, or the rows of an aggregation. */
  search(ask: SearchAsk, signal: AbortSignal): AsyncIterable<JsonObject>;
  /** Marks nodes. */
  mark(ask: MarkAsk, signal: AbortSignal): Promise<GraphChange>;
  /** Sets tags of nodes in their cloud. */
  tag(
    tags: {
      readonly ids: readonly string[];
      readonly update: Readonly<Record<string, string>>;
      /** Whether it is waited for. */
      readonly wait: boolean;
    },
    signal: AbortSignal,
  ): Promise<GraphChange>;
}

/** What an {@linkcode AskDesk} needs. */
export interface AskDeskOptions {
  /** What the operator calls the plugin. */
  readonly plugin: string;
  /** What the process does. */
  readonly request: PluginRequest;
  /** What it may do to the graph. */
  readonly rights: readonly GraphRight[];
  /** Does what it may. */
  readonly answers: PluginAnswers;
  /** Sends an answer; resolves when the process has taken it. */
  readonly send: (answer: WorkerAnswer) => Promise<void>;
  /** Told what was done to the graph. Default: nobody is. */
  readonly onChange?: OnChange | undefined;
  /** Told the secrets that the process gets to know. */
  readonly learn: (credentials: JsonObject) => void;
}

/** Searches that a process may have open. */
const MAX_SEARCHES = 4;

/** The right that each question needs; an account needs none. */
const RIGHTS = {
  search: "search",
  next: "search",
  stop: "search",
  clean: "clean",
  keep: "clean",
  protect: "protect",
  tag: "tag",
} as const satisfies Record<
  Exclude<PluginAsk["what"], "account">,
  GraphRight
>;

/** What may ask: to describe itself or list its accounts a plugin asks nobody. */
const MAY_ASK: ReadonlySet<string> = new Set<PluginRequest["type"]>([
  "action",
  "collect",
  "command",
  "reaction",
  "task",
]);

/**
 * Answers what one process of a plugin asks: what it was not granted is refused,
 * and whoever does not ask as agreed is at fault.
 */
export class AskDesk implements AsyncDisposable {
  readonly #options: AskDeskOptions;
  readonly #stop = new AbortController();
  readonly #searches = new Map<number, SearchPages>();
  readonly #accesses = new Map<string, Access>();
  #lastId = 0;
  #outstanding = 0;

  /** Opens the desk. */
  constructor(options: AskDeskOptions) {
    this.#options = options;
  }

  /** The rights that were used, and those that were wanted in vain. */
  get accesses(): readonly Access[] {
    return [...this.#accesses.values()];
  }

  /**
   * Takes a question; it is answered while others come.
   *
   * @throws {SkymapError} `plugin_invalid`, if it is none.
   */
  take({ id, ask: asked }: Message): void {
    // What it wrote is not told: a part of a secret may be in it.
    if (!Number.isSafeInteger(id) || (id as number) <= this.#lastId) {
      this.#invalid(
        `asked a question whose number is not above ${this.#lastId}`,
      );
    }
    const ask = readAsk(asked);
    if (ask === undefined) {
      this.#invalid("asked what is no question, or one that is too large");
    }
    if (this.#outstanding >= MAX_ASKS) {
      this.#invalid(`asked more than ${MAX_ASKS} questions at once`);
    }
    this.#lastId = id as number;
    this.#outstanding++;
    this.#answer(this.#lastId, ask);
  }

  #invalid(what: string): never {
    throw new SkymapError(
      "plugin_invalid",
      `Plugin "${this.#options.plugin}" ${what}`,
    );
  }

  /** Never throws: what goes wrong is the answer. */
  async #answer(id: number, ask: PluginAsk): Promise<void> {
    let answer: WorkerAnswer;
    try {
      answer = { type: "answer", id, value: await this.#do(id, ask) };
    } catch (thrown) {
      answer = refusalOf(id, thrown);
    }
    if (!this.#stop.signal.aborted) await this.#options.send(answer);
    // Not before it is taken: who does not read may not go on asking.
    this.#outstanding--;
  }

  async #do(id: number, ask: PluginAsk): Promise<Json> {
    const { request, answers } = this.#options;
    const { signal } = this.#stop;
    if (!MAY_ASK.has(request.type)) {
      throw this.#refused(`nobody answers in "${request.type}"`);
    }
    if (ask.what === "account") return await this.#account(ask.id);
    this.#require(RIGHTS[ask.what]);
    switch (ask.what) {
      case "search":
        return await this.#search(id, ask);
      case "next":
        return await this.#next(ask.search);
      case "stop":
        await this.#end(ask.search);
        return null;
      case "tag": {
        const { ids, update } = ask;
        // A task that waits for a task would keep the place that it needs.
        const wait = request.type === "action";
        const tags = { ids, update, wait };
        return this.#changed("tag", await answers.tag(tags, signal));
      }
      default:
        return this.#changed(ask.what, await answers.mark(ask, signal));
    }
  }

  #changed(what: GraphAction, change: GraphChange): Json {
    this.#options.onChange?.(what, change);
    return json(change);
  }

  async #account(id: string): Promise<Json> {
    const { request, answers, learn } = this.#options;
    if (request.type === "collect" && request.account.id !== id) {
      throw this.#refused(
        `account "${id}" is not the one that is collected`,
      );
    }
    const account = await answers.account(id, this.#stop.signal);
    // Before it is sent, so that it cannot be told before it is known.
    if (account.credentials !== undefined) learn(account.credentials);
    return json(account);
  }

  #require(right: GraphRight): void {
    const allowed = this.#options.rights.includes(right);
    const count = (this.#accesses.get(right)?.count ?? 0) + 1;
    this.#accesses.set(right, {
      permission: "graph",
      value: right,
      allowed,
      count,
    });
    if (allowed) return;
    throw this.#refused(
      `it was not granted it, wanted a plugin that ${GRAPH_RIGHT_TEXTS[right]}`,
    );
  }

  #refused(why: string): SkymapError {
    return new SkymapError(
      "permission_denied",
      `Cannot do what plugin "${this.#options.plugin}" asks: ${why}`,
    );
  }

  async #search(id: number, ask: SearchAsk): Promise<Json> {
    if (this.#searches.size >= MAX_SEARCHES) {
      throw new SkymapError(
        "conflict",
        `Cannot search: the plugin has ${MAX_SEARCHES} searches open already`,
      );
    }
    const pages = new SearchPages(
      this.#options.answers.search(ask, this.#stop.signal),
    );
    this.#searches.set(id, pages);
    return { search: id, ...await this.#next(id) as JsonObject };
  }

  async #next(search: number): Promise<Json> {
    const pages = this.#searches.get(search);
    if (pages === undefined) {
      throw new SkymapError(
        "conflict",
        `Cannot go on with search ${search}: it is not open`,
      );
    }
    try {
      const page = await pages.next();
      if (!page.more) await this.#end(search);
      return json(page);
    } catch (error) {
      await this.#end(search);
      throw error;
    }
  }

  async #end(search: number): Promise<void> {
    const pages = this.#searches.get(search);
    this.#searches.delete(search);
    await pages?.[Symbol.asyncDispose]();
  }

  /** Stops all that is asked. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new DOMException("The plugin has ended", "AbortError"));
    await Promise.allSettled(
      [...this.#searches.keys()].map((search) => this.#end(search)),
    );
  }
}

/** A value whose type is JSON and does not say so. */
function json(value: object): Json {
  return value as Json;
}
