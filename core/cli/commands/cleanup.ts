/**
 * The command `cleanup`.
 *
 * @module
 */

import type { CleanupPlanJson } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { BoundedQueue } from "@skymap/lib/queue";
import { CLEANUP_LIMITS } from "../../config/cleanup_section.ts";
import { readRaised } from "../../cleanup/raise_limits.ts";
import type { Arguments } from "../arguments.ts";
import { Batch } from "../batch.ts";
import { type CleanupReport, cleanupReportText } from "../cleanup_report.ts";
import type { Command, Form, Parameter, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import type { ElementFlow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";

const PLAN: Parameter = {
  name: "plan",
  type: "text",
  isRequired: true,
  help: "Id of the plan, or how it begins, from 4 letters on",
};

/** Steps that a report shows. */
const FIRST_STEPS = 10;

/** Elements that leave together. */
const BATCH = 500;

async function reportOf(
  { services }: LineContext,
  plan: CleanupPlanJson,
): Promise<CleanupReport> {
  const first_steps: CleanupReport["first_steps"][number][] = [];
  for await (const item of services.cleanup.items(plan.id)) {
    const { wave, action, kind, id, name, account, region } = item;
    first_steps.push({ wave, action, kind, id, name, account, region });
    if (first_steps.length === FIRST_STEPS) break;
  }
  return { ...plan, first_steps };
}

/** Shows plans as people read them. */
const REPORT: Stage = {
  output: "text",
  isFormat: true,
  run: (input, { clock }) => ({
    type: "text",
    chunks: async function* () {
      for await (const batch of elementsOf(input).batches) {
        for (const plan of batch.values) {
          yield cleanupReportText(
            plan as unknown as CleanupReport,
            clock.now(),
          );
        }
      }
    }(),
  }),
};

async function* batches(
  records: AsyncIterable<object>,
): AsyncGenerator<Batch> {
  let some: Json[] = [];
  for await (const record of records) {
    some.push(record as Json);
    if (some.length < BATCH) continue;
    yield Batch.ofValues(some);
    some = [];
  }
  yield Batch.ofValues(some);
}

function recordsOf(records: AsyncIterable<object>): ElementFlow {
  return { type: "elements", shape: "records", batches: batches(records) };
}

const MAKE: Form = {
  verb: "plan",
  brief: "Makes a plan of what is marked, and shows it",
  parameters: [{
    name: "search",
    type: "search",
    isRest: true,
    help: "Plans only what matches",
    default: "all that is marked",
  }],
  prepare: (args) => {
    const search = args.get("search")?.trim() ?? "";
    return {
      output: "elements",
      shownBy: REPORT,
      isChange: true,
      run: (_input, context) =>
        recordFlow(async () => {
          const { services, graph, caller, signal } = context;
          const plan = await services.cleanup.plan(graph, {
            by: caller.subject,
            signal,
            ...(search !== "" && { search }),
          });
          return [await reportOf(context, plan)];
        }),
    };
  },
};

const SHOW: Form = {
  verb: "show",
  brief: "Shows a plan and how far it is",
  parameters: [
    { name: "--items", help: "Shows each step, and what became of it" },
    { name: "--blocked", help: "Shows what is marked and stays, and why" },
    PLAN,
  ],
  prepare: (args) => {
    if (args.has("--items") && args.has("--blocked")) {
      throw args.fault(
        "steps and what stays are two lists, wanted one",
        "--blocked",
      );
    }
    const id = args.must("plan");
    const isList = args.has("--items") || args.has("--blocked");
    return {
      output: "elements",
      ...(!isList && { shownBy: REPORT }),
      run: async (_input, context) => {
        const { cleanup } = context.services;
        const plan = await cleanup.get(id);
        if (args.has("--items")) return recordsOf(cleanup.items(plan.id));
        if (args.has("--blocked")) return recordsOf(cleanup.blocked(plan.id));
        return recordFlow(async () => [await reportOf(context, plan)]);
      },
    };
  },
};

/** A plan in a few words. */
function summary(plan: CleanupPlanJson): object {
  const { id, graph, state, created_at, by, deletions, blocked } = plan;
  const { progress, error } = plan;
  return {
    id,
    graph,
    state,
    created_at,
    by,
    deletions,
    done: progress.done + progress.gone,
    blocked,
    ...(error !== undefined && { error }),
  };
}

const LIST: Form = {
  verb: "list",
  brief: "Lists the plans, the newest first",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(async () => (await services.cleanup.list()).map(summary)),
  }),
};

/** Reads `name=value` of limits. */
function readRaise(args: Arguments): Readonly<Record<string, string>> {
  const raise: Record<string, string> = {};
  for (const [at, text] of args.all("--raise").entries()) {
    const [, name = "", value = ""] = /^([a-z_]+)=(.+)$/.exec(text) ?? [];
    if (!(CLEANUP_LIMITS as readonly string[]).includes(name)) {
      throw args.fault(
        `"${text}" raises nothing, wanted NAME=VALUE, NAME one of ` +
          CLEANUP_LIMITS.join(", "),
        "--raise",
        at,
      );
    }
    try {
      readRaised({ [name]: value });
    } catch (error) {
      throw args.fault(messageOf(error), "--raise", at);
    }
    raise[name] = value;
  }
  return raise;
}

