/**
 * Reads a history from its start to say which versions there should be.
 *
 * @module
 */

import type { HistoryBlock } from "./history.ts";

/** Versions of one table, in numbers that an index can be compared by. */
export interface VersionCount {
  /** How many there are. */
  count: number;
  /** How many of them have ended. */
  ended: number;
  /** Sum of the numbers from which they are valid. */
  from: number;
  /** Sum of the numbers at which they ended. */
  to: number;
}

interface Line {
  readonly seq: number;
  readonly type: string;
  readonly id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly edge_type?: string;
  readonly quiet?: true;
}

/** Plays a history, block by block. */
export class Replay {
  /** What was found to be wrong: where, and what. */
  readonly problems: [string, string][] = [];
  /** What the index should hold. */
  readonly versions = {
    node: { count: 0, ended: 0, from: 0, to: 0 } as VersionCount,
    edge_out: { count: 0, ended: 0, from: 0, to: 0 } as VersionCount,
    scope_past: { count: 0, ended: 0, from: 0, to: 0 } as VersionCount,
  };
  readonly #pruned: number;
  readonly #open = new Set<string>();
  #next = 1;

  /** Takes the number up to which the history has gaps. */
  constructor(pruned: number) {
    this.#pruned = pruned;
  }

  /** Plays a block; they come in order. */
  block({ first, last, valid, text }: HistoryBlock): void {
    // Numbers of a commit that failed are given to no other.
    if (first < this.#next) {
      this.#problem(first, `it should begin at ${this.#next}`);
    }
    this.#next = first;
    let scope = "";
    for (const json of text.split("\n")) {
      const line = JSON.parse(json);
      if ("scope" in line) {
        scope = JSON.stringify(line.scope);
        continue;
      }
      const { seq } = line as Line;
      if (last <= this.#pruned ? seq < this.#next : seq !== this.#next) {
        this.#problem(this.#next, `the line has number ${seq}`);
      }
      this.#next = seq + 1;
      this.#line(line, scope, valid);
    }
    if (last > this.#pruned && last !== this.#next - 1) {
      this.#problem(first, `it should end at ${last}`);
    }
    this.#next = last + 1;
  }

  /** Compares with the number that the record has reached. */
  end(sequence: number): void {
    if (this.#next > sequence + 1) {
      this.#problem(this.#next, `it should end at ${sequence}`);
    }
  }

  #problem(place: number, problem: string): void {
    this.problems.push([String(place), problem]);
  }

  #line(line: Line, scope: string, valid: number): void {
    const { type, id, from, to, edge_type, seq, quiet } = line;
    const [table, name] = type.startsWith("node_")
      ? [this.versions.node, String(id)] as const
      : type.startsWith("edge_")
      ? [this.versions.edge_out, `${scope} ${edge_type} ${from} ${to}`] as const
      : [this.versions.scope_past, scope] as const;
    const isOpen = this.#open.has(name);
    const begins = !/_(deleted|gone)$/.test(type);
    // What came before it may be pruned.
    if (
      seq > this.#pruned &&
      isOpen === type.endsWith("_created") && !type.startsWith("scope_")
    ) this.#problem(seq, isOpen ? "it is there already" : "it is not there");
    if (quiet === true) return;
    if (isOpen) {
      table.ended++;
      table.to += valid;
    }
    if (begins) {
      table.count++;
      table.from += valid;
      this.#open.add(name);
    } else this.#open.delete(name);
  }
}
