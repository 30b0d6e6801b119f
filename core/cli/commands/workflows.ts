/**
 * The command `workflows`.
 *
 * @module
 */

import type { JsonObject } from "@skymap/lib/json";
import { SkymapError } from "@skymap/lib/errors";
import { NO_SCHEDULE } from "../../config/core_document.ts";
import { parseCron } from "../../workflow/cron.ts";
import type { Arguments } from "../arguments.ts";
import type { Command, Form, Parameter } from "../command.ts";
import { followLines } from "../follow_lines.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";
import { RUN_FILTERS } from "../run_filter.ts";
import { runRecord } from "../run_record.ts";
import { runHistory, runsGoingOn } from "../run_stages.ts";

const NAME: Parameter = {
  name: "name",
  type: "workflow",
  isRequired: true,
  help: "Name of the workflow",
};

const RUN: Parameter = {
  name: "run",
  type: "run",
  isRequired: true,
  help: "Id of the run",
};

function workflowOf({ services }: LineContext, name: string) {
  const all = services.workflows.list();
  const found = all.find((each) => each.name === name);
  if (found !== undefined) return found;
  throw new SkymapError(
    "workflow_unknown",
    `Cannot find workflow "${name}": not known, wanted one of ` +
      all.map((each) => each.name).join(", "),
  );
}

/** The steps of a workflow with everybody who acts in them. */
function stepRecords(context: LineContext, name: string): readonly object[] {
  const { steps, jobs = {} } = workflowOf(context, name);
  const subscribers = context.services.subscribers.list();
  return steps.map((step) => ({
    step,
    subscribers: subscribers
      .filter((each) => Object.hasOwn(each.subscriptions, step))
      .map((each) => each.id),
    jobs: jobs[step] ?? [],
  }));
}

const LIST: Form = {
  verb: "list",
  brief: "Lists the workflows and when they run next",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() =>
        services.workflows.list().map(({ name, schedule, ...rest }) => ({
          name,
          schedule: schedule ?? NO_SCHEDULE,
          ...(schedule !== undefined && { time_zone: rest.time_zone }),
          ...(rest.next_run !== undefined && { next_run: rest.next_run }),
          steps: rest.steps.length,
        }))
      ),
  }),
};

const SHOW: Form = {
  verb: "show",
  brief: "Shows the steps of a workflow: who acts in them, and which jobs",
  parameters: [NAME],
  prepare: (args) => ({
    output: "elements",
    run: (_input, context) =>
      recordFlow(() => stepRecords(context, args.must("name"))),
  }),
};

const START: Form = {
  verb: "run",
  brief: "Starts a run, or joins the one that waits already",
  parameters: [{
    name: "--wait",
    help: "Follows the run to its end; the line fails if the run does",
  }, NAME],
  prepare: (args) => {
    const start = ({ services, caller }: LineContext) =>
      services.workflows.run(args.must("name"), `cli:${caller.subject}`);
    const common = { isChange: true };
    return args.has("--wait")
      ? {
        ...common,
        output: "text",
        run: (_input, context) => followLines(start, context),
      }
      : {
        ...common,
        output: "elements",
        run: (_input, context) =>
          recordFlow(async () => [runRecord(await start(context))]),
      };
  },
};

const FOLLOW: Form = {
  verb: "follow",
  brief: "Shows the log of a run as it comes, to its end",
  parameters: [RUN],
  prepare: (args) => ({
    output: "text",
    run: (_input, context) =>
      followLines(
        async ({ services }) => {
          const id = args.must("run");
          const run = await services.workflows.get(id);
          if (run !== undefined) return run;
          throw unknownRun(id);
        },
        context,
      ),
  }),
};

const STOP: Form = {
  verb: "stop",
  brief: "Stops a run: what it did stays",
  parameters: [RUN],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, { services, note }) =>
      recordFlow(async () => {
        const id = args.must("run");
        const before = await services.workflows.get(id);
        await services.workflows.stop(id);
        if (before?.ended_at !== undefined) {
          const text = `Run "${id}" had ended already`;
          note({ type: "message", level: "info", text });
        }
        const run = await services.workflows.get(id);
        return run === undefined ? [] : [runRecord(run)];
      }),
  }),
};

const RUNNING: Form = {
  verb: "running",
  brief: "Lists the runs that go on or wait, and what they wait for",
  parameters: [],
  prepare: () => runsGoingOn({}),
};

