import { nodeId } from "../ids.ts";
import type { JsonObject } from "../json.ts";
import type {
  Account,
  CollectContext,
  FoundEdge,
  FoundNode,
  PluginManifest,
  ResourceRef,
  ScopeOutcome,
  ScopePlace,
  ScopeWriter,
} from "./contract.ts";
import { failureOf } from "./failure.ts";
import type {
  CollectMessage,
  EdgeType,
  NodeSelector,
  ScopeUsage,
} from "./messages.ts";

/** Where the messages of a collect go. */
export interface MessageSink {
  /** Takes a message at once; resolves when another may follow. */
  write(message: CollectMessage): Promise<void>;
}

/** What a context is made of. */
export interface CollectContextOptions<Config> {
  /** The plugin: its cloud and its kinds. */
  readonly manifest: Pick<PluginManifest, "cloud" | "kinds">;
  /** The plugin's configuration, as its schema read it. */
  readonly config: Config;
  /** The account to collect. */
  readonly account: Account;
  /** Gets the account with credentials that are fresh. Default: it stays as it is. */
  readonly freshAccount?: () => Promise<Account>;
  /** Takes the messages. */
  readonly sink: MessageSink;
  /** Aborts the collect. */
  readonly signal: AbortSignal;
}

/** Writes the messages of one open scope. */
class OpenScope implements ScopeWriter {
  readonly #sink: MessageSink;
  readonly #scope: number;
  readonly #key: Required<Omit<ResourceRef, "id">>;
  #closed = false;
  #usage: ScopeUsage | undefined;

  constructor(
    sink: MessageSink,
    scope: number,
    key: Required<Omit<ResourceRef, "id">>,
  ) {
    this.#sink = sink;
    this.#scope = scope;
    this.#key = key;
  }

  /** From now on nothing is taken. */
  close(): void {
    this.#closed = true;
  }

  #write(message: CollectMessage): Promise<void> {
    if (this.#closed) {
      // Not thrown at once: whoever does not await would never see it.
      return Promise.reject(
        new TypeError(
          `Cannot add to scope "${this.#key.kind}": it is closed; await each node() and edge()`,
        ),
      );
    }
    return this.#sink.write(message);
  }

  node({ id, zone, reported }: FoundNode): Promise<void> {
    if (typeof id !== "string" || id === "") {
      throw new TypeError(
        `Cannot add "${this.#key.kind}": its id is ${JSON.stringify(id)}`,
      );
    }
    return this.#write({
      type: "node",
      scope: this.#scope,
      id,
      ...(zone !== undefined && { zone }),
      reported,
    });
  }

  edge({ from, to, type, reported }: FoundEdge): Promise<void> {
    return this.#write({
      type: "edge",
      scope: this.#scope,
      from: this.nodeId(from),
      to: this.nodeId(to),
      ...(type !== undefined && { edge_type: type }),
      ...(reported !== undefined && { reported }),
    });
  }

  deferredEdge({ from, to, type }: {
    readonly from: NodeSelector;
    readonly to: NodeSelector;
    readonly type?: EdgeType;
  }): Promise<void> {
    return this.#write({
      type: "deferred_edge",
      scope: this.#scope,
      from,
      to,
      ...(type !== undefined && { edge_type: type }),
    });
  }

  usage(usage: ScopeUsage): void {
    this.#usage = usage;
  }

  /** What the listing took, as far as it was told. */
  get told(): { readonly usage?: ScopeUsage } {
    return this.#usage === undefined ? {} : { usage: this.#usage };
  }

  nodeId({ kind, id, region, account, cloud }: ResourceRef): string {
    return nodeId({
      cloud: cloud ?? this.#key.cloud,
      account: account ?? this.#key.account,
      region: region ?? this.#key.region,
      kind,
      id,
    });
  }
}

/** Turns what a plugin finds in one account into messages. */
class SinkContext<Config> implements CollectContext<Config> {
  readonly config: Config;
  readonly account: Account;
  readonly signal: AbortSignal;
  readonly #options: CollectContextOptions<Config>;
  readonly #sink: MessageSink;
  readonly #cloud: string;
  readonly #kinds: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  #lastScope = 0;

  constructor(options: CollectContextOptions<Config>) {
    this.#options = options;
    this.config = options.config;
    this.account = options.account;
    this.signal = options.signal;
    this.#sink = options.sink;
    this.#cloud = options.manifest.cloud;
    this.#kinds = new Set(options.manifest.kinds.map(({ name }) => name));
    // Authors take the functions out of the context; they must not lose it.
    this.scope = this.scope.bind(this);
    this.progress = this.progress.bind(this);
    this.issue = this.issue.bind(this);
    this.freshAccount = this.freshAccount.bind(this);
  }

  async freshAccount(): Promise<Account> {
    return await this.#options.freshAccount?.() ?? this.account;
  }

  async scope(
    { kind, region = "", regionName }: ScopePlace,
    list: (scope: ScopeWriter) => Promise<void>,
  ): Promise<ScopeOutcome> {
    this.signal.throwIfAborted();
    if (!this.#kinds.has(kind)) {
      throw new TypeError(`Cannot open scope "${kind}": no such kind declared`);
    }
    const seen = JSON.stringify([region, kind]);
    if (this.#seen.has(seen)) {
      // The second list would delete what the first one found.
      throw new TypeError(
        `Cannot open scope "${kind}" of region "${region}": it was opened before`,
      );
    }
    this.#seen.add(seen);
    const scope = ++this.#lastScope;
    const { id, name } = this.account;
    const key = { cloud: this.#cloud, account: id, region, kind };
    await this.#sink.write({
      type: "scope",
      scope,
      state: "open",
      ...key,
      ...(name !== undefined && { account_name: name }),
      ...(regionName !== undefined && { region_name: regionName }),
    });
    const open = new OpenScope(this.#sink, scope, key);
    try {
      await list(open);
      // A listing that was cut short by the abort is not complete.
      this.signal.throwIfAborted();
    } catch (thrown) {
      open.close();
      await this.#sink.write({
        type: "scope",
        scope,
        state: "failed",
        error: failureOf(thrown),
        ...open.told,
      });
      this.signal.throwIfAborted();
      return "failed";
    }
    open.close();
    await this.#sink.write({
      type: "scope",
      scope,
      state: "complete",
      ...open.told,
    });
    return "complete";
  }

  progress(path: readonly string[], current: number, total: number): void {
    this.#sink.write({ type: "progress", path, current, total });
  }

  issue(
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ): void {
    this.#sink.write({
      type: "issue",
      level,
      message,
      ...(details !== undefined && { details }),
    });
  }
}

/** Makes the context that a plugin's `collect` is called with. */
export function createCollectContext<Config>(
  options: CollectContextOptions<Config>,
): CollectContext<Config> {
  return new SinkContext(options);
}
