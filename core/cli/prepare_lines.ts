/**
 * Text of a request to lines that can be run: everything that can be wrong with
 * how it is written is found before anything runs.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { replacePlaceholders } from "../query/placeholders.ts";
import type { SourceText } from "../query/source_text.ts";
import { checkPresent } from "./check_present.ts";
import { calledForm, type CommandSet } from "./command_set.ts";
import type { Caller, CoreServices } from "./core_services.ts";
import {
  checkEnvironment,
  meaningOf,
  readEnvironment,
  type ReadVariables,
} from "./environment.ts";
import { expandedStages } from "./expanded_stages.ts";
import { SearchFusion } from "./fuse_searches.ts";
import type { FusedSearch } from "./fused_search.ts";
import type { Environment } from "./line_context.ts";
import { type ParsedLine, parseLines } from "./parse_lines.ts";
import type { PreparedLine, PreparedStage } from "./prepared_line.ts";
import { readArguments } from "./read_arguments.ts";
import { outputOf, outputOfAll, rewriteOutput } from "./rewrite_output.ts";
import { usageError } from "./usage_error.ts";
import { isQuoted } from "./words.ts";

/** What lines are prepared with. */
export interface PrepareOptions {
  /** What there is to call. */
  readonly commands: CommandSet;
  /** The rest of core. */
  readonly services: Pick<CoreServices, "graph">;
  /** Who runs them. */
  readonly caller: Caller;
  /** Variables that came beside the lines. */
  readonly environment: Environment;
  /** The present, in milliseconds. */
  readonly nowMs: number;
}

/** Forms that show edges. */
const GRAPH_FORMATS: readonly string[] = ["graphml", "dot", "cytoscape"];

/** A stage in the making. */
interface Placed extends PreparedStage {
  readonly source: SourceText;
}

class LinePreparation {
  readonly #line: ParsedLine;
  readonly #options: PrepareOptions;
  readonly #environment: Environment;
  readonly #variables: ReadVariables;
  readonly #nowMs: number;

  constructor(line: ParsedLine, options: PrepareOptions) {
    this.#line = line;
    this.#options = options;
    const outer = meaningOf(options.environment);
    const now = outer.nowMs ?? options.nowMs;
    const assignments = line.assignments.map((each) => ({
      ...each,
      value: replacePlaceholders(each.value, now, outer.timeZone),
    }));
    this.#environment = readEnvironment(assignments, options.environment);
    this.#variables = meaningOf(this.#environment);
    this.#nowMs = this.#variables.nowMs ?? options.nowMs;
  }

  async prepare(): Promise<PreparedLine> {
    const { commands, caller } = this.#options;
    const placed = await this.#stages();
    const { search: fusion, count } = this.#fuse(placed);
    const fused = placed.slice(0, count);
    const rest = placed.slice(count);
    this.#checkPlaces(rest, fused);
    checkPresent(rest, { search: fusion, at: this.#variables.at });
    const { noRewrite, format } = this.#variables;
    // Forms that draw a graph are of little use without its edges.
    const search: FusedSearch | undefined =
      fusion?.form === "list" && fusion.history === undefined &&
        rest.length === 0 && GRAPH_FORMATS.includes(format ?? "")
        ? { ...fusion, form: "graph" }
        : fusion;
    const input = search === undefined
      ? undefined
      : search.form === "explain"
      ? "text"
      : "elements";
    const isFormatted = search?.form === "count";
    const stages = noRewrite ? rest : await rewriteOutput(rest, {
      commands,
      input,
      isFormatted,
      format,
    });
    const changes = stages.find(({ stage }) => stage.isChange === true);
    if (changes !== undefined && caller.role !== "operator") {
      throw new SkymapError(
        "permission_denied",
        `Cannot run "${changes.command.name}": it changes things, and the ` +
          `role ${caller.role} may not, wanted the role operator`,
      );
    }
    return {
      text: this.#line.source.text,
      environment: this.#environment,
      ...(search !== undefined && { search }),
      fused,
      stages,
      output: outputOfAll(stages, input) === "file" ? "file" : "text",
      files: stages.flatMap(({ stage }) => stage.files ?? []),
    };
  }

  async #stages(): Promise<readonly Placed[]> {
    const placed: Placed[] = [];
    const { stages } = this.#line;
    for (const [at, written] of stages.entries()) {
      await this.#place(written, placed, []);
      const kept = placed.at(-1);
      const next = stages[at + 1];
      if (kept !== undefined && next !== undefined) {
        this.#checkKept(kept, written, next);
      }
    }
    return placed;
  }

  /**
   * A text that is kept for later ends at a `|` unless it is in quotes; what
   * stands behind would run now, on what nobody meant.
   */
  #checkKept(
    { command }: Placed,
    written: SourceText,
    next: SourceText,
  ): void {
    if (command.keepsPlaceholders !== true) return;
    const { form, name, rest } = calledForm(command, written);
    const kept = form.parameters.find(({ isRest }) => isRest === true);
    if (kept === undefined) return;
    const { text } = readArguments(form, { name, source: rest })
      .source(kept.name);
    if (text === "" || isQuoted(text)) return;
    const { source } = this.#line;
    const end = next.placeOf(0).offset - source.placeOf(0).offset;
    throw usageError({
      tried: `Cannot run "${name}"`,
      source,
      offset: source.text.lastIndexOf("|", end - 1),
      problem:
        `what stands behind "|" is not part of ${kept.name.toUpperCase()}, ` +
        "wanted all of that in single quotes",
    });
  }

