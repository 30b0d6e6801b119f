/** What an {@linkcode AwsCallError} is made with. */
export interface AwsCallFailure {
  /** The code that AWS gave, or one of ours. */
  readonly code: string;
  /** What AWS said. */
  readonly message: string;
  /** The IAM action of the call. */
  readonly permission: string;
  /** Region that was asked. */
  readonly region: string;
  /** What was thrown. */
  readonly cause?: unknown;
}

/**
 * A call of AWS that failed, retries included. `code` and `permission` are what
 * the failed scope keeps.
 */
export class AwsCallError extends Error {
  /**
   * The code that AWS gave, such as `UnauthorizedOperation`; for transport that
   * of the system, such as `ECONNRESET`; or `answer_malformed` and
   * `answer_incomplete` for an answer that cannot be trusted.
   */
  readonly code: string;
  /** The IAM action that the call needs. */
  readonly permission: string;
  readonly #failure: AwsCallFailure;

  /** Makes an error whose message names the call and the region. */
  constructor(failure: AwsCallFailure) {
    const { code, message, permission, region, cause } = failure;
    super(
      `Cannot call ${permission} in ${region}: ${code}: ${message}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "AwsCallError";
    this.code = code;
    this.permission = permission;
    this.#failure = failure;
  }

  /**
   * The same error, whose message names what was asked for, too, and how many
   * others there are.
   */
  about(id: string, more = 0): AwsCallError {
    const others = more === 0 ? "" : `, and for ${more} more`;
    const message = `${this.#failure.message} (asked for "${id}"${others})`;
    return new AwsCallError({ ...this.#failure, message });
  }
}
