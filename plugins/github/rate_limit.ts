import {
  type Again,
  headerNumber,
  msUntil,
  retryAfterOf,
} from "@skymap/lib/plugin";

/** 1, 2, 4 … minutes, as the secondary limits want it. */
function minutes(tries: number): number {
  return 60_000 * 2 ** (tries - 1);
}

/**
 * When to come back after a refusal for calling too often; undefined when it is
 * another refusal.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
export function limitOf(headers: Headers, message: string): Again | undefined {
  const told = retryAfterOf(headers);
  if (told !== undefined) return told;
  const reset = headerNumber(headers, "x-ratelimit-reset");
  if (reset !== undefined && headers.get("x-ratelimit-remaining") === "0") {
    return msUntil(reset * 1_000, headers) + 1_000;
  }
  return /rate limit|abuse detection/i.test(message) ? minutes : undefined;
}
