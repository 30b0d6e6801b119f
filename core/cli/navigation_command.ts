/**
 * Commands that go along edges.
 *
 * @module
 */

import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import type { Command } from "./command.ts";
import { fusedOnly } from "./fused_only.ts";

/** What a command that goes along edges is. */
export interface NavigationFacts {
  /** Its name. */
  readonly name: string;
  /** Its name in the singular. */
  readonly alias: string;
  /** What it does: a sentence without its end. */
  readonly brief: string;
  /** Against the edges or with them. */
  readonly direction: "in" | "out";
  /** Whether it goes on to the end. */
  readonly isFar: boolean;
  /** Lines that show it. */
  readonly examples: Command["examples"];
}

/** Makes a command that goes along edges. */
export function navigationCommand(
  { name, alias, brief, direction, isFar, examples }: NavigationFacts,
): Command {
  return {
    name,
    aliases: [alias],
    group: "search",
    brief,
    description: "Is part of the search in front of it. Without an edge type " +
      "it walks those that the variable `edge_type` names.",
    position: "flow",
    forms: [{
      brief,
      parameters: [
        {
          name: "--with-origin",
          help: "Gives the nodes where it begins too",
        },
        {
          name: "type",
          type: "edge_type",
          help: "Type of the edges",
          default: "default",
        },
      ],
      prepare: (args) => {
        const given = args.get("type");
        const edgeType = EDGE_TYPES.find((each) => each === given);
        return fusedOnly(
          {
            output: "elements",
            search: {
              type: "navigate",
              direction,
              from: args.has("--with-origin") ? 0 : 1,
              ...(!isFar && { to: 1 }),
              ...(edgeType !== undefined && { edgeType }),
            },
          },
          "the graph knows the edges, wanted it directly behind a search of nodes",
        );
      },
    }],
    examples,
  };
}
