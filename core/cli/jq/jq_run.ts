/**
 * One filter over a stream of elements, each as if it went through jq alone.
 *
 * @module
 */

import { runEngine } from "./engine.ts";

/** What a run is made of. */
export interface JqRunOptions {
  /** The filter. */
  readonly filter: string;
  /** Definitions that stand before it, on one line. */
  readonly prelude: string;
  /** Memory of the engine. */
  readonly maxBytes: number;
  /** Bytes of the elements, one on each line, as they come; none at their end. */
  readonly read: () => Uint8Array | undefined;
  /** Takes the results, one on each line. */
  readonly write: (bytes: Uint8Array) => void;
  /** Called before a read that may wait. */
  readonly flush: () => void;
  /** Told what the filter says beside its results: `debug` and `stderr`. */
  readonly tell: (text: string) => void;
}

/** Why a filter could not go on. */
export interface JqFailure {
  /** What jq says. */
  readonly message: string;
  /** Number of the element, from 1; none if the filter itself is wrong. */
  readonly element?: number;
}

/** Exit code of jq for a filter that does not compile. */
const NOT_COMPILED = 3;

const LINE_END = 10;
const NOTHING = new Uint8Array(0);

/** Ends a run of the engine from within. */
class Stop extends Error {}

/** Takes what jq writes around its message, and what stands before the filter. */
function plain(message: string, prelude: string): string {
  return message.replaceAll(prelude, "")
    .replaceAll(/^jq: \d+ compile errors?$/gm, "")
    .replaceAll(/^jq: error(?: \(at <\w+>(?::\d+)?\))?:? ?/gm, "")
    .replaceAll(" (Unix shell quoting issues?)", "")
    .replaceAll(/ at <top-level>, line (\d+):/g, " on line $1:")
    .trim();
}

/** Whether jq says that it cannot go on. */
const ERROR = /^jq: error/m;

/** The elements, line by line, with their number. */
class Lines {
  readonly #read: JqRunOptions["read"];
  readonly #flush: () => void;
  #chunk: Uint8Array = NOTHING;
  #isWithin = false;
  #isEnded = false;
  /** How many elements were begun. */
  count = 0;

  constructor({ read, flush }: JqRunOptions) {
    this.#read = read;
    this.#flush = flush;
  }

  /** Whether the last element that was begun was read to its end. */
  get isBetween(): boolean {
    return !this.#isWithin;
  }

  /** Whether nothing more comes. */
  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Some bytes of one element; none at the end. */
  take(maxBytes: number): Uint8Array {
    if (this.#chunk.length === 0) {
      this.#flush();
      this.#chunk = this.#read() ?? NOTHING;
      this.#isEnded = this.#chunk.length === 0;
      if (this.#isEnded) return NOTHING;
    }
    if (!this.#isWithin) this.count++;
    const end = this.#chunk.indexOf(LINE_END) + 1;
    const isWhole = end > 0 && end <= maxBytes;
    const length = isWhole ? end : Math.min(this.#chunk.length, maxBytes);
    const bytes = this.#chunk.subarray(0, length);
    this.#chunk = this.#chunk.subarray(length);
    this.#isWithin = !isWhole;
    return bytes;
  }

  /** Leaves out what is left of an element. */
  skip(): void {
    while (this.#isWithin && this.take(Infinity).length > 0);
  }
}

/**
 * Runs the filter over every element. The first failure ends it: results of the
 * elements before it were written, and those of its own up to there.
 */
export async function runJq(
  options: JqRunOptions,
): Promise<JqFailure | undefined> {
  const { filter, prelude, maxBytes, write, flush, tell } = options;
  const lines = new Lines(options);
  let told = "";
  const settle = () => {
    if (told === "") return;
    if (ERROR.test(told)) throw new Stop();
    tell(told);
    told = "";
  };
  const decoder = new TextDecoder();
  const streams = {
    read: (length: number) => {
      if (lines.isBetween) settle();
      return lines.take(length);
    },
    write,
    tell: (bytes: Uint8Array) => {
      told += decoder.decode(bytes.slice(), { stream: true });
    },
  };
  const words = ["-M", "-c", "--unbuffered", `${prelude}${filter}\n`];
  while (!lines.isEnded) {
    const before = lines.count;
    let code: number | undefined;
    try {
      code = await runEngine(words, streams, maxBytes);
      if (code === 0) settle();
    } catch (error) {
      if (!(error instanceof Stop)) throw error;
      code = undefined;
    }
    flush();
    if (code === NOT_COMPILED) return { message: plain(told, prelude) };
    if (code !== 0) {
      return { message: plain(told, prelude), element: lines.count };
    }
    if (lines.isEnded || lines.count === before) return;
    // The filter halted; alone, the next element would have its own run.
    lines.skip();
  }
}
