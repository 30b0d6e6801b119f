/**
 * Conditions on labels, written as the predicates of a search.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
import { nearestNames } from "../model/nearest_names.ts";
import type { Filter, Path, Predicate, Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { offsetOf } from "../query/positions.ts";
import { printPath } from "../query/print.ts";
import { invalidQuery } from "../search/invalid_query.ts";
import { patternProblem } from "../search/pattern_problem.ts";
import type { SeriesBlock } from "./series_block.ts";

/** Which of these values a regular expression finds something in. */
export type FindMatches = (
  pattern: string,
  values: readonly string[],
) => Promise<ReadonlySet<string>>;

/** A condition that was read. */
export interface LabelFilter {
  /** As it was written. */
  readonly text: string;
  readonly filter: Filter;
}

/** The node where a search says more than a condition, or undefined. */
function moreThanFilter({ aggregate, parts }: Query): boolean {
  const [part] = parts;
  if (aggregate !== undefined || parts.length !== 1 || part === undefined) {
    return true;
  }
  const { withUsage, merge, tag, sort, limit, reversed, navigation } = part;
  return reversed || sort.length > 0 ||
    [withUsage, merge, part.with, tag, limit, navigation].some((each) =>
      each !== undefined
    );
}

function checkTerms(text: string, filter: Filter): void {
  switch (filter.type) {
    case "all":
      return;
    case "not":
      return checkTerms(text, filter.filter);
    case "combine":
      checkTerms(text, filter.left);
      return checkTerms(text, filter.right);
    case "predicate": {
      const { quantifier, operator, value } = filter;
      const wrong = (problem: string) => invalidQuery(text, filter, problem);
      if (quantifier !== undefined) {
        throw wrong(
          `a label has one value, "${quantifier}" has nothing to say`,
        );
      }
      const values = Array.isArray(value) ? value : [value];
      if (values.some((each) => typeof each === "object" && each !== null)) {
        throw wrong("a label is a text, and is compared with texts");
      }
      const isPattern = operator === "=~" || operator === "!~";
      const found = isPattern ? patternProblem(String(value)) : undefined;
      if (found !== undefined) throw wrong(`the pattern: ${found.problem}`);
      return;
    }
    default:
      throw invalidQuery(
        text,
        filter,
        "it is about nodes, wanted a condition on a label such as " +
          'region == "eu-west-1"',
      );
  }
}

/**
 * Reads a condition.
 *
 * @throws {SkymapError} `query_syntax` or `query_invalid`, with the column.
 */
export function readLabelFilter(text: string): LabelFilter {
  const query = parseQuery(text);
  const filter = query.parts[0]?.filter;
  if (filter === undefined || moreThanFilter(query)) {
    throw invalidQuery(
      text,
      0,
      "it is more than a condition, wanted one such as " +
        'region == "eu-west-1"',
    );
  }
  checkTerms(text, filter);
  return { text, filter };
}

function predicatesOf(filter: Filter): readonly Predicate[] {
  switch (filter.type) {
    case "predicate":
      return [filter];
    case "not":
      return predicatesOf(filter.filter);
    case "combine":
      return [...predicatesOf(filter.left), ...predicatesOf(filter.right)];
    default:
      return [];
  }
}

function labelOf(path: Path): string {
  return printPath(path).replace(/^\//, "");
}

/**
 * Refuses labels that there are not.
 *
 * @throws {SkymapError} `query_invalid`, with the column.
 */
export function checkLabels(
  { text, filter }: LabelFilter,
  labels: readonly string[],
): void {
  for (const { path } of predicatesOf(filter)) {
    const label = labelOf(path);
    if (labels.includes(label)) continue;
    throw invalidQuery(
      text,
      offsetOf(path) ?? 0,
      `there is no label "${label}", there is ${labels.join(", ") || "none"}`,
      nearestNames(label, labels),
    );
  }
}

/** A label that is not there is the empty text. */
function textOf(value: Json): string {
  return value === null ? "" : String(value);
}

function comparison(
  { operator, value }: Predicate,
): (label: string) => boolean {
  switch (operator) {
    case "==":
      return (label) => label === textOf(value);
    case "!=":
      return (label) => label !== textOf(value);
    case "in":
    case "not in": {
      const values = Array.isArray(value) ? value : [value];
      const texts = new Set(values.map(textOf));
      return (label) => texts.has(label) === (operator === "in");
    }
    default: {
      const isNumber = typeof value === "number";
      const right = isNumber ? value : textOf(value);
      return (label) => {
        if (isNumber && label.trim() === "") return false;
        const left = isNumber ? Number(label) : label;
        if (operator === "<") return left < right;
        if (operator === "<=") return left <= right;
        if (operator === ">") return left > right;
        return left >= right;
      };
    }
  }
}

/** Says which groups of blocks pass; what was found out once is remembered. */
export class LabelMatcher {
  readonly #filters: readonly Filter[];
  readonly #find: FindMatches;
  readonly #known = new Map<Predicate, Map<string, boolean>>();

  /** Takes conditions that all have to hold. */
  constructor(filters: readonly LabelFilter[], find: FindMatches) {
    this.#filters = filters.map(({ filter }) => filter);
    this.#find = find;
  }

  /** Gives for the groups of a block, by their numbers, whether they pass. */
  async matcherOf(block: SeriesBlock): Promise<(group: number) => boolean> {
    const tests: ((group: number) => boolean)[] = [];
    for (const filter of this.#filters) {
      tests.push(await this.#test(filter, block));
    }
    return (group) => tests.every((test) => test(group));
  }

  async #test(
    filter: Filter,
    block: SeriesBlock,
  ): Promise<(group: number) => boolean> {
    switch (filter.type) {
      case "not": {
        const test = await this.#test(filter.filter, block);
        return (group) => !test(group);
      }
      case "combine": {
        const left = await this.#test(filter.left, block);
        const right = await this.#test(filter.right, block);
        return filter.operator === "and"
          ? (group) => left(group) && right(group)
          : (group) => left(group) || right(group);
      }
      case "predicate": {
        const column =
          block.columns[block.labels.indexOf(labelOf(filter.path))];
        const answers = await this.#answers(filter, column?.values ?? [""]);
        return (group) => answers.get(valueAt(column, group)) === true;
      }
      default:
        return () => true;
    }
  }

  async #answers(
    predicate: Predicate,
    values: readonly string[],
  ): Promise<ReadonlyMap<string, boolean>> {
    const known = this.#known.get(predicate) ?? new Map<string, boolean>();
    this.#known.set(predicate, known);
    const unknown = values.filter((value) => !known.has(value));
    if (unknown.length === 0) return known;
    const { operator, value } = predicate;
    if (operator === "=~" || operator === "!~") {
      const found = await this.#find(String(value), unknown);
      for (const each of unknown) {
        known.set(each, found.has(each) === (operator === "=~"));
      }
    } else {
      const compares = comparison(predicate);
      for (const each of unknown) known.set(each, compares(each));
    }
    return known;
  }
}

function valueAt(
  column: SeriesBlock["columns"][number] | undefined,
  group: number,
): string {
  return column?.values[column.of[group] ?? 0] ?? "";
}
