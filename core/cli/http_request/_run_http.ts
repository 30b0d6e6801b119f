/**
 * The command `http` as a line runs it, for tests.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import { SourceText } from "../../query/source_text.ts";
import { Batch } from "../batch.ts";
import { HTTP } from "../commands/http.ts";
import type { CoreServices } from "../core_services.ts";
import type { LineContext } from "../line_context.ts";
import { readArguments } from "../read_arguments.ts";

/** How a line of `http` is run. */
export interface RunHttpOptions {
  /** What stands behind `http`. */
  readonly words: string;
  /** The word itself. Default: `http`. */
  readonly word?: string;
  /** What comes in. Default: one element. */
  readonly elements?: readonly Json[];
  /** Hosts that the configuration opens. Default: none. */
  readonly allowed?: readonly string[];
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** Told what the line tells. */
  readonly note?: (note: CliNote) => void;
}

/** Runs it; gives its output, or throws what the line failed with. */
export async function runHttp(options: RunHttpOptions): Promise<string> {
  const { words, word = "http", elements = [{ a: 1 }], allowed = [] } = options;
  const [form] = HTTP.forms;
  if (form === undefined) throw new TypeError("http has no form");
  const stage = await form.prepare(readArguments(form, {
    name: "http",
    word,
    source: SourceText.of(`${word} ${words}`).slice(word.length + 1),
  }));
  const context = {
    services: {
      version: "1.2.3",
      commandConfig: { allowedHosts: () => allowed, customCommands: () => [] },
    } as Partial<CoreServices> as CoreServices,
    clock: new FakeClock(),
    note: options.note ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
  } as Partial<LineContext> as LineContext;
  const flow = await stage.run({
    type: "elements",
    shape: "records",
    batches: (async function* () {
      for (const element of elements) {
        yield await Promise.resolve(Batch.ofValues([element]));
      }
    })(),
  }, context);
  if (flow.type !== "text") throw new TypeError(`got ${flow.type}`);
  return (await Array.fromAsync(flow.chunks)).join("");
}