const HISTORY: Form = {
  verb: "history",
  brief: "Lists runs, the newest first",
  parameters: [...RUN_FILTERS, {
    ...NAME,
    isRequired: false,
    default: "every workflow and job",
  }],
  prepare: (args) => {
    const workflow = args.get("name");
    return runHistory(args, workflow === undefined ? {} : { workflow });
  },
};

const LOG: Form = {
  verb: "log",
  brief: "Shows the log of a run",
  parameters: [RUN],
  prepare: (args) => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(async () => {
        const id = args.must("run");
        if (await services.workflows.get(id) === undefined) {
          throw unknownRun(id);
        }
        return await services.workflows.log(id);
      }),
  }),
};

function unknownRun(id: string): SkymapError {
  return new SkymapError(
    "run_unknown",
    `Cannot find run "${id}": there is none of that id, "workflows history" ` +
      "lists them",
  );
}

/** Refuses an expression before anything runs. */
function checkCron(args: Arguments): void {
  const cron = args.must("cron");
  if (cron === NO_SCHEDULE) return;
  try {
    parseCron(cron, args.get("--time-zone") ?? "UTC");
  } catch (error) {
    throw args.fault(error instanceof Error ? error.message : "", "cron");
  }
}

const SCHEDULE: Form = {
  verb: "schedule",
  brief: "Sets when a workflow runs",
  parameters: [
    {
      name: "--time-zone",
      type: "time_zone",
      help: "Time zone the expression is meant in",
      default: "UTC",
    },
    NAME,
    {
      name: "cron",
      type: "cron",
      isRequired: true,
      help: `Cron expression in quotes, or ${NO_SCHEDULE}: on demand only`,
    },
  ],
  prepare: (args) => {
    checkCron(args);
    return {
      output: "elements",
      isChange: true,
      run: (_input, context) =>
        recordFlow(async () => {
          const name = args.must("name");
          workflowOf(context, name);
          const patch: JsonObject = {
            core: {
              workflows: {
                [name]: {
                  schedule: args.must("cron"),
                  time_zone: args.get("--time-zone") ?? "UTC",
                },
              },
            },
          };
          const { notes } = await context.services.configs.patch(
            "skymap.core",
            patch,
            { by: context.caller.subject },
          );
          for (const text of notes) {
            context.note({ type: "message", level: "warning", text });
          }
          return [{
            name,
            schedule: args.must("cron"),
            time_zone: args.get("--time-zone") ?? "UTC",
          }];
        }),
    };
  },
};

/** Workflows and their runs. */
export const WORKFLOWS: Command = {
  name: "workflows",
  aliases: ["workflow"],
  group: "automate",
  brief: "Shows, runs and stops workflows",
  description: [
    "A workflow is a fixed order of steps. In each step everybody is asked to",
    "act who subscribed to it, and the jobs run that name the step as their",
    "event; the run goes on when they are done.",
    "",
    "The runs of a job are runs of the workflow `job:` and its id.",
    "",
    "When a workflow runs is a matter of the configuration, as",
    "`core.workflows.NAME.schedule` of `skymap.core`.",
  ].join("\n"),
  position: "source",
  forms: [
    LIST,
    SHOW,
    START,
    FOLLOW,
    STOP,
    RUNNING,
    HISTORY,
    LOG,
    SCHEDULE,
  ],
  examples: [
    { line: "workflows list", says: "Lists the workflows" },
    {
      line: "workflows show collect",
      says: "Shows who acts in the steps of collect",
    },
    {
      line: "workflows run --wait metrics",
      says: "Makes metrics now, and waits until they are there",
    },
    { line: "workflows running", says: "Shows what goes on now" },
    {
      line: "workflows follow v6q1n0b2u8k4c7s5t3d9f0h2jm",
      says: "Shows what a run does, until it ends",
      needs: "a run of this id",
    },
    {
      line: "workflows log v6q1n0b2u8k4c7s5t3d9f0h2jm",
      says: "Shows what it did",
      needs: "a run of this id",
    },
    {
      line: "workflows stop v6q1n0b2u8k4c7s5t3d9f0h2jm",
      says: "Stops it",
      needs: "a run of this id",
    },
    {
      line: "workflows history --has-errors --started-after 7d",
      says: "Lists what went wrong within a week",
    },
    {
      line:
        'workflows schedule --time-zone Europe/Berlin cleanup "0 4 * * 1-5"',
      says: "Cleans up at four in the morning, Monday to Friday",
    },
  ],
};
