/**
 * Placeholders such as `@NOW@`, replaced before a search is read.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { SourceText, type TextEdit } from "./source_text.ts";

const DAY_MS = 86_400_000;

const WEEK_DAYS: readonly string[] = [
  "SUNDAY",
  "MONDAY",
  "TUESDAY",
  "WEDNESDAY",
  "THURSDAY",
  "FRIDAY",
  "SATURDAY",
];

/** A point of time as the clocks of a zone show it. */
interface LocalTime {
  readonly year: string;
  readonly month: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly offset: string;
  readonly zone: string;
}

function localTime(nowMs: number, timeZone: string): LocalTime {
  const parts = (name: "longOffset" | "short") => {
    const format = new Intl.DateTimeFormat("en-US", {
      timeZone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: name,
    }).formatToParts(nowMs);
    return (type: string) =>
      format.find((part) => part.type === type)?.value ?? "";
  };
  const part = parts("longOffset");
  const offset = part("timeZoneName").replace(/^GMT/, "").replace(":", "");
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
    offset: offset === "" ? "+0000" : offset,
    zone: parts("short")("timeZoneName"),
  };
}

/** The date so many days after a local one. */
function dateAfter({ year, month, day }: LocalTime, days: number): string {
  const at = Date.UTC(Number(year), Number(month) - 1, Number(day));
  return new Date(at + days * DAY_MS).toISOString().slice(0, 10);
}

/** Days until the next such week day, which is never today. */
function daysUntil(now: LocalTime, weekDay: number): number {
  const today = new Date(`${dateAfter(now, 0)}T00:00:00Z`).getUTCDay();
  return (weekDay - today + 6) % 7 + 1;
}

const VALUES: Readonly<
  Record<string, (now: LocalTime, nowMs: number) => string>
> = {
  UTC: (_, nowMs) => utc(nowMs),
  NOW: (_, nowMs) => utc(nowMs),
  TODAY: (now) => dateAfter(now, 0),
  TOMORROW: (now) => dateAfter(now, 1),
  YESTERDAY: (now) => dateAfter(now, -1),
  YEAR: ({ year }) => year,
  MONTH: ({ month }) => month,
  DAY: ({ day }) => day,
  TIME: ({ hour, minute, second }) => `${hour}:${minute}:${second}`,
  HOUR: ({ hour }) => hour,
  MINUTE: ({ minute }) => minute,
  SECOND: ({ second }) => second,
  TZ_OFFSET: ({ offset }) => offset,
  TZ: ({ zone }) => zone,
  ...Object.fromEntries(WEEK_DAYS.map((name, weekDay) => [
    name,
    (now: LocalTime) => dateAfter(now, daysUntil(now, weekDay)),
  ])),
};

/** Names of the placeholders, without their signs. */
export const PLACEHOLDERS: readonly string[] = Object.keys(VALUES);

const PLACEHOLDER = new RegExp(
  `@(${PLACEHOLDERS.flatMap((name) => [name, name.toLowerCase()]).join("|")})@`,
  "g",
);

function utc(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * Replaces `@NOW@`, `@TODAY@` and their like, in strings too. They are written in
 * capitals or in small letters.
 *
 * @param timeZone IANA name of the zone whose clocks are meant. Default: UTC.
 * @throws {SkymapError} `query_invalid` when there is no such time zone.
 */
export function replacePlaceholders(
  text: string | SourceText,
  nowMs: number,
  timeZone: string = "UTC",
): SourceText {
  const source = SourceText.of(text);
  if (!source.text.includes("@")) return source;
  let now: LocalTime | undefined;
  const edits: TextEdit[] = [];
  for (
    const { 0: image, 1: name = "", index } of source.text.matchAll(PLACEHOLDER)
  ) {
    now ??= readClock(nowMs, timeZone);
    const value = VALUES[name.toUpperCase()]?.(now, nowMs) ?? image;
    edits.push({ start: index, end: index + image.length, text: value });
  }
  return source.replace(edits);
}

function readClock(nowMs: number, timeZone: string): LocalTime {
  try {
    return localTime(nowMs, timeZone);
  } catch (cause) {
    throw new SkymapError(
      "query_invalid",
      `Cannot replace placeholders: there is no time zone "${timeZone}", ` +
        `wanted a name such as "Europe/Berlin"`,
      { cause },
    );
  }
}
