import { isSkymapError, SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import type {
  Account,
  AccountList,
  PermissionPhase,
  PhasePermissions,
  PluginManifest,
} from "@skymap/lib/plugin";
import {
  failureOf,
  type GrantedPermissions,
  type IssueMessage,
  manifestFaults,
  type MergeMessage,
  NO_PERMISSIONS,
  type PluginLine,
  type PluginPhase,
  type PluginReply,
  type PluginRequest,
  type RecordedAnswer,
  Redactor,
  type WorkRequest,
} from "@skymap/lib/plugin_host";
import { accountIn, accountListFaults } from "./account_list.ts";
import { AskDesk, type OnChange, type PluginAnswers } from "./ask_desk.ts";
import type { AccessReport } from "./audit.ts";
import { type Grant, grantApproved } from "./grant.ts";
import { IssueFilter } from "./issue_filter.ts";
import { plainFailure } from "./plain_failure.ts";
import type { KillReason, PluginProcess, ProcessLimits } from "./process.ts";
import { Sandbox, type SandboxOptions } from "./sandbox.ts";
import { type Message, StreamGuard } from "./stream_guard.ts";
import type { UsageReport } from "./usage_tally.ts";

/** What a plugin reached for in one process. */
export interface PluginAccess extends AccessReport {
  /** What the process was asked to do. */
  readonly request: PluginRequest["type"];
  /** The account that it worked on, or none. */
  readonly account?: string;
}

/** Who sees how a process goes. */
export interface ProcessWatch {
  /** It used too much. */
  killed(reason: KillReason): void;
  /** It has ended, well or not. */
  ended(isOk: boolean): void;
}

/** What a host of one plugin is made with. */
export interface PluginHostOptions extends SandboxOptions {
  /** What each phase may reach, as it was approved. */
  readonly approved: PhasePermissions;
  /** The operator's home folder, which `~/` in `approved` means. */
  readonly home?: string | undefined;
  /** What was found when it was approved. Default: it is asked. */
  readonly manifest?: PluginManifest;
  /** Variables that its configuration refers to, with their values. Default: none. */
  readonly referenced?: () => Readonly<Record<string, string>>;
  /** Does what the plugin asks for. Default: it has accounts, and no graph. */
  readonly answers?: PluginAnswers;
  /** Told what each process reached for, once it has ended. */
  readonly onAccess?: (access: PluginAccess) => void;
  /** Told the last part of what a process printed, once it has ended. */
  readonly onPrint?: (text: string) => void;
  /** Watches each process that is started. Default: nobody does. */
  readonly onProcess?: (request: string) => ProcessWatch;
  /** Told the answers to the plugin's calls, if they are recorded. */
  readonly onRecorded?: (answer: RecordedAnswer) => void;
  /** Told what a plugin says to the operator while it does other work than collect. */
  readonly onIssue?: (issue: IssueMessage) => void;
  /** What a process may use; `timeoutMs` is that of one account. */
  readonly limits: ProcessLimits;
  /** Time to describe itself. Default: 60 s. */
  readonly describeTimeoutMs?: number;
  /** Time to list the accounts. Default: 10 min. */
  readonly accountsTimeoutMs?: number;
}

/** How the collect of an account ended. */
export interface CollectOutcome {
  /** Nodes that were sent on. */
  readonly nodes: number;
  /** Scopes that could not be listed. */
  readonly failedScopes: number;
  /** Scopes that were refused. */
  readonly forgedScopes: number;
  /** What it took. */
  readonly usage: UsageReport;
  /** Why the account failed as a whole, or none. */
  readonly failure?: SkymapError;
}

/** Who is told of a piece of work while it is done. */
export interface WorkListener {
  /** Told what it says to the operator. Default: who is told of the plugin. */
  readonly onIssue?: ((issue: IssueMessage) => void) | undefined;
  /** Told what it did to the graph. Default: nobody is. */
  readonly onChange?: OnChange;
}

/** A process of a plugin, and what goes with it. */
interface Running extends AsyncDisposable {
  readonly child: PluginProcess;
  /** Whether it ended badly. */
  hasFailed: boolean;
  /** What must not be told: it learns what the process gets to know. */
  readonly secrets: Redactor;
  /** Answers what it asks. */
  readonly desk: AskDesk;
}

/** Lines of a collect, each with its end: the text to send on. */
export type CollectLines = string;

/** Runs one plugin, each request in a sandboxed process of its own. */
export class PluginHost {
  readonly #options: PluginHostOptions;
  readonly #sandbox: Sandbox;
  readonly #grant: Grant;

  /** Makes a host; nothing is started yet. */
  constructor(options: PluginHostOptions) {
    this.#options = options;
    this.#sandbox = new Sandbox(options);
    this.#grant = grantApproved(options.approved, options.home);
  }

  /** What the operator calls the plugin. */
  get spec(): string {
    return this.#options.source.spec;
  }

  /** Starts a process for a request. */
  async #start(
    request: PluginRequest,
    granted: GrantedPermissions,
    timeoutMs: number,
    signal: AbortSignal,
    onChange?: OnChange,
  ): Promise<Running> {
    const { limits, onAccess, onPrint, onProcess } = this.#options;
    const secrets = this.#secretsOf(request, granted);
    const account = "account" in request ? request.account?.id : undefined;
    const desk = new AskDesk({
      plugin: this.spec,
      request,
      rights: granted.graph,
      answers: this.#options.answers ?? this.#answersAlone(request),
      send: (answer) => child.send(answer),
      onChange,
      learn: (credentials) => secrets.learnCredentials(credentials),
    });
    const watch = onProcess?.(request.type);
    const child = await this.#sandbox.start(request, {
      granted,
      limits: { ...limits, timeoutMs },
      onKill: (reason) => watch?.killed(reason),
      ...(onAccess !== undefined && {
        onAccess: ({ accesses, dropped }: AccessReport) =>
          onAccess({
            request: request.type,
            ...(account !== undefined && { account }),
            dropped,
            accesses: [...accesses, ...desk.accesses].map((access) => ({
              ...access,
              value: secrets.text(access.value),
            })),
          }),
      }),
      ...(onPrint !== undefined && {
        onPrint: (text: string) => onPrint(secrets.text(text)),
      }),
      signal,
    }).catch((error) => {
      watch?.ended(false);
      throw error;
    });
    const running: Running = {
      child,
      hasFailed: false,
      secrets,
      desk,
      async [Symbol.asyncDispose]() {
        await desk[Symbol.asyncDispose]();
        await child[Symbol.asyncDispose]();
        watch?.ended(!running.hasFailed);
      },
    };
    return running;
  }

  /** What can be answered without core: the accounts, listed anew each time. */
  #answersAlone(request: PluginRequest): PluginAnswers {
    const unavailable = () =>
      new SkymapError(
        "unavailable",
        `Cannot do what plugin "${this.spec}" asks: it runs without a graph`,
      );
    const never = () => Promise.reject(unavailable());
    return {
      account: async (id, signal) => {
        const config = "config" in request ? request.config : {};
        return accountIn(await this.accounts(config, signal), this.spec, id);
      },
      search: () => {
        throw unavailable();
      },
      mark: never,
      tag: never,
    };
  }

  /** What must not be told of a request: it knows secrets of its own. */
  #secretsOf(request: PluginRequest, granted: GrantedPermissions): Redactor {
    const secrets = new Redactor();
    secrets.learn(request);
    secrets.learn(this.#options.referenced?.() ?? {});
    if ("account" in request) {
      secrets.learnCredentials(request.account?.credentials);
    }
    for (const name of granted.env) {
      secrets.learn({ [name]: this.#options.env(name) ?? "" });
    }
    return secrets;
  }

  /** A line as a message. */
  #parse(line: string): PluginLine {
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      // Told below, with what else is no message.
    }
    if (isObject(message)) return message as unknown as PluginLine;
    throw new SkymapError(
      "plugin_invalid",
      `Plugin "${this.spec}" wrote what is no message: ${
        JSON.stringify(line.slice(0, 80))
      }`,
    );
  }

  /**
   * Reads a process up to `done`; whatever else ends it is thrown, without its
   * secrets. Yields what `take` makes of the messages, as many lines as came
   * together.
   */
  async *#read(
    running: Running,
    take: (message: PluginLine, line: string) => string | undefined,
  ): AsyncGenerator<CollectLines> {
    const { secrets } = running;
    try {
      yield* this.#readAll(running, take);
    } catch (error) {
      running.hasFailed = true;
      // What a process prints as its last words may hold them, too.
      throw isSkymapError(error) ? withoutSecrets(error, secrets) : error;
    }
  }

  async *#readAll(
    { child, secrets, desk }: Running,
    take: (message: PluginLine, line: string) => string | undefined,
  ): AsyncGenerator<CollectLines> {
    const { onRecorded } = this.#options;
    for await (const batch of child) {
      let lines = "";
      let done = false;
      try {
        for (const written of batch) {
          let line = written;
          let message = this.#parse(line);
          if (isTold(message)) {
            line = secrets.text(line);
            message = this.#parse(line);
          }
          if (message.type === "error") throw this.#replied(message);
          done = message.type === "done";
          if (done) break;
          if (message.type === "ask") {
            desk.take({ ...message });
            continue;
          }
          if (message.type === "recorded" && onRecorded !== undefined) {
            onRecorded(message.answer);
            continue;
          }
          const taken = take(message, line);
          if (taken !== undefined) lines += `${taken}\n`;
        }
      } finally {
        // Also when a later line is bad: what came before it counts.
        if (lines !== "") yield lines;
      }
      if (done) return;
    }
    throw new SkymapError(
      "plugin_crashed",
      `Plugin "${this.spec}" ended with exit code 0 before its work was done`,
    );
  }

  /** The error that a plugin answered with, with its name and phase. */
  #replied({ phase, error }: PluginReply & { type: "error" }): SkymapError {
    const told = plainFailure(error) ??
      { code: "plugin_invalid", message: "it told no reason" };
    const code = phase === "config"
      ? "config_invalid"
      : phase === "import"
      ? told.code === "ERR_MODULE_NOT_FOUND"
        ? "plugin_unreachable"
        : "plugin_invalid"
      : isWork(phase)
      ? "task_failed"
      : phase === "policy"
      ? "request_failed"
      : "collect_failed";
    const what = Object.hasOwn(WHAT_IS_DONE, phase)
      ? WHAT_IS_DONE[phase]
      : "run";
    return new SkymapError(
      code,
      `Cannot ${what} plugin "${this.spec}": ${told.message}`,
      { details: { ...told } },
    );
  }

  /** The one answer to a request. */
  async #ask<T extends PluginReply["type"]>(
    request: PluginRequest,
    wanted: T,
    granted: GrantedPermissions,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Extract<PluginReply, { type: T }>> {
    await using running = await this.#start(
      request,
      granted,
      timeoutMs,
      signal,
    );
    let answer: Extract<PluginReply, { type: T }> | undefined;
    const take = (message: PluginLine) => {
      if (message.type === wanted) answer = message as typeof answer;
      return undefined;
    };
    for await (const _ of this.#read(running, take));
    if (answer !== undefined) return answer;
    throw new SkymapError(
      "plugin_invalid",
      `Plugin "${this.spec}" did not answer "${request.type}"`,
    );
  }

  /**
   * What the plugin is and asks for: as it was approved, or else from a process
   * that may reach nothing.
   *
   * @throws {SkymapError} `plugin_invalid` with every fault, `plugin_crashed` or
   * `plugin_timeout`.
   */
  async describe(signal: AbortSignal): Promise<PluginManifest> {
    const { describeTimeoutMs = 60_000, manifest: known } = this.#options;
    if (known !== undefined) return known;
    const { manifest } = await this.#ask(
      { type: "describe" },
      "manifest",
      NO_PERMISSIONS,
      describeTimeoutMs,
      signal,
    );
    const faults = manifestFaults(manifest);
    if (faults.length === 0) return manifest;
    throw new SkymapError(
      "plugin_invalid",
      `Cannot load plugin "${this.spec}": ${faults.join("; ")}`,
      { details: { faults } },
    );
  }

  /** Whether a configuration is enough to collect something. */
  async isConfigured(
    config: JsonObject,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { describeTimeoutMs = 60_000 } = this.#options;
    const { configured } = await this.#ask(
      { type: "check", config },
      "checked",
      NO_PERMISSIONS,
      describeTimeoutMs,
      signal,
    );
    return configured === true;
  }

  /**
   * What the accounts must allow for what a configuration wants, as the plugin
   * writes it down, in as many parts as its cloud wants; the process may reach
   * nothing.
   *
   * @throws {SkymapError} `request_failed`, if the plugin has no policy.
   */
  async policy(
    config: JsonObject,
    wanted: { readonly tag: boolean; readonly cleanup: boolean },
    signal: AbortSignal,
  ): Promise<readonly JsonObject[]> {
    const { describeTimeoutMs = 60_000 } = this.#options;
    const { parts } = await this.#ask(
      { type: "policy", config, ...wanted },
      "policy_document",
      NO_PERMISSIONS,
      describeTimeoutMs,
      signal,
    );
    const told: unknown = parts;
    const isList = Array.isArray(told) && told.length > 0 &&
      told.every((each) => isObject(each));
    if (isList) return parts;
    throw new SkymapError(
      "plugin_invalid",
      `Cannot read the policy of plugin "${this.spec}": it is no object, nor ` +
        "a list of some",
    );
  }

  /** The accounts that there are. */
  async accounts(
    config: JsonObject,
    signal: AbortSignal,
  ): Promise<AccountList> {
    const { accountsTimeoutMs = 600_000 } = this.#options;
    const request = { type: "accounts", config } as const;
    const granted = this.#grant("accounts", config);
    const { list } = await this.#ask(
      request,
      "account_list",
      granted,
      accountsTimeoutMs,
      signal,
    );
    const faults = accountListFaults(list);
    if (faults.length === 0) {
      const secrets = this.#secretsOf(request, granted);
      const { unreachable = [] } = list;
      return unreachable.length === 0 ? list : {
        ...list,
        unreachable: plainReasons(
          JSON.parse(secrets.text(JSON.stringify(unreachable))),
        ),
      };
    }
    throw new SkymapError(
      "plugin_invalid",
      `Cannot read the accounts of plugin "${this.spec}": ${faults.join("; ")}`,
    );
  }

  /**
   * Does one piece of work and yields what it prints: the values of a command,
   * at most one result of a task, nothing of an action or a reaction.
   *
   * @throws {SkymapError} `task_failed` with what the plugin threw, or what
   * ended its process.
   */
  async *work(
    request: WorkRequest,
    signal: AbortSignal,
    { onIssue = this.#options.onIssue, onChange }: WorkListener = {},
  ): AsyncGenerator<Json> {
    const { limits } = this.#options;
    const issues = new IssueFilter(this.spec);
    const granted = this.#grant(
      WORK_PHASES[request.type],
      request.config,
    );
    await using running = await this.#start(
      request,
      granted,
      limits.timeoutMs,
      signal,
      onChange,
    );
    for await (
      const lines of this.#read(running, (message, line) => {
        const issue = message.type === "issue"
          ? issues.take({ ...message })
          : undefined;
        if (issue !== undefined) onIssue?.(issue);
        const isValue = message.type === "output" || message.type === "result";
        return isValue ? line : undefined;
      })
    ) {
      for (const line of lines.trimEnd().split("\n")) {
        yield (JSON.parse(line) as { readonly value: Json }).value ?? null;
      }
    }
  }

  /**
   * Collects one account. Yields lines of a merge stream, all but `end`. It
   * never throws but for the abort of `signal`: whatever happens to the plugin
   * closes its open scopes as failed, with the reason, fails the account, and
   * is returned.
   */
  async *collect(
    manifest: PluginManifest,
    config: JsonObject,
    account: Account,
    signal: AbortSignal,
  ): AsyncGenerator<CollectLines, CollectOutcome> {
    const guard = new StreamGuard({ manifest, account: account.id });
    let failure: SkymapError | undefined;
    try {
      const granted = this.#grant("collect", config);
      const request = { type: "collect", config, account } as const;
      await using running = await this.#start(
        request,
        granted,
        this.#options.limits.timeoutMs,
        signal,
      );
      yield* this.#read(running, (message, line) => {
        const verdict = guard.check(message as unknown as Message);
        if (verdict === true) return line;
        return verdict === false ? undefined : JSON.stringify(verdict);
      });
      const [first] = guard.openScopes;
      if (first !== undefined) {
        throw new SkymapError(
          "plugin_invalid",
          `Plugin "${this.spec}" ended without closing scope ${first}`,
        );
      }
    } catch (thrown) {
      signal.throwIfAborted();
      failure = isSkymapError(thrown) ? thrown : new SkymapError(
        "plugin_crashed",
        `Cannot run plugin "${this.spec}": ${failureOf(thrown).message}`,
        { cause: thrown },
      );
    }
    if (failure !== undefined) {
      yield* closeAfter(failure, guard, manifest.cloud, account.id);
    }
    return {
      nodes: guard.nodes,
      failedScopes: guard.failedScopes,
      forgedScopes: guard.forgedScopes,
      usage: guard.usage,
      ...(failure !== undefined && { failure }),
    };
  }
}

