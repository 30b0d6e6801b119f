import { SkymapError, unreachable } from "../errors.ts";
import { isObject, type JsonObject } from "../json.ts";
import { readLines } from "../ndjson.ts";
import { Asks, type AskWorker } from "./asks.ts";
import { createCollectContext } from "./collect_context.ts";
import type { PluginDefinition } from "./contract.ts";
import { definitionFaults } from "./define_plugin.ts";
import { failureOf } from "./failure.ts";
import { LineWriter } from "./line_writer.ts";
import { manifestOf } from "./manifest.ts";
import type {
  PluginLine,
  PluginList,
  PluginPhase,
  PluginRequest,
  SetupMessage,
  WorkerAnswer,
  WorkRequest,
} from "./protocol.ts";
import { recordFetch, replayFetch } from "./recording.ts";
import { askAccount, createWorkContext } from "./work_context.ts";

/** How a plugin process talks. */
export interface ServeOptions {
  /** Imports the plugin's module: of this text, or else the process's own. */
  readonly load: (text?: string) => Promise<{ readonly default?: unknown }>;
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
  readonly #ask: AskWorker;
  /** What is being done, for the reason of a failure. */
  phase: PluginPhase;

  constructor(
    definition: PluginDefinition<unknown>,
    { phase, signal, write, ask }: {
      readonly phase: PluginPhase;
      readonly signal: AbortSignal;
      readonly write: (line: PluginLine) => Promise<void>;
      readonly ask: AskWorker;
    },
  ) {
    this.#definition = definition;
    this.phase = phase;
    this.#signal = signal;
    this.#write = write;
    this.#ask = ask;
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
        const list = await plugin.accounts?.({ config, signal }) ??
          { accounts: [] };
        return await this.#write({ type: "account_list", list });
      }
      case "policy": {
        const { tag, cleanup } = request;
        if (plugin.policy === undefined) throw new TypeError("it has none");
        const config = this.#config(request.config);
        const parts = [await plugin.policy({ config, tag, cleanup })].flat();
        return await this.#write({ type: "policy_document", parts });
      }
      case "collect":
        return await plugin.collect?.(createCollectContext({
          manifest,
          config: this.#config(request.config),
          account: request.account,
          freshAccount: () => askAccount(this.#ask, request.account.id),
          sink: { write: this.#write },
          signal,
        }));
      default:
        return await this.#work(request);
    }
  }

  /** Does one piece of work and writes what it gave. */
  async #work(request: WorkRequest): Promise<void> {
    const plugin = this.#definition;
    const { name, account } = request;
    const write = this.#write;
    const context = createWorkContext<unknown>({
      config: this.#config(request.config),
      account,
      ask: this.#ask,
      issue(level, message, details) {
        write({
          type: "issue",
          level,
          message,
          ...(details !== undefined && { details }),
        });
      },
      signal: this.#signal,
    });
    switch (request.type) {
      case "action": {
        const action = known(plugin.actions, request);
        return await action({ ...context, event: name, data: request.data });
      }
      case "task": {
        const task = known(plugin.tasks, request);
        const value = await task({
          ...context,
          task: name,
          args: request.args,
        });
        return await write({ type: "result", value: value ?? null });
      }
      case "command": {
        const command = known(plugin.commands, request);
        const { args, input } = request;
        return await command({
          ...context,
          command: name,
          args,
          input,
          write: (value) => write({ type: "output", value }),
        });
      }
      case "reaction": {
        const found = plugin.reactions?.find((each) => each.name === name);
        const { react } = known(found && { [name]: found }, request);
        const { changes } = request;
        return await react({ ...context, reaction: name, changes });
      }
      default:
        return unreachable(request);
    }
  }
}

/** The function of that name; what the table inherits is none. */
function known<T>(
  table: Readonly<Record<string, T>> | undefined,
  { type, name }: { readonly type: string; readonly name: string },
): T {
  const found = table !== undefined && Object.hasOwn(table, name)
    ? table[name]
    : undefined;
  if (found !== undefined) return found;
  throw new TypeError(`it has no ${type} "${name}"`);
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

function isDescribeEach(request: PluginRequest): boolean {
  return request.type === "describe" && request.each === true;
}

/** Describes all plugins of a list but those that cannot. */
async function describeEach(
  plugins: PluginList,
  write: (line: PluginLine) => Promise<void>,
): Promise<void> {
  for (const [of, load] of plugins) {
    try {
      const manifest = manifestOf(definitionOf((await load()).default));
      await write({ type: "manifest", of, manifest });
    } catch {
      // Why not is told by its own process.
    }
  }
}

/** Records the calls of the plugin, or answers them from a recording. */
function hookFetch(
  { record, replay }: SetupMessage,
  write: (line: PluginLine) => Promise<void>,
): void {
  if (replay !== undefined) globalThis.fetch = replayFetch(replay);
  if (record !== true) return;
  globalThis.fetch = recordFetch(
    globalThis.fetch,
    (answer) => write({ type: "recorded", answer }),
  );
}

/**
 * Serves the one request of this process and returns when it is answered. When
 * the input ends before that, it returns at once: nobody listens any more.
 */
export async function servePlugin(options: ServeOptions): Promise<void> {
  const lines = readLines(options.input);
  let request = await nextRequest(lines);
  let setup: SetupMessage | undefined;
  if (request?.type === "setup") {
    setup = request as SetupMessage;
    request = await nextRequest(lines);
  }
  if (request === undefined) return;
  const cancel = new AbortController();
  const writer = new LineWriter(options.output);
  const write = (line: PluginLine) => writer.write(line);
  const asks = new Asks({
    send(id, ask) {
      writer.write({ type: "ask", id, ask });
      return writer.flush();
    },
    signal: cancel.signal,
  });
  let phase: PluginPhase = "import";
  if (setup !== undefined) hookFetch(setup, write);

  async function work(): Promise<void> {
    let served: Served | undefined;
    try {
      const exported = (await options.load(setup?.module)).default;
      if (isDescribeEach(request as PluginRequest)) {
        await describeEach(exported as PluginList, write);
        await write({ type: "done" });
        return await writer.flush();
      }
      const definition = definitionOf(exported);
      phase = (request as PluginRequest).type;
      served = new Served(definition, {
        phase,
        signal: cancel.signal,
        write,
        ask: asks.ask,
      });
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
      if (next.type === "answer") asks.answer(next as WorkerAnswer);
    }
  }

  await Promise.race([work(), listen()]);
}
