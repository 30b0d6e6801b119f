import {
  callApi,
  CallError,
  type CallOptions,
  eachOnce,
  idOf,
  isJsonObject,
  type JsonObject,
  jsonOf,
  pagesByLink,
  textOf,
} from "@skymap/lib/plugin";
import { refusalOf } from "./refusal.ts";

/** What the plugin takes from the world around it. */
export type GithubSurroundings = Pick<CallOptions, "sleep" | "timeoutMs">;

/** Whom a client calls, and as whom. */
export interface GithubOptions extends GithubSurroundings {
  /** Address of the API. */
  readonly endpoint: string;
  /** Token of any type. */
  readonly token: string;
  /** Ends its calls. */
  readonly signal: AbortSignal;
}

/** An answer. */
export interface Answer {
  /** Its body as JSON. */
  readonly body: unknown;
  /** Its headers. */
  readonly headers: Headers;
}

/** A call of the API. */
export interface Call {
  /** Path below the endpoint. */
  readonly path: string;
  /** Its parameters. Default: none. */
  readonly query?: Readonly<Record<string, string>>;
  /** The least scope of a classic token that it needs. */
  readonly scope: string;
}

/** Calls side by side; more would meet the secondary limits. */
export const CALLS = 4;

/** The largest page that there is. */
const PAGE_SIZE = "100";

/** Pauses of 1, 2, 4 … seconds, or as long as GitHub wants, up to 15 minutes. */
const PATIENCE: CallOptions = {
  attempts: 6,
  firstDelayMs: 1_000,
  maxRetryAfterMs: 900_000,
};

/** An id, which GitHub writes as a number. */
export function numberId(value: unknown): string | undefined {
  return typeof value === "number" ? idOf(value) : undefined;
}

function itemsOf(name: string, { body }: Answer): readonly unknown[] {
  if (Array.isArray(body)) return body;
  throw new CallError(name, {
    code: "answer_malformed",
    message: "the answer is no list",
  });
}

/** Calls the REST API. */
export class Github {
  readonly #options: GithubOptions;

  /** Makes a client, which calls nothing yet. */
  constructor(options: GithubOptions) {
    this.#options = options;
  }

  #urlOf({ path, query = {} }: Call): string {
    const parameters = new URLSearchParams(query).toString();
    const suffix = parameters === "" ? "" : `?${parameters}`;
    return `${this.#options.endpoint}${path}${suffix}`;
  }

  async #read(name: string, answer: Response, scope: string): Promise<Answer> {
    const { status, headers } = answer;
    const body = await jsonOf(answer);
    if (status !== 200) {
      const told = isJsonObject(body) ? textOf(body["message"]) ?? "" : "";
      const message = told.replaceAll(this.#options.token, "[token]");
      throw refusalOf(name, { status, headers, message, scope });
    }
    if (body !== undefined) return { body, headers };
    throw new CallError(name, {
      code: "answer_malformed",
      message: "the answer is no JSON",
    });
  }

  async #get({ path, scope }: Call, url: string): Promise<Answer> {
    const { endpoint: _, token, ...options } = this.#options;
    const name = `GET ${path}`;
    const headers = {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": "skymap",
      "x-github-api-version": "2022-11-28",
    };
    return await callApi(url, (answer) => this.#read(name, answer, scope), {
      ...PATIENCE,
      ...options,
      name,
      init: {
        headers,
        // Whoever is no member is led to the public part of a listing: that is
        // another answer than the one that was asked for.
        redirect: "manual",
      },
    });
  }

  /** Calls, again when GitHub says to come back. */
  async get(call: Call): Promise<Answer> {
    return await this.#get(call, this.#urlOf(call));
  }

  /**
   * The items of a listing with their ids, page by page.
   *
   * Pages: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
   */
  list(
    call: Call,
    onAnswer: (answer: Answer) => void = () => {},
  ): AsyncGenerator<[string, JsonObject]> {
    const name = `GET ${call.path}`;
    return eachOnce(name, this.#items(call, onAnswer), numberId);
  }

  async *#items(
    call: Call,
    onAnswer: (answer: Answer) => void,
  ): AsyncGenerator<unknown> {
    const query = { ...call.query, per_page: PAGE_SIZE };
    const first = this.#urlOf({ ...call, query });
    for await (
      const page of pagesByLink(first, (url) => this.#get(call, url))
    ) {
      onAnswer(page);
      yield* itemsOf(`GET ${call.path}`, page);
    }
  }
}
