import { CallError, headerNumber } from "@skymap/lib/plugin";
import { headerWords } from "./header_words.ts";
import { limitOf } from "./rate_limit.ts";

/** An answer that is no success. */
export interface Refusal {
  /** Its status. */
  readonly status: number;
  /** Its headers. */
  readonly headers: Headers;
  /** What it says, without the token. */
  readonly message: string;
  /** The least scope of a classic token that the call needs. */
  readonly scope: string;
}

/**
 * What the token lacks, when that is the reason of a refusal.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
function lackOf(
  headers: Headers,
  scope: string,
): { readonly permission?: string; readonly told: readonly string[] } {
  const accepted = headerWords(headers.get("x-accepted-oauth-scopes"));
  if (!headers.has("x-oauth-scopes")) {
    const permission = headers.get("x-accepted-github-permissions") ?? scope;
    return { permission, told: [`needs ${permission}`] };
  }
  const held = headerWords(headers.get("x-oauth-scopes"));
  if (held.includes(scope) || accepted.some((each) => held.includes(each))) {
    return { told: [] };
  }
  const needs = accepted.length === 0 ? scope : `one of ${accepted.join(", ")}`;
  const has = held.length === 0 ? "none" : held.join(", ");
  return {
    permission: scope,
    told: [`needs ${needs}`, `the token has ${has}`],
  };
}

/** The error of a limit that was reached, when that is the reason. */
function limitError(
  call: string,
  { status, headers, message }: Refusal,
): CallError | undefined {
  if (status !== 403 && status !== 429) return;
  const again = limitOf(headers, message) ??
    (status === 429 ? "soon" : undefined);
  if (again === undefined) return;
  const reset = headerNumber(headers, "x-ratelimit-reset");
  const until = reset === undefined
    ? ""
    : `; the limit is reset at ${new Date(reset * 1_000).toISOString()}`;
  return new CallError(call, {
    code: "rate_limited",
    message: `${message}${until}`,
    again,
  });
}

/** The error of what must not be seen: GitHub hides it, or leads elsewhere. */
function hiddenError(
  call: string,
  { status, headers, message, scope }: Refusal,
): CallError | undefined {
  const isRedirect = status >= 300 && status < 400;
  if (status !== 403 && status !== 404 && !isRedirect) return;
  const codes: Readonly<Record<number, string>> = {
    403: "forbidden",
    404: "not_found",
  };
  const { permission, told } = lackOf(headers, scope);
  const reasons = [
    ...(message === "" ? [] : [message]),
    ...(status === 404 ? ["it is not there, or must not be seen"] : []),
    ...told,
  ];
  return new CallError(call, {
    code: codes[status] ?? `http_${status}`,
    message: reasons.join("; "),
    permission,
  });
}

/** The error of an answer that is no success. */
export function refusalOf(call: string, refusal: Refusal): CallError {
  const { status, headers, message } = refusal;
  const limited = limitError(call, refusal);
  if (limited !== undefined) return limited;
  // The header holds an address for the user alone, so it is not repeated.
  if (headers.get("x-github-sso")?.startsWith("required")) {
    return new CallError(call, {
      code: "sso_required",
      message:
        "the token has to be authorised for the organisation's single sign-on",
    });
  }
  if (status === 401) {
    return new CallError(call, { code: "unauthorized", message });
  }
  return hiddenError(call, refusal) ?? new CallError(call, {
    code: `http_${status}`,
    message,
    ...(status >= 500 && { again: "soon" }),
  });
}
