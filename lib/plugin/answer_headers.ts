import { retryAfterMs } from "../retry.ts";

/** The number in a header; undefined when there is none. */
export function headerNumber(
  headers: Headers,
  name: string,
): number | undefined {
  const told = headers.get(name)?.trim() ?? "";
  const number = Number(told);
  return told !== "" && Number.isFinite(number) ? number : undefined;
}

/** The time of an answer by the clock of the server: ours may be wrong. */
function answeredAt(headers: Headers): number {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? Date.now() : date;
}

/**
 * Milliseconds from an answer to a time in milliseconds since 1970, by the clock
 * of the server when it tells its time.
 */
export function msUntil(atMs: number, headers: Headers): number {
  return Math.max(0, atMs - answeredAt(headers));
}

/**
 * Milliseconds that an answer's `Retry-After` asks for, in seconds or as a date
 * of the server's clock; undefined when it asks for nothing.
 */
export function retryAfterOf(headers: Headers): number | undefined {
  return retryAfterMs(headers.get("retry-after"), answeredAt(headers));
}
