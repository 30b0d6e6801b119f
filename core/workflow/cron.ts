/**
 * Cron expressions: five fields, names, `L`, `#`, `@daily`; 0 and 7 are Sunday.
 *
 * @module
 */

import { Cron } from "croner";
import { messageOf, SkymapError } from "@skymap/lib/errors";

/** When something is due. */
export interface CronExpression {
  /** First moment after `ms`, or undefined when there is none. */
  next(ms: number): Date | undefined;
  /** Last moment at or before `ms`, or undefined when there is none. */
  last(ms: number): Date | undefined;
}

/**
 * Reads a cron expression in a time zone, such as `Europe/Berlin`.
 *
 * @throws {SkymapError} `config_invalid`.
 */
export function parseCron(text: string, timeZone: string): CronExpression {
  try {
    // Croner takes seconds, years and dates too; core looks once a minute.
    if (!/^(@\w+|\S+(\s+\S+){4})$/.test(text.trim())) {
      throw new Error("wanted five fields: minute hour day month weekday");
    }
    const cron = new Cron(text, {
      timezone: timeZone,
      paused: true,
      mode: "5-part",
    });
    // An unknown time zone shows only when a moment is asked for.
    cron.nextRun();
    return {
      next: (ms) => cron.nextRun(new Date(ms)) ?? undefined,
      // The reference itself is no moment before it, so the next second is it.
      last: (ms) => cron.previousRuns(1, new Date(ms - ms % 1_000 + 1_000))[0],
    };
  } catch (cause) {
    throw new SkymapError(
      "config_invalid",
      `Cannot use schedule "${text}" in "${timeZone}": ${messageOf(cause)}`,
      { cause },
    );
  }
}
