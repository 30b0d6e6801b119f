/**
 * Calls plugins when the answer to a search of theirs has changed.
 *
 * For each reaction a cursor says up to which state of the graph it was told.
 * It goes on only when a worker has done the work, so that no change is lost,
 * whoever ends; the same changes may be told twice. While a plugin cannot be
 * called, changes add up: what came and went meanwhile is not told.
 *
 * @module
 */

import { type ActivePluginJson, REACTION_TASK } from "@skymap/lib/client";
import type { DbSession } from "@skymap/lib/db";
import { messageOf } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import type { ReactionChanges } from "@skymap/lib/plugin";
import type { Clock } from "../events/clock.ts";
import type { TaskQueue } from "../tasks/queue.ts";
import { answerDifference, type WatchedGraph } from "./answer_difference.ts";
import type { PluginRegistry } from "./registry.ts";
import { rowId, WriteBatch } from "./write_batch.ts";

/** What {@linkcode Reactions.start} takes. */
export interface ReactionsOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** Which plugins run. */
  readonly registry: Pick<PluginRegistry, "active">;
  /** Gives the work to a worker. */
  readonly tasks: Pick<TaskQueue, "submit" | "cancel">;
  /** Gives the graphs that are watched, each time the same for one. */
  readonly graphs: () => readonly WatchedGraph[];
  /** Pause between two looks. Default: 2 s. */
  readonly intervalMs?: number;
}

/** Nodes that are told at once. */
const PAGE = 500;

/** How long a graph that changes all the time may be waited for. */
const MAX_UNREST_MS = 30_000;

/** Longest pause after a reaction that failed. */
const MAX_PAUSE_MS = 600_000;

const log = logger("core/registry");

/** One reaction over one graph. */
interface Watch {
  readonly graph: WatchedGraph;
  readonly plugin: ActivePluginJson;
  readonly reaction: string;
  readonly search: string;
}

/** Where a graph stood at the last look, and since when it has been moving. */
interface Rest {
  readonly position: number;
  readonly movingSince?: number;
}

/** When a reaction that failed is tried again. */
interface Pause {
  readonly until: number;
  readonly lengthMs: number;
}

function keyOf({ graph, plugin, reaction }: Watch): readonly string[] {
  return [graph.name, plugin.name, reaction];
}

/** The changes in parts that fit into a task each. */
export function pagesOf(changes: ReactionChanges): readonly ReactionChanges[] {
  const pages: ReactionChanges[] = [];
  const { appeared, changed, left } = changes;
  const length = Math.max(appeared.length, changed.length, left.length);
  for (let at = 0; at < length; at += PAGE) {
    pages.push({
      appeared: appeared.slice(at, at + PAGE),
      changed: changed.slice(at, at + PAGE),
      left: left.slice(at, at + PAGE),
    });
  }
  return pages;
}

/** Watches graphs for plugins. */
export class Reactions implements AsyncDisposable {
  readonly #options: ReactionsOptions;
  readonly #stop = new AbortController();
  readonly #seen = new Map<string, number>();
  readonly #pauses = new Map<string, Pause>();
  readonly #rests = new WeakMap<WatchedGraph, Rest>();
  readonly #running = new Map<string, Promise<void>>();
  readonly #timer: Disposable;
  #looking: Promise<void> | undefined;

