/**
 * `history`: lists what changed.
 *
 * @module
 */

import type {
  ChangeJson,
  ChangeType,
  HistoryOptions,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import {
  isCoverage,
  renderChange,
  renderCoverage,
  renderRow,
} from "../render.ts";
import {
  type Command,
  type LineContext,
  usageError,
  wantSearch,
} from "./command.ts";
import { readLineFlags } from "./line_flags.ts";

const FLAGS = {
  after: "text",
  before: "text",
  change: "text",
  of: "text",
  "require-complete": "boolean",
  timeout: "text",
} as const;

const SIDES = ["nodes", "edges", "all"] as const;

async function history(rest: string, context: LineContext): Promise<void> {
  const { flags, rest: query } = readLineFlags("history", rest, FLAGS);
  const { client, graph, section, signal, json, print, note } = context;
  const { after, before, change } = flags;
  for (const name of ["at", "count", "format"] as const) {
    if (context[name] === undefined || context[name] === false) continue;
    throw new SkymapError(
      "usage",
      `Cannot run "history": it takes no --${name}, wanted ${HISTORY.usage}`,
    );
  }
  const timeout = flags.timeout ?? context.timeout;
  const requireComplete = flags["require-complete"] ?? context.requireComplete;
  const of = SIDES.find((side) => side === flags.of);
  if (flags.of !== undefined && of === undefined) {
    throw usageError(`history --of ${flags.of}`, HISTORY);
  }
  const options: HistoryOptions = {
    section,
    signal,
    ...(timeout !== undefined && { timeout }),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    // Core names the nearest one when a name is wrong.
    ...(change !== undefined && {
      changes: change.split(",") as readonly ChangeType[],
    }),
    ...(of !== undefined && { of }),
    ...(requireComplete !== undefined && { requireComplete }),
  };
  const text = wantSearch("history", query);
  const kind = /^aggregate\b/.test(text) ? "aggregate" : "list";
  let shown = 0;
  for await (const record of client.history(graph, kind, text, options)) {
    if (isCoverage(record)) {
      for (const line of renderCoverage({ shown }, record, Date.now())) {
        note(line);
      }
      continue;
    }
    shown++;
    print(
      json
        ? JSON.stringify(record)
        : kind === "aggregate"
        ? renderRow(record as Record<string, unknown>)
        : renderChange(record as ChangeJson),
    );
  }
}

/** Lists what changed, the oldest change first. */
export const HISTORY: Command = {
  usage: "history [--after TIME] [--before TIME] [--change NAME,…] " +
    "[--of nodes|edges|all] [--require-complete] [--timeout TIME] QUERY",
  help: "Lists what changed, the oldest change first",
  run: history,
};
