/**
 * The command `jobs`.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import type { JobDefinitionJson, JobJson } from "@skymap/lib/client";
import { randomId } from "@skymap/lib/ids";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { parseCron } from "../../workflow/cron.ts";
import { isJobId, jobWorkflowName } from "../../workflow/job.ts";
import type { Arguments } from "../arguments.ts";
import type { Command, Form, Parameter, Stage } from "../command.ts";
import { followLines } from "../follow_lines.ts";
import { nearestNames } from "../../model/nearest_names.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import { knownEvents } from "../known_events.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";
import { RUN_FILTERS } from "../run_filter.ts";
import { runRecord } from "../run_record.ts";
import { runHistory, runsGoingOn } from "../run_stages.ts";
import { unquote } from "../words.ts";

const ID: Parameter = {
  name: "id",
  type: "job",
  isRequired: true,
  help: "Id of the job",
};

/** What takes a schedule or an event away. */
const NONE = "none";

const TRIGGERS: readonly Parameter[] = [
  {
    name: "--schedule",
    type: "cron",
    help: 'Cron expression in quotes, such as "0 4 * * 1-5"',
    default: "none",
  },
  {
    name: "--time-zone",
    type: "time_zone",
    help: "Time zone of the schedule, such as Europe/Berlin",
    default: "UTC",
  },
  {
    name: "--wait-for-event",
    type: "event",
    help:
      "Event that it runs on; with a schedule too, what it waits for once due",
    default: "none",
  },
  {
    name: "--timeout",
    type: "text",
    help: "Seconds or a duration such as 2h; then it is stopped",
    default: "1h",
  },
];

const LINE: Parameter = {
  name: "line",
  type: "line",
  isRequired: true,
  isRest: true,
  help: "The line, in quotes; several are separated by ;",
};

const ADD_ID: Parameter = {
  name: "--id",
  type: "text",
  help: "Id of the new job: letters, digits, _, . and -",
  default: "a random one",
};

/** Variables that say how a line is shown, or when it believes to run. */
const NOT_KEPT = ["now"];

function environmentOf(
  { environment }: LineContext,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !NOT_KEPT.includes(name)),
  );
}

function timeoutOf(args: Arguments): number | undefined {
  const text = args.get("--timeout");
  if (text === undefined) return undefined;
  const seconds = /^\d+(?:\.\d+)?$/.test(text)
    ? Number(text)
    : isDuration(text)
    ? parseDuration(text) / 1_000
    : Number.NaN;
  if (seconds >= 1) return seconds;
  throw args.fault(
    `"--timeout" is "${text}", wanted seconds or a duration such as 2h`,
    "--timeout",
  );
}

/** What the options say; `none` takes something away. */
interface Wanted {
  readonly schedule?: string;
  readonly timeZone?: string;
  readonly event?: string;
  readonly timeout?: number;
  readonly command?: string;
}

function readWanted(args: Arguments): Wanted {
  const schedule = args.get("--schedule");
  const timeZone = args.get("--time-zone");
  const event = args.get("--wait-for-event");
  const timeout = timeoutOf(args);
  const line = args.get("line");
  if (schedule !== undefined && schedule !== NONE) {
    try {
      parseCron(schedule, timeZone ?? "UTC");
    } catch (error) {
      throw args.fault(messageOf(error), "--schedule");
    }
  }
  return {
    ...(schedule !== undefined && { schedule }),
    ...(timeZone !== undefined && { timeZone }),
    ...(event !== undefined && { event }),
    ...(timeout !== undefined && { timeout }),
    ...(line !== undefined && { command: unquote(line) }),
  };
}

/** A job as it was, with what is wanted now. */
function definition(
  wanted: Wanted,
  before: JobJson | undefined,
  context: LineContext,
): JobDefinitionJson {
  const schedule = wanted.schedule ?? before?.schedule;
  const event = wanted.event ?? before?.event;
  const timeout = wanted.timeout ?? before?.timeout;
  return {
    command: wanted.command ?? before?.command ?? "",
    ...(schedule !== undefined && schedule !== NONE && {
      schedule,
      time_zone: wanted.timeZone ?? before?.time_zone ?? context.timeZone,
    }),
    ...(event !== undefined && event !== NONE && { event }),
    ...(timeout !== undefined && { timeout }),
    environment: wanted.command === undefined
      ? before?.environment ?? {}
      : environmentOf(context),
    active: before?.active ?? true,
  };
}

