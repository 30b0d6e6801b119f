import type { AwsCallError } from "./aws_error.ts";

/** Codes by which AWS says that a call is not allowed. */
const DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthorizationError",
  "AuthorizationErrorException",
  "UnauthorizedOperation",
]);

/** Whether AWS says that a call is not allowed. */
export function isDenied({ code }: AwsCallError): boolean {
  return DENIED.has(code);
}

/**
 * Resources of a listing that AWS tells nothing about: each may have a policy of
 * its own. They are left as they are known, and the listing fails at its end, when
 * all others are written.
 */
export class DeniedDetails {
  #first: { readonly error: AwsCallError; readonly id: string } | undefined;
  #count = 0;

  /** Takes the error of a call about one resource. */
  add(error: AwsCallError, id: string): void {
    this.#first ??= { error, id };
    this.#count++;
  }

  /** Why the listing has failed, or undefined. */
  get failure(): AwsCallError | undefined {
    return this.#first?.error.about(this.#first.id, this.#count - 1);
  }
}
