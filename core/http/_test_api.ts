/**
 * The API over services that a test names, and the rest that throws.
 *
 * @module
 */

import { match, ok, strictEqual } from "node:assert/strict";
import type { CoverageJson, NodeJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { MetricBlock } from "@skymap/lib/pages";
import { createApi } from "./app.ts";
import type { Api } from "./endpoint.ts";
import type { Command } from "../cli/command.ts";
import { CommandLine } from "../cli/command_line.ts";
import type { Environment } from "../cli/line_context.ts";
import type { Caller, GraphService } from "../cli/core_services.ts";
import type { Services } from "./services.ts";

/** The one node of the graph. */
export const NODE: NodeJson = {
  type: "node",
  id: "n1",
  kinds: ["volume"],
  reported: { kind: "volume", id: "vol-1" },
  ancestors: {},
};

/** All that there is to scrape. */
const PAGE = new MetricBlock({
  name: "up",
  help: "Whether",
  type: "gauge",
  samples: [{ labels: {}, value: 1 }],
});

/** What every answer rests on. */
export const COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 3,
  complete: 2,
  stale: 1,
  failed: 1,
  sequence: 7,
  problems: [],
  problems_total: 1,
  gaps: [],
  warnings: [],
};

/** The API over one graph. */
export function apiOf(
  graph: Partial<GraphService>,
  more: Partial<Services> = {},
  moreCommands: readonly Command[] = [],
  defaults: Environment = {},
): Api {
  const all = services(graph, more);
  const commandLine = new CommandLine({
    services: all,
    moreCommands: () => moreCommands,
    defaults: () => defaults,
  });
  return createApi(all, commandLine);
}

/** Services that answer one graph; a token is the name of its role. */
function services(
  graph: Partial<GraphService>,
  more: Partial<Services>,
): Services {
  const never = () => {
    throw new Error("not part of this test");
  };
  return {
    version: "1.2.3",
    ready: () => undefined,
    authenticate: (token) => {
      if (["operator", "worker", "metrics", "scraper"].includes(token)) {
        return Promise.resolve(
          { subject: `s.${token}`, role: token } as Caller,
        );
      }
      return Promise.reject(
        new SkymapError("token_invalid", "Cannot read the token"),
      );
    },
    graphs: () => ["main"],
    graph: (name) => {
      if (name !== "main") {
        throw new SkymapError("graph_unknown", `Cannot find graph "${name}"`);
      }
      return {
        node: (id) => Promise.resolve(id === "n1" ? NODE : undefined),
        coverage: () => Promise.resolve(COVERAGE),
        merge: never,
        updateNodes: never,
        tag: never,
        patchNodes: never,
        size: never,
        nodes: never,
        export: never,
        ledger: never,
        kinds: () => [],
        updateModel: never,
        retire: never,
        pointInTime: never,
        search: never,
        counts: never,
        explain: never,
        structure: never,
        searchKinds: never,
        check: never,
        expand: never,
        attributes: never,
        values: never,
        completePath: never,
        history: never,
        historyCoverage: () => Promise.resolve(COVERAGE),
        timeline: never,
        snapshots: { list: never, create: never, remove: never },
        timeSeries: {
          snapshot: never,
          get: never,
          list: never,
          downsample: never,
          remove: never,
        },
        ...graph,
      };
    },
    graphSet: { create: never, import: never, copy: never, remove: never },
    system: { info: never, backup: never, restore: never },
    subscribers: {
      list: () => [],
      get: () => undefined,
      put: () => Promise.resolve(),
      remove: () => Promise.resolve(),
    },
    workflows: {
      list: () => [],
      run: never,
      runs: () => Promise.resolve([]),
      get: () => Promise.resolve(undefined),
      log: never,
      stop: never,
      follow: never,
      emit: never,
    },
    cleanup: {} as Services["cleanup"],
    jobs: {} as Services["jobs"],
    configs: {} as Services["configs"],
    commandConfig: { allowedHosts: () => [], customCommands: () => [] },
    plugins: {} as Services["plugins"],
    pluginCommands: { run: never },
    templates: {
      list: never,
      get: never,
      put: never,
      remove: never,
      expand: never,
    },
    metrics: () => Promise.resolve([PAGE]),
    ...more,
  };
}

/** Sends a request, as operator unless told otherwise. */
export function request(
  path: string,
  init: RequestInit & { token?: string } = {},
  graph: Partial<GraphService> = {},
  more: Partial<Services> = {},
): Promise<Response> {
  const { token = "operator", ...rest } = init;
  const headers = new Headers(rest.headers);
  if (token !== "") headers.set("authorization", `Bearer ${token}`);
  return Promise.resolve(
    apiOf(graph, more).request(path, { ...rest, headers }),
  );
}

/** Status and code of a problem document. */
export async function problemOf(
  response: Response,
): Promise<[number, string]> {
  match(response.headers.get("content-type") ?? "", /problem\+json/);
  const { status, code, request_id } = await response.json();
  strictEqual(status, response.status);
  ok(typeof request_id === "string");
  return [status, code];
}
