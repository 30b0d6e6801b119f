import { SkymapError } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import { readLines } from "../ndjson.ts";
import { createCollectContext } from "./collect_context.ts";
import type { PluginDefinition } from "./contract.ts";
import { definitionFaults } from "./define_plugin.ts";
import { failureOf } from "./failure.ts";
import { LineWriter } from "./line_writer.ts";
import { manifestOf } from "./manifest.ts";
import type { PluginLine, PluginPhase, PluginRequest } from "./protocol.ts";

/** How a plugin process talks. */
export interface ServeOptions {
  /** Imports the plugin's module. */
  readonly load: () => Promise<{ readonly default?: unknown }>;
  /** Requests, as bytes of JSON lines. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Takes the answers. */
  readonly output: (chunk: Uint8Array) => Promise<void>;
}

/** Carries out requests of the worker on one plugin. */
class Served {
  readonly #definition: PluginDefinition<unknown>;
  readonly #signal: AbortSignal;
  readonly #write: (line: PluginLine) => Promise<void>;
  /** What is being done, for the reason of a failure. */
  phase: PluginPhase;

  constructor(
    definition: PluginDefinition<unknown>,
    phase: PluginPhase,
    signal: AbortSignal,
    write: (line: PluginLine) => Promise<void>,
  ) {
    this.#definition = definition;
    this.phase = phase;
    this.#signal = signal;
    this.#write = write;
  }

  #config(config: JsonObject): unknown {
    const phase = this.phase;
    this.phase = "config";
    const read = this.#definition.config?.parse(config) ?? config;
    this.phase = phase;
    return read;
  }

  async answer(request: PluginRequest): Promise<void> {
    const plugin = this.#definition;
    const manifest = manifestOf(plugin);
    const signal = this.#signal;
    switch (request.type) {
      case "describe":
        return await this.#write({ type: "manifest", manifest });
      case "check": {
        const config = this.#config(request.config);
        const configured = plugin.isConfigured?.(config) ?? true;
        return await this.#write({ type: "checked", configured });
      }
      case "accounts": {
        const config = this.#config(request.config);
        const list = await plugin.accounts({ config, signal });
        return await this.#write({ type: "account_list", list });
      }
      case "collect":
        return await plugin.collect(createCollectContext({
          manifest,
          config: this.#config(request.config),
          account: request.account,
          sink: { write: this.#write },
          signal,
        }));
    }
  }
}

async function nextRequest(
  lines: AsyncIterator<string>,
): Promise<{ readonly type: string } | undefined> {
  const { done, value } = await lines.next();
  if (done === true) return;
  const request: unknown = JSON.parse(value);
  return isObject(request) && typeof request["type"] === "string"
    ? request as { type: string }
    : undefined;
}

/** The plugin of a module; its faults are thrown all at once. */
function definitionOf(exported: unknown): PluginDefinition<unknown> {
  const faults = definitionFaults(exported);
  if (faults.length > 0) {
    throw new SkymapError("plugin_invalid", faults.join("; "));
  }
  return exported as PluginDefinition<unknown>;
}

/**
 * Serves the one request of this process and returns when it is answered. When
 * the input ends before that, it returns at once: nobody listens any more.
 */
export async function servePlugin(options: ServeOptions): Promise<void> {
  const lines = readLines(options.input);
  const request = await nextRequest(lines) as PluginRequest | undefined;
  if (request === undefined) return;
  const cancel = new AbortController();
  const writer = new LineWriter(options.output);
  const write = (line: PluginLine) => writer.write(line);
  let phase: PluginPhase = "import";

  async function work(): Promise<void> {
    let served: Served | undefined;
    try {
      const definition = definitionOf((await options.load()).default);
      phase = (request as PluginRequest).type;
      served = new Served(definition, phase, cancel.signal, write);
      await served.answer(request as PluginRequest);
      await write({ type: "done" });
    } catch (thrown) {
      phase = served?.phase ?? phase;
      await write({ type: "error", phase, error: failureOf(thrown) });
    }
    await writer.flush();
  }

  async function listen(): Promise<void> {
    for (;;) {
      const next = await nextRequest(lines);
      if (next === undefined) return;
      if (next.type === "cancel") cancel.abort();
    }
  }

  await Promise.race([work(), listen()]);
}
