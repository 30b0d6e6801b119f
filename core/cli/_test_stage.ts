/**
 * One stage of a line, by itself.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { FakeClock } from "@skymap/lib/testing";
import { SourceText } from "../query/source_text.ts";
import { Batch, type Batches } from "./batch.ts";
import type { Command, Stage } from "./command.ts";
import type { CoreServices } from "./core_services.ts";
import type { ElementFlow, Flow } from "./flow.ts";
import type { LineContext } from "./line_context.ts";
import { readArguments } from "./read_arguments.ts";

/** A stage of the command's first form, with these arguments. */
export async function prepareStage(
  command: Command,
  text = "",
): Promise<Stage> {
  const [form] = command.forms;
  if (form === undefined) throw new TypeError("No form");
  const source = SourceText.of(text);
  return await form.prepare(
    readArguments(form, { name: command.name, source }),
  );
}

/** A flow of elements, so many at a time. */
export function flowOf(
  values: readonly Json[],
  shape: ElementFlow["shape"] = "records",
  size = 2,
): ElementFlow {
  const batches = async function* (): Batches {
    for (let at = 0; at < values.length; at += size) {
      yield await Promise.resolve(
        Batch.ofTexts(
          values.slice(at, at + size).map((value) => JSON.stringify(value)),
        ),
      );
    }
  };
  return { type: "elements", shape, batches: batches() };
}

/** A context of a line; its services are whatever a test gives. */
export function contextOf(
  given: Partial<Omit<LineContext, "services">> & {
    readonly services?: Partial<CoreServices>;
    readonly notes?: CliNote[];
  } = {},
): LineContext {
  const { notes, ...rest } = given;
  const context: Partial<LineContext> = {
    caller: { subject: "test", role: "operator" },
    environment: {},
    graph: "main",
    section: "reported",
    timeZone: "UTC",
    clock: new FakeClock(Date.UTC(2026, 0, 31)),
    terminal: { hasColors: false },
    files: new Map(),
    note: (note) => notes?.push(note),
    runLine: () => {
      throw new TypeError("Runs no line");
    },
    signal: new AbortController().signal,
    ...rest,
    services: (given.services ?? {}) as CoreServices,
  };
  return context as LineContext;
}

/** What a command makes of elements. */
export async function runStage(
  command: Command,
  text: string,
  input: Flow | undefined,
  context: LineContext = contextOf(),
): Promise<Flow> {
  return await (await prepareStage(command, text)).run(input, context);
}

/** The elements of a flow. */
export async function elements(flow: Flow): Promise<Json[]> {
  if (flow.type !== "elements") throw new TypeError(`It is ${flow.type}`);
  const found: Json[] = [];
  for await (const { values } of flow.batches) found.push(...values);
  return found;
}

/** The text of a flow. */
export async function textOf(flow: Flow): Promise<string> {
  if (flow.type === "elements") throw new TypeError("It is elements");
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of flow.chunks) {
    text += typeof chunk === "string"
      ? chunk
      : decoder.decode(chunk, { stream: true });
  }
  return text;
}
