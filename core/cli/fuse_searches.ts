/**
 * Leading commands of a line to one search.
 *
 * @module
 */

import type { EdgeType } from "@skymap/lib/plugin";
import type { Aggregate, Part, Path, Query, SortKey } from "../query/ast.ts";
import { nearestNames } from "../model/nearest_names.ts";
import { printPath, printQuery } from "../query/print.ts";
import { SourceText } from "../query/source_text.ts";
import { filterPaths } from "../search/filter_paths.ts";
import { narrowParts, openParts } from "./combine_parts.ts";
import { isLastKey, reversedOrder } from "./default_order.ts";
import type { FusedSearch, SearchStart } from "./fused_search.ts";
import { FusedText } from "./fused_text.ts";
import { isPlain, openNavigation, orderParts } from "./order_parts.ts";
import { isOfRows, rowColumns } from "./row_columns.ts";
import type { SearchStep } from "./search_step.ts";
import { usageError } from "./usage_error.ts";

/** What searches are read with. */
export interface FusionOptions {
  /** Replaces placeholders and templates. */
  readonly expand: (text: SourceText) => SourceText;
  /** What navigations walk that name no type. */
  readonly edgeType: EdgeType;
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** Collects steps; what comes out is read as one text. */
export class SearchFusion {
  readonly #options: FusionOptions;
  readonly #start: SearchStart;
  readonly #text: FusedText;
  #parts: readonly Part[] = [];
  #aggregate: Aggregate | undefined;
  #isCount = false;
  #rowOrder: readonly SortKey[] = [];
  #with: Partial<Omit<Extract<SearchStart, { type: "search" }>, "source">> = {};

  /** Begins with a search of nodes or of changes. */
  constructor(start: SearchStart, options: FusionOptions) {
    this.#options = options;
    this.#start = start;
    this.#text = new FusedText(options.edgeType);
    this.#narrow(start);
  }

  /**
   * Adds what the next command wants; says whether it can be part of the search.
   *
   * @throws {SkymapError} `query_syntax`, `query_invalid` or `usage`, with the
   * place in the line.
   */
  add(step: SearchStep): boolean {
    if (this.#aggregate !== undefined) return this.#addToRows(step);
    if (this.#isHistory) return this.#addToChanges(step);
    switch (step.type) {
      case "search":
        this.#narrow(step);
        return true;
      case "history":
        return false;
      case "navigate": {
        const { direction, from, to, edgeType } = step;
        const parts = openNavigation(this.#parts);
        const last = parts.at(-1);
        if (last === undefined) return false;
        this.#parts = [...parts.slice(0, -1), {
          ...last,
          navigation: {
            type: "navigation",
            direction,
            types: [edgeType ?? this.#options.edgeType],
            from,
            ...(to !== undefined && { to }),
          },
        }];
        return true;
      }
      default:
        return this.#shape(step);
    }
  }

  /** The search as far as it was collected. */
  finish(): FusedSearch {
    const { nowMs } = this.#options;
    const isHistory = this.#isHistory;
    const aggregate = this.#aggregate;
    const last = this.#parts.at(-1);
    const parts = isHistory
      ? this.#parts
      : orderParts(this.#parts, aggregate === undefined);
    const { source } = this.#text;
    const searchOf = (parts: readonly Part[]) => {
      const query: Query = {
        type: "query",
        ...(aggregate !== undefined && { aggregate }),
        parts,
      };
      return { text: printQuery(query), read: { query, source, nowMs } };
    };
    const start = this.#start;
    const { timeoutMs, requireComplete, at, withEdges, counts, explain } =
      this.#with;
    const form = explain === true
      ? "explain"
      : this.#isCount
      ? "count"
      : aggregate !== undefined
      ? "aggregate"
      : withEdges === true
      ? "graph"
      : "list";
    return {
      form,
      ...searchOf(parts),
      ...(form === "list" && !isHistory && isPlain(this.#parts) &&
        { unsorted: searchOf(this.#parts) }),
      ...(at !== undefined && { at }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(requireComplete !== undefined && { requireComplete }),
      ...(start.type === "history" && { history: start }),
      rowOrder: this.#rowOrder,
      counts: counts === true,
      properties: last === undefined ? [] : propertiesOf(last),
    };
  }

  get #isHistory(): boolean {
    return this.#start.type === "history";
  }

  /** What follows an aggregation is about its rows. */
  #addToRows(step: SearchStep): boolean {
    const aggregate = this.#aggregate;
    if (step.type !== "sort" || this.#isCount || aggregate === undefined) {
      return false;
    }
    const { source } = step;
    const keys = this.#sortKeys(source);
    const unknown = keys.find(({ path }) => !isOfRows(path, aggregate));
    if (unknown !== undefined) {
      const name = printPath(unknown.path);
      const columns = rowColumns(aggregate);
      throw usageError({
        tried: 'Cannot run "sort"',
        source,
        offset: Math.max(0, source.text.indexOf(name)),
        problem: `the rows have no "${name}", wanted ${columns.join(", ")}`,
        suggestions: nearestNames(name, columns),
      });
    }
    this.#rowOrder = [...this.#rowOrder, ...keys];
    return true;
  }

  /** A search of changes has one part, so that it is sorted and cut once. */
  #addToChanges(step: SearchStep): boolean {
    const [part] = this.#parts;
    const isCut = part?.limit !== undefined;
    switch (step.type) {
      case "search":
        if (isCut || step.at !== undefined || step.withEdges === true) {
          return false;
        }
        this.#narrow(step);
        return true;
      case "sort":
        return !isCut && this.#shape(step);
      case "head":
      case "limit":
        return !isCut && this.#shape(step);
      case "count":
      case "aggregate":
        return !isCut && this.#shape(step);
      default:
        return false;
    }
  }

  #shape(
    step: Exclude<SearchStep, { type: "search" | "history" | "navigate" }>,
  ): boolean {
    switch (step.type) {
      case "sort": {
        const keys = this.#sortKeys(step.source);
        this.#change((part) => ({ ...part, sort: [...part.sort, ...keys] }));
        return true;
      }
      case "limit":
      case "head": {
        const limit = step.type === "head"
          ? { offset: 0, length: step.length }
          : step.limit;
        this.#cut(limit);
        return true;
      }
      case "tail":
        this.#tail(step.length);
        return true;
      case "aggregate":
        this.#aggregate = this.#readAggregate(step.source);
        return true;
      case "count": {
        const { source } = step;
        const sum = "sum(1) as count): all";
        this.#aggregate = source === undefined
          ? this.#text.read(`aggregate(${sum}`).aggregate
          : this.#text.read(source, {
            before: "aggregate(",
            behind: ` as name: ${sum}`,
          }).aggregate;
        this.#isCount = true;
        return true;
      }
    }
  }

  #cut(limit: { readonly offset: number; readonly length: number }): void {
    const last = this.#parts.at(-1);
    const before = last?.limit;
    if (
      last === undefined || before === undefined || last.reversed ||
      last.navigation !== undefined
    ) {
      this.#change((part) => ({ ...part, limit }));
      return;
    }
    const left = Math.max(0, before.length - limit.offset);
    this.#replace({
      ...last,
      limit: {
        offset: before.offset + limit.offset,
        length: Math.min(limit.length, left),
      },
    });
  }

