/**
 * `kinds`: what there can be in the graph.
 *
 * @module
 */

import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Command } from "./command.ts";

/** Shows the kinds, or one of them with its properties. */
export const KINDS: Command = {
  usage: "kinds [NAME]",
  help: "Shows the kinds, or one with its own properties",
  run: async (name, { client, graph, json, print }) => {
    const kinds = unwrap(await client.kinds(graph));
    if (name === "") {
      for (const kind of kinds) {
        const { bases = [], description } = kind;
        print(
          json ? JSON.stringify(kind) : `kind=${kind.name}` +
            (bases.length === 0 ? "" : `, bases=${bases.join(" ")}`) +
            (description === undefined ? "" : `, description=${description}`),
        );
      }
      return;
    }
    const found = kinds.find((kind) => kind.name === name);
    if (found === undefined) {
      throw new SkymapError(
        "kind_unknown",
        `Cannot show kind "${name}": there is none; "kinds" lists them all`,
      );
    }
    if (json) return print(JSON.stringify(found));
    const { bases = [], properties = {}, description } = found;
    print(`kind=${name}`);
    if (description !== undefined) print(`description=${description}`);
    if (bases.length > 0) print(`bases=${bases.join(" ")}`);
    if (found.enum !== undefined) print(`values=${found.enum.join(" ")}`);
    for (const [key, property] of Object.entries(properties)) {
      print(
        `property=${key}, kind=${property.kind}` +
          (property.required === true ? ", required" : "") +
          (property.description === undefined
            ? ""
            : `, description=${property.description}`),
      );
    }
  },
};
