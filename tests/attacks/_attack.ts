/**
 * Attempts of hostile plugins, each in a real process as a worker starts it,
 * and what they leave behind. The process of the test stands for the worker.
 *
 * @module
 */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { isSkymapError, type SkymapError } from "@skymap/lib/errors";
import type { Json, JsonObject } from "@skymap/lib/json";
import type { Account, PermissionRequest } from "@skymap/lib/plugin";
import type { PluginManifest } from "@skymap/lib/plugin";
import { type MergeMessage, sha256Of } from "@skymap/lib/plugin_host";
import { testManifest } from "../../worker/_test_plugins.ts";
import type { PluginAnswers } from "../../worker/plugin/ask_desk.ts";
import type { Access } from "../../worker/plugin/audit.ts";
import { type CollectOutcome, PluginHost } from "../../worker/plugin/host.ts";
import type { ProcessLimits } from "../../worker/plugin/process.ts";
import { findInstallation } from "../../worker/plugin/source.ts";

/** Never aborts. */
export const NEVER: AbortSignal = new AbortController().signal;

/** Limits that leave room on a busy machine; attempts at them set lower ones. */
const LIMITS: ProcessLimits = {
  timeoutMs: 30_000,
  maxHeapMb: 64,
  maxMemoryMb: 300,
  maxLineChars: 1_000_000,
};

/** What an attempt is made with. */
export interface AttackOptions {
  /** Text at the top of the module. */
  readonly head?: string;
  /** What was approved, for whatever it is started for. Default: nothing. */
  readonly approved?: PermissionRequest;
  /** Its configuration. Default: empty. */
  readonly config?: JsonObject;
  /** The account it is given. Default: `1`, without credentials. */
  readonly account?: Account;
  /** The worker's environment, beside the real one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What its worker does for it. Default: it has no graph. */
  readonly answers?: PluginAnswers;
  /** What differs from the usual limits. */
  readonly limits?: Partial<ProcessLimits>;
}

/** What every attempt leaves behind. */
export interface Aftermath {
  /** What it reached for. */
  readonly accesses: readonly Access[];
  /** The last part of what it printed. */
  readonly printed: string;
  /** Why its process or its work failed, or none. */
  readonly failure: SkymapError | undefined;
}

/** What an attempt at collecting leaves behind. */
export interface CollectAftermath extends Aftermath {
  /** What the worker would send to core. */
  readonly messages: readonly MergeMessage[];
  /** How it ended. */
  readonly outcome: CollectOutcome;
}

/** What the hostile plugin was approved as. */
export const EVIL: PluginManifest = testManifest("evil", {
  kinds: ["account", "region", "thing", "last"]
    .map((name) => ({ name: `evil_${name}` })),
  commands: ["attempt"],
});

/** The hostile plugin: `code` is its command, `collect` its second scope. */
export function evilModule(
  { code = "", collect = "", head = "" }: {
    readonly code?: string;
    readonly collect?: string;
    readonly head?: string;
  },
): string {
  return `import { definePlugin } from "@skymap/lib/plugin";
${head}
const say = (text) => {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  for (let at = 0; at < bytes.length;) at += Deno.stdout.writeSync(bytes.subarray(at));
};
const line = (message) => say(JSON.stringify(message) + "\\n");
export default definePlugin({
  name: "evil",
  version: "1.0.0",
  description: "Does what it should not",
  containers: { account: "evil_account", region: "evil_region" },
  kinds: ["account", "region", "thing", "last"].map((name) => ({
    name: "evil_" + name,
    bases: [name === "account" || name === "region" ? name : "resource"],
  })),
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  commands: {
    attempt: async (
      { config, write, account, issue, args, input, graph, accountOf },
    ) => { ${code} },
  },
  async collect(context) {
    const { account, config, scope, issue, progress } = context;
    await scope({ kind: "evil_account" }, (found) =>
      found.node({ id: account.id, reported: {} }));
    await scope({ kind: "evil_thing" }, async (found) => {
      await found.node({ id: "first", reported: {} });
      // So that what is said now is not overtaken by what bypasses the writer.
      await new Promise((resolve) => setTimeout(resolve, 50));
      ${collect}
    });
    await scope({ kind: "evil_last" }, async () => {});
  },
});`;
}

async function hostOf(
  text: string,
  options: AttackOptions,
  tell: { readonly accesses: Access[]; readonly printed: string[] },
): Promise<PluginHost> {
  const { approved = {}, env = {}, limits = {}, answers } = options;
  return new PluginHost({
    source: { spec: "evil@1.0.0", sha256: await sha256Of(text), text },
    installation: await findInstallation(),
    manifest: EVIL,
    approved: { collect: approved, commands: approved },
    deno: Deno.execPath(),
    ...(answers !== undefined && { answers }),
    env: (name) => env[name] ?? Deno.env.get(name),
    limits: { ...LIMITS, ...limits },
    onAccess: ({ accesses }) => tell.accesses.push(...accesses),
    onPrint: (printed) => tell.printed.push(printed),
  });
}

/** Runs a text as the command of the hostile plugin. */
export async function command(
  code: string,
  options: AttackOptions = {},
): Promise<Aftermath & { readonly values: readonly Json[] }> {
  const { head = "", config = {}, account } = options;
  const accesses: Access[] = [];
  const printed: string[] = [];
  const text = evilModule({ code, head });
  const host = await hostOf(text, options, { accesses, printed });
  const values: Json[] = [];
  let failure: SkymapError | undefined;
  try {
    for await (
      const value of host.work({
        type: "command",
        name: "attempt",
        args: [],
        input: [],
        config,
        ...(account !== undefined && { account }),
      }, NEVER)
    ) values.push(value);
  } catch (error) {
    ok(isSkymapError(error), String(error));
    failure = error;
  }
  return { values, accesses, printed: printed.join(""), failure };
}

