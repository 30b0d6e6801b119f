/**
 * `history`: asks what changed.
 *
 * @module
 */

import { CHANGE_TYPES } from "../../graph/history.ts";
import type { Arguments } from "../arguments.ts";
import type { Command, Stage } from "../command.ts";
import { fusedOnly } from "../fused_only.ts";
import type { SearchChanges } from "../search_step.ts";
import { ASK_OPTIONS, askedFor } from "./search.ts";

const SIDES = ["nodes", "edges", "all"] as const;

function prepare(args: Arguments): Stage {
  const after = args.get("--after");
  const before = args.get("--before");
  const of = SIDES.find((side) => side === args.get("--of"));
  const changes = args.all("--change").flatMap((names) =>
    names.split(",").map((name) => name.trim()).filter(Boolean)
  );
  const known: readonly string[] = CHANGE_TYPES;
  const wrong = changes.find((name) => !known.includes(name));
  if (wrong !== undefined) {
    throw args.fault(
      `there is no change "${wrong}", wanted ${known.join(", ")}`,
      "--change",
    );
  }
  const search: SearchChanges = {
    type: "history",
    source: args.source("query"),
    ...askedFor(args),
    ...(after !== undefined && { after }),
    ...(before !== undefined && { before }),
    ...(changes.length > 0 && { changes }),
    ...(of !== undefined && { of }),
  };
  return fusedOnly(
    { output: "elements", search },
    "it asks the graph and works on no stream, wanted it first in the line",
  );
}

/** Asks what changed. */
export const HISTORY: Command = {
  name: "history",
  group: "search",
  brief: "Asks what changed, the oldest change first",
  description:
    `The search is applied to a node as it was when it had changed; it has no
navigation and no sub searches. \`--after\` and \`--before\` take a time, a duration
ago or the label of a snapshot.`,
  position: "source",
  forms: [{
    brief: "Asks what changed, the oldest change first",
    parameters: [
      { name: "--after", type: "time", help: "Changes from this time on" },
      { name: "--before", type: "time", help: "Changes before this time" },
      {
        name: "--change",
        type: "change",
        isRepeated: true,
        help: `Kinds of changes, separated by commas: ${
          CHANGE_TYPES.join(", ")
        }`,
        default: "all of nodes",
      },
      {
        name: "--of",
        type: SIDES,
        help: "What has changed",
        default: "nodes, unless changes are named",
      },
      ...ASK_OPTIONS,
      {
        name: "query",
        type: "search",
        isRest: true,
        help: "The search of what has changed",
        default: "all",
      },
    ],
    prepare,
  }],
  examples: [
    {
      line: "history --after 1d is(instance)",
      says: "Lists how instances changed within a day",
    },
    {
      line: "history --change node_deleted | count kind",
      says: "Counts what went, by kind",
    },
  ],
};
