import {
  callApi,
  CallError,
  type CallOptions,
  eachOnce,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonOf,
  pagesByCursor,
  retryAfterOf,
  textOf,
  valueAt,
} from "@skymap/lib/plugin";
import { refusalOf } from "./refusal.ts";

/** What the plugin takes from the world around it. */
export type SlackSurroundings = Pick<CallOptions, "sleep" | "timeoutMs">;

/** Whom a client calls, and as whom. */
export interface SlackOptions extends SlackSurroundings {
  /** Address of the API. */
  readonly endpoint: string;
  /** Bot or user token. */
  readonly token: string;
  /** Ends its calls. */
  readonly signal: AbortSignal;
}

/** An answer, and what its headers say of the token. */
export interface Answer {
  /** What was answered. */
  readonly body: JsonObject;
  /** Scopes of the token, when Slack tells them. */
  readonly scopes?: readonly string[];
}

/** The size of a page that Slack recommends. */
const PAGE_SIZE = "200";

/** Pauses of 1, 2, 4 … seconds, or as long as Slack wants, up to 5 minutes. */
const PATIENCE: CallOptions = {
  attempts: 6,
  firstDelayMs: 1_000,
  maxRetryAfterMs: 300_000,
};

async function readAnswer(
  method: string,
  answer: Response,
  token: string,
): Promise<Answer> {
  const { status, headers } = answer;
  if (status === 429) {
    const wantedMs = retryAfterOf(headers);
    throw new CallError(method, {
      code: "ratelimited",
      message: wantedMs === undefined ? "" : `wants ${wantedMs / 1_000} s`,
      again: wantedMs ?? "soon",
    });
  }
  if (status !== 200) {
    throw new CallError(method, {
      code: `http_${status}`,
      ...(status >= 500 && { again: "soon" }),
    });
  }
  const body = await jsonOf(answer);
  if (!isJsonObject(body) || typeof body["ok"] !== "boolean") {
    throw new CallError(method, {
      code: "answer_malformed",
      message: "the answer is no JSON object with ok",
    });
  }
  if (!body["ok"]) throw refusalOf(method, body, token);
  const scopes = headers.get("x-oauth-scopes");
  return {
    body,
    ...(scopes !== null && { scopes: scopes.split(/\s*,\s*/) }),
  };
}

/** The list that an answer has under a name. */
export function itemsOf(
  method: string,
  key: string,
  { body }: Answer,
): readonly Json[] {
  const items = body[key];
  if (Array.isArray(items)) return items as readonly Json[];
  throw new CallError(method, {
    code: "answer_malformed",
    message: `${key} is no list`,
  });
}

/** Calls the Web API: one call after the other, as its limits want it. */
export class Slack {
  readonly #options: SlackOptions;

  /** Makes a client, which calls nothing yet. */
  constructor(options: SlackOptions) {
    this.#options = options;
  }

  /**
   * Calls a method, again when Slack says to come back.
   *
   * Limits: https://docs.slack.dev/apis/web-api/rate-limits
   */
  async call(
    method: string,
    query: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const { endpoint, token, ...options } = this.#options;
    const url = `${endpoint}/${method}?${new URLSearchParams(query)}`;
    const headers = {
      accept: "application/json",
      authorization: `Bearer ${token}`,
    };
    return await callApi(
      url,
      (answer) => readAnswer(method, answer, token),
      { ...PATIENCE, ...options, name: method, init: { headers } },
    );
  }

  /**
   * The items of a listing with their ids, page by page.
   *
   * Pages: https://docs.slack.dev/apis/web-api/pagination
   */
  list(
    method: string,
    key: string,
    query: Readonly<Record<string, string>>,
    onAnswer: (answer: Answer) => void = () => {},
  ): AsyncGenerator<[string, JsonObject]> {
    const items = pagesByCursor(async (cursor) => {
      const answer = await this.call(method, {
        ...query,
        limit: PAGE_SIZE,
        ...(cursor !== undefined && { cursor }),
      });
      onAnswer(answer);
      return {
        // Members of a conversation are ids alone.
        items: itemsOf(method, key, answer).map((item) =>
          typeof item === "string" ? { id: item } : item
        ),
        next: textOf(valueAt(answer.body, "response_metadata.next_cursor")),
      };
    });
    return eachOnce(method, items);
  }
}
