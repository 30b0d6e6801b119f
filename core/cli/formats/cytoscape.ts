/**
 * Answers as Cytoscape JSON.
 *
 * @module
 */

import type { EdgeJson } from "@skymap/lib/client";
import { type AnswerFormat, failureRecord } from "./answer_format.ts";
import { drawnNode, readGraphRecord } from "./graph_record.ts";

function edgeElement({ from, to, edge_type, reported }: EdgeJson): string {
  return JSON.stringify({
    data: {
      id: `${from} ${edge_type} ${to}`,
      source: from,
      target: to,
      edge_type,
      ...(reported !== undefined && { reported }),
    },
  });
}

/** Lists of nodes and edges, closed only when the answer is whole. */
export const CYTOSCAPE_FORMAT: AnswerFormat = {
  name: "cytoscape",
  mediaType: "application/vnd.cytoscape+json",
  shapes: ["nodes", "graph"],
  tellsFailure: false,
  writer: () => {
    let side: "node" | "edge" = "node";
    let lead = "\n";
    const element = (text: string) => {
      const written = lead + text;
      lead = ",\n";
      return written;
    };
    const toEdges = () => {
      side = "edge";
      lead = "\n";
      return `\n],"edges":[`;
    };
    return {
      head: () => `{"elements":{"nodes":[`,
      record: (text) => {
        const value = readGraphRecord(text);
        if (value.type === "edge") {
          const begun = side === "edge" ? "" : toEdges();
          return begun + element(edgeElement(value));
        }
        if (side === "edge") {
          throw new TypeError("Cannot write a node behind the first edge");
        }
        const { kinds, reported } = value;
        const data = { ...drawnNode(value), kinds, reported };
        return element(JSON.stringify({ data }));
      },
      end: (coverage) =>
        `${side === "edge" ? "" : toEdges()}\n]}${
          coverage === undefined
            ? ""
            : `,"coverage":${JSON.stringify(coverage)}`
        }}\n`,
      failed: (problem) => element(failureRecord(problem) + "\n"),
    };
  },
};
