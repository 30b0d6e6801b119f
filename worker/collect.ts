import type { MergeReport, ModelUpdate } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { Account, AccountList, PluginManifest } from "@skymap/lib/plugin";
import { mapConcurrent } from "@skymap/lib/plugin";
import { retry } from "@skymap/lib/retry";
import type { WorkerMetrics } from "./metrics.ts";
import type { CollectOutcome } from "./plugin/host.ts";
import { graphStream, messageStream } from "./send_graph.ts";
import { Slots } from "./slots.ts";
import { usageDetails, usageText } from "./usage_text.ts";

/** The part of core that a collect needs; faults are thrown. */
export interface CollectTarget {
  /** Tells the kinds of a plugin. */
  putModel(update: ModelUpdate): Promise<void>;
  /** Merges a stream of messages. */
  merge(
    body: ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<MergeReport>;
}

/** A plugin that can be collected with. */
export interface Collecting {
  /** What the operator calls it. */
  readonly spec: string;
  /** What it is. */
  describe(signal: AbortSignal): Promise<PluginManifest>;
  /** Its accounts. */
  accounts(
    config: JsonObject,
    signal: AbortSignal,
  ): Promise<AccountList>;
  /** Lines of a merge stream, and how it ended. */
  collect(
    manifest: PluginManifest,
    config: JsonObject,
    account: Account,
    signal: AbortSignal,
  ): AsyncGenerator<string, CollectOutcome>;
}

/** What a collect is made with. */
export interface CollectOptions {
  /** Plugins to collect with. */
  readonly plugins: readonly Collecting[];
  /** Configuration of each plugin, by its name. */
  readonly pluginConfig: Readonly<Record<string, JsonObject>>;
  /** Where it goes. */
  readonly target: CollectTarget;
  /** Accounts side by side. */
  readonly poolSize: number;
  /** Counters. */
  readonly metrics: WorkerMetrics;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Told of what no merge stream tells. */
  readonly info: (
    level: "info" | "warning" | "error",
    message: string,
    details?: JsonObject,
  ) => void;
  /** Told how many accounts of each plugin are done. Default: nobody is. */
  readonly progress?: (progress: JsonObject) => void;
  /** Tries to send an account, beside the first. Default: 7. */
  readonly retries?: number;
  /** Pause before the first of them. Default: 500 ms. */
  readonly firstDelayMs?: number;
}

/** What a collect did. */
export interface CollectSummary {
  /** Accounts that were collected. */
  readonly accounts: number;
  /** Nodes that were found. */
  readonly nodes: number;
  /** Scopes that could not be listed. */
  readonly failedScopes: number;
  /** Why plugins or accounts failed as a whole. */
  readonly failures: readonly string[];
}

const log = logger("worker/collect");

/** Whether another try may help: core was away, or is just coming up. */
function isPassing(error: unknown): boolean {
  return isSkymapError(
    error,
    "core_unreachable",
    "unavailable",
    "database_unreachable",
    "conflict",
  );
}

/** One collect, from its plugins to its summary. */
class Collect {
  readonly #options: CollectOptions;
  readonly #slots: Slots;
  readonly #failures: string[] = [];
  readonly #clouds = new Map<string, string>();
  /** Accounts of each plugin: how many are done, how many there are. */
  readonly #progress = new Map<string, readonly [number, number]>();
  #accounts = 0;
  #nodes = 0;
  #failedScopes = 0;

  constructor(options: CollectOptions) {
    this.#options = options;
    this.#slots = new Slots(options.poolSize);
  }

  async run(): Promise<CollectSummary> {
    const { plugins, signal } = this.#options;
    await Promise.all(plugins.map(async (plugin) => {
      try {
        await this.#plugin(plugin);
      } catch (error) {
        if (!signal.aborted) this.#fail(messageOf(error));
      }
    }));
    signal.throwIfAborted();
    return {
      accounts: this.#accounts,
      nodes: this.#nodes,
      failedScopes: this.#failedScopes,
      failures: this.#failures,
    };
  }

  #fail(message: string): void {
    log.error("{message}", { message });
    this.#failures.push(message);
    this.#options.info("error", message);
  }

