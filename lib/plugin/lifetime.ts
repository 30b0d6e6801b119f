import { isDuration, parseDuration } from "../duration.ts";

/** Days, with a time or without, with a zone or without. */
const TIME =
  /^\d{4}-\d\d-\d\d(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)\s*(Z|[+-]\d\d:?\d\d)?)?$/i;

const DAY_MS = 86_400_000;

/** Whether a text that says how long something may live says for ever. */
export function isNever(text: string): boolean {
  return text.trim().toLowerCase() === "never";
}

/**
 * How long something may live, in milliseconds; undefined when the text is no
 * duration, or none that is longer than nothing.
 */
export function lifetimeOf(text: string): number | undefined {
  if (!isDuration(text)) return;
  const ms = parseDuration(text);
  return ms > 0 ? ms : undefined;
}

/**
 * When a time that people wrote is over, in milliseconds since 1970: an ISO 8601
 * time, which is in UTC when it names no zone, or a day, at its end. Anything else
 * is undefined, never a guess: JavaScript reads `0` as the year 2000.
 */
export function endOfTime(text: string): number | undefined {
  const plain = text.trim();
  const match = TIME.exec(plain);
  if (match === null) return;
  const [, time = "00:00", zone = "Z"] = match;
  const day = plain.slice(0, 10);
  const ms = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  if (Number.isNaN(ms) || !isDay(day)) return;
  return match[1] === undefined ? ms + DAY_MS : ms;
}

/** Whether there is such a day: JavaScript takes February 30 for March 2. */
function isDay(day: string): boolean {
  const ms = Date.parse(`${day}T00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(day);
}