/** Tells how an apply goes, to its end; that goes on when nobody listens. */
async function* follow(
  id: string,
  args: Arguments,
  context: LineContext,
): AsyncGenerator<string> {
  const { services, caller, note, signal } = context;
  const lines = new BoundedQueue<string>();
  const { plan, notes, ended } = await services.cleanup.apply(id, {
    by: caller.subject,
    raise: readRaise(args),
    ...(args.has("--dry-run") && { dry_run: true }),
    tell: (_level, message) => void lines.push(`${message}\n`),
  });
  for (const text of notes) yield `${text}\n`;
  if (notes.length === 0) {
    const short = plan.id.slice(0, 8);
    yield `Plan ${short} is being applied. Core goes on when nobody follows: ` +
      `cleanup show ${short} says how far it is, cleanup cancel ${short} ` +
      "stops it\n";
  }
  using _progress = services.cleanup.onChange((each) => {
    if (each.id !== plan.id) return;
    const { pending, ...ended } = each.progress;
    const done = Object.values(ended).reduce((sum, one) => sum + one, 0);
    note({
      type: "progress",
      text: `cleanup ${plan.id.slice(0, 8)}`,
      done,
      total: done + pending,
    });
  });
  const stop = () => lines.fail(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  ended.then(() => lines.end(), (error) => lines.fail(error));
  try {
    yield* lines;
  } finally {
    signal.removeEventListener("abort", stop);
  }
  const end = await ended;
  if (end.state === "failed" && notes.length === 0) {
    throw new SkymapError(
      "run_failed",
      `Cannot say that plan "${plan.id}" is applied: ${
        end.error ?? messageOf(end.state)
      }`,
    );
  }
  const report = await reportOf(context, end);
  yield cleanupReportText({ ...report, first_steps: [] }, context.clock.now());
}

const APPLY: Form = {
  verb: "apply",
  brief: "Deletes what is in a plan",
  parameters: [
    {
      name: "--dry-run",
      help: "Looks at everything, in the cloud too, and deletes nothing",
      default: "as core.cleanup.dry_run says",
    },
    {
      name: "--raise",
      type: "assignment",
      isRepeated: true,
      help:
        "Raises a limit this time, as max_count=500; the plan keeps by whom",
    },
    PLAN,
  ],
  prepare: (args) => {
    readRaise(args);
    return {
      output: "text",
      isChange: true,
      run: (_input, context) => ({
        type: "text",
        chunks: follow(args.must("plan"), args, context),
      }),
    };
  },
};

const CANCEL: Form = {
  verb: "cancel",
  brief: "Begins no further step of a plan, or lets nobody apply it",
  parameters: [PLAN],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, { services, caller }) =>
      recordFlow(async () => [
        summary(
          await services.cleanup.cancel(args.must("plan"), caller.subject),
        ),
      ]),
  }),
};

/** Plans of what is deleted. */
export const CLEANUP: Command = {
  name: "cleanup",
  group: "change",
  brief: "Plans what is deleted, and deletes it",
  description:
    `A plan is made of what is marked by \`clean\`: what is deleted in which order, and
what stays and why. Nothing is deleted that was not in it, that has changed since,
or on which something hangs that stays. See docs/cleanup.md.

By default no cleanup deletes anything: \`core.cleanup\` of \`skymap.core\` says
whether, in which accounts, and how much at most. An apply goes on in core when
nobody follows it; what was cut goes on when the plan is applied again.`,
  position: "source",
  forms: [MAKE, SHOW, LIST, APPLY, CANCEL],
  examples: [
    { line: "cleanup plan", says: "Plans all that is marked" },
    {
      line: "cleanup plan is(volume)",
      says: "Plans the marked volumes alone",
    },
    { line: "cleanup list", says: "Lists the plans" },
    {
      line: "cleanup show v6q1n0b2",
      says: "Shows a plan again, and how far it is",
      needs: "a plan of this id",
    },
    {
      line: "cleanup show --blocked v6q1n0b2",
      says: "Shows what is marked and stays, each with the reason",
      needs: "a plan of this id",
    },
    {
      line: "cleanup show --items v6q1n0b2 | jq 'select(.state == \"failed\")'",
      says: "Shows the steps that failed",
      needs: "a plan of this id",
    },
    {
      line: "cleanup apply --dry-run v6q1n0b2",
      says: "Looks whether all of it can be deleted, and deletes nothing",
      needs: "a plan of this id and a worker that can delete",
    },
    {
      line: "cleanup apply --raise max_count=500 v6q1n0b2",
      says: "Deletes what is in the plan, up to 500 resources this time",
      needs: "a plan of this id and a worker that can delete",
    },
    {
      line: "cleanup cancel v6q1n0b2",
      says: "Stops it, or lets nobody apply it",
      needs: "a plan of this id",
    },
  ],
};
