/**
 * Takes out of the history what no kept state needs.
 *
 * The history up to a limit becomes the base of what follows: of each node, edge
 * and scope the line remains that made the version of the oldest kept state, and
 * what snapshots hold. Reading base and history from the start gives the same
 * versions as before, so an index can be made anew at any time.
 *
 * @module
 */

import type { DuckDBConnection } from "@duckdb/node-api";
import {
  type EdgeName,
  type KeptVersion,
  type KeptVersions,
  readKept,
  versionName,
} from "../index/kept_versions.ts";
import type { PruneLimit } from "../index/prune_index.ts";
import type { HistoryBlock } from "./history.ts";

/** A line of a block, as far as it matters here. */
interface Line {
  readonly json: string;
  readonly type: string;
  readonly seq: number;
  /** Name of the node, edge or scope. */
  readonly name: string;
  readonly isQuiet: boolean;
  /** What it becomes when only the end of the version before is needed. */
  readonly end: string;
}

interface Section {
  readonly header: string;
  readonly lines: Line[];
}

/** A block, taken apart. */
interface OpenBlock {
  readonly block: HistoryBlock;
  readonly sections: readonly Section[];
}

/** A block that changed. */
export interface CompactedBlock {
  /** Sequence number it is stored under. */
  readonly first: number;
  /** Its new text; undefined when nothing is left. */
  readonly text: string | undefined;
  /** Lines that went. */
  readonly dropped: number;
}

/** What the lines of some blocks are about. */
class Names {
  readonly nodes = new Set<string>();
  readonly edges = new Map<string, EdgeName>();

  open(block: HistoryBlock): OpenBlock {
    const sections: Section[] = [];
    let scope: readonly [string, string, string, string] = ["", "", "", ""];
    for (const json of block.text.split("\n")) {
      const row = JSON.parse(json);
      if ("scope" in row) {
        scope = row.scope;
        sections.push({ header: json, lines: [] });
        continue;
      }
      const { seq, type, id, from, to, edge_type, quiet } = row;
      const isQuiet = quiet === true;
      const common = { json, type, seq, isQuiet };
      const lines = sections.at(-1)?.lines;
      if (type.startsWith("node_")) {
        this.nodes.add(id);
        const end = JSON.stringify({ seq, type: "node_deleted", id });
        lines?.push({ ...common, name: id, end });
      } else if (type.startsWith("edge_")) {
        const edge: EdgeName = [...scope, from, to, edge_type];
        const name = versionName(edge);
        this.edges.set(name, edge);
        const end = { seq, type: "edge_deleted", from, to, edge_type };
        lines?.push({ ...common, name, end: JSON.stringify(end) });
      } else {
        const end = JSON.stringify({ seq, type: "scope_gone" });
        lines?.push({ ...common, name: versionName(scope), end });
      }
    }
    return { block, sections };
  }
}

/** What becomes of a line; undefined when it goes. */
function compactLine(
  line: Line,
  { valid, at }: HistoryBlock,
  versions: readonly KeptVersion[],
): string | undefined {
  const { type, isQuiet, json, end } = line;
  if (isQuiet) {
    // A later one of the same version says all that this one says.
    const writtenMs = Date.parse(at);
    return versions.some((version) =>
        version.validFrom < valid &&
        (version.validTo === undefined || version.validTo > valid) &&
        version.writtenMs === writtenMs
      )
      ? json
      : undefined;
  }
  const ends = versions.some(({ validTo }) => validTo === valid);
  if (/_(deleted|gone)$/.test(type)) return ends ? json : undefined;
  if (versions.some(({ validFrom }) => validFrom === valid)) return json;
  return ends ? end : undefined;
}

/** Finds the blocks that change; all of them are of states up to the limit. */
export async function compactBlocks(
  connection: DuckDBConnection,
  blocks: readonly HistoryBlock[],
  limit: PruneLimit,
): Promise<CompactedBlock[]> {
  const names = new Names();
  const opened = blocks.map((block) => names.open(block));
  const kept = await readKept(
    connection,
    { nodes: names.nodes, edges: names.edges.values() },
    limit,
  );
  const versionsOf = ({ type, name }: Line): readonly KeptVersion[] => {
    const all: KeptVersions = type.startsWith("node_")
      ? kept.nodes
      : type.startsWith("edge_")
      ? kept.edges
      : kept.scopes;
    return all.get(name) ?? [];
  };
  const changed: CompactedBlock[] = [];
  for (const { block, sections } of opened) {
    const texts: string[] = [];
    let dropped = 0;
    for (const { header, lines } of sections) {
      const left = lines
        .map((line) => compactLine(line, block, versionsOf(line)))
        .filter((json) => json !== undefined);
      dropped += lines.length - left.length;
      if (left.length > 0) texts.push(header, ...left);
    }
    const text = texts.length === 0 ? undefined : texts.join("\n");
    if (text !== block.text) {
      changed.push({ first: block.first, text, dropped });
    }
  }
  return changed;
}