  /** Tries until core takes it; what it takes twice does no harm. */
  #send<T>(call: () => Promise<T>): Promise<T> {
    const { signal, retries = 7, firstDelayMs = 500 } = this.#options;
    return retry(call, {
      attempts: retries + 1,
      firstDelayMs,
      when: isPassing,
      onRetry: (error, delayMs) =>
        log.warn("{reason}; trying again", {
          reason: messageOf(error),
          delayMs,
        }),
      signal,
    });
  }

  /** Two plugins of one cloud would delete what the other one found. */
  #claim(spec: string, { cloud }: PluginManifest): void {
    const other = this.#clouds.get(cloud);
    if (other !== undefined) {
      throw new SkymapError(
        "plugin_invalid",
        `Cannot collect with plugin "${spec}": "${other}" collects cloud "${cloud}" already`,
      );
    }
    this.#clouds.set(cloud, spec);
  }

  async #plugin(plugin: Collecting): Promise<void> {
    const { target, signal, pluginConfig, poolSize } = this.#options;
    const manifest = await plugin.describe(signal);
    this.#claim(plugin.spec, manifest);
    const { name, version, cloud, containers, kinds } = manifest;
    await this.#send(() =>
      target.putModel({ plugin: { name, version, cloud, containers, kinds } })
    );
    const config = pluginConfig[name] ?? {};
    const list = await plugin.accounts(config, signal);
    await this.#tellAccounts(manifest, list);
    log.info("Collecting {count} accounts of {name}", {
      count: list.accounts.length,
      name,
    });
    let done = 0;
    this.#tellProgress(name, done, list.accounts.length);
    await mapConcurrent(
      list.accounts,
      async (account) => {
        await this.#slots.run(
          () => this.#account(plugin, manifest, config, account),
          signal,
        );
        this.#tellProgress(name, ++done, list.accounts.length);
      },
      { limit: poolSize, signal },
    );
  }

  #tellProgress(name: string, done: number, all: number): void {
    this.#progress.set(name, [done, all]);
    this.#options.progress?.({
      kind: "tree",
      name: "collect",
      parts: [...this.#progress].map(([name, [current, total]]) => ({
        kind: "progress",
        name,
        current,
        total,
      })),
    });
  }

  /** Which accounts are there, and which cannot be reached. */
  async #tellAccounts(
    { name, cloud }: PluginManifest,
    { all, unreachable = [] }: AccountList,
  ): Promise<void> {
    const messages = [
      ...(all === undefined
        ? []
        : [{ type: "accounts", cloud, accounts: all }]),
      ...unreachable.map(({ id, ...error }) => ({
        type: "account_failed",
        cloud,
        account: id,
        error,
      })),
    ];
    for (const { id, code, message } of unreachable) {
      this.#fail(
        `Cannot collect account "${id}" of ${name}: ${code}: ${message}`,
      );
    }
    if (messages.length === 0) return;
    const { target, signal } = this.#options;
    await this.#send(() => target.merge(messageStream(messages), signal));
  }

  /** Collects an account; never throws but for the abort. */
  async #account(
    plugin: Collecting,
    manifest: PluginManifest,
    config: JsonObject,
    account: Account,
  ): Promise<void> {
    const { metrics, signal } = this.#options;
    const { cloud, name } = manifest;
    const counted = metrics.account(name);
    const where = `account "${account.id}" of ${name}`;
    let outcome: CollectOutcome | undefined;
    try {
      const report = await this.#send(async () => {
        // Whatever ends the merge ends the plugin too, also one that is silent.
        const attempt = new AbortController();
        const either = AbortSignal.any([signal, attempt.signal]);
        const stream = graphStream(
          plugin.collect(manifest, config, account, either),
          { cloud, account: account.id },
        );
        try {
          return await this.#options.target.merge(stream.body, signal);
        } finally {
          outcome = stream.outcome();
          attempt.abort(new DOMException("The merge has ended", "AbortError"));
        }
      });
      this.#tell(where, outcome, report);
    } catch (error) {
      signal.throwIfAborted();
      this.#fail(`Cannot send ${where}: ${messageOf(error)}`);
      outcome = undefined;
    } finally {
      counted(
        outcome !== undefined && outcome.failure === undefined,
        outcome?.nodes ?? 0,
      );
    }
  }

  #tell(
    where: string,
    outcome: CollectOutcome | undefined,
    { rejected }: MergeReport,
  ): void {
    // Core answered before it had read all: it will have none of it.
    if (outcome === undefined) {
      throw new Error("core did not read it to its end");
    }
    this.#accounts++;
    this.#nodes += outcome.nodes;
    this.#failedScopes += outcome.failedScopes;
    const { failure, nodes, failedScopes, forgedScopes, usage } = outcome;
    if (failure !== undefined) {
      this.#fail(`Cannot collect ${where}: ${failure.message}`);
    } else if (forgedScopes > 0) {
      this.#fail(
        `Cannot trust ${where}: the plugin tried to list ${forgedScopes} scopes that are not its own`,
      );
    }
    this.#options.info(
      "info",
      `Collected ${where}: ${nodes} nodes; ${usageText(usage)}`,
      usageDetails(outcome),
    );
    log.info("Collected {where}", { where, nodes, failedScopes, rejected });
  }
}

/**
 * Collects with every plugin, one process for each account, a bounded number of
 * accounts side by side. What fails is told in the summary and stops nothing
 * else; it throws on abort only.
 */
export function collectAll(options: CollectOptions): Promise<CollectSummary> {
  return new Collect(options).run();
}

/** The error of a collect that did not succeed everywhere, or undefined. */
export function collectFailure(
  { failures, accounts }: CollectSummary,
): SkymapError | undefined {
  const [first] = failures;
  if (first === undefined) return;
  const more = failures.length > 1 ? ` (and ${failures.length - 1} more)` : "";
  return new SkymapError(
    "collect_failed",
    `${first}${more}; ${accounts} accounts were sent`,
    { details: { failures: failures.slice(0, 100) } },
  );
}
