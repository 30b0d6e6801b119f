import {
  CallError,
  eachOnce,
  headerNumber,
  idOf,
  isJsonObject,
  type JsonObject,
  pagesByCursor,
  textOf,
} from "@skymap/lib/plugin";
import {
  type Answer,
  type Call,
  callOnelogin,
  type OneloginOptions,
} from "./call_onelogin.ts";
import { logIn } from "./log_in.ts";

/** A listing of the API. */
export type Listing = Pick<Call, "path" | "query" | "permission">;

/** How the token is written: version 1 wants a colon. */
type Scheme = "bearer " | "bearer:";

/** The call of a page of a listing. */
function pageOf(
  listing: Listing,
  parameter: string,
  cursor: string | undefined,
): Listing {
  if (cursor === undefined) return listing;
  return { ...listing, query: { ...listing.query, [parameter]: cursor } };
}

function itemsOf(path: string, items: unknown): readonly unknown[] {
  if (Array.isArray(items)) return items;
  throw new CallError(`GET ${path}`, {
    code: "answer_malformed",
    message: "the items are no list",
  });
}

/** The cursor of the page after an answer of version 2. */
function nextOf(headers: Headers): string | undefined {
  const current = headerNumber(headers, "current-page");
  const pages = headerNumber(headers, "total-pages");
  const isLast = current !== undefined && pages !== undefined &&
    current >= pages;
  return isLast ? undefined : textOf(headers.get("after-cursor"));
}

/** Calls the API of one account. */
export class Onelogin {
  readonly #options: OneloginOptions;
  #token: Promise<string> | undefined;

  /** Makes a client, which calls nothing yet. */
  constructor(options: OneloginOptions) {
    this.#options = options;
  }

  /** Logs in and gives the id of the account. */
  async logIn(): Promise<string> {
    const { account, token } = await logIn(this.#options);
    this.#token = Promise.resolve(token);
    return account;
  }

  /** The token; those who ask together log in once. */
  async #bearer(): Promise<string> {
    const bearer = this.#token ??= logIn(this.#options)
      .then(({ token }) => token);
    try {
      return await bearer;
    } catch (error) {
      if (this.#token === bearer) this.#token = undefined;
      throw error;
    }
  }

  async #get(listing: Listing, scheme: Scheme): Promise<Answer> {
    const get = (token: string) => {
      const headers = {
        accept: "application/json",
        authorization: `${scheme}${token}`,
      };
      return callOnelogin(this.#options, {
        ...listing,
        init: { headers },
        token,
      });
    };
    const token = await this.#bearer();
    const used = this.#token;
    try {
      return await get(token);
    } catch (error) {
      const isEnded = error instanceof CallError &&
        error.code === "unauthorized";
      if (!isEnded) throw error;
      // A token may end before its time: another one, once.
      if (this.#token === used) this.#token = undefined;
      return await get(await this.#bearer());
    }
  }

  /**
   * The items of a listing of version 2 with their ids, page by page.
   *
   * Pages: https://developers.onelogin.com/api-docs/2/getting-started/using-query-parameters
   */
  async *list(listing: Listing): AsyncGenerator<[string, JsonObject]> {
    const { path } = listing;
    let total: number | undefined;
    const items = pagesByCursor(async (cursor) => {
      const page = pageOf(listing, "cursor", cursor);
      const { body, headers } = await this.#get(page, "bearer ");
      total = headerNumber(headers, "total-count");
      return { items: itemsOf(path, body), next: nextOf(headers) };
    });
    let count = 0;
    for await (const item of eachOnce(`GET ${path}`, items, idOf)) {
      count++;
      yield item;
    }
    // Pages are counted: when one is deleted meanwhile, another is never seen.
    if (total === undefined || count >= total) return;
    throw new CallError(`GET ${path}`, {
      code: "answer_incomplete",
      message: `${count} of ${total} items came`,
    });
  }

  /**
   * The items of a listing of version 1 with their ids, page by page.
   *
   * Pages: https://developers.onelogin.com/api-docs/1/getting-started/using-query-parameters
   */
  listOld(listing: Listing): AsyncGenerator<[string, JsonObject]> {
    const { path } = listing;
    const items = pagesByCursor(async (cursor) => {
      const page = pageOf(listing, "after_cursor", cursor);
      const { body } = await this.#get(page, "bearer:");
      const answer = isJsonObject(body) ? body : {};
      const pagination = answer["pagination"];
      return {
        items: itemsOf(path, answer["data"]),
        next: isJsonObject(pagination)
          ? textOf(pagination["after_cursor"])
          : undefined,
      };
    });
    return eachOnce(`GET ${path}`, items, idOf);
  }
}