/** What came of an attempt: its value, or the name and message of its error. */
export interface Attempt extends Aftermath {
  readonly error: string;
  readonly message: string;
  /** What it got, as text; undefined when it failed. */
  readonly got: string | undefined;
}

/** Tries a text as the body of a function, and catches what it throws. */
export async function attempt(
  code: string,
  options: AttackOptions = {},
): Promise<Attempt> {
  const { values, failure, ...rest } = await command(
    `const attempt = async () => { ${code} };
    await write(await attempt().then(
      (got) => ({ got: String(got) }),
      (error) => ({ error: error?.name ?? "?", message: String(error?.message) }),
    ));`,
    options,
  );
  const { got, error = "", message = "" } = (values[0] ?? {}) as {
    readonly got?: string;
    readonly error?: string;
    readonly message?: string;
  };
  return { ...rest, failure, got, error, message };
}

/** Collects an account with the hostile plugin. */
export async function collect(
  code: string,
  options: AttackOptions = {},
): Promise<CollectAftermath> {
  const { head = "", config = {}, account = { id: "1" } } = options;
  const accesses: Access[] = [];
  const printed: string[] = [];
  const text = evilModule({ collect: code, head });
  const host = await hostOf(text, options, { accesses, printed });
  const { messages, outcome } = await readCollect(
    host.collect(EVIL, config, account, NEVER),
  );
  const { failure } = outcome;
  return { messages, outcome, accesses, printed: printed.join(""), failure };
}

async function readCollect(
  lines: AsyncGenerator<string, CollectOutcome>,
): Promise<{
  readonly messages: readonly MergeMessage[];
  readonly outcome: CollectOutcome;
}> {
  const messages: MergeMessage[] = [];
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) return { messages, outcome: value };
    for (const line of value.trimEnd().split("\n")) {
      messages.push(JSON.parse(line));
    }
  }
}

/** How each kind's scope ended: `complete`, or the code of its failure. */
export function scopesOf(
  messages: readonly MergeMessage[],
): Record<string, string> {
  const kinds = new Map<number, string>();
  const ends: Record<string, string> = {};
  for (const message of messages) {
    if (message.type !== "scope") continue;
    if (message.state === "open") kinds.set(message.scope, message.kind);
    else {
      ends[kinds.get(message.scope) ?? "?"] = message.state === "failed"
        ? message.error.code
        : message.state;
    }
  }
  return ends;
}

/** The entry of what was refused; fails when there is none. */
export function refused(
  { accesses }: Aftermath,
  permission: string,
  value?: string,
): Access {
  const found = accesses.find((each) =>
    each.permission === permission &&
    (value === undefined || each.value === value)
  );
  ok(found, `${permission} ${value}: ${JSON.stringify(accesses)}`);
  strictEqual(found.allowed, false, JSON.stringify(found));
  return found;
}

const CALM = testManifest("calm", {
  kinds: ["account", "region", "thing"]
    .map((name) => ({ name: `calm_${name}` })),
});

const CALM_MODULE = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "calm",
  version: "1.0.0",
  description: "Harms nobody",
  containers: { account: "calm_account", region: "calm_region" },
  kinds: [
    { name: "calm_account", bases: ["account"] },
    { name: "calm_region", bases: ["region"] },
    { name: "calm_thing", bases: ["resource"] },
  ],
  permissions: {},
  accounts: () => ({ accounts: [{ id: "1" }] }),
  async collect({ account, scope }) {
    await scope({ kind: "calm_account" }, (found) =>
      found.node({ id: account.id, reported: {} }));
    await scope({ kind: "calm_thing" }, (found) =>
      found.node({ id: "cup", reported: { name: "cup" } }));
  },
});`;

/** Collects with a plugin that harms nobody, in the same worker. */
async function collectCalmly(): Promise<void> {
  const host = new PluginHost({
    source: {
      spec: "calm@1.0.0",
      sha256: await sha256Of(CALM_MODULE),
      text: CALM_MODULE,
    },
    installation: await findInstallation(),
    manifest: CALM,
    approved: {},
    deno: Deno.execPath(),
    env: (name) => Deno.env.get(name),
    limits: LIMITS,
  });
  const { messages, outcome } = await readCollect(
    host.collect(CALM, {}, { id: "1" }, NEVER),
  );
  deepStrictEqual({ ...outcome, usage: undefined }, {
    nodes: 2,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
  deepStrictEqual(scopesOf(messages), {
    calm_account: "complete",
    calm_thing: "complete",
  });
}

/** A test of an attack; afterwards a plugin that harms nobody must collect. */
export function attackTest(name: string, run: () => Promise<void>): void {
  Deno.test(`attack: ${name}`, async () => {
    await run();
    await collectCalmly();
  });
}

/** A server on loopback that counts who reaches it. */
export class Target implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  /** Requests that came in. */
  readonly requests: string[] = [];

  /** Listens; `answer` gives its answers. */
  constructor(answer: (request: Request) => Response) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      (request) => {
        this.requests.push(request.url);
        return answer(request);
      },
    );
  }

  /** `host:port`. */
  get host(): string {
    return `127.0.0.1:${this.port}`;
  }

  /** Its port. */
  get port(): number {
    return this.#server.addr.port;
  }

  /** Stops listening. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}