  /** Adds what a command becomes: a stage, or those of the line it stands for. */
  async #place(
    written: SourceText,
    placed: Placed[],
    within: readonly string[],
  ): Promise<void> {
    const before = placed.map(({ command }) => command.name);
    const command = this.#options.commands.called(written, before);
    this.#checkPosition(command.position, command.name, written, before);
    const source = command.keepsPlaceholders === true
      ? written
      : replacePlaceholders(written, this.#nowMs, this.#variables.timeZone);
    const { form, name, word, rest } = calledForm(command, source);
    const args = readArguments(form, { name, word, source: rest });
    if (form.expand === undefined) {
      placed.push({ command, stage: await form.prepare(args), source });
      return;
    }
    const line = form.expand(args, this.#nowMs);
    for (const stage of expandedStages({ line, name, source, within })) {
      await this.#place(stage, placed, [...within, name]);
    }
  }

  #checkPosition(
    position: "source" | "flow" | "either",
    name: string,
    source: SourceText,
    before: readonly string[],
  ): void {
    const fault = (problem: string) =>
      usageError({ tried: "Cannot read line", source, offset: 0, problem });
    if (position === "flow" && before.length === 0) {
      throw fault(
        `"${name}" stands first, wanted it behind "|", such as "search all | ${name}"`,
      );
    }
    if (position === "source" && before.length > 0) {
      throw fault(`"${name}" stands behind "|", wanted it first in a line`);
    }
  }

  #fuse(placed: readonly Placed[]) {
    const start = placed[0]?.stage.search;
    if (start?.type !== "search" && start?.type !== "history") {
      return { count: 0 };
    }
    const { graph, edgeType, timeZone, at } = this.#variables;
    if (start.type === "history" && at !== undefined) {
      throw usageError({
        tried: 'Cannot run "history"',
        source: placed[0]?.source ?? this.#line.source,
        offset: 0,
        problem: `it has no state, and "at" is "${at}", wanted --after and ` +
          "--before",
      });
    }
    const service = this.#options.services.graph(graph);
    const nowMs = this.#nowMs;
    const fusion = new SearchFusion(start, {
      expand: (text) => service.expand(text, { nowMs, timeZone }),
      edgeType,
      nowMs,
    });
    let count = 1;
    for (const { stage } of placed.slice(1)) {
      if (stage.search === undefined || !fusion.add(stage.search)) break;
      count++;
    }
    return { search: fusion.finish(), count };
  }

  /** What was not made part of the search has to work on a plain stream. */
  #checkPlaces(rest: readonly Placed[], fused: readonly Placed[]): void {
    let output = outputOfAll(fused, undefined);
    let before = fused.at(-1)?.command.name;
    for (const { command, stage, source } of rest) {
      const fault = (problem: string) =>
        usageError({
          tried: `Cannot run "${command.name}"`,
          source,
          offset: 0,
          problem,
        });
      if (output === "file") {
        throw fault(`"${before}" makes a file, and nothing can follow it`);
      }
      if (stage.needsSearch !== undefined) {
        throw fault(
          before === undefined
            ? `it stands first, wanted a search in front of it`
            : `it stands behind "${before}": ${stage.needsSearch}`,
        );
      }
      output = outputOf(stage, output);
      before = command.name;
    }
  }
}

/**
 * Prepares lines.
 *
 * @throws {SkymapError} `usage`, `query_syntax`, `query_invalid` with the place;
 * `graph_unknown`; `permission_denied`.
 */
export async function prepareLines(
  text: string,
  options: PrepareOptions,
): Promise<readonly PreparedLine[]> {
  checkEnvironment(options.environment);
  const lines: PreparedLine[] = [];
  for (const line of parseLines(text)) {
    lines.push(await new LinePreparation(line, options).prepare());
  }
  return lines;
}
