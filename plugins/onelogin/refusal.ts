import {
  CallError,
  headerNumber,
  isJsonObject,
  retryAfterOf,
  textOf,
} from "@skymap/lib/plugin";

/** An answer that is no success. */
export interface Refusal {
  /** Its status. */
  readonly status: number;
  /** Its headers. */
  readonly headers: Headers;
  /** Its body as JSON. */
  readonly body: unknown;
  /** Scope of the credentials that the call needs. */
  readonly permission?: string | undefined;
  /** What is told to nobody. */
  readonly secrets: readonly string[];
}

/** What an answer says of its failure, in each of the forms that there are. */
function complaintOf(body: unknown): string {
  if (!isJsonObject(body)) return "";
  const status = isJsonObject(body["status"]) ? body["status"] : {};
  const told = status["message"];
  return textOf(body["message"]) ?? textOf(told) ??
    (isJsonObject(told) ? textOf(told["description"]) : undefined) ??
    textOf(body["error_description"]) ?? textOf(body["error"]) ?? "";
}

/** Milliseconds until the limit is reset; undefined when it is not told. */
function resetMs(headers: Headers): number | undefined {
  const seconds = headerNumber(headers, "x-ratelimit-reset");
  return seconds === undefined ? undefined : seconds * 1_000;
}

/**
 * The error of an answer that is no success, without secrets.
 *
 * Limits: https://developers.onelogin.com/api-docs/2/oauth20-tokens/get-rate-limit
 */
export function refusalOf(
  call: string,
  { status, headers, body, permission, secrets }: Refusal,
): CallError {
  const message = secrets.reduce(
    (told, secret) => told.replaceAll(secret, "[secret]"),
    complaintOf(body),
  );
  if (status === 429) {
    const again = retryAfterOf(headers) ?? resetMs(headers) ?? "soon";
    return new CallError(call, { code: "rate_limited", message, again });
  }
  if (status === 401 || status === 403) {
    const isKnown = status === 403 || /insufficient/i.test(message);
    const code = isKnown ? "forbidden" : "unauthorized";
    return new CallError(call, { code, message, permission });
  }
  return new CallError(call, {
    code: `http_${status}`,
    message,
    ...(status >= 500 && { again: "soon" }),
  });
}
