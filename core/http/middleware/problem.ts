/**
 * Errors as RFC 9457 problem documents: the only file that knows status codes.
 *
 * @module
 */

import type { Context } from "hono";
import {
  ERROR_CODES,
  type ErrorCode,
  isSkymapError,
  type Problem,
  SkymapError,
} from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { ApiEnv } from "./api_env.ts";

/** The status of each code; what is not named is a fault of ours, 500. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  action_unknown: 404,
  address_refused: 403,
  answer_incomplete: 412,
  body_invalid: 400,
  cleanup_refused: 409,
  config_invalid: 400,
  config_unknown: 404,
  conflict: 409,
  database_full: 507,
  database_unreachable: 503,
  edge_invalid: 400,
  filter_failed: 400,
  files_required: 424,
  graph_unknown: 404,
  job_invalid: 400,
  job_unknown: 404,
  kind_conflict: 409,
  kind_unknown: 400,
  merge_malformed: 400,
  merge_truncated: 400,
  method_not_allowed: 405,
  node_invalid: 400,
  node_unknown: 404,
  not_acceptable: 406,
  not_found: 404,
  permission_denied: 403,
  plan_unknown: 404,
  plugin_changed: 409,
  plugin_invalid: 400,
  plugin_refused: 403,
  plugin_unknown: 404,
  query_interrupted: 408,
  query_invalid: 400,
  query_syntax: 400,
  query_too_large: 413,
  request_failed: 502,
  run_failed: 409,
  run_unknown: 404,
  signature_invalid: 403,
  subscriber_unknown: 404,
  task_unknown: 404,
  template_invalid: 400,
  template_unknown: 404,
  token_expired: 401,
  token_invalid: 401,
  token_missing: 401,
  unavailable: 503,
  usage: 400,
  workflow_unknown: 404,
};

/** An error as a problem document; what is not ours says nothing of its inside. */
function toProblem(error: unknown, requestId?: string): Problem {
  const known = isSkymapError(error);
  const code: ErrorCode = known ? error.code : "internal";
  return {
    type: `urn:skymap:error:${code}`,
    title: ERROR_CODES[code],
    status: STATUS[code] ?? 500,
    detail: known
      ? error.message
      : "Cannot answer the request: an unexpected fault; the log of core has it under the request id",
    code,
    ...(requestId !== undefined && { request_id: requestId }),
    ...(known && Object.keys(error.details).length > 0 && {
      details: error.details,
    }),
  };
}

const log = logger("core/http");

/** The error; that of a request whose caller is gone is no fault of ours. */
function withoutCaller(error: unknown, context: Context<ApiEnv>): unknown {
  const { signal } = context.req.raw;
  const isAbort = error === signal.reason ||
    (error instanceof Error && error.name === "AbortError");
  return signal.aborted && isAbort
    ? new SkymapError("query_interrupted", "Cannot answer: the caller is gone")
    : error;
}

/** The problem of a request that failed; what is our fault is logged. */
export function tellProblem(
  error: unknown,
  context: Context<ApiEnv>,
): Problem {
  const requestId = context.get("requestId");
  const problem = toProblem(withoutCaller(error, context), requestId);
  // What says "not yet" is no fault: whoever asks comes again.
  if (problem.status >= 500 && problem.code !== "unavailable") {
    log.error("Request failed: {method} {path}: {error}", {
      method: context.req.method,
      path: context.req.path,
      requestId,
      error: error instanceof Error ? error.stack : String(error),
    });
  }
  return problem;
}

/** Answers a request that failed. */
export function problemResponse(
  error: unknown,
  context: Context<ApiEnv>,
): Response {
  const problem = tellProblem(error, context);
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: {
      "content-type": "application/problem+json",
      ...(problem.status === 401 && { "www-authenticate": "Bearer" }),
    },
  });
}
