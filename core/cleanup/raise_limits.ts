/**
 * Limits that count otherwise for one apply.
 *
 * @module
 */

import { parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import {
  CLEANUP_LIMITS,
  CLEANUP_SECTION,
  type CleanupConfig,
  type CleanupLimit,
} from "../config/cleanup_section.ts";
import type { Limits } from "./limits.ts";

/** Limits by their names, as somebody raises them. */
export type RaisedLimits = Partial<
  Pick<CleanupConfig, CleanupLimit>
>;

function isLimit(name: string): name is CleanupLimit {
  return (CLEANUP_LIMITS as readonly string[]).includes(name);
}

/**
 * Reads what somebody raises.
 *
 * @throws {SkymapError} `body_invalid`
 */
export function readRaised(
  raise: Readonly<Record<string, number | string>>,
): RaisedLimits {
  const raised: Record<string, number | string> = {};
  for (const [name, value] of Object.entries(raise)) {
    if (!isLimit(name)) {
      throw new SkymapError(
        "body_invalid",
        `Cannot raise "${name}": it is no limit of cleanups, wanted one of ` +
          CLEANUP_LIMITS.join(", "),
      );
    }
    const isNumber = typeof value === "string" && name !== "max_age" &&
      /^\d+(\.\d+)?$/.test(value);
    const read = CLEANUP_SECTION.shape[name].safeParse(
      isNumber ? Number(value) : value,
    );
    if (!read.success) {
      throw new SkymapError(
        "body_invalid",
        `Cannot raise "${name}" to ${JSON.stringify(value)}: ${
          read.error.issues[0]?.message ?? "it is no value of it"
        }`,
      );
    }
    raised[name] = read.data;
  }
  return raised as RaisedLimits;
}

/** What counts when some limits are raised. */
export function withRaised<T extends Limits>(
  config: T,
  raised: RaisedLimits,
): T {
  return { ...config, ...raised };
}

/** The age up to which a plan may be applied, in milliseconds. */
export function maxAgeMs({ max_age }: Pick<CleanupConfig, "max_age">): number {
  return parseDuration(max_age);
}