async function* once(text: string): AsyncGenerator<string> {
  yield text;
}

/** A job as a list shows it. */
function jobRecord(job: JobJson): object {
  const { id, active, schedule, time_zone, event, next_run } = job;
  return {
    id,
    active,
    ...(schedule !== undefined && { schedule, time_zone }),
    ...(event !== undefined && { event }),
    ...(next_run !== undefined && { next_run }),
    timeout: job.timeout,
    command: job.command,
  };
}

/** Says so when nothing of Skymap tells of an event: it may be misspelt. */
function tellOfEvent(
  { services, note }: LineContext,
  event: string | undefined,
): void {
  if (event === undefined || event === NONE) return;
  const known = knownEvents(services);
  if (known.has(event)) return;
  const text = `"${event}" is no step and no end of a workflow or job: ` +
    `"jobs emit ${event}" tells of it${
      suggestionText(nearestNames(event, [...known]))
    }`;
  note({ type: "message", level: "warning", text });
}

/** A stage that changes a job and shows what it is then. */
function change(make: (context: LineContext) => Promise<JobJson>): Stage {
  return {
    output: "elements",
    isChange: true,
    run: (_input, context) =>
      recordFlow(async () => [jobRecord(await make(context))]),
  };
}

const ADD: Form = {
  verb: "add",
  brief: "Adds a job",
  parameters: [ADD_ID, ...TRIGGERS, LINE],
  prepare: (args) => {
    const wanted = readWanted(args);
    const id = args.get("--id");
    if (id !== undefined && !isJobId(id)) {
      throw args.fault(
        `"--id" is "${id}", wanted letters, digits, "_", "." and "-"`,
        "--id",
      );
    }
    if (wanted.timeZone !== undefined && (wanted.schedule ?? NONE) === NONE) {
      throw args.fault(
        'it is the zone of a schedule, and there is none, wanted "--schedule" too',
        "--time-zone",
      );
    }
    return change((context) => {
      tellOfEvent(context, wanted.event);
      return context.services.jobs.put(
        id ?? `job-${randomId().slice(0, 8)}`,
        definition(wanted, undefined, context),
        { isNew: true },
      );
    });
  },
};

const UPDATE: Form = {
  verb: "update",
  brief: "Changes a job; what is not named stays, none takes away",
  parameters: [...TRIGGERS, ID, { ...LINE, isRequired: false }],
  prepare: (args) => {
    const wanted = readWanted(args);
    if (Object.keys(wanted).length === 0) {
      throw args.fault("nothing is to be changed, wanted an option or a line");
    }
    return change((context) => {
      const { jobs } = context.services;
      tellOfEvent(context, wanted.event);
      const before = jobs.get(args.must("id"));
      return jobs.put(before.id, definition(wanted, before, context));
    });
  },
};

const LIST: Form = {
  verb: "list",
  brief: "Lists the jobs and when they run next",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() => services.jobs.list().map(jobRecord)),
  }),
};

const SHOW: Form = {
  verb: "show",
  brief: "Shows all there is to know about a job",
  parameters: [ID],
  prepare: (args) => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() => [services.jobs.get(args.must("id"))]),
  }),
};

const RUN: Form = {
  verb: "run",
  brief: "Runs a job now, also one that is not active",
  parameters: [{
    name: "--wait",
    help: "Follows the run to its end; the line fails if the run does",
  }, ID],
  prepare: (args) => {
    const start = ({ services, caller }: LineContext) =>
      services.jobs.run(args.must("id"), `cli:${caller.subject}`);
    return args.has("--wait")
      ? {
        output: "text",
        isChange: true,
        run: (_input, context) => followLines(start, context),
      }
      : {
        output: "elements",
        isChange: true,
        run: (_input, context) =>
          recordFlow(async () => [runRecord(await start(context))]),
      };
  },
};

const RUNNING: Form = {
  verb: "running",
  brief: "Lists the runs of jobs that go on or wait",
  parameters: [],
  prepare: () => runsGoingOn({ ofJobs: true }),
};

const HISTORY: Form = {
  verb: "history",
  brief: "Lists the runs of jobs, the newest first",
  parameters: [
    ...RUN_FILTERS,
    { ...ID, isRequired: false, default: "every job" },
  ],
  prepare: (args) => {
    const id = args.get("id");
    return runHistory(
      args,
      id === undefined ? { ofJobs: true } : { workflow: jobWorkflowName(id) },
    );
  },
};

