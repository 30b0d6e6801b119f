/**
 * Options that choose among runs.
 *
 * @module
 */

import { parsePoint } from "../search/point_in_time.ts";
import type { RunFilter } from "../workflow/run_store.ts";
import type { Arguments } from "./arguments.ts";
import type { Parameter } from "./command.ts";

/** The options of commands that list runs. */
export const RUN_FILTERS: readonly Parameter[] = [
  {
    name: "--started-after",
    type: "time",
    help: "Only those started at this time or so long ago, or later",
  },
  {
    name: "--started-before",
    type: "time",
    help: "Only those started before this time or so long ago",
  },
  {
    name: "--has-errors",
    help: "Only those that failed or of which a step did",
  },
  { name: "--limit", type: "number", help: "How many at most", default: "100" },
];

const MAX_RUNS = 1_000;

/**
 * Reads the options. Durations count back from when the line runs.
 *
 * @throws {SkymapError} `usage`.
 */
export function readRunFilter(
  args: Arguments,
): (nowMs: number) => RunFilter {
  const limit = args.number("--limit") ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RUNS) {
    throw args.fault(
      `"--limit" is ${limit}, wanted a whole number from 1 to ${MAX_RUNS}`,
      "--limit",
    );
  }
  const time = (name: string, nowMs: number) => {
    const text = args.get(name);
    if (text === undefined) return undefined;
    const ms = parsePoint(text, nowMs);
    if (ms !== undefined) return ms;
    throw args.fault(
      `"${name}" is ${
        JSON.stringify(text)
      }, wanted a time such as 2026-01-31T12:00:00Z or a duration such as 2h`,
      name,
    );
  };
  const read = (nowMs: number): RunFilter => {
    const startedAfter = time("--started-after", nowMs);
    const startedBefore = time("--started-before", nowMs);
    return {
      limit,
      hasErrors: args.has("--has-errors"),
      ...(startedAfter !== undefined && { startedAfter }),
      ...(startedBefore !== undefined && { startedBefore }),
    };
  };
  // What is wrong is told before anything runs.
  read(0);
  return read;
}
