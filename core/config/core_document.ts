import { GRAPH_NAME } from "@skymap/lib/config";
import { isDuration, parseDuration } from "@skymap/lib/duration";
import { z } from "zod";
import { CLEANUP_SECTION } from "./cleanup_section.ts";
import { parseHostPattern } from "./host_pattern.ts";
import { TIMESERIES_SECTION } from "./timeseries_section.ts";

/** A workflow, as far as its schedule goes. */
export interface ScheduledWorkflow {
  /** Its name. */
  readonly name: string;
  /** Cron expression it runs by when nothing is configured. */
  readonly schedule?: string;
}

/** What a schedule is in the words of a configuration that has none. */
export const NO_SCHEDULE = "none";

/** Why a schedule cannot be used, or undefined when it can. */
export type ScheduleProblem = (
  cron: string,
  timeZone: string,
) => string | undefined;

function isHistoryKeep(text: string): boolean {
  return text === "none" || (isDuration(text) && parseDuration(text) > 0);
}

function isTimeZone(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) !== undefined;
  } catch {
    return false;
  }
}

const TIME_ZONE = z.string().refine(isTimeZone, {
  message: "wanted the IANA name of a time zone, such as Europe/Berlin",
}).default("UTC");

const CLI = z.strictObject({
  default_graph: GRAPH_NAME.describe(
    "Graph of lines that name none",
  ),
  default_section: z.enum(["reported", "desired", "metadata", ""])
    .default("reported").describe(
      "Section in which paths that do not begin with / start; empty: the node itself",
    ),
  default_time_zone: TIME_ZONE.describe(
    "IANA name of the time zone of times that lines write",
  ),
  http_allowed_hosts: z.array(
    z.string().refine((text) => parseHostPattern(text) !== undefined, {
      message: "wanted host, host:port, *.domain or a network as 10.1.0.0/16",
    }),
  ).default([]).describe(
    "Hosts on loopback, link-local or private addresses that the command http may send to, as host, host:port or a network such as 10.1.0.0/16",
  ),
});

function scheduleOf(
  { schedule = NO_SCHEDULE }: ScheduledWorkflow,
  problemOf: ScheduleProblem,
) {
  return z.strictObject({
    schedule: z.string().min(1).default(schedule).describe(
      `Cron expression that it runs by, or ${NO_SCHEDULE}: on demand only`,
    ),
    time_zone: TIME_ZONE.describe(
      "IANA name of the time zone that the expression is meant in",
    ),
  }).superRefine(({ schedule, time_zone }, context) => {
    const message = schedule === NO_SCHEDULE || !isTimeZone(time_zone)
      ? undefined
      : problemOf(schedule, time_zone);
    if (message === undefined) return;
    context.addIssue({ code: "custom", path: ["schedule"], message });
  });
}

/** The schema of section `core` of the document `skymap.core`. */
export function coreSection(
  workflows: readonly ScheduledWorkflow[],
  problemOf: ScheduleProblem,
) {
  return z.strictObject({
    history_keep: z.string().default("180d")
      .refine(isHistoryKeep, {
        message: "wanted a duration such as 180d, or none to keep it for ever",
      })
      .describe(
        "How long the history of each graph is kept, such as 90d; none: for ever",
      ),
    cli: CLI.prefault({}).describe("The command line"),
    cleanup: CLEANUP_SECTION.prefault({}).describe("What may be deleted"),
    timeseries: TIMESERIES_SECTION.prefault({}).describe(
      "Values of metrics over time",
    ),
    workflows: z.strictObject(Object.fromEntries(
      workflows.map((workflow) => [
        workflow.name,
        scheduleOf(workflow, problemOf).prefault({}).describe(
          `When ${workflow.name} runs by itself`,
        ),
      ]),
    )).prefault({}).describe("When workflows run"),
  });
}

/** What core is configured with. */
export type CoreConfig = z.infer<ReturnType<typeof coreSection>>;
