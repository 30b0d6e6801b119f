/**
 * Durations as people type them: `90s`, `3d4h`, `2 weeks and 1 day`, `P1DT2H`.
 *
 * @module
 */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds and the names of each unit, longest first. */
const UNITS: readonly { readonly ms: number; readonly names: string[] }[] = [
  { ms: 365 * DAY, names: ["yr", "years", "year", "y"] },
  { ms: 31 * DAY, names: ["mo", "months", "month", "M"] },
  { ms: 7 * DAY, names: ["w", "weeks", "week"] },
  { ms: DAY, names: ["d", "days", "day"] },
  { ms: HOUR, names: ["h", "hours", "hour"] },
  { ms: MINUTE, names: ["min", "minutes", "minute", "m"] },
  { ms: SECOND, names: ["s", "seconds", "second"] },
];

const MS_BY_NAME: ReadonlyMap<string, number> = new Map(
  UNITS.flatMap(({ ms, names }) => names.map((name) => [name, ms] as const)),
);

const ISO =
  /^([+-]?)P(?:(\d+(?:\.\d+)?)Y)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Milliseconds of each group of {@linkcode ISO}. */
const ISO_UNITS = [365 * DAY, 31 * DAY, 7 * DAY, DAY, HOUR, MINUTE, SECOND];

function parseIso(text: string): number | undefined {
  const match = ISO.exec(text);
  if (match === null || !/\d/.test(text) || text.endsWith("T")) return;
  const [, sign, ...amounts] = match;
  const total = amounts.reduce(
    (sum, amount, at) => sum + Number(amount ?? 0) * (ISO_UNITS[at] ?? 0),
    0,
  );
  return sign === "-" ? -total : total;
}

/** Whether {@linkcode parseDuration} reads the text. */
export function isDuration(text: string): boolean {
  try {
    parseDuration(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads a duration: number-unit pairs, combined by blanks, `,` or `and`, with a
 * sign in front of all of them, or ISO 8601 (`P1DT2H`). A year is 365 days, a
 * month 31. Fractions are allowed.
 *
 * @example Usage
 * ```ts
 * import { parseDuration } from "@skymap/lib/duration";
 * import { strictEqual } from "node:assert/strict";
 *
 * strictEqual(parseDuration("1h30m"), 5_400_000);
 * strictEqual(parseDuration("-2 days and 1 hour"), -176_400_000);
 * ```
 *
 * @returns The duration in milliseconds.
 * @throws {SyntaxError} If a pair lacks its number or its unit; names the column.
 */
export function parseDuration(text: string): number {
  const body = text.trim();
  if (body === "") {
    throw new SyntaxError("Cannot parse duration: text is empty");
  }
  const iso = parseIso(body);
  if (iso !== undefined) return iso;
  const sign = body.startsWith("-") ? -1 : 1;
  const lead = /^[+-]\s*/.exec(body)?.[0].length ?? 0;
  const indent = text.length - text.trimStart().length;
  const pair = /(\d+(?:\.\d+)?)\s*([A-Za-z]+)/y;
  const gap = /\s*(?:,|and\b)?\s*/y;
  let total = 0;
  pair.lastIndex = lead;
  for (;;) {
    const at = pair.lastIndex;
    // "2h and 5m": the unit must not swallow a glued "and", as in "2hand".
    const [, amount, unit = ""] = pair.exec(body) ?? [];
    const size = MS_BY_NAME.get(unit);
    if (amount === undefined || size === undefined) {
      throw new SyntaxError(
        `Cannot parse duration "${text}" at column ${at + indent + 1}: ` +
          `expected a number and one of ${
            UNITS.map(({ names }) => names[0]).join(", ")
          }`,
      );
    }
    total += Number(amount) * size;
    if (pair.lastIndex >= body.length) return sign * total;
    gap.lastIndex = pair.lastIndex;
    gap.exec(body);
    pair.lastIndex = gap.lastIndex;
  }
}

/**
 * Writes a duration the way {@linkcode parseDuration} reads it, largest unit
 * first and without weeks, such as `5mo26d`. Parts below a second are dropped.
 *
 * @param units At most this many units. Default: all.
 */
export function formatDuration(
  milliseconds: number,
  units: number = Number.POSITIVE_INFINITY,
): string {
  let rest = Math.abs(milliseconds);
  let text = "";
  let written = 0;
  for (const { ms, names } of UNITS) {
    if (names[0] === "w" || written >= units) continue;
    const amount = Math.floor(rest / ms);
    if (amount === 0) continue;
    text += `${amount}${names[0]}`;
    rest -= amount * ms;
    written++;
  }
  if (text === "") return "0s";
  return milliseconds < 0 ? `-${text}` : text;
}
