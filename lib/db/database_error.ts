/**
 * Errors of the SDK and the engine as errors of ours.
 *
 * @module
 */

import {
  CallTerminatedError,
  ConnectionUnavailableError,
  NotAllowedError,
  UnexpectedConnectionError,
} from "surrealdb";
import { type ErrorCode, messageOf, SkymapError } from "../errors.ts";

/** Whether a statement lost a race and would work when it is run again. */
export function isConflict(error: unknown): boolean {
  if (error instanceof SkymapError) return error.code === "conflict";
  return /can be retried|transaction conflict/i.test(messageOf(error));
}

/** Whether an error only says that another statement of its block failed. */
export function isEcho(error: unknown): boolean {
  return /not executed due to a (failed|cancelled) transaction/i
    .test(messageOf(error));
}

function codeOf(error: unknown): ErrorCode {
  const message = messageOf(error);
  if (isConflict(error)) return "conflict";
  if (/no space left|disk quota exceeded/i.test(message)) {
    return "database_full";
  }
  if (/corruption|checksum mismatch/i.test(message)) return "database_corrupt";
  if (
    error instanceof CallTerminatedError ||
    error instanceof ConnectionUnavailableError ||
    error instanceof UnexpectedConnectionError
  ) {
    return "database_unreachable";
  }
  if (
    error instanceof NotAllowedError ||
    /don't have permission|not enough permissions|invalidtoken|unknown worker/i
      .test(message)
  ) {
    return "database_denied";
  }
  return "database_failed";
}

/** The beginning of a statement on one line. */
function excerpt(sql: string): string {
  const line = sql.replace(/\s+/g, " ").trim();
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`;
}

/** The error of ours for what a statement threw; errors of ours pass. */
export function statementError(sql: string, error: unknown): SkymapError {
  if (error instanceof SkymapError) return error;
  return new SkymapError(
    codeOf(error),
    `Cannot run statement "${excerpt(sql)}": ${messageOf(error)}`,
    { cause: error },
  );
}

/** The error of ours for what opening a connection threw. */
export function connectionError(url: string, error: unknown): SkymapError {
  if (error instanceof SkymapError) return error;
  const code = codeOf(error);
  return new SkymapError(
    code === "database_failed" ? "database_unreachable" : code,
    `Cannot reach database "${url}": ${messageOf(error) || "no answer"}`,
    { cause: error },
  );
}
