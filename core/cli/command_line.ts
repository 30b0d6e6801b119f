/**
 * The command line of core: lines in, what they give out.
 *
 * @module
 */

import { type Clock, SYSTEM_CLOCK } from "../events/clock.ts";
import { ALL_COMMANDS } from "./all_commands.ts";
import type { Command } from "./command.ts";
import { CommandSet } from "./command_set.ts";
import type { Caller, CoreServices } from "./core_services.ts";
import { meaningOf } from "./environment.ts";
import {
  executeLines,
  type LineEvent,
  requireFiles,
  type RunnableLine,
} from "./execute_lines.ts";
import type { Environment, LineContext, Terminal } from "./line_context.ts";
import type { PreparedLine } from "./prepared_line.ts";
import { prepareLines } from "./prepare_lines.ts";

/** What a command line is made of. */
export interface CommandLineParts {
  /** The rest of core. */
  readonly services: CoreServices;
  /** What time it is. Default: the machine's clock. */
  readonly clock?: Clock;
  /** Commands beside those that come with core. Default: none. */
  readonly moreCommands?: () => readonly Command[];
  /** Variables of lines that say nothing else, as of now. Default: none. */
  readonly defaults?: () => Environment;
  /** Sees what lines give. Default: nobody does. */
  readonly watch?: (
    events: AsyncGenerator<LineEvent>,
  ) => AsyncGenerator<LineEvent>;
}

/** Who runs lines, and with what. */
export interface LineRequest {
  /** Who runs them. */
  readonly caller: Caller;
  /** Variables; those in front of a line count more. Default: none. */
  readonly environment?: Environment;
  /** Where the answer is shown. Default: nowhere, in no colours. */
  readonly terminal?: Terminal;
  /** Files that came with the lines, by name. Default: none. */
  readonly files?: ReadonlyMap<string, Blob>;
  /** Stops them. */
  readonly signal: AbortSignal;
}

const NO_FILES: ReadonlyMap<string, Blob> = new Map();

/** Reads and runs lines. */
export class CommandLine {
  readonly #parts: CommandLineParts;
  readonly #clock: Clock;

  /** Makes a command line over what core offers. */
  constructor(parts: CommandLineParts) {
    this.#parts = parts;
    this.#clock = parts.clock ?? SYSTEM_CLOCK;
  }

  /** Every command that there is now. */
  commands(): CommandSet {
    return new CommandSet([
      ...ALL_COMMANDS,
      ...this.#parts.moreCommands?.() ?? [],
    ]);
  }

  /** Variables of lines that say nothing else. */
  defaults(): Environment {
    return this.#parts.defaults?.() ?? {};
  }

  /**
   * Understands lines and runs nothing.
   *
   * @throws {SkymapError} `usage` and what else can be wrong with a line.
   */
  prepare(
    text: string,
    { caller, environment = {} }: Pick<LineRequest, "caller" | "environment">,
  ): Promise<readonly PreparedLine[]> {
    return prepareLines(text, {
      commands: this.commands(),
      services: this.#parts.services,
      caller,
      environment: { ...this.defaults(), ...environment },
      nowMs: this.#clock.now(),
    });
  }

  /**
   * Runs lines, once all of them are understood and their files are there.
   *
   * @throws {SkymapError} What is wrong with a line, before anything runs. What
   * goes wrong later is an event.
   */
  async execute(
    text: string,
    request: LineRequest,
  ): Promise<AsyncGenerator<LineEvent>> {
    return this.run(await this.prepare(text, request), request);
  }

  /**
   * Runs lines that were prepared.
   *
   * @throws {SkymapError} `files_required`, or `query_invalid` for a search of a
   * later line, before anything runs.
   */
  run(
    lines: readonly PreparedLine[],
    request: LineRequest,
  ): AsyncGenerator<LineEvent> {
    requireFiles(lines, request.files ?? NO_FILES);
    // What the first line asks for is looked at as it begins.
    for (const line of lines.slice(1)) this.checkSearch(line);
    const { watch = (events) => events } = this.#parts;
    return watch(
      executeLines(lines.map((line) => this.#runnable(line, request))),
    );
  }

  /**
   * Looks at the search of a line, without asking it.
   *
   * @throws {SkymapError} `query_invalid`, with the place.
   */
  checkSearch({ search, environment }: PreparedLine): void {
    if (search === undefined) return;
    const { graph, section } = meaningOf(environment);
    const { changes, of } = search.history ?? {};
    this.#parts.services.graph(graph).check(search.read, {
      section,
      isHistory: search.history !== undefined,
      ...(changes !== undefined && { changes }),
      ...(of !== undefined && { of }),
    });
  }

  /** Runs lines; what they give is text. Throws what they throw. */
  async *textOf(
    text: string,
    request: LineRequest,
    tell: LineContext["note"],
  ): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    for await (const event of await this.execute(text, request)) {
      switch (event.type) {
        case "text":
          yield event.text;
          break;
        case "bytes":
          yield decoder.decode(event.bytes, { stream: true });
          break;
        case "note":
          tell(event.note);
          break;
        case "failed":
          throw event.error;
      }
    }
  }

  #runnable(line: PreparedLine, request: LineRequest): RunnableLine {
    const { caller, terminal = { hasColors: false }, signal } = request;
    const { environment } = line;
    const { files = NO_FILES } = request;
    const variables = meaningOf(environment);
    const { graph, section, timeZone, nowMs } = variables;
    const clock = this.#clock;
    return {
      line,
      context: (note) => ({
        services: this.#parts.services,
        commands: this.commands(),
        caller,
        environment,
        graph,
        section,
        timeZone,
        clock: nowMs === undefined ? clock : {
          now: () => nowMs,
          every: (intervalMs, callback) => clock.every(intervalMs, callback),
        },
        terminal,
        files,
        note,
        runLine: (text, more = {}) =>
          this.textOf(text, {
            ...request,
            environment: { ...environment, ...more },
          }, note),
        signal,
      }),
    };
  }
}
