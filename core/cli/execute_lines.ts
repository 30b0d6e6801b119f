/**
 * Runs prepared lines, one after the other.
 *
 * @module
 */

import type { CliNote, CoverageJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { Flow } from "./flow.ts";
import { flowLines } from "./flow_lines.ts";
import type { LineContext } from "./line_context.ts";
import { NoteQueue } from "./note_queue.ts";
import type { PreparedLine } from "./prepared_line.ts";
import { runSearch, type SearchAnswer } from "./run_search.ts";
import { ShownCount } from "./shown_count.ts";
import { textElements } from "./text_elements.ts";

/** The output of the next line begins. */
export interface LineBegin {
  /** Tells the event. */
  readonly type: "begin";
  /** Number of the line, from 0. */
  readonly line: number;
  /** What is written. */
  readonly output: "text" | "file";
  /** What it is. */
  readonly mediaType: string;
  /** Name of the file. */
  readonly name?: string;
  /** The line that takes the file back once it was edited. */
  readonly editedBy?: string;
  /** How complete the answer of its search is; a note tells it in the end. */
  readonly coverage?: CoverageJson;
}

/** What running lines tells. */
export type LineEvent =
  | LineBegin
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "bytes"; readonly bytes: Uint8Array }
  | { readonly type: "note"; readonly note: CliNote }
  | { readonly type: "end"; readonly line: number }
  /** The output is not whole, and no line follows. */
  | {
    readonly type: "failed";
    readonly line: number;
    readonly error: unknown;
  };

/** A prepared line and what it runs with. */
export interface RunnableLine {
  /** The line. */
  readonly line: PreparedLine;
  /** Makes what it runs with. */
  readonly context: (note: (note: CliNote) => void) => LineContext;
}

/**
 * Refuses lines whose files did not come with them.
 *
 * @throws {SkymapError} `files_required`, with their names.
 */
export function requireFiles(
  lines: readonly PreparedLine[],
  files: ReadonlyMap<string, Blob>,
): void {
  const missing = lines.flatMap((line) => line.files)
    .filter((name) => !files.has(name));
  if (missing.length === 0) return;
  throw new SkymapError(
    "files_required",
    `Cannot run the line: it reads ${
      missing.map((name) => `"${name}"`).join(", ")
    }, wanted ${missing.length === 1 ? "this file" : "these files"} with it`,
    { details: { files: [...new Set(missing)] } },
  );
}

/** What a line gives. */
interface Given {
  readonly flow: Flow;
  /** How its search was answered; undefined if it has none. */
  readonly answer: SearchAnswer | undefined;
  readonly count: ShownCount;
}

async function givenBy(
  { search, stages }: PreparedLine,
  context: LineContext,
): Promise<Given> {
  const answer = search === undefined
    ? undefined
    : await runSearch(search, context);
  const count = new ShownCount();
  let flow = answer?.flow;
  for (const { stage } of stages) {
    context.signal.throwIfAborted();
    const takesText = stage.takesText === true || stage.output === "file";
    const input: Flow | undefined = flow?.type === "text" && !takesText
      ? textElements(flow)
      : flow;
    flow = await stage.run(count.before(stage, input), context);
  }
  if (flow === undefined) throw new TypeError("A line without commands");
  return { flow: count.atEnd(flow), answer, count };
}

/** How complete the answer is, and how much of it was shown. */
function coverageNote(
  { stages }: PreparedLine,
  { answer, count }: Given,
): CliNote | undefined {
  if (answer?.coverage === undefined) return;
  const { coverage, total } = answer;
  // What became of the elements on their way is not to be compared with them.
  const isSame = answer.isOfNodes &&
    stages.every(({ stage }) =>
      stage.keepsShape === true || stage.output !== "elements"
    );
  const shown = total === undefined || isSame ? count.shown : undefined;
  return {
    type: "coverage",
    coverage,
    ...(shown !== undefined && { shown }),
    ...(total !== undefined && { total }),
  };
}

/** Says so when a line that changes nothing has nothing to show. */
function emptyNote(
  { fused, stages }: PreparedLine,
  { answer, count }: Given,
): CliNote | undefined {
  const isChange = stages.some(({ stage }) => stage.isChange === true);
  if (answer !== undefined || count.shown !== 0 || isChange) return;
  const [source, ...more] = [...fused, ...stages]
    .flatMap((each) => each.source ?? []);
  const text = source === undefined || more.length > 0
    ? "Nothing is left to show"
    : `"${source.text}" has nothing to show`;
  return { type: "message", level: "info", text };
}

/** The pieces of an output, and how it begins. */
function outputOf(
  flow: Flow,
  line: number,
): {
  readonly begin: LineBegin;
  readonly pieces: AsyncGenerator<LineEvent>;
} {
  if (flow.type === "file") {
    const { name, mediaType, chunks, editedBy } = flow;
    return {
      begin: {
        type: "begin",
        line,
        output: "file",
        mediaType,
        name,
        ...(editedBy !== undefined && { editedBy }),
      },
      pieces: async function* () {
        for await (const bytes of chunks) yield { type: "bytes", bytes };
      }(),
    };
  }
  const { mediaType = "text/plain", chunks } = flow.type === "text"
    ? flow
    : flowLines(flow);
  return {
    begin: { type: "begin", line, output: "text", mediaType },
    pieces: async function* () {
      for await (const text of chunks) {
        if (text !== "") yield { type: "text", text };
      }
    }(),
  };
}

async function* runLine(
  line: PreparedLine,
  at: number,
  context: LineContext,
  late: readonly CliNote[],
): AsyncGenerator<LineEvent> {
  const given = await givenBy(line, context);
  const coverage = given.answer?.coverage;
  const { begin, pieces } = outputOf(given.flow, at);
  try {
    // What fails at once has not begun.
    const first = await pieces.next();
    yield { ...begin, ...(coverage !== undefined && { coverage }) };
    if (first.done !== true) yield first.value;
    yield* pieces;
  } finally {
    await pieces.return(undefined);
  }
  const own = [coverageNote(line, given), emptyNote(line, given)]
    .filter((note) => note !== undefined);
  for (const note of [...late, ...own]) yield { type: "note", note };
  yield { type: "end", line: at };
}

/** Runs lines; the first that fails is the last. */
export async function* executeLines(
  lines: readonly RunnableLine[],
): AsyncGenerator<LineEvent> {
  for (const [at, { line, context }] of lines.entries()) {
    const notes = new NoteQueue();
    // How complete an answer is belongs behind all of it.
    const late: CliNote[] = [];
    const tell = (note: CliNote) => {
      if (note.type === "coverage") late.push(note);
      else notes.add(note);
    };
    try {
      yield* notes.with(
        runLine(line, at, context(tell), late),
        (note) => ({ type: "note", note }),
      );
    } catch (error) {
      yield { type: "failed", line: at, error };
      return;
    }
  }
}
