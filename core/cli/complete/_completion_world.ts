/**
 * Commands and a graph to complete lines with, for tests.
 *
 * @module
 */

import type { CompletionsJson } from "@skymap/lib/client";
import { zooNode, zooSearch } from "../../search/_zoo_search.ts";
import { zooRegistry } from "../../search/_random_graph.ts";
import type { Command, Form, Parameter } from "../command.ts";
import type { CoreServices, GraphService } from "../core_services.ts";
import { completeLine, type CompletionOptions } from "./complete_line.ts";

function form(
  parameters: readonly Omit<Parameter, "help">[],
  verb?: string,
): Form {
  return {
    ...(verb !== undefined && { verb }),
    brief: `what ${verb ?? "it"} does`,
    parameters: parameters.map((each) => ({
      help: `for ${each.name}`,
      ...each,
    })),
    prepare: () => {
      throw new Error("nothing is prepared while a line is completed");
    },
  };
}

function command(
  name: string,
  position: Command["position"],
  forms: readonly Form[],
  aliases: readonly string[] = [],
): Command {
  return {
    name,
    aliases,
    position,
    forms,
    group: "search",
    brief: `what ${name} does`,
    description: "",
    examples: [],
  };
}

const SEARCH_ARGUMENT = {
  name: "query",
  type: "search",
  isRest: true,
} as const;

/** Commands of every shape. */
const COMMANDS: readonly Command[] = [
  command("search", "source", [
    form([
      { name: "--at", type: "time" },
      { name: "--with-edges" },
      SEARCH_ARGUMENT,
    ]),
  ], ["query"]),
  command("snapshots", "source", [
    form([], "list"),
    form([
      { name: "--series", type: "timeseries" },
      { name: "label", type: "snapshot", isRequired: true },
    ], "delete"),
  ]),
  command("list", "flow", [
    form([
      { name: "--csv" },
      { name: "properties", type: "properties", isRest: true },
    ]),
  ]),
  command("aggregate", "flow", [
    form([{ name: "what", type: "aggregation", isRest: true }]),
  ]),
  command("jobs", "source", [
    form([
      { name: "--wait-for-event", short: "-e", type: "event" },
      { name: "line", type: "line", isRest: true },
    ], "add"),
    form([{ name: "file", type: "file" }], "load"),
    form([{ name: "id", type: "job" }], "run"),
    form([{ name: "id", type: "config" }], "show"),
  ]),
  command("sort", "flow", [
    form([{ name: "properties", type: "order", isRest: true }]),
  ]),
  command("history", "source", [
    form([{ name: "--change", type: "change" }, SEARCH_ARGUMENT]),
  ]),
  command("uniq", "flow", [form([])]),
  command("format", "flow", [
    form([{ name: "--as", type: ["json", "yaml"] }, {
      name: "kinds",
      type: "kind",
      isRepeated: true,
    }]),
  ]),
];

/** What completes lines over a zoo. */
export interface CompletionWorld extends AsyncDisposable {
  /** Completes a line at the bar `^` in it, or at its end. */
  complete(
    line: string,
    options?: Partial<CompletionOptions>,
  ): Promise<CompletionsJson>;
  /** The texts that are suggested. */
  texts(line: string): Promise<readonly string[]>;
}

/** Opens a zoo with two cats and a volume, and snapshots `first`, `before it`. */
export async function completionWorld(): Promise<CompletionWorld> {
  const zoo = await zooSearch({
    nodes: [
      zooNode("a", { kind: "zoo_cat", str: "big x", tags: { owner: "me" } }),
      zooNode("b", { kind: "zoo_cat", str: "small", tags: { owner: "me" } }),
      zooNode("c", { kind: "zoo_volume", tags: { owner: "you" } }),
    ],
  });
  const { properties } = zoo;
  const graph: Partial<GraphService> = {
    kinds: () => zooRegistry().all(),
    values: ({ property, ...options }) => properties.values(property, options),
    completePath: ({ property, ...options }) =>
      properties.completePath(property, options),
    snapshots: {
      list: () =>
        Promise.resolve(["first", "before it"].map((label) => ({
          label,
          sequence: 1,
          at: "2026-01-01T00:00:00Z",
          created_at: "2026-01-01T00:00:00Z",
        }))),
      create: () => Promise.reject(new Error("nothing is made")),
      remove: () => Promise.reject(new Error("nothing is removed")),
    },
    timeSeries: {
      list: () =>
        Promise.resolve([{ name: "disks", labels: ["kind", "region"] }]),
    } as unknown as GraphService["timeSeries"],
  };
  const services: Partial<CoreServices> = {
    graphs: () => ["main", "prod"],
    graph: () => graph as GraphService,
    workflows: {
      list: () => [{ name: "collect", steps: ["pre_collect", "collect"] }],
    } as unknown as CoreServices["workflows"],
    configs: {
      ids: () => ["skymap.core", "skymap.worker"],
    } as unknown as CoreServices["configs"],
    jobs: {
      list: () => [{
        id: "nightly",
        command: "search all | count",
        event: "deployed",
      }],
    } as unknown as CoreServices["jobs"],
    templates: {
      list: () => [{ name: "old", template: "age > {{days}}d" }],
    } as unknown as CoreServices["templates"],
  };
  const complete: CompletionWorld["complete"] = (line, options = {}) => {
    const at = line.indexOf("^");
    return completeLine(
      line.replace("^", ""),
      at === -1 ? line.length : at,
      {
        services: services as CoreServices,
        commands: COMMANDS,
        timeoutMs: 10_000,
        signal: new AbortController().signal,
        ...options,
      },
    );
  };
  return {
    complete,
    texts: async (line) =>
      (await complete(line)).suggestions.map(({ text }) => text),
    [Symbol.asyncDispose]: () => zoo[Symbol.asyncDispose](),
  };
}