const LOG: Form = {
  verb: "log",
  brief: "Shows the log of the newest run of a job: output, warnings, errors",
  parameters: [ID],
  prepare: (args) => ({
    output: "elements",
    run: (_input, { services: { workflows } }) =>
      recordFlow(async () => {
        const id = args.must("id");
        const workflow = jobWorkflowName(id);
        const [run] = await workflows.runs({ workflow, limit: 1 });
        if (run !== undefined) return await workflows.log(run.id);
        throw new SkymapError(
          "run_unknown",
          `Cannot show the log of job "${id}": it never ran, or is none`,
        );
      }),
  }),
};

function activation(verb: "activate" | "deactivate"): Form {
  const isActive = verb === "activate";
  return {
    verb,
    brief: isActive
      ? "Lets schedule and event of a job count, from now on"
      : "Lets neither schedule nor event of a job count",
    parameters: [ID],
    prepare: (args) =>
      change(({ services }) =>
        services.jobs.setActive(args.must("id"), isActive)
      ),
  };
}

const DELETE: Form = {
  verb: "delete",
  brief: "Deletes a job; what runs of it goes on",
  parameters: [ID],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: async (_input, { services }) => {
      const id = args.must("id");
      await services.jobs.remove(id);
      return { type: "text", chunks: once(`Job ${id} was deleted\n`) };
    },
  }),
};

const EMIT: Form = {
  verb: "emit",
  brief: "Tells jobs of an event of your own; shows the runs that start",
  parameters: [{
    name: "event",
    type: "event",
    isRequired: true,
    help: "Name of the event",
  }],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, { services, note }) =>
      recordFlow(async () => {
        const event = args.must("event");
        const runs = await services.workflows.emit(event);
        if (runs.length === 0) {
          const text = `No active job runs on "${event}" or waits for it`;
          note({ type: "message", level: "warning", text });
        }
        return runs.map(runRecord);
      }),
  }),
};

/** Lines that run by themselves. */
export const JOBS: Command = {
  name: "jobs",
  aliases: ["job"],
  group: "automate",
  brief: "Runs lines by schedule and on events",
  description: [
    "A job is a line, or several, that core runs by itself: by a schedule, on an",
    "event, or when it is due and the event has come, within its time. Without",
    "either it runs by hand.",
    "",
    "Events are the steps of workflows, such as `post_collect` or `cleanup_plan`,",
    "the ends of workflows and jobs, such as `collect:end`, `collect:failed` and",
    "`job:nightly:done`, and any name of your own, by `jobs emit`. A step goes on",
    "when the jobs are done that it has started.",
    "",
    "The line runs with the variables of the one that added it, such as `graph`.",
    "Placeholders such as `@NOW@` are replaced when it runs. One run of a job goes",
    "on at a time, one more may wait. What it gives is in the log of its run.",
  ].join("\n"),
  position: "source",
  keepsPlaceholders: true,
  forms: [
    ADD,
    UPDATE,
    LIST,
    SHOW,
    RUN,
    RUNNING,
    HISTORY,
    LOG,
    activation("activate"),
    activation("deactivate"),
    DELETE,
    EMIT,
  ],
  examples: [
    {
      line:
        'jobs add --id nightly --schedule "0 4 * * *" --time-zone Europe/Berlin "search is(volume) | count"',
      says: "Counts volumes at four each morning",
    },
    {
      line:
        "jobs add --id mark --wait-for-event cleanup_plan 'search is(volume) and age > 90d | clean \"old\"'",
      says: "Marks old volumes before each cleanup",
    },
    { line: "jobs list", says: "Lists the jobs and when they run next" },
    { line: "jobs show nightly", says: "Shows all that one is" },
    {
      line: "jobs update --schedule none --wait-for-event collect:end nightly",
      says: "Lets it run after each collect and not by the clock",
    },
    { line: "jobs run --wait nightly", says: "Runs it now and shows its log" },
    { line: "jobs log nightly", says: "Shows the log of its last run again" },
    { line: "jobs running", says: "Lists the jobs that run now" },
    { line: "jobs deactivate mark", says: "Lets it rest" },
    { line: "jobs activate mark", says: "Lets it run again" },
    {
      line: "jobs emit my_event",
      says: "Runs the jobs that wait for this event",
    },
    { line: "jobs history --has-errors", says: "Lists what went wrong" },
    { line: "jobs delete mark", says: "Deletes it" },
  ],
};
