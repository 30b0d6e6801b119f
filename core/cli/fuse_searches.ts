/**
 * Leading commands of a line to one search.
 *
 * @module
 */

import type { EdgeType } from "@skymap/lib/plugin";
import type {
  Aggregate,
  Filter,
  Part,
  Path,
  Query,
  SortKey,
} from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { printQuery } from "../query/print.ts";
import { SourceText } from "../query/source_text.ts";
import { QuerySyntaxError } from "../query/syntax_error.ts";
import { conjuncts, filterPaths } from "../search/filter_paths.ts";
import { narrowParts, openParts } from "./combine_parts.ts";
import { DEFAULT_ORDER, isLastKey, reversedOrder } from "./default_order.ts";
import type { FusedSearch, SearchStart } from "./fused_search.ts";
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
  readonly #pieces: (SourceText | string)[] = [];
  readonly #start: SearchStart;
  #length = 0;
  #parts: readonly Part[] = [];
  #aggregate: Aggregate | undefined;
  #isCount = false;
  #rowOrder: readonly SortKey[] = [];
  #with: Partial<Omit<Extract<SearchStart, { type: "search" }>, "source">> = {};

  /** Begins with a search of nodes or of changes. */
  constructor(start: SearchStart, options: FusionOptions) {
    this.#options = options;
    this.#start = start;
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
      : withDefaultOrder(this.#parts, aggregate === undefined);
    const source = SourceText.join(this.#pieces);
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
    if (step.type !== "sort" || this.#isCount) return false;
    this.#rowOrder = [...this.#rowOrder, ...this.#sortKeys(step.source)];
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
        const group = source === undefined ? [] : [source, " as name: "];
        this.#aggregate = this.#parse(
          ["aggregate(", ...group, "sum(1) as count): all"],
          source,
        ).aggregate;
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
    const query = this.#parse([text], source);
    this.#aggregate = query.aggregate;
    this.#parts = isFirst ? query.parts : narrowParts(this.#parts, query.parts);
    const { type: _, source: _source, ...settings } = step;
    this.#with = { ...this.#with, ...settings };
  }

  /** Reads a piece whose places fit to the text of all pieces. */
  #parse(
    pieces: readonly (SourceText | string)[],
    place: SourceText | undefined,
  ): Query {
    const padding = " ".repeat(this.#length);
    const edgeTypes = [this.#options.edgeType];
    const source = SourceText.join([padding, ...pieces]);
    const added = [...pieces, "\n"];
    this.#pieces.push(...added);
    this.#length = source.text.length + 1;
    try {
      return parseQuery(source, edgeTypes);
    } catch (error) {
      const behind = lengthBehind(pieces);
      throw place === undefined || behind === 0
        ? error
        : unfinished(error, source.text.length - behind, place);
    }
  }

  #sortKeys(source: SourceText): readonly SortKey[] {
    const text = this.#options.expand(source);
    const { parts: [part] } = this.#parse(["all sort ", text], source);
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
    return this.#parse(["aggregate(", text, "): all"], source).aggregate;
  }
}

/** How much was put behind what a person wrote. */
function lengthBehind(pieces: readonly (SourceText | string)[]): number {
  const last = pieces.at(-1);
  return typeof last === "string" ? last.length : 0;
}

/** An error in what was put behind a text is that the text ends too early. */
function unfinished(
  error: unknown,
  end: number,
  text: SourceText,
): unknown {
  if (!(error instanceof QuerySyntaxError) || error.offset < end) return error;
  return new QuerySyntaxError({
    text,
    offset: text.text.length,
    problem: `"${text.text}" ends too early`,
  });
}

/** The parts, the last of which has no navigation yet. */
function openNavigation(parts: readonly Part[]): readonly Part[] {
  return parts.at(-1)?.navigation === undefined ? parts : openParts(parts);
}

/** The parts with an order, where it matters and nobody asked for one. */
function withDefaultOrder(
  parts: readonly Part[],
  isListed: boolean,
): readonly Part[] {
  const open = isListed ? openNavigation(parts) : parts;
  const last = open.at(-1);
  return open.map((part) =>
    part.sort.length === 0 &&
      (part.limit !== undefined || (isListed && part === last))
      ? { ...part, sort: DEFAULT_ORDER }
      : part
  );
}

/** Whether a filter asks for kinds and ids alone, which are cheap to count. */
function isCheap(filter: Filter): boolean {
  switch (filter.type) {
    case "all":
    case "is":
    case "id":
      return true;
    case "not":
      return isCheap(filter.filter);
    default:
      return conjuncts(filter).every((each) =>
        each !== filter && isCheap(each)
      );
  }
}

/** Whether nobody sorted or cut, and counting costs next to nothing. */
function isPlain(parts: readonly Part[]): boolean {
  const [part, ...more] = parts;
  return part !== undefined && more.length === 0 && part.sort.length === 0 &&
    part.limit === undefined && !part.reversed &&
    part.navigation === undefined && part.merge === undefined &&
    part.with === undefined && isCheap(part.filter);
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
