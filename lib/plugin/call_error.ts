/**
 * When a call that failed may be made again: after some milliseconds, which may
 * grow with the tries that were made, or after the usual pause.
 */
export type Again = number | ((tries: number) => number) | "soon";

/** What is known of a call that failed. */
export interface CallFault {
  /** One word for programs, such as `timed_out`. */
  readonly code: string;
  /** The reason, for people, without secrets. */
  readonly message?: string;
  /** What the credentials lack. */
  readonly permission?: string | undefined;
  /** When the call may be made again. Default: it would fail again. */
  readonly again?: Again | undefined;
  /** What it came from. */
  readonly cause?: unknown;
}

/** A call of an API that failed, as the reason of a scope that failed. */
export class CallError extends Error {
  /** One word for programs. */
  readonly code: string;
  /** What the credentials lack, or none. */
  readonly permission?: string;
  /** When the call may be made again, or none. */
  readonly again?: Again;

  /** Makes the error of a call, given as people would write it. */
  constructor(
    call: string,
    { code, message = "", permission, again, cause }: CallFault,
  ) {
    super(
      `Cannot call ${call}: ${code}${message === "" ? "" : `: ${message}`}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "CallError";
    this.code = code;
    if (permission !== undefined) this.permission = permission;
    if (again !== undefined) this.again = again;
  }
}