  private constructor(options: ReactionsOptions) {
    this.#options = options;
    this.#timer = options.clock.every(
      options.intervalMs ?? 2_000,
      () => void this.look(),
    );
  }

  /** Begins to look. */
  static start(options: ReactionsOptions): Reactions {
    return new Reactions(options);
  }

  /** Looks whether anything has changed; resolves when all that runs was begun. */
  look(): Promise<void> {
    this.#looking ??= this.#look().catch((error) => {
      if (this.#stop.signal.aborted) return;
      log.error("Cannot look for changes: {reason}", {
        reason: messageOf(error),
      });
    }).finally(() => this.#looking = undefined);
    return this.#looking;
  }

  /** Resolves when nothing runs that was begun. */
  async idle(): Promise<void> {
    await this.#looking;
    await Promise.all(this.#running.values());
  }

  #watches(): readonly Watch[] {
    const { registry, graphs } = this.#options;
    return registry.active().plugins.flatMap((plugin) =>
      plugin.manifest.reactions.flatMap(({ name, search }) =>
        graphs().map((graph) => ({ graph, plugin, reaction: name, search }))
      )
    );
  }

  async #look(): Promise<void> {
    const positions = new Map<WatchedGraph, number | undefined>();
    const watches = new Map(
      this.#watches().map((watch) => [JSON.stringify(keyOf(watch)), watch]),
    );
    // A plugin that is gone, and comes again, is looked at anew.
    for (const known of [this.#seen, this.#pauses]) {
      for (const key of known.keys()) {
        if (!watches.has(key)) known.delete(key);
      }
    }
    for (const [key, watch] of watches) {
      const pause = this.#pauses.get(key);
      const isPaused = pause !== undefined &&
        pause.until > this.#options.clock.now();
      if (isPaused || this.#running.has(key)) continue;
      const { graph } = watch;
      const to = positions.has(graph)
        ? positions.get(graph)
        : await this.#positionAtRest(graph);
      positions.set(graph, to);
      if (this.#stop.signal.aborted) return;
      if (to === undefined || this.#seen.get(key) === to) continue;
      const running = this.#tell(watch, to).then(() => {
        this.#seen.set(key, to);
        this.#pauses.delete(key);
      }, (error) => this.#pause(watch, key, error))
        .finally(() => this.#running.delete(key));
      this.#running.set(key, running);
    }
  }

  /**
   * Where a graph stands; undefined while it moves on from look to look, as
   * during a collect: comparing answers for each of its commits would cost more
   * than the collect itself.
   */
  async #positionAtRest(graph: WatchedGraph): Promise<number | undefined> {
    const position = await graph.position();
    const now = this.#options.clock.now();
    const before = this.#rests.get(graph);
    const movingSince = before?.movingSince ?? now;
    const isAtRest = before === undefined || before.position === position ||
      now - movingSince >= MAX_UNREST_MS;
    this.#rests.set(graph, isAtRest ? { position } : { position, movingSince });
    return isAtRest ? position : undefined;
  }

  #pause({ plugin, reaction }: Watch, key: string, error: unknown): void {
    if (this.#stop.signal.aborted) return;
    const before = this.#pauses.get(key)?.lengthMs ?? 2_500;
    const lengthMs = Math.min(before * 2, MAX_PAUSE_MS);
    const until = this.#options.clock.now() + lengthMs;
    this.#pauses.set(key, { until, lengthMs });
    log.warn(
      'Reaction "{reaction}" of plugin "{plugin}" is tried again in ' +
        "{seconds} s: {reason}",
      {
        reaction,
        plugin: plugin.name,
        seconds: lengthMs / 1_000,
        reason: messageOf(error),
      },
    );
  }

  /** Tells a reaction what has changed up to a state. */
  async #tell(watch: Watch, to: number): Promise<void> {
    const { graph, search } = watch;
    const from = await this.#cursor(watch);
    const oldest = await graph.oldest();
    // A graph that took the place of another may stand before the cursor.
    const isLost = from !== undefined &&
      (from > to || oldest !== undefined && from < oldest);
    if (isLost) {
      log.warn(
        'Reaction "{reaction}" of plugin "{plugin}" was not called for so ' +
          "long that the history does not know what changed: it begins anew",
        { reaction: watch.reaction, plugin: watch.plugin.name },
      );
    }
    // What was there when the plugin came is nothing that appeared.
    if (from !== undefined && !isLost && from !== to) {
      const { signal } = this.#stop;
      const changes = await answerDifference(graph, search, {
        from,
        to,
        signal,
      });
      for (const page of pagesOf(changes)) await this.#call(watch, page);
    }
    await this.#setCursor(watch, to);
  }

  async #call(
    { plugin, reaction }: Watch,
    changes: ReactionChanges,
  ): Promise<void> {
    const { tasks } = this.#options;
    const { id, result } = await tasks.submit(
      REACTION_TASK,
      { plugin: plugin.name },
      { reaction, changes: changes as unknown as Json },
      { timeoutMs: plugin.limits.timeout_s * 1_000, retries: 1 },
    );
    const stopped = Promise.withResolvers<never>();
    const { signal } = this.#stop;
    const stop = () => stopped.reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    try {
      await Promise.race([result, stopped.promise]);
    } catch (error) {
      // A core that stops leaves no work behind that it will ask for again.
      if (signal.aborted) await tasks.cancel(id).catch(() => {});
      throw error;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  async #cursor(watch: Watch): Promise<number | undefined> {
    const [[row]] = await this.#options.db.query<
      [{ readonly sequence: number }[]]
    >("SELECT sequence FROM $id", {
      id: rowId("plugin_reaction", keyOf(watch)),
    });
    return row?.sequence;
  }

  async #setCursor(watch: Watch, sequence: number): Promise<void> {
    const batch = new WriteBatch();
    const row: JsonObject = { sequence, plugin: watch.plugin.name };
    batch.put("plugin_reaction", keyOf(watch), row);
    await batch.run(this.#options.db);
  }

  /** Stops looking; what was not done is told again after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer[Symbol.dispose]();
    this.#stop.abort(new DOMException("Core stops", "AbortError"));
    await this.#looking;
    await Promise.all(this.#running.values());
  }
}