/** Whether a message holds words for people: errors and what an operator is told. */
function isTold({ type }: PluginLine): boolean {
  return !DATA.has(type);
}

/** What a plugin was asked for: it says it as it is. */
const DATA: ReadonlySet<string> = new Set<PluginLine["type"]>([
  "account_list",
  "ask",
  "deferred_edge",
  "edge",
  "manifest",
  "node",
  "output",
  "policy_document",
  "recorded",
  "result",
]);

/** An error without what a request must not tell. */
function withoutSecrets(error: SkymapError, secrets: Redactor): SkymapError {
  const message = secrets.text(error.message);
  if (message === error.message) return error;
  const details = JSON.parse(secrets.text(JSON.stringify(error.details)));
  return new SkymapError(error.code, message, { details });
}

/** Why accounts cannot be reached, as a ledger can keep it. */
function plainReasons(
  reasons: NonNullable<AccountList["unreachable"]>,
): NonNullable<AccountList["unreachable"]> {
  return reasons.flatMap(({ id, ...reason }) => {
    const plain = plainFailure(reason);
    return plain === undefined ? [] : [{ id, ...plain }];
  });
}

/** What a phase does with a plugin, for messages. */
const WHAT_IS_DONE: Readonly<Record<PluginPhase, string>> = {
  import: "load",
  config: "read the configuration of",
  describe: "describe",
  check: "check the configuration of",
  accounts: "list the accounts of",
  policy: "write the policy of",
  collect: "collect with",
  action: "act with",
  task: "do the task of",
  command: "run the command of",
  reaction: "react with",
};

/** Permissions of each kind of work. */
const WORK_PHASES = {
  action: "actions",
  task: "tasks",
  command: "commands",
  reaction: "reactions",
} as const satisfies Record<WorkRequest["type"], PermissionPhase>;

/** Whether a phase is work other than collecting. */
function isWork(phase: string): phase is WorkRequest["type"] {
  return Object.hasOwn(WORK_PHASES, phase);
}

/** The lines that close what a plugin left behind. */
function* closeAfter(
  { code, message }: SkymapError,
  guard: StreamGuard,
  cloud: string,
  account: string,
): Generator<CollectLines> {
  const error = { code, message };
  const failed: MergeMessage[] = guard.openScopes.map((scope) => ({
    type: "scope",
    scope,
    state: "failed",
    error,
  }));
  for (const scope of guard.openScopes) guard.abandon(scope);
  failed.push({ type: "account_failed", cloud, account, error });
  for (const line of failed) yield `${JSON.stringify(line)}\n`;
}
