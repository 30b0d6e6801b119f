/**
 * Elements through jq, which runs in a process of its own.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import { lineBatches, MAX_LINE_BYTES } from "@skymap/lib/ndjson";
import { Batch, type Batches } from "../batch.ts";
import type { LineContext } from "../line_context.ts";
import { sideModule, SideProcess } from "../side_process/side_process.ts";
import type { JqFailure } from "./jq_run.ts";
import { type JqOrder, type JqTold, TOLD_MARK } from "./protocol.ts";

/** Memory that a filter may use for values. */
const MAX_BYTES = 512 * 1_048_576;
const MAX_HEAP_MB = 256;

/** Time that a filter has to be compiled. */
const COMPILE_MS = 30_000;

/**
 * Each element has a run of its own, in which no other element is to be had:
 * jq's own `input` would take the next one.
 */
const PRELUDE = 'def input: error("No more inputs"); def inputs: empty; ' +
  "def input_line_number: 1; def input_filename: null; ";

/** Its one package; nothing else is loaded. */
const PACKAGES = encodeURIComponent(
  JSON.stringify({ imports: { "jq-wasm/": "npm:/jq-wasm@1.0.1/" } }),
);

/** No permission at all, and no module but its own. */
function flagsOf(module: string): readonly string[] {
  const closed = ["--no-config", "--no-remote", "--deny-import"];
  if (module.endsWith(".js")) return [...closed, "--no-lock", "--no-npm"];
  const lock = new URL("../../../deno.lock", import.meta.url).pathname;
  return [
    ...closed,
    `--import-map=data:application/json,${PACKAGES}`,
    `--lock=${lock}`,
    "--frozen",
  ];
}

/** What a process is started with. */
interface JqOptions {
  readonly filter: string;
  /** Definitions that stand before it. */
  readonly prelude?: string;
  /** IANA name of the time zone of local times. */
  readonly timeZone?: string;
  readonly signal: AbortSignal;
}

function start({ filter, prelude = "", timeZone, signal }: JqOptions): {
  readonly process: SideProcess;
  readonly sent: Promise<void>;
} {
  const module = sideModule("jq/jq_process.ts");
  const process = new SideProcess({
    module,
    flags: flagsOf(module),
    ...(timeZone !== undefined && { env: { TZ: timeZone } }),
    maxHeapMb: MAX_HEAP_MB,
    failure: (reason) =>
      new SkymapError("filter_failed", `Cannot run jq "${filter}": ${reason}`),
    signal,
  });
  const order: JqOrder = {
    filter,
    prelude: PRELUDE + prelude,
    maxBytes: MAX_BYTES,
  };
  return { process, sent: process.send(`${JSON.stringify(order)}\n`) };
}

/** Filters that were found to compile; a line that comes again waits no more. */
const known = new Set<string>();
const MAX_KNOWN = 1_000;

/** A path alone needs no jq to see that it is a filter. */
const PATH = /^\.[A-Za-z_]\w*(?:\.[A-Za-z_]\w*|\[\d*\])*$/;

/** What is wrong with a filter, or nothing: jq itself compiles it. */
export async function filterFault(filter: string): Promise<string | undefined> {
  if (PATH.test(filter) || known.has(filter)) return;
  const signal = AbortSignal.timeout(COMPILE_MS);
  const { process, sent } = start({ filter, signal });
  await using _process = process;
  await sent;
  await process.end();
  for await (const lines of lineBatches(process.chunks(), MAX_LINE_BYTES)) {
    for (const line of lines) {
      const told: JqTold = JSON.parse(line.slice(TOLD_MARK.length));
      if (told.type === "failure") return told.failure.message;
    }
  }
  if (known.size >= MAX_KNOWN) known.clear();
  known.add(filter);
}

function failed(
  { message, element }: JqFailure,
  filter: string,
): SkymapError {
  return new SkymapError(
    "filter_failed",
    `Cannot run jq "${filter}"` +
      (element === undefined ? "" : ` on element ${element}`) +
      `: ${message === "" ? "it was aborted" : message}`,
    { details: { filter, ...(element !== undefined && { element }) } },
  );
}

/** Characters that are sent together: large nodes are not copied by thousands. */
const PIECE_CHARS = 262_144;

/** Sends elements to a process while its results are read. */
class Feed implements AsyncDisposable {
  readonly #batches: Batches;
  readonly #process: SideProcess;
  #isStopped = false;
  #failure: { readonly error: unknown } | undefined;
  readonly #done: Promise<void>;

  constructor(batches: Batches, process: SideProcess, first: Promise<void>) {
    this.#batches = batches;
    this.#process = process;
    this.#done = this.#send(first);
  }

  async #send(first: Promise<void>): Promise<void> {
    try {
      await first;
      for await (const { texts } of this.#batches) {
        if (this.#isStopped) return;
        let piece = "";
        for (const text of texts) {
          piece += `${text}\n`;
          if (piece.length < PIECE_CHARS) continue;
          await this.#process.send(piece);
          if (this.#isStopped) return;
          piece = "";
        }
        if (piece !== "") await this.#process.send(piece);
        if (this.#isStopped) return;
      }
    } catch (error) {
      this.#failure = { error };
    } finally {
      await this.#process.end();
    }
  }

  /** Waits until nothing more is sent; throws what kept it from that. */
  async done(): Promise<void> {
    await this.#done;
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  /** Sends nothing more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isStopped = true;
    await this.#process[Symbol.asyncDispose]();
    await this.#done;
  }
}

/** The lines that a process writes. */
async function* linesOf(
  process: SideProcess,
  filter: string,
): AsyncGenerator<readonly string[]> {
  try {
    yield* lineBatches(process.chunks(), MAX_LINE_BYTES);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `a result is longer than ${MAX_LINE_BYTES} characters`;
    throw new SkymapError(
      "filter_failed",
      `Cannot run jq "${filter}": ${message}, wanted shorter ones`,
      { cause, details: { filter } },
    );
  }
}

/** Longest piece of what a filter says beside its results. */
const MAX_TOLD = 2_000;

/**
 * The results of a filter for each element, in their order. Elements are sent
 * while results are read.
 *
 * @throws {SkymapError} `filter_failed`, with the number of the element.
 */
export async function* filterElements(
  batches: Batches,
  filter: string,
  { clock, environment, timeZone, signal, note }: Pick<
    LineContext,
    "clock" | "environment" | "timeZone" | "signal" | "note"
  >,
): AsyncGenerator<Batch> {
  const stopped = environment["now"] === undefined
    ? ""
    : `def now: ${clock.now() / 1_000}; `;
  const { process, sent } = start({
    filter,
    prelude: stopped,
    timeZone,
    signal,
  });
  await using feed = new Feed(batches, process, sent);
  for await (const lines of linesOf(process, filter)) {
    const results: string[] = [];
    for (const line of lines) {
      if (!line.startsWith(TOLD_MARK)) {
        results.push(line);
        continue;
      }
      const told: JqTold = JSON.parse(line.slice(TOLD_MARK.length));
      if (told.type === "failure") {
        if (results.length > 0) yield Batch.ofTexts(results);
        throw failed(told.failure, filter);
      }
      const text = told.text.trim().slice(0, MAX_TOLD);
      note({ type: "message", level: "info", text });
    }
    if (results.length > 0) yield Batch.ofTexts(results);
  }
  await feed.done();
}
