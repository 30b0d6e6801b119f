import type {
  CollectMessage,
  EdgeMessage,
  Failure,
  IssueMessage,
  NodeMessage,
  ScopeKey,
} from "./messages.ts";

/** A scope as a plugin listed it. */
export interface CollectedScope extends ScopeKey {
  /** Its resources. */
  readonly nodes: readonly NodeMessage[];
  /** Its edges. */
  readonly edges: readonly EdgeMessage[];
  /** Why it failed; undefined when it is complete. */
  readonly error?: Failure;
}

interface OpenScope {
  readonly key: ScopeKey;
  readonly nodes: NodeMessage[];
  readonly edges: EdgeMessage[];
}

/** Puts the messages of a collect together, scope by scope. */
export class CollectedScopes {
  readonly #open = new Map<number, OpenScope>();
  readonly #scopes = new Map<string, CollectedScope>();
  readonly #issues: IssueMessage[] = [];

  /** Scopes that were closed, by `account/region/kind`. */
  get scopes(): ReadonlyMap<string, CollectedScope> {
    return this.#scopes;
  }

  /** What the operator was told. */
  get issues(): readonly IssueMessage[] {
    return this.#issues;
  }

  /** Forgets the numbers of scopes: another stream has its own. */
  nextStream(): void {
    this.#open.clear();
  }

  /** Takes a message. */
  add(message: CollectMessage): void {
    if (message.type === "issue") this.#issues.push(message);
    if (!("scope" in message)) return;
    const scope = this.#open.get(message.scope);
    if (message.type === "node") scope?.nodes.push(message);
    if (message.type === "edge") scope?.edges.push(message);
    if (message.type !== "scope") return;
    if (message.state === "open") {
      const { cloud, account, region, kind } = message;
      const key = { cloud, account, region, kind };
      this.#open.set(message.scope, { key, nodes: [], edges: [] });
    } else if (scope !== undefined) {
      const { key, nodes, edges } = scope;
      this.#scopes.set(`${key.account}/${key.region}/${key.kind}`, {
        ...key,
        nodes,
        edges,
        ...(message.state === "failed" && { error: message.error }),
      });
    }
  }
}
