/**
 * What workers do to a graph for plugins that were granted it. A token of a
 * worker opens nothing else of a graph.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type { NodePatch, PluginMarks } from "@skymap/lib/client";
import { isObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { GraphRight } from "@skymap/lib/plugin";
import { requireComplete } from "../../cli/require_complete.ts";
import { requireGraphRight } from "../../registry/graph_right.ts";
import { markPatch } from "../../cleanup/mark_patch.ts";
import {
  addEndpoint,
  type Api,
  param,
  readBody,
  readQuery,
} from "../endpoint.ts";
import {
  ANSWER_PARAMETERS,
  readAnswerRequest,
  readSearchText,
  STATE_PARAMETERS,
} from "../read_search.ts";
import { GRAPH_CHANGE, NODE, ROW } from "../schemas.ts";
import type { Services } from "../services.ts";
import { NDJSON, streamAnswer } from "../stream_answer.ts";
import { PLUGIN_MARKS, PLUGIN_TAGS } from "./plugin_schemas.ts";

const TAG = "graph";

const SEARCH_QUERY = z.strictObject({
  ...STATE_PARAMETERS,
  require_complete: ANSWER_PARAMETERS.require_complete,
});

const log = logger("core/plugins");

/** What each mark needs. */
const RIGHTS: Readonly<Record<PluginMarks["mark"], GraphRight>> = {
  clean: "clean",
  keep: "clean",
  protect: "protect",
};

/** What a mark does to each node. */
function patchOf(
  { mark, reason }: PluginMarks,
  plugin: string,
): Omit<NodePatch, "id"> {
  switch (mark) {
    case "clean":
      return markPatch(`${reason} (plugin ${plugin})`);
    case "keep":
      return { desired: { clean: null }, metadata: { clean_reason: null } };
    case "protect":
      return { metadata: { protected: true } };
  }
}

/** Adds the paths below `/graph/{graph}/plugins`. */
export function addPluginGraphRoutes(api: Api, services: Services): void {
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/plugins/{plugin}/search",
    tag: TAG,
    summary: "Searches for a plugin: nodes, or the rows of an aggregation",
    roles: ["worker"],
    query: SEARCH_QUERY,
    body: "text/plain",
    answer: { [NDJSON]: z.union([NODE, ROW]) },
    handle: async (context) => {
      const active = services.plugins.active();
      requireGraphRight(active, param(context, "plugin"), "search");
      const graph = services.graph(param(context, "graph"));
      const query = readQuery(context, SEARCH_QUERY);
      const text = await readSearchText(context);
      const request = {
        text,
        ...await readAnswerRequest(context, graph, query),
      };
      const tree = graph.structure(text);
      const isTable = isObject(tree) && tree["aggregate"] !== undefined;
      const form = isTable ? "aggregate" : "list";
      return await streamAnswer(
        context,
        { shape: isTable ? "rows" : "nodes", format: "ndjson" },
        async () => {
          const coverage = await graph.coverage(request);
          if (query.require_complete === "true") requireComplete(coverage);
          return { coverage, texts: graph.search(form, request) };
        },
      );
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/plugins/{plugin}/marks",
    tag: TAG,
    summary: "Marks nodes for a plugin: to be cleaned up, kept or protected",
    roles: ["worker"],
    body: PLUGIN_MARKS,
    answer: { "application/json": GRAPH_CHANGE },
    handle: async (context) => {
      const marks = await readBody(context, PLUGIN_MARKS);
      const { mark, ids } = marks;
      const plugin = param(context, "plugin");
      requireGraphRight(services.plugins.active(), plugin, RIGHTS[mark]);
      const patch = patchOf(marks, plugin);
      const graph = services.graph(param(context, "graph"));
      const { updated, skipped, missing } = await graph.updateNodes(
        ids.map((id) => ({ id, ...patch })),
        { skipProtected: mark === "clean", signal: context.req.raw.signal },
      );
      const refusals = (some: readonly string[], reason: string) =>
        some.map((id) => ({ id, reason }));
      const refused = [
        ...refusals(skipped, "it is protected"),
        ...refusals(missing, "there is no such node"),
      ];
      log.info("Plugin {plugin}: {mark} of {changed} nodes", {
        plugin,
        mark,
        changed: updated.length,
        refused: refused.length,
        worker: context.get("caller").subject,
      });
      return context.json({ changed: updated.length, refused });
    },
  });
  addEndpoint(api, {
    method: "post",
    path: "/graph/{graph}/plugins/{plugin}/tags",
    tag: TAG,
    summary: "Sets tags of resources in their clouds for a plugin",
    roles: ["worker"],
    body: PLUGIN_TAGS,
    answer: { "application/json": GRAPH_CHANGE },
    handle: async (context) => {
      const { ids, update, wait } = await readBody(context, PLUGIN_TAGS);
      const plugin = param(context, "plugin");
      requireGraphRight(services.plugins.active(), plugin, "tag");
      const graph = services.graph(param(context, "graph"));
      const answers = await graph.tag(ids.map((id) => ({ id, update })), {
        signal: context.req.raw.signal,
        isWaited: wait,
      });
      const refused = answers.flatMap((answer) =>
        "error" in answer
          ? [{ id: answer.id, reason: answer.error.message }]
          : []
      );
      const changed = new Set(ids).size - refused.length;
      log.info("Plugin {plugin}: tags of {changed} nodes", {
        plugin,
        changed,
        refused: refused.length,
        worker: context.get("caller").subject,
      });
      return context.json({ changed, refused });
    },
  });
}
