/**
 * Runs a command of a plugin over what comes.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import { throwFailure } from "../../registry/plugin_commands.ts";
import { Batch, type Batches } from "../batch.ts";
import { elementsOf } from "../elements_of.ts";
import type { Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { readWords } from "../words.ts";

/** What is run. */
export interface PluginCall {
  readonly plugin: string;
  readonly command: string;
  /** What follows it, as it was written. */
  readonly words: string;
}

/** Elements that a command is given at most: it gets them all at once. */
const MAX_ELEMENTS = 10_000;

/** Characters of them at most, as JSON. */
const MAX_CHARS = 8_000_000;

async function gather(batches: Batches, name: string): Promise<Json[]> {
  const input: Json[] = [];
  let chars = 0;
  for await (const batch of batches) {
    for (const text of batch.texts) chars += text.length;
    input.push(...batch.values);
    if (input.length <= MAX_ELEMENTS && chars <= MAX_CHARS) continue;
    throw new SkymapError(
      "usage",
      `Cannot run "${name}": more than ${MAX_ELEMENTS} elements or ` +
        `${MAX_CHARS} characters come, wanted fewer, such as by "limit" or ` +
        '"jq"',
    );
  }
  return input;
}

/**
 * Runs the command on a worker; gives what it printed. It is not run when it
 * stands behind a `|` through which nothing comes.
 */
export function runPluginCommand(
  { plugin, command, words }: PluginCall,
  input: Flow | undefined,
  { services, signal, note }: LineContext,
): Flow {
  async function* printed(): AsyncGenerator<Batch> {
    const elements = input === undefined
      ? []
      : await gather(elementsOf(input).batches, command);
    // What works on nodes must not take "none of them" for "no matter which".
    if (input !== undefined && elements.length === 0) return;
    const result = await services.pluginCommands.run(plugin, command, {
      args: readWords(words).map(({ value }) => value),
      input: elements,
      signal,
    });
    for (const message of result.messages) {
      note({ type: "message", ...message });
    }
    yield Batch.ofValues(result.printed);
    throwFailure(result);
  }
  return { type: "elements", shape: "records", batches: printed() };
}
