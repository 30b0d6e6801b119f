/**
 * Searches of what changed.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import type { IndexReader, ReadOptions } from "../index/reader.ts";
import { nearestNames } from "../model/nearest_names.ts";
import { CHANGE_TYPES, type ChangeType } from "../graph/history.ts";
import { compileHistory, type HistoryForm } from "./compile_history.ts";
import { oldestPoint, type PointOptions, timeOf } from "./point_in_time.ts";
import {
  type SearchAt,
  SearchContext,
  type SearchContextParts,
} from "./search_context.ts";

/** Which changes are searched. */
export interface HistoryOptions extends ReadOptions {
  /** Section of relative paths; empty for none. Default: `reported`. */
  readonly section?: string;
  /** Changes from this time on: a time, a duration ago or a snapshot. */
  readonly after?: string;
  /** Changes before this time. */
  readonly before?: string;
  /** Names of {@linkcode CHANGE_TYPES}. Default: all that `of` allows. */
  readonly changes?: readonly string[];
  /** Default: what `changes` names, else nodes. */
  readonly of?: "nodes" | "edges" | "all";
}

/** Which changes are counted, and how finely. */
export interface TimelineOptions extends HistoryOptions {
  /** Length of a bucket, such as `1h` or `1d`. */
  readonly granularity: string;
}

/** What a history search is made of. */
export interface HistorySearchParts extends SearchContextParts {
  /** Reads the index. */
  readonly reader: IndexReader;
  /** The snapshots of the graph. */
  readonly snapshots: PointOptions["snapshots"];
}

/**
 * Searches changes of nodes and edges. A search is one part: a filter, an order
 * and a limit. It is applied to a node as it was when it had changed, or as it
 * last was when it is deleted; for an edge, to either of its ends.
 */
export class HistorySearch {
  readonly #parts: HistorySearchParts;
  readonly #context: SearchContext;

  /** Makes a search that reads what others write. */
  constructor(parts: HistorySearchParts) {
    this.#parts = parts;
    this.#context = new SearchContext(parts);
  }

  /** Changes as JSON texts, some thousand at a time; the oldest first. */
  changes(
    text: string | SearchAt,
    options: HistoryOptions = {},
  ): AsyncGenerator<readonly string[]> {
    return this.#lines(text, { type: "list" }, options);
  }

  /** Rows of an `aggregate(…)` over changes, as JSON texts. */
  aggregate(
    text: string | SearchAt,
    options: HistoryOptions = {},
  ): AsyncGenerator<readonly string[]> {
    return this.#lines(text, { type: "aggregate" }, options);
  }

  /**
   * How many changes of each kind there were in each stretch of time, as JSON
   * texts `{"at":…,"change":…,"count":…}`; `at` is where the stretch begins, and
   * stretches without a change are left out.
   */
  timeline(
    text: string,
    { granularity, ...options }: TimelineOptions,
  ): AsyncGenerator<readonly string[]> {
    const bucketMs = isDuration(granularity)
      ? parseDuration(granularity)
      : Number.NaN;
    if (!(bucketMs >= 1_000)) {
      throw new SkymapError(
        "query_invalid",
        `Cannot count changes per ${JSON.stringify(granularity)}: wanted a ` +
          "duration of at least a second, such as 1h or 1d",
      );
    }
    return this.#lines(text, { type: "timeline", bucketMs }, options);
  }

  /**
   * Looks whether a search can be applied to changes, and asks nothing.
   *
   * @throws SkymapError `query_invalid`, with the place.
   */
  check(
    search: SearchAt,
    { section, changes, of }: Pick<
      HistoryOptions,
      "section" | "changes" | "of"
    >,
  ): void {
    const isRows = search.query.aggregate !== undefined;
    compileHistory(search.query, { type: isRows ? "aggregate" : "list" }, {
      resolver: this.#context.resolver(search, {
        ...(section !== undefined && { section }),
      }),
      changes: chosen(changes, of),
    });
  }

  async *#lines(
    text: string | SearchAt,
    form: HistoryForm,
    options: HistoryOptions,
  ): AsyncGenerator<readonly string[]> {
    const { reader, snapshots } = this.#parts;
    const { section, after, before, changes, of, ...read } = options;
    const search = this.#context.read(text);
    const { nowMs } = search;
    const time = async (point: string | undefined) =>
      point === undefined
        ? undefined
        : await timeOf(point, { snapshots, nowMs });
    const [afterMs, beforeMs] = [await time(after), await time(before)];
    const statement = compileHistory(search.query, form, {
      resolver: this.#context.resolver(search, {
        ...(section !== undefined && { section }),
      }),
      changes: chosen(changes, of),
      ...(afterMs !== undefined && { afterMs }),
      ...(beforeMs !== undefined && { beforeMs }),
    });
    await this.#checkRange(afterMs, beforeMs, read);
    yield* reader.texts(statement, read);
  }

  /** What was pruned must not look as if nothing had happened. */
  async #checkRange(
    afterMs: number | undefined,
    beforeMs: number | undefined,
    read: ReadOptions,
  ): Promise<void> {
    if (
      afterMs !== undefined && beforeMs !== undefined && beforeMs < afterMs
    ) {
      throw new SkymapError(
        "query_invalid",
        `Cannot search history: "before" (${
          new Date(beforeMs).toISOString()
        }) is earlier than "after" (${new Date(afterMs).toISOString()})`,
      );
    }
    const asked = afterMs ?? beforeMs;
    if (asked === undefined) return;
    const { reader } = this.#parts;
    const oldest = await oldestPoint({ reader, ...read });
    if (oldest?.isPruned !== true || asked >= Date.parse(oldest.at)) return;
    throw new SkymapError(
      "query_invalid",
      `Cannot search history as of ${
        new Date(asked).toISOString()
      }: what was before ${oldest.at} is pruned, wanted a later time`,
    );
  }
}

/** The kinds of changes that are asked for. */
function chosen(
  names: readonly string[] | undefined,
  of: HistoryOptions["of"],
): readonly ChangeType[] {
  const isOf = (type: ChangeType): boolean =>
    of === "all" || (of === undefined && names !== undefined) ||
    type.startsWith(of === "edges" ? "edge_" : "node_");
  const known: readonly string[] = CHANGE_TYPES;
  for (const name of names ?? []) {
    if (known.includes(name)) continue;
    const suggestions = nearestNames(name, known);
    const [guess] = suggestions;
    throw new SkymapError(
      "query_invalid",
      `Cannot search history: no change is called ${JSON.stringify(name)}; ` +
        (guess === undefined
          ? `there is ${known.join(", ")}`
          : `did you mean "${guess}"?`),
      { details: { suggestions } },
    );
  }
  const found = CHANGE_TYPES.filter((type) =>
    isOf(type) && (names?.includes(type) ?? true)
  );
  if (found.length > 0) return found;
  throw new SkymapError(
    "query_invalid",
    `Cannot search history: no change of ${of} is called ${
      names?.join(" or ")
    }`,
  );
}
