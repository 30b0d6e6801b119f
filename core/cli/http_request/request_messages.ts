/**
 * What core and the process that sends its requests tell each other: one JSON
 * text a line.
 *
 * @module
 */

/** How requests are sent; the first line. */
export interface RequestsSetup {
  /** Hosts that may be reached though they lie inside. */
  readonly allowed: readonly string[];
  /** Time of one try. */
  readonly timeoutMs: number;
  /** Whether certificates are checked. */
  readonly verifiesTls: boolean;
}

/** One try of a request. */
export interface RequestMessage {
  /** Number that the answer carries, too. */
  readonly id: number;
  /** Such as `POST`. */
  readonly method: string;
  /** An absolute address. */
  readonly url: string;
  /** Headers of the caller: they go to the host of `url` alone. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** JSON; without one the request has no body. */
  readonly body?: string;
  /** Whether the body is sent as gzip. Default: no. */
  readonly isCompressed?: boolean;
}

/** How a try went. */
export type TryResult =
  /** The host answered. */
  | {
    readonly type: "answer";
    readonly status: number;
    /** The header that says when it wants to be asked again. */
    readonly retryAfter?: string;
    /** The begin of its answer, if it is no success. */
    readonly text: string;
  }
  /** It did not, or was not asked. */
  | {
    readonly type: "failed";
    /** A part of a sentence. */
    readonly reason: string;
    /** Whether another try may go better. */
    readonly isPassing: boolean;
    /** Whether nothing was sent, as the address is inside. Default: no. */
    readonly isRefused?: boolean;
  };

/** The answer to a {@linkcode RequestMessage}. */
export interface ReplyMessage {
  /** That of the request. */
  readonly id: number;
  /** How it went. */
  readonly result: TryResult;
}
