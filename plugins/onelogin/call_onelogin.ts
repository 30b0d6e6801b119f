import {
  callApi,
  CallError,
  type CallOptions,
  jsonOf,
} from "@skymap/lib/plugin";
import { refusalOf } from "./refusal.ts";

/** What the plugin takes from the world around it. */
export type OneloginSurroundings = Pick<CallOptions, "sleep" | "timeoutMs">;

/** Who calls. */
export interface Credentials {
  /** Client id. */
  readonly id: string;
  /** Its secret. */
  readonly secret: string;
}

/** Whom a client calls, and as whom. */
export interface OneloginOptions extends OneloginSurroundings {
  /** Address of the account. */
  readonly endpoint: string;
  /** Who calls. */
  readonly credentials: Credentials;
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
  /** Scope of the credentials that it needs. */
  readonly permission?: string;
  /** Method, headers and body. */
  readonly init?: RequestInit;
  /** The token that it is made with. */
  readonly token?: string;
}

/** Pauses of 1, 2, 4 … seconds, or as long as OneLogin wants, up to 5 minutes. */
const PATIENCE: CallOptions = {
  attempts: 6,
  firstDelayMs: 1_000,
  maxRetryAfterMs: 300_000,
};

/** Calls, again when OneLogin says to come back. */
export async function callOnelogin(
  { endpoint, credentials, ...options }: OneloginOptions,
  { path, query = {}, permission, init = {}, token }: Call,
): Promise<Answer> {
  const name = `${init.method ?? "GET"} ${path}`;
  const parameters = new URLSearchParams(query).toString();
  const secrets = [credentials.secret, ...(token === undefined ? [] : [token])];
  const read = async (answer: Response): Promise<Answer> => {
    const { status, headers } = answer;
    const body = await jsonOf(answer);
    if (status !== 200) {
      const refusal = { status, headers, body, permission, secrets };
      throw refusalOf(name, refusal);
    }
    if (body !== undefined) return { body, headers };
    throw new CallError(name, {
      code: "answer_malformed",
      message: "the answer is no JSON",
    });
  };
  const url = `${endpoint}${path}${parameters === "" ? "" : `?${parameters}`}`;
  return await callApi(url, read, { ...PATIENCE, ...options, name, init });
}
