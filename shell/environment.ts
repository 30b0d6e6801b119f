/**
 * What the flags of the shell mean for its lines.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { ShellSettings } from "./settings.ts";

/** The flags that lines are run with. */
type LineSettings = Pick<
  ShellSettings,
  | "graph"
  | "section"
  | "at"
  | "requireComplete"
  | "count"
  | "format"
  | "json"
  | "timeout"
>;

/**
 * The variables of every line.
 *
 * @throws {SkymapError} `usage`, if flags contradict each other.
 */
export function lineEnvironment(
  settings: LineSettings,
): Readonly<Record<string, string>> {
  const { graph, section, at, requireComplete, count, timeout } = settings;
  const { json, format = json ? "ndjson" : undefined } = settings;
  if (json && format !== "ndjson") {
    throw new SkymapError(
      "usage",
      `Cannot print as --json and --format ${format}: wanted one of them`,
    );
  }
  return {
    ...(graph !== undefined && { graph }),
    ...(section !== undefined && { section }),
    ...(at !== undefined && { at }),
    ...(requireComplete && { require_complete: "true" }),
    ...(count && { count: "true" }),
    ...(format !== undefined && { format }),
    ...(timeout !== undefined && { search_timeout: timeout }),
  };
}
