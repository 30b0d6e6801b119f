/**
 * Lines run as core runs them, over a graph of a test.
 *
 * @module
 */

import type { CliNote, CoverageJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { FakeClock } from "@skymap/lib/testing";
import {
  zooNode,
  zooScope,
  type ZooSearch,
  zooSearch,
} from "../search/_zoo_search.ts";
import type { Command } from "./command.ts";
import { CommandLine } from "./command_line.ts";
import type { Caller, CoreServices, GraphService } from "./core_services.ts";
import type { Environment, Terminal } from "./line_context.ts";

/** When lines of tests run: when the searches of a zoo do. */
export const TEST_NOW_MS: number = Date.UTC(2026, 0, 10);

/** How complete an answer of nothing is. */
export const NO_COVERAGE: CoverageJson = {
  type: "coverage",
  scopes: 0,
  complete: 0,
  stale: 0,
  failed: 0,
  sequence: 0,
  problems: [],
  problems_total: 0,
  gaps: [],
  warnings: [],
};

/** The reading part of the service of a zoo. */
export function zooService(zoo: ZooSearch): GraphService {
  const { searcher, properties } = zoo;
  const never = () => {
    throw new Error("not part of this test");
  };
  const known: Partial<GraphService> = {
    coverage: ({ text, read = text, ...options }) =>
      searcher.coverage(read, options),
    search: (form, { text, read = text, ...options }) =>
      searcher.lines(read, form, options),
    counts: ({ text, read = text, ...options }) =>
      searcher.counts(read, options),
    explain: ({ text, read = text, ...options }) =>
      searcher.explain(read, options),
    structure: (text) => JSON.parse(JSON.stringify(searcher.structure(text))),
    check: (read, options) => searcher.check(read, options),
    expand: (text, options) => searcher.expand(text, options),
    attributes: ({ property, ...rest }) =>
      properties.attributes(property, rest),
    values: ({ property, ...rest }) => properties.values(property, rest),
    completePath: ({ property, ...rest }) =>
      properties.completePath(property, rest),
    kinds: () => zoo.registry.all(),
    historyCoverage: () => Promise.resolve(NO_COVERAGE),
  };
  return new Proxy(known, {
    get: (graph, name) => Reflect.get(graph, name) ?? never,
  }) as GraphService;
}

/**
 * A zoo: cats `a`, `b` and `c` that own their tags, volumes `v` and `w`; `a` leads
 * to `b`, `b` to `v`. The scope of the volumes failed.
 */
export async function testZoo(): Promise<ZooSearch> {
  return await zooSearch({
    nodes: [
      zooNode("a", { kind: "zoo_cat", name: "Ada", int: 3, tags: { o: "me" } }),
      zooNode("b", { kind: "zoo_cat", name: "Bo", int: 1, tags: { o: "you" } }),
      zooNode("c", { kind: "zoo_cat", name: "Cy", int: 2 }),
      zooNode("v", { kind: "zoo_volume", name: "vol|1" }, { scope: 2 }),
      zooNode("w", { kind: "zoo_volume", name: "vol;2" }, { scope: 2 }),
    ],
    edges: [
      { from: "a", to: "b", type: "default" },
      { from: "b", to: "v", type: "default" },
      { from: "a", to: "w", type: "delete" },
    ],
    scopes: [
      zooScope(1, "zoo_cat"),
      zooScope(2, "zoo_volume", { status: "failed", reason: "AccessDenied" }),
    ],
  });
}

/** What a line of a test runs with. */
export interface TestLineOptions {
  /** The graph `main`. */
  readonly graph?: Partial<GraphService>;
  /** Other parts of core. */
  readonly services?: Partial<CoreServices>;
  readonly environment?: Environment;
  readonly files?: Readonly<Record<string, string | Blob>>;
  readonly terminal?: Terminal;
  readonly caller?: Caller;
  readonly commands?: readonly Command[];
  readonly clock?: FakeClock;
  readonly signal?: AbortSignal;
}

/** What lines of a test gave. */
export interface TestAnswer {
  /** The text of each line. */
  readonly texts: readonly string[];
  /** The text of all lines. */
  readonly text: string;
  /** Files by their name. */
  readonly files: ReadonlyMap<string, string>;
  readonly notes: readonly CliNote[];
}

/** A command line over the services of a test; what is not given throws. */
export function testCommandLine(options: TestLineOptions = {}): CommandLine {
  const { graph = {}, services = {}, clock = new FakeClock(TEST_NOW_MS) } =
    options;
  const known: Partial<CoreServices> = {
    version: "1.2.3",
    graphs: () => ["main"],
    graph: (name) => {
      if (name === "main") return graph as GraphService;
      throw new SkymapError("graph_unknown", `Cannot find graph "${name}"`);
    },
    ...services,
  };
  return new CommandLine({
    services: known as CoreServices,
    clock,
    ...(options.commands !== undefined && {
      moreCommands: () => options.commands ?? [],
    }),
  });
}

/** Runs lines to their end; throws what they throw, also in their midst. */
export async function runTestLine(
  text: string,
  options: TestLineOptions = {},
): Promise<TestAnswer> {
  const { files = {}, environment, terminal } = options;
  const events = await testCommandLine(options).execute(text, {
    caller: options.caller ?? { subject: "test", role: "operator" },
    signal: options.signal ?? new AbortController().signal,
    files: new Map(
      Object.entries(files).map(([name, content]) => [
        name,
        content instanceof Blob ? content : new Blob([content]),
      ]),
    ),
    ...(environment !== undefined && { environment }),
    ...(terminal !== undefined && { terminal }),
  });
  const texts: string[] = [];
  const made = new Map<string, string>();
  const notes: CliNote[] = [];
  const decoder = new TextDecoder();
  let file: string | undefined;
  for await (const event of events) {
    switch (event.type) {
      case "begin":
        file = event.name;
        if (file !== undefined) made.set(file, "");
        texts.push("");
        break;
      case "text":
        texts.push((texts.pop() ?? "") + event.text);
        break;
      case "bytes": {
        const name = file ?? "";
        made.set(name, (made.get(name) ?? "") + decoder.decode(event.bytes));
        break;
      }
      case "note":
        notes.push(event.note);
        break;
      case "failed":
        throw event.error;
    }
  }
  return { texts, text: texts.join(""), files: made, notes };
}
