/**
 * One scope of a merge stream, from its opening to its end.
 *
 * @module
 */

import { nodeId } from "@skymap/lib/ids";
import { canonicalJson, type JsonObject } from "@skymap/lib/json";
import type { Rejection } from "@skymap/lib/client";
import type {
  DeferredEdgeMessage,
  EdgeMessage,
  Failure,
  NodeMessage,
  ScopeUsage,
} from "@skymap/lib/plugin_host";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import type { IndexScope } from "../index/index_batch.ts";
import type { CheckNode } from "../model/check_node.ts";
import { cleanText } from "./clean_text.ts";
import { contentHash, scopeContent } from "./content_hash.ts";
import { diffScope, type ScopeDiff } from "./diff_scope.ts";
import { EdgeDigest } from "./edge_digest.ts";
import type { IndexReader } from "./index_reader.ts";
import { MAX_LEVELS, nestingOf } from "./nesting.ts";
import type { DeferredEdge } from "./record.ts";
import type { StoredScope } from "./stored_account.ts";

/** What a scope is opened with. */
export interface ScopeSetup {
  readonly scope: IndexScope;
  /** Number of the scope in its stream. */
  readonly number: number;
  readonly stored: StoredScope;
  readonly accountName: string;
  readonly regionName: string;
  /** The kind and all its bases. */
  readonly kinds: readonly string[];
  /** Changes whenever the meaning of the kind does. */
  readonly fingerprint: string;
  /** Checks its nodes; undefined when the kind is no known kind of resource. */
  readonly check: CheckNode | undefined;
  /** Says what is wrong with the kind. */
  readonly unknownKind: string;
  /** Whether a change of a property alone makes no history. */
  readonly isQuiet: (property: string) => boolean;
  /** Node that contains its nodes. */
  readonly parent: string;
  /** Gives the time. */
  readonly now: () => Date;
}

/** A node that is new or has another hash than the one stored. */
export interface PendingNode {
  readonly id: string;
  readonly hash: string;
  readonly zone: string | null;
  readonly text: string;
  readonly reported?: JsonObject;
}

/** An edge that was declared. */
export interface PendingEdge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly reported: string | null;
  readonly line: number;
}

/** Nodes of which the object is held beside the text. */
const MAX_OBJECTS = 5_000;

/** Characters of a node at most, as JSON. */
const MAX_NODE_CHARS = 4 * 1024 * 1024;

const TOO_DEEP = `expected at most ${MAX_LEVELS} levels of lists and objects`;