  #tail(length: number): void {
    const last = this.#parts.at(-1);
    if (
      last?.reversed === true && last.limit !== undefined &&
      last.limit.offset === 0 && last.navigation === undefined
    ) {
      const least = Math.min(length, last.limit.length);
      this.#replace({ ...last, limit: { offset: 0, length: least } });
      return;
    }
    this.#change((part) => ({
      ...part,
      sort: reversedOrder(part.sort),
      limit: { offset: 0, length },
      reversed: true,
    }));
  }

  /** Changes the last part, or a new one behind it when that was cut. */
  #change(change: (part: Part) => Part): void {
    const open = openParts(this.#parts);
    const last = open.at(-1);
    if (last === undefined) return;
    this.#parts = [...open.slice(0, -1), change(last)];
  }

  #replace(part: Part): void {
    this.#parts = [...this.#parts.slice(0, -1), part];
  }

  #narrow(step: SearchStart): void {
    const { source } = step;
    const isFirst = this.#parts.length === 0;
    if (!isFirst && "at" in step && step.at !== this.#with.at) {
      throw usageError({
        tried: 'Cannot run "search"',
        source,
        offset: 0,
        problem: `it is about the time "${step.at}" and the search in front ` +
          "of it is not, wanted --at there alone",
      });
    }
    const text = source.text.trim() === "" && step.type === "history"
      ? SourceText.join([source, "all"])
      : this.#options.expand(source);
    const query = this.#text.read(text);
    this.#aggregate = query.aggregate;
    this.#parts = isFirst ? query.parts : narrowParts(this.#parts, query.parts);
    const { type: _, source: _source, ...settings } = step;
    this.#with = { ...this.#with, ...settings };
  }

  #sortKeys(source: SourceText): readonly SortKey[] {
    const text = this.#options.expand(source);
    const { parts: [part] } = this.#text.read(text, { before: "all sort " });
    if (
      part === undefined || part.limit !== undefined || part.reversed ||
      part.navigation !== undefined
    ) {
      throw usageError({
        tried: 'Cannot run "sort"',
        source,
        offset: 0,
        problem:
          `"${source.text}" is no order, wanted such as "name desc, age"`,
      });
    }
    return part.sort;
  }

  #readAggregate(source: SourceText): Aggregate | undefined {
    const text = this.#options.expand(source);
    const around = { before: "aggregate(", behind: "): all" };
    return this.#text.read(text, around).aggregate;
  }
}

/** Properties that a part asks for. */
function propertiesOf({ filter, merge, sort }: Part): readonly Path[] {
  const after = merge?.after;
  return [
    ...filterPaths(filter),
    ...(after === undefined ? [] : filterPaths(after)),
    ...sort.filter((key) => !isLastKey(key)).map(({ path }) => path),
  ];
}
