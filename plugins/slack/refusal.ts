import { CallError, type JsonObject, textOf } from "@skymap/lib/plugin";

/** Scope that each method needs, as its page says. */
const SCOPES: Readonly<Record<string, string>> = {
  "team.info": "team:read",
  "users.list": "users:read",
  "conversations.list": "channels:read,groups:read,im:read,mpim:read",
  "conversations.members": "channels:read,groups:read,im:read,mpim:read",
  "usergroups.list": "usergroups:read",
};

/** Errors that another scope or another token would cure. */
const PERMISSION_ERRORS: ReadonlySet<string> = new Set([
  "access_denied",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "team_access_not_granted",
]);

/** Errors that may be gone when the call is made again. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "ratelimited",
  "request_timeout",
  "service_unavailable",
]);

/**
 * The error of an answer that is not ok, with Slack's own code and without the
 * token.
 *
 * Errors: https://docs.slack.dev/apis/web-api/
 */
export function refusalOf(
  method: string,
  answer: JsonObject,
  token: string,
): CallError {
  const told = (name: string) =>
    textOf(answer[name])?.replaceAll(token, "[token]");
  const code = told("error") ?? "unknown_error";
  const needed = told("needed");
  const provided = told("provided");
  const parts = [
    ...(needed === undefined ? [] : [`needs ${needed}`]),
    ...(provided === undefined ? [] : [`the token has ${provided}`]),
  ];
  return new CallError(method, {
    code,
    message: parts.join(", "),
    permission: needed ??
      (PERMISSION_ERRORS.has(code) ? SCOPES[method] : undefined),
    ...(PASSING_ERRORS.has(code) && { again: "soon" }),
  });
}
