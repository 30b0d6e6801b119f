/**
 * The command `timeseries`.
 *
 * @module
 */

import type {
  TimeSeriesAggregation,
  TimeSeriesPointJson,
  TimeSeriesQueryJson,
} from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { parseQuery } from "../../query/parse.ts";
import { readLabelFilter } from "../../timeseries/label_filter.ts";
import type { Arguments } from "../arguments.ts";
import { Batch, type Batches } from "../batch.ts";
import type { Command, Form, Parameter } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";
import { toldText } from "../told_text.ts";

const AGGREGATIONS = [
  "avg",
  "sum",
  "min",
  "max",
] as const satisfies readonly TimeSeriesAggregation[];

const NAME: Parameter = {
  name: "name",
  type: "timeseries",
  isRequired: true,
  help: "Name of the time series",
};

function seriesOf({ services, graph }: LineContext) {
  return services.graph(graph).timeSeries;
}

const SNAPSHOT: Form = {
  verb: "snapshot",
  brief: "Keeps what an aggregation gives now",
  parameters: [NAME, {
    name: "search",
    type: "search",
    isRequired: true,
    isRest: true,
    help: "aggregate(…) with one function, and the search behind it",
  }],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, context) =>
      recordFlow(async () => {
        const { services, graph, section, clock, timeZone, signal } = context;
        const nowMs = clock.now();
        const service = services.graph(graph);
        const search = args.source("search");
        const source = service.expand(search, { nowMs, timeZone });
        const read = { query: parseQuery(source), source, nowMs };
        const { coverage, ...taken } = await service.timeSeries.snapshot(
          args.must("name"),
          read,
          { section, signal, written: search.written },
        );
        context.note({ type: "coverage", coverage });
        return [taken];
      }),
  }),
};

/** Names that may be separated by commas. */
function namesOf(args: Arguments, option: string): readonly string[] {
  return args.all(option).flatMap((names) =>
    names.split(",").map((name) => name.trim()).filter(Boolean)
  );
}

function readFilters(args: Arguments): readonly string[] {
  const filters = args.all("--filter");
  for (const [at, text] of filters.entries()) {
    try {
      readLabelFilter(text);
    } catch (error) {
      throw args.fault(messageOf(error), "--filter", at);
    }
  }
  return filters;
}

function readQuery(args: Arguments): TimeSeriesQueryJson {
  const isTotal = args.has("--total");
  if (isTotal && args.all("--group").length > 0) {
    throw args.fault(
      "with --total no label stays, wanted one of both",
      "--group",
    );
  }
  const group = namesOf(args, "--group");
  if (group.length === 0 && args.has("--group")) {
    throw args.fault(
      "it names no label, wanted labels or --total instead",
      "--group",
    );
  }
  const filter = readFilters(args);
  const start = args.get("--start");
  const end = args.get("--end");
  const granularity = args.get("--granularity");
  const aggregation = AGGREGATIONS.find((each) =>
    each === args.get("--aggregation")
  );
  return {
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
    ...((isTotal || group.length > 0) && { group }),
    ...(filter.length > 0 && { filter }),
    ...(granularity !== undefined && { granularity }),
    ...(aggregation !== undefined && { aggregation }),
  };
}

async function* batchesOf(
  points: AsyncIterable<readonly TimeSeriesPointJson[]>,
): Batches {
  for await (const some of points) {
    yield Batch.ofValues(some as unknown as readonly Json[]);
  }
}

const GET: Form = {
  verb: "get",
  brief: "Gives what was kept, a value for each bucket of time and group",
  parameters: [
    {
      name: "--start",
      type: "time",
      help: "Values from this time on: a time, a duration ago or a snapshot",
      default: "7d before the end",
    },
    {
      name: "--end",
      type: "time",
      help: "Values before this time",
      default: "now",
    },
    {
      name: "--group",
      type: "text",
      isRepeated: true,
      help: "Labels that stay, separated by commas; the others are summed up",
      default: "all labels stay",
    },
    { name: "--total", help: "Sums up all groups: no label stays" },
    {
      name: "--filter",
      type: "text",
      isRepeated: true,
      help: 'A condition on labels, such as region == "eu-west-1"',
    },
    {
      name: "--granularity",
      type: "text",
      help: "Length of a bucket, at least 1h, or about how many there are",
      default: "20",
    },
    {
      name: "--aggregation",
      type: AGGREGATIONS,
      help: "What the snapshots of a bucket become",
      default: "avg",
    },
    NAME,
  ],
  prepare: (args) => {
    const query = readQuery(args);
    return {
      output: "elements",
      run: async (_input, context) => {
        const { points, coverage } = await seriesOf(context).get(
          args.must("name"),
          query,
          context.signal,
        );
        const { scopes, warnings } = coverage;
        if (scopes > 0 || warnings.length > 0) {
          context.note({ type: "coverage", coverage });
        }
        return {
          type: "elements",
          shape: "rows",
          batches: batchesOf(points),
        };
      },
    };
  },
};

const LIST: Form = {
  verb: "list",
  brief: "Lists the time series",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, context) => recordFlow(() => seriesOf(context).list()),
  }),
};

const DOWNSAMPLE: Form = {
  verb: "downsample",
  brief: "Makes less of what is older, as core does by itself each day",
  parameters: [{ ...NAME, isRequired: false, default: "all of them" }],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, context) =>
      recordFlow(() =>
        seriesOf(context).downsample(args.get("name"), context.signal)
      ),
  }),
};

const DELETE: Form = {
  verb: "delete",
  brief: "Deletes a time series",
  parameters: [{
    name: "--force",
    help: "It is meant; without it the line says what would be lost",
  }, NAME],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: (_input, context) =>
      toldText(async () => {
        const name = args.must("name");
        const series = seriesOf(context);
        const found = (await series.list()).find((each) => each.name === name);
        if (found !== undefined && !args.has("--force")) {
          throw new SkymapError(
            "usage",
            `Cannot delete time series "${name}": what it holds from ` +
              `${found.oldest} on would be lost, wanted ` +
              `"timeseries delete --force ${name}"`,
          );
        }
        await series.remove(name);
        return `Time series "${name}" was deleted`;
      }),
  }),
};

/** Values of searches over time. */
export const TIMESERIES: Command = {
  name: "timeseries",
  aliases: ["ts"],
  group: "search",
  brief: "Keeps what aggregations give, and tells how it changed",
  description:
    `Each collect ends with a snapshot of every metric, kept in a time series of the
metric's name. A snapshot is also taken by hand, or by a job. What is older is
downsampled: see docs/timeseries.md.`,
  position: "source",
  forms: [GET, LIST, SNAPSHOT, DOWNSAMPLE, DELETE],
  examples: [
    { line: "timeseries list", says: "Lists the time series" },
    {
      line:
        "timeseries snapshot disks aggregate(kind as kind, region as region: sum(volume_size) as size): is(volume)",
      says: "Keeps how much disk there is of each kind in each region",
    },
    {
      line: "timeseries get --group region --start 30d disks",
      says: "Tells how much disk each region had over a month",
    },
    {
      line:
        "timeseries get --total --aggregation max --granularity 1h --start 1d disks | format {at} {v}",
      says: "Shows the most disk there was in each hour of a day",
    },
    { line: "timeseries downsample", says: "Makes less of what is older" },
    {
      line: "timeseries delete --force disks",
      says: "Deletes a time series",
    },
  ],
};
