/**
 * Answers as GraphML.
 *
 * @module
 */

import type { AnswerFormat } from "./answer_format.ts";
import { drawnNode, readGraphRecord } from "./graph_record.ts";

/** Attributes of nodes and edges: fixed, for they are declared before the first. */
const KEYS: readonly (readonly ["node" | "edge", string])[] = [
  ["node", "kind"],
  ["node", "name"],
  ["node", "resource_id"],
  ["node", "cloud"],
  ["node", "account"],
  ["node", "region"],
  ["node", "zone"],
  ["node", "stale"],
  ["node", "tag"],
  ["node", "kinds"],
  ["node", "reported"],
  ["node", "desired"],
  ["node", "metadata"],
  ["edge", "edge_type"],
  ["edge", "reported"],
];

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  // An attribute's white space would be read as blanks.
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

/** What XML 1.0 cannot hold at all, whichever way it is written. */
const FORBIDDEN =
  // deno-lint-ignore no-control-regex -- control characters are what it finds
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

function escape(value: string): string {
  return value.replaceAll(FORBIDDEN, "\ufffd")
    .replaceAll(/[&<>"\n\r\t]/g, (character) => ESCAPES[character] ?? "");
}

/** A comment must not hold two hyphens, nor end with one. */
function comment(value: string): string {
  return `<!-- ${
    value.replaceAll(FORBIDDEN, "\ufffd").replaceAll(/-(?=-)/g, "-\u200b")
  } -->\n`;
}

function data(
  side: "node" | "edge",
  values: Readonly<Record<string, unknown>>,
): string {
  return KEYS.map(([owner, name]) => {
    const value = owner === side ? values[name] : undefined;
    if (value === undefined || value === null) return "";
    const content = typeof value === "string" ? value : JSON.stringify(value);
    return `<data key="${side}_${name}">${escape(content)}</data>`;
  }).join("");
}

function element(record: string): string {
  const value = readGraphRecord(record);
  if (value.type === "edge") {
    return `<edge source="${escape(value.from)}" target="${escape(value.to)}">${
      data("edge", { ...value })
    }</edge>\n`;
  }
  const { kinds, reported, desired, metadata } = value;
  return `<node id="${escape(value.id)}">${
    data("node", { ...drawnNode(value), kinds, reported, desired, metadata })
  }</node>\n`;
}

/** A graph whose elements are closed only when the answer is whole. */
export const GRAPHML_FORMAT: AnswerFormat = {
  name: "graphml",
  mediaType: "application/graphml+xml",
  shapes: ["nodes", "graph"],
  tellsFailure: false,
  writer: () => ({
    head: () =>
      `<?xml version="1.0" encoding="UTF-8"?>\n` +
      `<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n` +
      KEYS.map(([side, name]) =>
        `<key id="${side}_${name}" for="${side}" attr.name="${name}" attr.type="string"/>\n`
      ).join("") +
      `<graph id="G" edgedefault="directed">\n`,
    record: element,
    end: (coverage) =>
      `</graph>\n${
        coverage === undefined
          ? ""
          : comment(`coverage: ${JSON.stringify(coverage)}`)
      }</graphml>\n`,
    failed: (problem) => comment(`error: ${problem.code}: ${problem.detail}`),
  }),
};
