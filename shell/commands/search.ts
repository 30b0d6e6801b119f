/**
 * `search`: lists what matches.
 *
 * @module
 */

import type { AnswerOptions, CountsJson, SearchKind } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { readCoverageHeader } from "../coverage_header.ts";
import {
  isCoverage,
  isNode,
  renderCoverage,
  renderNode,
  renderRow,
} from "../render.ts";
import { type Command, type LineContext, wantSearch } from "./command.ts";
import { readLineFlags } from "./line_flags.ts";

const FLAGS = {
  at: "text",
  "require-complete": "boolean",
  count: "boolean",
  format: "text",
  timeout: "text",
} as const;

/** Forms that show edges. */
const GRAPH_FORMATS: readonly string[] = ["graphml", "dot", "cytoscape"];

/** What a line asks for, over what the shell was started with. */
function settle(rest: string, context: LineContext) {
  const { flags, rest: text } = readLineFlags("search", rest, FLAGS);
  const { section, signal } = context;
  const at = flags.at ?? context.at;
  const timeout = flags.timeout ?? context.timeout;
  const format = flags.format ?? context.format;
  const requireComplete = flags["require-complete"] ?? context.requireComplete;
  const options: AnswerOptions = {
    section,
    signal,
    ...(at !== undefined && { at }),
    ...(timeout !== undefined && { timeout }),
    ...(requireComplete !== undefined && { requireComplete }),
  };
  const kind: SearchKind = /^aggregate\b/.test(text)
    ? "aggregate"
    : GRAPH_FORMATS.includes(format ?? "")
    ? "graph"
    : "list";
  return {
    text: wantSearch("search", text),
    kind,
    options,
    format,
    count: flags.count ?? context.count ?? false,
  };
}

/** Prints an answer in another form as it comes. */
async function copyAnswer(
  { text, kind, options, format = "" }: ReturnType<typeof settle>,
  { client, graph, write, note, signal }: LineContext,
): Promise<void> {
  const response = await client.searchAs(graph, kind, text, format, options);
  try {
    for await (const bytes of response.body ?? []) write(bytes);
  } catch (cause) {
    signal.throwIfAborted();
    throw new SkymapError(
      "core_unreachable",
      `Cannot read all of the answer: it was cut (${messageOf(cause)}); ` +
        `its last line may say why`,
      { cause },
    );
  }
  const coverage = readCoverageHeader(response.headers.get("skymap-coverage"));
  if (coverage === undefined) return;
  for (const line of renderCoverage({}, coverage, Date.now())) note(line);
}

async function search(rest: string, context: LineContext): Promise<void> {
  const asked = settle(rest, context);
  if (asked.format !== undefined) return await copyAnswer(asked, context);
  const { client, graph, json, print, note } = context;
  const now = Date.now();
  let shown = 0;
  let counts: CountsJson | undefined;
  const records = client.search(
    graph,
    asked.kind,
    asked.text,
    asked.options,
    asked.count ? (found) => counts = found : undefined,
  );
  for await (const record of records) {
    if (isCoverage(record)) {
      const facts = {
        shown,
        ...(counts !== undefined && { total: counts.total }),
      };
      for (const line of renderCoverage(facts, record, now)) note(line);
      continue;
    }
    shown++;
    print(
      json
        ? JSON.stringify(record)
        : isNode(record)
        ? renderNode(record, now)
        : renderRow(record),
    );
  }
}

/** Lists what matches, or the rows of an `aggregate(…)`. */
export const SEARCH: Command = {
  usage: "search [--at TIME] [--require-complete] [--count] [--format NAME] " +
    "[--timeout TIME] QUERY",
  help: "Lists what matches, or the rows of an aggregate(…)",
  run: search,
};
