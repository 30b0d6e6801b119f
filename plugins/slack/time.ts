import type { Json } from "@skymap/lib/plugin";

/** Seconds since 1970 as a time; Slack writes 0 for never. */
export function timeOf(seconds: Json | undefined): string | undefined {
  return typeof seconds === "number" && seconds > 0
    ? new Date(seconds * 1_000).toISOString()
    : undefined;
}