/** The text of a value; undefined when it is nested too deep to be written. */
function textOf(value: JsonObject): string | undefined {
  try {
    return canonicalJson(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Characters of a reason at most: it may name an id of any length. */
const MAX_MESSAGE = 4_000;

/** What is wrong with the JSON of a node that fits its kind. */
function textFault(text: string): string | undefined {
  if (text.length > MAX_NODE_CHARS) {
    return `it has ${text.length} characters as JSON, expected at most ${MAX_NODE_CHARS}`;
  }
  const levels = nestingOf(text);
  if (levels > MAX_LEVELS) return `it has ${levels} levels, ${TOO_DEEP}`;
  if (text.includes('"__proto__":')) {
    return 'it has a property named "__proto__", which cannot be stored';
  }
  return undefined;
}

const NODE_ID = /^([0-9a-v]{26}|root)$/;

/** Collects what a stream says of one scope. */
export class OpenScope {
  readonly setup: ScopeSetup;
  /** ISO time at which it was opened. */
  readonly openedAt: Date;
  readonly #prefix: string;
  readonly #unseen: Map<string, string>;
  readonly #isNew: boolean;
  readonly #seen = new Set<string>();
  readonly #rejected = new Set<string>();
  readonly #nodes = new Map<string, PendingNode>();
  readonly #edges = new Map<string, PendingEdge>();
  readonly #deferred = new Map<string, DeferredEdge>();
  readonly #reject: (rejection: Rejection) => void;
  #fault: Rejection | undefined;

  /** Opens it; `reject` is told of each element that is refused. */
  constructor(setup: ScopeSetup, reject: (rejection: Rejection) => void) {
    this.setup = setup;
    this.openedAt = setup.now();
    this.#reject = reject;
    this.#unseen = setup.stored.hashes;
    this.#isNew = setup.stored.hashes.size === 0;
    this.#prefix = scopeContent(setup);
  }

  #refuse(line: number, code: Rejection["code"], message: string): void {
    const rejection = { line, code, message: message.slice(0, MAX_MESSAGE) };
    this.#fault ??= rejection;
    this.#reject(rejection);
  }

  /** Takes a node. What is stored alike costs no check and no memory. */
  node({ id, zone, reported }: NodeMessage, line: number): void {
    const { scope, check } = this.setup;
    const content = textOf(reported);
    const hash = contentHash(this.#prefix, { id, zone }, content);
    const known = this.#unseen.get(hash);
    if (known !== undefined) {
      this.#unseen.delete(hash);
      this.#seen.add(known);
      if (this.#nodes.size > 0) this.#nodes.delete(known);
      return;
    }
    const node = nodeId({
      cloud: scope.cloud,
      account: scope.account,
      region: scope.region,
      kind: scope.kind,
      id,
    });
    if (check === undefined) {
      this.#rejected.add(node);
      this.#refuse(line, "kind_unknown", this.setup.unknownKind);
      return;
    }
    if (content === undefined) {
      this.#rejected.add(node);
      this.#refuse(
        line,
        "node_invalid",
        `Cannot merge "${scope.kind}" ${JSON.stringify(id)}: ${TOO_DEEP}`,
      );
      return;
    }
    const checked = check(
      reported.id === undefined ? { ...reported, id } : reported,
    );
    if ("fault" in checked) {
      const { path, problem } = checked.fault;
      this.#rejected.add(node);
      this.#refuse(
        line,
        "node_invalid",
        `Cannot merge "${scope.kind}" ${
          JSON.stringify(id)
        }: ${path} ${problem}`,
      );
      return;
    }
    const { value, text } = cleanText(checked.reported);
    const fault = textFault(text);
    if (fault !== undefined) {
      this.#rejected.add(node);
      this.#refuse(
        line,
        "node_invalid",
        `Cannot merge "${scope.kind}" ${JSON.stringify(id)}: ${fault}`,
      );
      return;
    }
    this.#seen.add(node);
    this.#nodes.set(node, {
      id: node,
      hash,
      zone: zone === undefined || zone === "" ? null : cleanText(zone).value,
      text,
      ...(this.#nodes.size < MAX_OBJECTS && { reported: value }),
    });
  }

  /** Takes an edge; its ends are looked at when the scope is closed. */
  edge(message: EdgeMessage, line: number): void {
    const { from, to, edge_type: type = "default", reported } = message;
    if (!(EDGE_TYPES as readonly string[]).includes(type)) {
      this.#refuse(
        line,
        "edge_invalid",
        `Cannot merge edge: its type is ${
          JSON.stringify(type)
        }, expected default, delete or iam`,
      );
      return;
    }
    if (!NODE_ID.test(from) || !NODE_ID.test(to)) {
      this.#refuse(
        line,
        "edge_invalid",
        `Cannot merge edge: its ends are ${JSON.stringify(from)} and ${
          JSON.stringify(to)
        }, expected node ids`,
      );
      return;
    }
    const content = reported === undefined ? "" : textOf(reported);
    if (content === undefined || nestingOf(content) > MAX_LEVELS) {
      this.#refuse(line, "edge_invalid", `Cannot merge edge: ${TOO_DEEP}`);
      return;
    }
    // The plugin need not say what core adds by itself.
    if (from === this.setup.parent && type === "default") return;
    this.#edges.set(`${type} ${from} ${to}`, {
      from,
      to,
      type,
      reported: reported === undefined ? null : cleanText(reported).text,
      line,
    });
  }

  /** Takes an edge whose ends are found later. */
  deferredEdge(message: DeferredEdgeMessage, line: number): void {
    const { from, to, edge_type: type = "default" } = message;
    if (!(EDGE_TYPES as readonly string[]).includes(type)) {
      this.#refuse(
        line,
        "edge_invalid",
        `Cannot merge deferred edge: its type is ${
          JSON.stringify(type)
        }, expected default, delete or iam`,
      );
      return;
    }
    const edge: DeferredEdge = { from, to, type };
    this.#deferred.set(canonicalJson(edge as never), edge);
  }

  /**
   * Ends it: finds out what has to be written. A scope with a refused element
   * counts as failed.
   */
  async close(
    reader: IndexReader,
    failure: Failure | undefined,
    usage?: ScopeUsage,
  ): Promise<ScopeDiff> {
    this.#dropStrayEdges();
    const failed = failure ?? this.#failureOfFault();
    const digest = new EdgeDigest();
    for (const [key, { reported }] of this.#edges) {
      digest.add(reported === null ? key : `${key} ${reported}`);
    }
    for (const key of this.#deferred.keys()) digest.add(key);
    return await diffScope({
      setup: this.setup,
      openedAt: this.openedAt,
      failure: failed,
      usage,
      isNew: this.#isNew,
      seen: this.#seen,
      unseen: [...this.#unseen.values()],
      nodes: this.#nodes,
      edges: this.#edges,
      deferred: [...this.#deferred.values()],
      digest: digest.toString(),
    }, reader);
  }

  #failureOfFault(): Failure | undefined {
    const fault = this.#fault;
    if (fault === undefined) return undefined;
    return { code: fault.code, message: fault.message };
  }

  #dropStrayEdges(): void {
    for (const [key, { from, to, line }] of this.#edges) {
      if (this.#seen.has(from) || this.#seen.has(to)) continue;
      this.#edges.delete(key);
      // Refusing the node was enough said.
      if (this.#rejected.has(from) || this.#rejected.has(to)) continue;
      this.#refuse(
        line,
        "edge_invalid",
        `Cannot merge edge from "${from}" to "${to}": neither is a node of scope "${this.setup.scope.kind}", wanted one that is`,
      );
    }
  }
}
