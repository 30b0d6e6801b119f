/**
 * Values of searches over time.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type {
  TimeSeriesDownsampleJson,
  TimeSeriesInfoJson,
  TimeSeriesPointJson,
  TimeSeriesSnapshotJson,
} from "@skymap/lib/client";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import { answerTypes } from "../negotiate.ts";
import { FORM_PARAMETERS, readForm, readSearchText } from "../read_search.ts";
import { COVERAGE } from "../schemas.ts";
import type { Services } from "../services.ts";
import { streamAnswer } from "../stream_answer.ts";

const TAG = "time series";

/** Each is held against every group. */
const MOST_FILTERS = 100;

const count = z.int().min(0);

const INFO: z.ZodType<TimeSeriesInfoJson> = z.object({
  name: z.string(),
  labels: z.array(z.string()),
  oldest: z.iso.datetime(),
  newest: z.iso.datetime(),
  snapshots: count,
  values: count,
  search: z.string(),
}).openapi("TimeSeries");

const QUERY = z.strictObject({
  start: z.string().optional().openapi({
    description:
      "A time, a duration ago or the label of a snapshot; 7d before the end unless told",
    example: "30d",
  }),
  end: z.string().optional().openapi({
    description:
      "A time, a duration ago or the label of a snapshot; now unless told",
  }),
  group: z.array(z.string()).optional().openapi({
    description: "Labels that stay; values of the others are summed up",
    example: ["cloud"],
  }),
  filter: z.array(z.string()).max(MOST_FILTERS).optional().openapi({
    description: "Conditions on labels that all have to hold",
    example: ['region == "eu-west-1"'],
  }),
  granularity: z.union([z.string(), z.number()]).optional().openapi({
    description: "A duration of at least 1h, or about how many points; 20",
  }),
  aggregation: z.enum(["avg", "sum", "min", "max"]).optional().openapi({
    description: "What the snapshots of a bucket become; avg",
  }),
}).openapi("TimeSeriesQuery");

const POINT: z.ZodType<TimeSeriesPointJson> = z.object({
  ts: z.string(),
  at: z.iso.datetime(),
  v: z.number(),
  group: z.record(z.string(), z.string()),
}).openapi("TimeSeriesPoint");

const SNAPSHOT: z.ZodType<TimeSeriesSnapshotJson> = z.object({
  name: z.string(),
  at: z.iso.datetime(),
  values: count,
  without_value: count,
  coverage: COVERAGE,
}).openapi("TimeSeriesSnapshot");

const DOWNSAMPLED: z.ZodType<readonly TimeSeriesDownsampleJson[]> = z.array(
  z.object({
    name: z.string(),
    snapshots: count,
    left: count,
    deleted: count,
  }).openapi("TimeSeriesDownsample"),
);

const FORM_QUERY = z.strictObject(FORM_PARAMETERS);

const SNAPSHOT_QUERY = z.strictObject({
  section: z.string().optional().openapi({
    description: "Section of relative paths; reported unless told otherwise",
  }),
});

const DOWNSAMPLE_QUERY = z.strictObject({
  name: z.string().optional().openapi({
    description: "The time series; all of them unless told otherwise",
  }),
});

async function* textsOf(
  points: AsyncIterable<readonly TimeSeriesPointJson[]>,
): AsyncGenerator<readonly string[]> {
  for await (const some of points) {
    yield some.map((point) => JSON.stringify(point));
  }
}

/** Adds the paths of time series. */
export function addTimeSeriesRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "get",
    path: "/graph/{graph}/timeseries",
    tag: TAG,
    summary: "Lists the time series of a graph",
    roles: ["metrics"],
    answer: { "application/json": z.array(INFO) },
    handle: async (context) => {
      const { timeSeries } = services.graph(param(context, "graph"));
      return Response.json(await timeSeries.list());
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/timeseries/{name}",
    tag: TAG,
    summary: "Gives the values of a time series",
    roles: ["metrics"],
    query: FORM_QUERY,
    body: QUERY,
    answer: answerTypes("rows", POINT),
    handle: (context) => {
      const { timeSeries } = services.graph(param(context, "graph"));
      const form = readForm("rows", readQuery(context, FORM_QUERY));
      return streamAnswer(context, form, async () => {
        const { points, coverage } = await timeSeries.get(
          param(context, "name"),
          await readBody(context, QUERY),
          context.req.raw.signal,
        );
        return { texts: textsOf(points), coverage };
      });
    },
  });
  addEndpoint(api, {
    method: "delete",
    path: "/graph/{graph}/timeseries/{name}",
    tag: TAG,
    summary: "Deletes a time series",
    roles: [],
    handle: async (context) => {
      const { timeSeries } = services.graph(param(context, "graph"));
      await timeSeries.remove(param(context, "name"));
      return context.body(null, 204);
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/timeseries/{name}/snapshot",
    tag: TAG,
    summary: "Keeps what an aggregation gives now",
    roles: [],
    query: SNAPSHOT_QUERY,
    body: "text/plain",
    answer: { "application/json": SNAPSHOT },
    handle: async (context) => {
      const { timeSeries } = services.graph(param(context, "graph"));
      const { section } = readQuery(context, SNAPSHOT_QUERY);
      const search = await readSearchText(context);
      return Response.json(
        await timeSeries.snapshot(param(context, "name"), search, {
          signal: context.req.raw.signal,
          ...(section !== undefined && { section }),
        }),
      );
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/downsample",
    tag: TAG,
    summary: "Makes less of what time series hold that is older",
    roles: [],
    query: DOWNSAMPLE_QUERY,
    answer: { "application/json": DOWNSAMPLED },
    handle: async (context) => {
      const { timeSeries } = services.graph(param(context, "graph"));
      const { name } = readQuery(context, DOWNSAMPLE_QUERY);
      const { signal } = context.req.raw;
      return Response.json(await timeSeries.downsample(name, signal));
    },
  });
}
