/**
 * Jobs: lines of the command line that run by themselves.
 *
 * @module
 */

import type { JobDefinitionJson } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { parseCron } from "./cron.ts";
import { defineWorkflow, type WorkflowDefinition } from "./definition.ts";

/** A job. */
export interface Job {
  /** Its id. */
  readonly id: string;
  /** Lines of the command line. */
  readonly command: string;
  /** Cron expression it runs by. Default: none. */
  readonly schedule?: string;
  /** Time zone of the schedule. */
  readonly timeZone: string;
  /** Event it runs on; behind a schedule, what it waits for. Default: none. */
  readonly event?: string;
  /** Seconds that waiting has, and that the lines have. */
  readonly timeoutSeconds: number;
  /** Variables of the lines. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether schedule and event count. */
  readonly isActive: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
}

/** Seconds that a job has unless it says otherwise. */
const TIMEOUT_SECONDS = 3_600;

/** Longest time a job may have: a week. */
const MAX_TIMEOUT_SECONDS = 7 * 24 * 3_600;

/** Longest text of a job's lines, in UTF-16 units. */
const MAX_COMMAND = 32_000;

const ID = /^[\w.-]{1,128}$/;

/** Steps of workflows, ends of workflows and jobs, and events of one's own. */
const EVENT = /^[\w.:-]{1,200}$/;

const PREFIX = "job:";

/** Name of the workflow that the runs of a job belong to. */
export function jobWorkflowName(id: string): string {
  return `${PREFIX}${id}`;
}

/** Id of the job that a workflow belongs to, or undefined. */
export function jobOfWorkflow(workflow: string): string | undefined {
  return workflow.startsWith(PREFIX)
    ? workflow.slice(PREFIX.length)
    : undefined;
}

/** Whether a text can be the id of a job. */
export function isJobId(text: string): boolean {
  return ID.test(text);
}

/** Id of the job whose end an event is, or undefined. */
function jobOfEvent(event: string): string | undefined {
  return /^job:(.*):(?:end|done|failed|stopped)$/.exec(event)?.[1];
}

/**
 * What a run of the job does: it waits for the event, if both schedule and event
 * are given and it was the schedule that started it, then runs the lines.
 */
export function jobWorkflow(
  job: Job,
  { waits }: { readonly waits: boolean },
): WorkflowDefinition {
  const { event, command, environment, timeoutSeconds } = job;
  const common = { timeoutSeconds, onError: "stop" as const };
  return defineWorkflow(jobWorkflowName(job.id), {
    steps: [
      ...(waits && event !== undefined
        ? [{ ...common, name: "wait", own: { type: "wait" as const, event } }]
        : []),
      {
        ...common,
        name: "execute",
        own: { type: "execute" as const, command, environment },
      },
    ],
  });
}

/**
 * Makes a job of what a person wants; its lines are not looked at.
 *
 * @throws {SkymapError} `job_invalid`, with all that is wrong.
 */
export function makeJob(
  id: string,
  wanted: JobDefinitionJson,
  context: {
    readonly now: number;
    /** The job as it was. */
    readonly before: Job | undefined;
    /** Other jobs. */
    readonly find: (id: string) => Job | undefined;
  },
): Job {
  const { now, before } = context;
  const job: Job = Object.freeze({
    id,
    command: wanted.command.trim(),
    ...(wanted.schedule !== undefined && { schedule: wanted.schedule }),
    timeZone: wanted.time_zone ?? "UTC",
    ...(wanted.event !== undefined && { event: wanted.event }),
    timeoutSeconds: wanted.timeout ?? TIMEOUT_SECONDS,
    environment: Object.freeze({ ...wanted.environment }),
    isActive: wanted.active ?? true,
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  });
  const problems = [...faults(job, now), ...cycles(job, context.find)];
  if (problems.length === 0) return job;
  throw new SkymapError(
    "job_invalid",
    `Cannot keep job "${id}": ${problems.join("; ")}`,
    { details: { problems } },
  );
}

function* faults(job: Job, now: number): Generator<string> {
  const { id, command, schedule, timeZone, event, timeoutSeconds } = job;
  if (!isJobId(id)) {
    yield `its id is "${id}", wanted up to 128 letters, digits, "_", "." and "-"`;
  }
  if (command === "" || command.length > MAX_COMMAND) {
    yield `its command has ${command.length} characters, wanted 1 to ${MAX_COMMAND}`;
  }
  if (!(timeoutSeconds >= 1 && timeoutSeconds <= MAX_TIMEOUT_SECONDS)) {
    yield `its timeout is ${timeoutSeconds} s, wanted 1 to ${MAX_TIMEOUT_SECONDS}`;
  }
  if (event !== undefined && !EVENT.test(event)) {
    yield `its event is "${event}", wanted a name such as post_collect`;
  }
  try {
    const cron = parseCron(schedule ?? "@daily", timeZone);
    if (cron.next(now) === undefined) {
      yield `its schedule "${schedule}" is never due`;
    }
  } catch (error) {
    yield messageOf(error);
  }
}

/** Jobs that end and start each other would never rest. */
function* cycles(
  job: Job,
  find: (id: string) => Job | undefined,
): Generator<string> {
  const way = [job.id];
  let { event } = job;
  while (event !== undefined) {
    const next = jobOfEvent(event);
    if (next === undefined) return;
    way.push(next);
    if (next === job.id) {
      yield `it would start itself, ${way.reverse().join(" then ")}`;
      return;
    }
    const other = find(next);
    // One that has a schedule too is not started by the event, but waits for it.
    if (job.schedule !== undefined || other?.schedule !== undefined) return;
    event = other?.event;
  }
}
