import {
  type ActivePluginJson,
  type CapabilityJson,
  COMMAND_TASK,
  type CommandResult,
  REACTION_TASK,
  type SubscriberJson,
  type SubscriptionJson,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import type { Account, ReactionChanges } from "@skymap/lib/plugin";
import type { WorkRequest } from "@skymap/lib/plugin_host";
import type { TakenTask } from "@skymap/lib/subscriber";
import { isSwitchedOff } from "./is_switched_off.ts";
import type { GraphAction } from "./plugin/ask_desk.ts";
import type { WorkListener } from "./plugin/host.ts";
import type { AccountLists } from "./account_lists.ts";
import type { PluginSet } from "./plugin_set.ts";

/** Most that a command may print, in characters of JSON. */
const MAX_OUTPUT = 4_000_000;

/** What a worker is told beside its plugins. */
export interface WorkerIdentity {
  /** Name of this worker. */
  readonly subscriberId: string;
  /** Seconds that an action may take. */
  readonly timeoutSeconds: number;
}

/** What is known of the plugins beside what they say of themselves. */
export interface PluginFacts {
  /**
   * The accounts that tasks of a plugin may be for. Default: it is not known, so
   * those of the whole cloud.
   */
  readonly reach?: (plugin: ActivePluginJson) => readonly string[] | undefined;
  /** Whether a plugin takes no part in steps of a run. Default: it does. */
  readonly isOff?: (plugin: ActivePluginJson) => boolean;
}

/** Tells the log of a run something. */
export type TellRun = (
  level: "info" | "warning" | "error",
  message: string,
  details?: JsonObject,
) => void;

/** What a plugin did to the graph, for the log of a run. */
const DONE: Readonly<Record<GraphAction, string>> = {
  clean: "marked to be cleaned up",
  keep: "no longer marked",
  protect: "protected",
  tag: "tagged",
};

/** Who a worker is and what it can do, by the plugins that it runs. */
export function subscriberOf(
  { subscriberId, timeoutSeconds }: WorkerIdentity,
  plugins: readonly ActivePluginJson[],
  { reach = () => undefined, isOff = () => false }: PluginFacts = {},
): SubscriberJson {
  const events = new Set([
    "collect",
    ...plugins.filter((plugin) => !isOff(plugin))
      .flatMap(({ manifest }) => manifest.actions),
  ]);
  const subscription = (message_type: string): SubscriptionJson => ({
    message_type,
    wait_for_completion: true,
    timeout: timeoutSeconds,
  });
  const namesOf = (what: "commands" | "reactions") =>
    plugins.filter(({ manifest }) => manifest[what].length > 0)
      .map(({ name }) => name);
  const general = [
    [COMMAND_TASK, namesOf("commands")],
    [REACTION_TASK, namesOf("reactions")],
  ] as const;
  const capabilities: CapabilityJson[] = [
    ...general.flatMap(([name, plugin]) =>
      plugin.length === 0 ? [] : [{ name, filter: { plugin } }]
    ),
    ...plugins.flatMap((plugin) => {
      const { cloud, tasks } = plugin.manifest;
      const account = tasks.length === 0 ? [] : reach(plugin);
      if (account?.length === 0) return [];
      return tasks.map((name) => ({
        name,
        filter: { cloud: [cloud], ...(account !== undefined && { account }) },
      }));
    }),
  ];
  return {
    id: subscriberId,
    subscriptions: Object.fromEntries(
      [...events].map((event) => [event, subscription(event)]),
    ),
    ...(capabilities.length > 0 && { capabilities }),
  };
}

/** Does what plugins do beside collecting. */
export class PluginWork {
  readonly #set: PluginSet;
  readonly #lists: Pick<AccountLists, "account">;
  readonly #isRun: (name: string) => boolean;

  /** Takes the plugins, their accounts, and which of them this worker runs. */
  constructor(
    set: PluginSet,
    lists: Pick<AccountLists, "account">,
    isRun: (name: string) => boolean,
  ) {
    this.#set = set;
    this.#lists = lists;
    this.#isRun = isRun;
  }

  /** The plugins that this worker runs. */
  get plugins(): readonly ActivePluginJson[] {
    return this.#set.active.plugins.filter(({ name }) => this.#isRun(name));
  }

  /** Whether a plugin takes no part in steps of a run. */
  isOff({ name, manifest }: ActivePluginJson): boolean {
    let section: JsonObject;
    try {
      section = this.#set.config(name);
    } catch {
      // A configuration that cannot be read: who uses it says so.
      return false;
    }
    return isSwitchedOff(manifest, section);
  }

  /**
   * Takes part in a step of a run, with every plugin that wants to. What they say,
   * and what they did to the graph, is told to the run.
   */
  async act(
    event: string,
    data: JsonObject,
    signal: AbortSignal,
    tell: TellRun,
  ): Promise<void> {
    const meant = this.plugins.filter((plugin) =>
      plugin.manifest.actions.includes(event) && !this.isOff(plugin)
    );
    const ended = await Promise.allSettled(
      meant.map((plugin) => this.#act(plugin, { event, data }, signal, tell)),
    );
    const failed = ended.filter((each) => each.status === "rejected")
      .map(({ reason }) => reason as Error);
    const [first, ...others] = failed;
    // The step tells one failure, which must not hide those of other plugins.
    for (const { message } of others) tell("error", message);
    if (first !== undefined) throw first;
  }

  async #act(
    plugin: ActivePluginJson,
    { event, data }: { readonly event: string; readonly data: JsonObject },
    signal: AbortSignal,
    tell: TellRun,
  ): Promise<void> {
    const { name } = plugin;
    const done = new Map<GraphAction, { changed: number; refused: number }>();
    try {
      await this.#run(
        plugin,
        {
          type: "action",
          name: event,
          config: this.#set.config(name),
          data,
        },
        signal,
        {
          onIssue: ({ level, message, details }) =>
            tell(level, `${name}: ${message}`, details),
          onChange(what, { changed, refused }) {
            const sum = done.get(what) ?? { changed: 0, refused: 0 };
            sum.changed += changed;
            sum.refused += refused.length;
            done.set(what, sum);
          },
        },
      );
    } finally {
      // Also of what failed afterwards: it is done.
      for (const [what, { changed, refused }] of done) {
        tell(
          "info",
          `${name}: ${changed} nodes ${DONE[what]}, ${refused} refused`,
          { plugin: name, change: what, changed, refused },
        );
      }
    }
  }

  /** Does a task that core gave to this worker. */
  async doTask(task: TakenTask): Promise<Json> {
    switch (task.name) {
      case COMMAND_TASK:
        return await this.#command(task);
      case REACTION_TASK:
        return await this.#react(task);
      default:
        return await this.#task(task);
    }
  }

  async #command({ attrs, payload, signal }: TakenTask): Promise<Json> {
    const plugin = this.#named(attrs["plugin"]);
    const { command, args, input } = payload;
    const printed: Json[] = [];
    const messages: CommandResult["messages"][number][] = [];
    const result = (error?: CommandResult["error"]): Json => ({
      printed,
      messages: messages.map((each) => ({ ...each })),
      ...(error !== undefined && { error: { ...error } }),
    });
    try {
      await this.#run(
        plugin,
        {
          type: "command",
          name: String(command),
          config: this.#set.config(plugin.name),
          args: Array.isArray(args) ? args.map(String) : [],
          input: Array.isArray(input) ? input : [],
        },
        signal,
        {
          onIssue: ({ level, message }) =>
            void messages.push({ level, text: message }),
        },
        printed,
      );
      return result();
    } catch (thrown) {
      signal.throwIfAborted();
      // What was done before is done, and its answer may not come again.
      if (printed.length + messages.length === 0) throw thrown;
      const code = thrown instanceof SkymapError ? thrown.code : "task_failed";
      return result({ code, message: (thrown as Error).message });
    }
  }

  async #react({ attrs, payload, signal }: TakenTask): Promise<Json> {
    const plugin = this.#named(attrs["plugin"]);
    const { reaction, changes } = payload;
    await this.#run(plugin, {
      type: "reaction",
      name: String(reaction),
      config: this.#set.config(plugin.name),
      changes: changes as unknown as ReactionChanges,
    }, signal);
    return null;
  }

  async #task({ name, attrs, payload, signal }: TakenTask): Promise<Json> {
    const plugin = this.plugins.find(({ manifest }) =>
      manifest.tasks.includes(name) && manifest.cloud === attrs["cloud"]
    );
    if (plugin === undefined) {
      throw new SkymapError(
        "plugin_unknown",
        `Cannot do task "${name}": no plugin of cloud "${
          attrs["cloud"]
        }" that runs here can do it`,
      );
    }
    const account = await this.#account(plugin, attrs["account"], signal);
    const values = await this.#run(plugin, {
      type: "task",
      name,
      config: this.#set.config(plugin.name),
      ...(account !== undefined && { account }),
      args: isObject(payload) ? payload : {},
    }, signal);
    return values[0] ?? null;
  }

  /** The account that a task is for, with its credentials. */
  async #account(
    plugin: ActivePluginJson,
    id: string | undefined,
    signal: AbortSignal,
  ): Promise<Account | undefined> {
    if (id === undefined || !plugin.manifest.collects) return;
    return await this.#lists.account(plugin, id, signal);
  }

  #named(name: string | undefined): ActivePluginJson {
    const plugin = this.plugins.find((each) => each.name === name);
    if (plugin !== undefined) return plugin;
    throw new SkymapError(
      "plugin_unknown",
      `Cannot run plugin "${name}": this worker does not run it`,
    );
  }

  /** Runs a piece of work; gives what it printed, also if it fails later on. */
  async #run(
    plugin: ActivePluginJson,
    request: WorkRequest,
    signal: AbortSignal,
    listener: WorkListener = {},
    values: Json[] = [],
  ): Promise<readonly Json[]> {
    const host = await this.#set.host(plugin, signal);
    let chars = 0;
    for await (const value of host.work(request, signal, listener)) {
      chars += JSON.stringify(value).length;
      if (chars > MAX_OUTPUT) {
        throw new SkymapError(
          "task_failed",
          `Cannot run ${request.type} "${request.name}" of plugin ` +
            `"${plugin.name}": it printed more than ${MAX_OUTPUT} characters`,
        );
      }
      values.push(value);
    }
    return values;
  }
}
