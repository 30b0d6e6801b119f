/**
 * Answers in the language of Graphviz.
 *
 * @module
 */

import type { AnswerFormat } from "./answer_format.ts";
import { drawnNode, readGraphRecord } from "./graph_record.ts";

/** A quoted id; a backslash of ours is no escape of theirs. */
function quoted(value: string): string {
  return `"${
    value.replaceAll("\\", "\\\\").replaceAll('"', '\\"')
      .replaceAll(/\r\n|\r|\n/g, "\\n").replaceAll("\0", "\ufffd")
  }"`;
}

/** A comment to the end of the line. */
function comment(value: string): string {
  return `// ${value.replaceAll(/[\r\n]+/g, " ")}\n`;
}

function attributes(
  values: Readonly<Record<string, string | undefined>>,
): string {
  return Object.entries(values)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${quoted(value ?? "")}`)
    .join(", ");
}

function statement(record: string): string {
  const value = readGraphRecord(record);
  if (value.type === "edge") {
    return `  ${quoted(value.from)} -> ${quoted(value.to)} [${
      attributes({
        edge_type: value.edge_type,
        style: value.edge_type === "default" ? undefined : "dashed",
      })
    }];\n`;
  }
  const { id, ...rest } = drawnNode(value);
  return `  ${quoted(id)} [${
    attributes({ label: `${rest.name}\n${rest.kind}`, ...rest })
  }];\n`;
}

/** A digraph whose brace is closed only when the answer is whole. */
export const DOT_FORMAT: AnswerFormat = {
  name: "dot",
  mediaType: "text/vnd.graphviz",
  shapes: ["nodes", "graph"],
  tellsFailure: false,
  writer: () => ({
    head: () => `digraph "skymap" {\n  rankdir="LR";\n  node [shape="box"];\n`,
    record: statement,
    end: (coverage) =>
      `}\n${
        coverage === undefined
          ? ""
          : comment(`coverage: ${JSON.stringify(coverage)}`)
      }`,
    failed: (problem) => comment(`error: ${problem.code}: ${problem.detail}`),
  }),
};
