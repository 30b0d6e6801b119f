/**
 * What is applied to the index in one transaction.
 *
 * @module
 */

/** A scope, by the number that rows of the index carry. */
export interface IndexScope {
  readonly sid: number;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly kind: string;
}

/** State of a scope. */
export interface ScopeRow extends IndexScope {
  readonly status: string;
  /** Why it is not complete, or null. */
  readonly reason: string | null;
  /** ISO times. */
  readonly lastAttempt: string;
  readonly lastSuccess: string | null;
  readonly count: number;
  /** Digest of the edges it owns; empty when it is not known. */
  readonly edges: string;
}

/**
 * What becomes of the version before: there is none, it ends, or it is replaced
 * because nothing worth a version of its own has changed.
 */
export type VersionMode = "new" | "next" | "same";

/** What people want of a node and what is known of it; canonical JSON. */
export interface NodeSections {
  /** Default: it has none. */
  readonly desired?: string;
  /** Default: it has none. */
  readonly metadata?: string;
}

/** A version of a node. */
export interface IndexNode extends NodeSections {
  readonly id: string;
  readonly hash: string;
  readonly zone: string | null;
  /** Canonical JSON. */
  readonly reported: string;
  /** Values for text search, as {@linkcode searchText} makes them. */
  readonly text: string;
  readonly mode: VersionMode;
  /** Paths that changed, for a node that was there before. */
  readonly changed?: readonly string[];
}

/** What tells an edge from others of its scope. */
export interface EdgeKey {
  readonly from: string;
  readonly to: string;
  readonly type: string;
}

/** A version of an edge. */
export interface IndexEdge extends EdgeKey {
  /** Canonical JSON, or null. */
  readonly reported: string | null;
  readonly mode: VersionMode;
}

/** How a scope stands, as its history tells it. */
export interface ScopeStanding {
  readonly status: string;
  /** Why it is not complete, or null. */
  readonly reason: string | null;
  /** ISO times. */
  readonly lastAttempt: string;
  readonly lastSuccess: string | null;
}

/** Changes of one scope. */
export interface IndexSection {
  readonly scope: IndexScope;
  /** The kind and all its bases. */
  readonly kinds: readonly string[];
  readonly accountName: string;
  readonly regionName: string;
  readonly run: string | null;
  readonly nodes: readonly IndexNode[];
  readonly goneNodes: readonly string[];
  readonly edges: readonly IndexEdge[];
  readonly goneEdges: readonly EdgeKey[];
  /** How it stands from now on, if that changed; null when it is no more. */
  readonly standing?: ScopeStanding | null;
}

/** One commit of the record. */
export interface IndexBatch {
  /** Last sequence number reached; rows of the batch are valid from it. */
  readonly sequence: number;
  /** The number reached when only a part of the commit is in it. */
  readonly reached?: number;
  /** Number of the commit. */
  readonly commit: number;
  /** ISO time of the commit. */
  readonly at: string;
  readonly sections: readonly IndexSection[];
  /** Scopes whose state changed. */
  readonly scopes: readonly ScopeRow[];
  /** Numbers of scopes that are no more. Default: none. */
  readonly goneScopes?: readonly number[];
}
