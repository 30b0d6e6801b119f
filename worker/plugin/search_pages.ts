import type { Json, JsonObject } from "@skymap/lib/json";
import type { SearchPage } from "@skymap/lib/plugin_host";

/** Nodes of a page at most, and about so many characters. */
const PAGE_NODES = 500;
const PAGE_CHARS = 1_000_000;

/** The answer to a search, page by page; one more is read ahead of each. */
export class SearchPages implements AsyncDisposable {
  readonly #records: AsyncIterator<JsonObject>;
  #ahead: JsonObject | undefined;
  #begun = false;
  #turn: Promise<unknown> = Promise.resolve();

  /** Makes pages of records; nothing is read yet. */
  constructor(records: AsyncIterable<JsonObject>) {
    this.#records = records[Symbol.asyncIterator]();
  }

  /** The next page; one after the other, however they are asked for. */
  next(): Promise<SearchPage> {
    const page = this.#turn.then(() => this.#page());
    this.#turn = page.catch(() => {});
    return page;
  }

  async #page(): Promise<SearchPage> {
    if (!this.#begun) await this.#advance();
    this.#begun = true;
    const nodes: Json[] = [];
    let chars = 0;
    while (
      this.#ahead !== undefined && nodes.length < PAGE_NODES &&
      chars < PAGE_CHARS
    ) {
      nodes.push(this.#ahead);
      chars += JSON.stringify(this.#ahead).length;
      await this.#advance();
    }
    return { nodes, more: this.#ahead !== undefined };
  }

  async #advance(): Promise<void> {
    const { done, value } = await this.#records.next();
    this.#ahead = done === true ? undefined : value;
  }

  /** Ends the search. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#records.return?.();
  }
}
